package nexus.aiagents.engine;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import nexus.aiagents.engine.HostApi.DeclaredType;
import nexus.aiagents.engine.HostApi.Member;
import org.jspecify.annotations.Nullable;

/// Reads declarations in the form in which `nexus.d.ts` is written: one member a line, comments above.
/// Pure.
///
/// @param types   interfaces and classes by name
/// @param globals what a program finds by its name alone
record Declarations(Map<String, DeclaredType> types, Map<String, Member> globals) {
    private static final Pattern OPENS = Pattern.compile("(?:declare\\s+)?(interface|class)\\s+(\\w+).*\\{\\s*");
    private static final Pattern OPENS_CONST = Pattern.compile("declare\\s+const\\s+(\\w+):\\s*\\{\\s*");
    private static final Pattern GLOBAL = Pattern.compile("declare\\s+(?:function|const)\\s+(\\w+)(.*);\\s*");
    private static final Pattern MEMBER = Pattern.compile("(static\\s+)?(?:readonly\\s+)?(\\w+)(\\??\\s*[<(:].*?);?");
    private static final Pattern COMMENT = Pattern.compile("/\\*\\*\\s*(.*?)\\s*\\*/");

    static Declarations read(String text) {
        Map<String, DeclaredType> types = new LinkedHashMap<>();
        Map<String, Member> globals = new LinkedHashMap<>();
        Map<String, Member> open = null;
        String comment = "";
        for (String line : text.lines().toList()) {
            String stripped = line.strip();
            Matcher said = COMMENT.matcher(stripped);
            if (said.matches()) {
                comment = said.group(1).replaceAll("\\{@link (\\w+)}", "$1");
                continue;
            }
            Matcher opens = OPENS.matcher(stripped);
            Matcher named = OPENS_CONST.matcher(stripped);
            Matcher global = GLOBAL.matcher(stripped);
            if (open != null && line.startsWith("}")) {
                open = null;
            } else if (open != null) {
                Member member = member(stripped, comment);
                if (member != null) {
                    open.put(member.name(), member);
                }
            } else if (opens.matches()) {
                open = new LinkedHashMap<>();
                types.put(opens.group(2), new DeclaredType(Collections.unmodifiableMap(open)));
                if (opens.group(1).equals("class")) {
                    globals.put(opens.group(2), new Member(opens.group(2), opens.group(2), "", comment, false, false));
                }
            } else if (named.matches()) {
                open = new LinkedHashMap<>();
                String type = "typeof " + named.group(1);
                types.put(type, new DeclaredType(Collections.unmodifiableMap(open)));
                globals.put(named.group(1), new Member(named.group(1), type, "", comment, false, false));
            } else if (global.matches()) {
                Member member = member(global.group(1) + global.group(2), comment);
                if (member != null) {
                    globals.put(member.name(), member);
                }
            }
            comment = "";
        }
        return new Declarations(types, globals);
    }

    /// `{ inputTokens: number; outputTokens: number }`
    static DeclaredType inline(String type) {
        Map<String, Member> members = new LinkedHashMap<>();
        String body = type.substring(1, type.endsWith("}") ? type.length() - 1 : type.length());
        for (String part : split(body, ';')) {
            Member member = member(part.strip(), "");
            if (member != null) {
                members.put(member.name(), member);
            }
        }
        return new DeclaredType(members);
    }

    private static @Nullable Member member(String line, String comment) {
        Matcher m = MEMBER.matcher(line);
        if (!m.matches() || m.group(2).equals("constructor")) {
            return null;
        }
        String detail = m.group(3).strip();
        String rest = detail.replaceFirst("^\\?", "");
        boolean method = rest.startsWith("(") || rest.startsWith("<");
        String type = method ? afterParameters(rest) : rest.replaceFirst("^:\\s*", "");
        return new Member(m.group(2), type.strip(), detail, comment, method, m.group(1) != null);
    }

    /// What a method returns.
    private static String afterParameters(String signature) {
        int open = signature.indexOf('(');
        int depth = 0;
        for (int i = Math.max(0, open); i < signature.length(); i++) {
            char c = signature.charAt(i);
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (depth == 0) {
                return signature.substring(i + 1).replaceFirst("^\\s*:\\s*", "");
            }
        }
        return "";
    }

    /// The parameters of a signature, as they are written.
    static List<String> parameters(String signature) {
        int open = signature.indexOf('(');
        int close = signature.length() - afterParameters(signature).length();
        String list =
                open < 0 ? "" : signature.substring(open + 1, Math.max(open + 1, signature.lastIndexOf(')', close)));
        return list.isBlank() ? List.of() : split(list, ',');
    }

    /// Not within brackets.
    private static List<String> split(String text, char by) {
        List<String> parts = new ArrayList<>();
        int depth = 0;
        int from = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ("([{<".indexOf(c) >= 0) {
                depth++;
            } else if (")]}".indexOf(c) >= 0 || c == '>' && i > 0 && text.charAt(i - 1) != '=') {
                depth--;
            } else if (c == by && depth == 0) {
                parts.add(text.substring(from, i));
                from = i + 1;
            }
        }
        parts.add(text.substring(from));
        return parts;
    }
}
