package nexus.aiagents.engine;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import nexus.aiagents.engine.project.LanguageService.Completion;
import org.jspecify.annotations.Nullable;

/// What a script finds beside the language, as completions and hover text. It knows what `nexus.d.ts`
/// declares and follows plain assignments; what it does not know for certain it does not offer. Immutable.
public final class HostApi {
    private static final String PATH = "[A-Za-z_$][\\w$]*(?:\\s*\\??\\.\\s*[A-Za-z_$][\\w$]*)*";
    private static final Pattern MEMBER = Pattern.compile("(" + PATH + ")\\s*\\??\\.\\s*([\\w$]*)$");
    private static final Pattern WORD = Pattern.compile("(?<![.\\w$])([\\w$]*)$");
    private static final Pattern AROUND = Pattern.compile(PATH);
    /// The second parameter of what a module exports by default.
    private static final Pattern HOST = Pattern.compile(
            "export\\s+default\\s+(?:async\\s+)?(?:function\\s*[\\w$]*\\s*)?\\(+\\s*(?:async\\s*\\(\\s*)?"
                    + "(?:[\\w$]+|\\{[^}]*\\})(?:\\s*:\\s*[^,)]*)?\\s*,\\s*(?:([\\w$]+)|\\{([^}]*)\\})");

    private final Map<String, DeclaredType> types;
    private final Map<String, Member> globals;

    /// @param type   as it is written, of a method what it returns
    /// @param detail its signature
    /// @param text   what the declaration says about it, empty: nothing
    record Member(String name, String type, String detail, String text, boolean method, boolean isStatic) {}

    /// Members by name; of overloads the last.
    record DeclaredType(Map<String, Member> members) {}

    private HostApi(Declarations declared) {
        types = declared.types();
        globals = declared.globals();
    }

    /// Of the declarations that are shipped.
    public static HostApi shipped() throws IOException {
        return of(ScriptCheck.types());
    }

    static HostApi of(String declarations) {
        return new HostApi(Declarations.read(declarations));
    }

    /// What could stand at a place of a program; empty in texts and comments, and where nothing is known.
    ///
    /// @param offset of the caret
    public List<Completion> complete(String program, int offset) {
        String before = program.substring(0, offset);
        if (!ScriptPlace.isCode(before)) {
            return List.of();
        }
        Matcher member = MEMBER.matcher(before);
        if (member.find()) {
            Found of = resolve(program, before, member.group(1));
            return of == null ? List.of() : list(of, member.group(2));
        }
        Matcher word = WORD.matcher(before);
        if (!word.find()) {
            return List.of();
        }
        DeclaredType options = options(program, before);
        if (options != null) {
            return list(new Found("", false, options), word.group(1));
        }
        Map<String, Member> all = new LinkedHashMap<>(names(program));
        all.putAll(globals);
        return word.group(1).isEmpty() ? List.of() : list(new Found("", false, new DeclaredType(all)), word.group(1));
    }

    /// What is known about the name at a place, null if nothing is.
    public @Nullable String hover(String program, int offset) {
        int line = program.lastIndexOf('\n', Math.max(0, offset - 1)) + 1;
        int end = program.indexOf('\n', offset);
        Matcher path = AROUND.matcher(program.substring(line, end < 0 ? program.length() : end));
        while (path.find()) {
            if (line + path.start() <= offset && offset < line + path.end()) {
                String until = upTo(path.group(), offset - line - path.start());
                Member found = ScriptPlace.isCode(program.substring(0, line + path.start()))
                        ? member(program, program.substring(0, line + path.start()), until)
                        : null;
                return found == null ? null : told(found);
            }
        }
        return null;
    }

    private static String upTo(String path, int at) {
        int end = path.indexOf('.', at);
        return end < 0 ? path : path.substring(0, end);
    }

    private static String told(Member member) {
        return member.name() + member.detail() + (member.text().isEmpty() ? "" : "\n" + member.text());
    }

    private static List<Completion> list(Found of, String typed) {
        List<Completion> found = new ArrayList<>();
        for (Member member : of.type().members().values()) {
            if (member.isStatic() == of.statics() && member.name().startsWith(typed)) {
                found.add(new Completion(member.name(), member.name(), member.detail()));
            }
        }
        return found;
    }

    // ---- what is what

    /// @param written the type as it is written
    /// @param statics the class itself, not one of it
    private record Found(String written, boolean statics, DeclaredType type) {}

