package nexus.aiagents.app.desktop.editor;

import java.util.Set;

/// JavaScript and JSON. States: in a block comment, in a template string.
final class ScriptSyntax implements Syntax {
    private static final int COMMENT = 1;
    private static final int TEMPLATE = 2;
    private static final Set<String> KEYWORDS = Set.of(
            "async",
            "await",
            "break",
            "case",
            "catch",
            "class",
            "const",
            "continue",
            "default",
            "delete",
            "do",
            "else",
            "export",
            "extends",
            "finally",
            "for",
            "from",
            "function",
            "get",
            "if",
            "import",
            "in",
            "instanceof",
            "let",
            "new",
            "of",
            "return",
            "set",
            "static",
            "super",
            "switch",
            "this",
            "throw",
            "try",
            "typeof",
            "var",
            "void",
            "while",
            "with",
            "yield");
    private static final Set<String> CONSTANTS = Set.of("true", "false", "null", "undefined", "NaN", "Infinity");

    @Override
    public int line(String text, int state, Sink sink) {
        int at = 0;
        int now = state;
        while (at < text.length() || now != START) {
            if (now == COMMENT) {
                int end = text.indexOf("*/", at);
                sinkIfAny(sink, at, end < 0 ? text.length() : end + 2, "comment");
                if (end < 0) {
                    return COMMENT;
                }
                at = end + 2;
                now = START;
            } else if (now == TEMPLATE) {
                int end = closing(text, at, '`');
                sinkIfAny(sink, at, end < 0 ? text.length() : end, "string");
                if (end < 0) {
                    return TEMPLATE;
                }
                at = end;
                now = START;
            } else if (text.startsWith("/*", at)) {
                sink.token(at, at + 2, "comment");
                at += 2;
                now = COMMENT;
            } else if (text.charAt(at) == '`') {
                sink.token(at, at + 1, "string");
                at++;
                now = TEMPLATE;
            } else {
                at = token(text, at, sink);
            }
        }
        return START;
    }

    private static int token(String text, int at, Sink sink) {
        char c = text.charAt(at);
        if (text.startsWith("//", at)) {
            sink.token(at, text.length(), "comment");
            return text.length();
        }
        if (c == '"' || c == '\'') {
            int close = closing(text, at + 1, c);
            int end = close < 0 ? text.length() : close;
            sink.token(at, end, isKey(text, end) ? "key" : "string");
            return end;
        }
        if (Character.isDigit(c)) {
            int end = at + 1;
            while (end < text.length() && (Character.isLetterOrDigit(text.charAt(end)) || text.charAt(end) == '.')) {
                end++;
            }
            sink.token(at, end, "number");
            return end;
        }
        if (Character.isJavaIdentifierStart(c)) {
            return word(text, at, sink);
        }
        return at + 1;
    }

    private static int word(String text, int at, Sink sink) {
        int end = at + 1;
        while (end < text.length() && Character.isJavaIdentifierPart(text.charAt(end))) {
            end++;
        }
        String word = text.substring(at, end);
        boolean member = at > 0 && text.charAt(at - 1) == '.';
        if (!member && KEYWORDS.contains(word)) {
            sink.token(at, end, "keyword");
        } else if (!member && CONSTANTS.contains(word)) {
            sink.token(at, end, "constant");
        } else if (end < text.length() && text.charAt(end) == '(') {
            sink.token(at, end, "call");
        }
        return end;
    }

    /// The place after the closing quote, negative: none on this line.
    private static int closing(String text, int from, char quote) {
        for (int i = from; i < text.length(); i++) {
            if (text.charAt(i) == '\\') {
                i++;
            } else if (text.charAt(i) == quote) {
                return i + 1;
            }
        }
        return -1;
    }

    /// Whether a colon follows: a property's name.
    private static boolean isKey(String text, int end) {
        int i = end;
        while (i < text.length() && text.charAt(i) == ' ') {
            i++;
        }
        return i < text.length() && text.charAt(i) == ':';
    }

    private static void sinkIfAny(Sink sink, int from, int to, String style) {
        if (to > from) {
            sink.token(from, to, style);
        }
    }
}