    private @Nullable Found resolve(String program, String before, String path) {
        List<String> names = List.of(path.replaceAll("[\\s?]", "").split("\\."));
        String type = typeOf(program, before, names.getFirst());
        if (type == null) {
            DeclaredType itself = types.get(names.getFirst());
            boolean statics = globals.containsKey(names.getFirst()) && names.size() == 1;
            return statics && itself != null ? new Found(names.getFirst(), true, itself) : null;
        }
        for (String name : names.subList(1, names.size())) {
            DeclaredType of = declared(type);
            Member next = of == null ? null : of.members().get(name);
            if (next == null || next.method()) {
                return null; // it is not called here
            }
            type = next.type();
        }
        DeclaredType last = declared(type);
        return last == null ? null : new Found(type, false, last);
    }

    private @Nullable Member member(String program, String before, String path) {
        int dot = path.lastIndexOf('.');
        String name = path.substring(dot + 1).strip();
        if (dot < 0) {
            Member own = names(program).get(name);
            return own != null ? own : globals.get(name);
        }
        Found of = resolve(program, before, path.substring(0, dot));
        Member found = of == null ? null : of.type().members().get(name);
        return found == null || of == null || found.isStatic() != of.statics() ? null : found;
    }

    /// The type of a name, as it is written in the declarations.
    private @Nullable String typeOf(String program, String before, String name) {
        Member own = names(program).get(name);
        if (own != null) {
            return own.type();
        }
        Member global = globals.get(name);
        if (global != null && !types.containsKey(name)) {
            return global.type();
        }
        Matcher made = Pattern.compile("\\b(?:const|let|var)\\s+" + Pattern.quote(name)
                        + "\\s*=\\s*(new\\s+|await\\s+)?(" + PATH + ")\\s*(?:<[^>]*>\\s*)?\\(")
                .matcher(before);
        String type = null;
        while (made.find()) { // the nearest above
            type = "new".equals(String.valueOf(made.group(1)).strip())
                    ? made.group(2)
                    : returned(program, before.substring(0, made.start()), made.group(2), made.group(1) != null);
        }
        return type;
    }

    private @Nullable String returned(String program, String before, String path, boolean awaited) {
        Member called = member(program, before, path.replaceAll("[\\s?]", ""));
        if (called == null || !called.method()) {
            return null;
        }
        String type = called.type();
        return awaited && type.startsWith("Promise<") ? type.substring("Promise<".length(), type.length() - 1) : type;
    }

    private @Nullable DeclaredType declared(String type) {
        String plain = type.strip();
        if (plain.startsWith("{")) {
            return Declarations.inline(plain);
        }
        return types.get(plain.replaceFirst("<.*", "").replace(" | null", "").strip());
    }

    /// The host under the names that the program gives it.
    private Map<String, Member> names(String program) {
        Map<String, Member> names = new LinkedHashMap<>();
        Matcher host = HOST.matcher(program);
        String taken = host.find() ? host.group(2) : null;
        if (taken != null) {
            DeclaredType all = types.getOrDefault("Nexus", new DeclaredType(Map.of()));
            for (String part : taken.split(",")) {
                String[] renamed = part.split(":");
                Member member = all.members().get(renamed[0].strip());
                if (member != null) {
                    String name = renamed[renamed.length - 1].strip();
                    names.put(
                            name,
                            new Member(name, member.type(), member.detail(), member.text(), member.method(), false));
                }
            }
            return names;
        }
        String name = host.reset().find() && host.group(1) != null ? host.group(1) : "nexus";
        names.put(name, new Member(name, "Nexus", ": Nexus", "The host.", false, false));
        return names;
    }

    /// The keys of an object that is given to a call of the host, where the caret is in one.
    private @Nullable DeclaredType options(String program, String before) {
        ScriptPlace.Argument in = ScriptPlace.objectArgument(before);
        if (in == null) {
            return null;
        }
        Matcher path = Pattern.compile("(" + PATH + ")\\s*$").matcher(before.substring(0, in.call()));
        Member called = path.find()
                ? member(
                        program,
                        before.substring(0, path.start()),
                        path.group(1).replaceAll("[\\s?]", ""))
                : null;
        if (called == null || !called.method()) {
            return null;
        }
        List<String> parameters = Declarations.parameters(called.detail());
        if (in.index() >= parameters.size()) {
            return null;
        }
        String type = parameters.get(in.index()).replaceFirst("^[^:]*:", "");
        for (String one : type.split("\\|")) {
            DeclaredType options = declared(one);
            if (options != null && !options.members().isEmpty()) {
                return options;
            }
        }
        return null;
    }
}
