package nexus.aiagents.app.desktop.editor;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// YAML. A state above zero says: in a block scalar whose parent is indented by `state - 1`.
final class YamlSyntax implements Syntax {
    private static final Pattern KEY = Pattern.compile("([A-Za-z_$][\\w.$/-]*|\"[^\"]*\"|'[^']*')(?=\\s*:(\\s|$))");
    private static final Pattern WORD = Pattern.compile("[^\\s,\\[\\]{}#][^,\\[\\]{}]*?(?=\\s*(,|]|}|\\s#|$))");
    private static final Pattern BLOCK = Pattern.compile("[|>][+-]?\\d?[+-]?(?=\\s*(#.*)?$)");
    private static final Pattern NUMBER =
            Pattern.compile("[-+]?(\\d[\\d_]*(\\.\\d+)?([eE][-+]?\\d+)?)(ms|s|m|h|d|B|KB|MB|GB|%)?");
    private static final Pattern CONSTANT = Pattern.compile("true|false|null|~");
    private static final Pattern EXPRESSION = Pattern.compile("\\$\\{(?!\\{)[^}]*}");

    @Override
    public int line(String text, int state, Sink sink) {
        int indent = indent(text);
        if (state > START && (indent == text.length() || indent > state - 1)) {
            if (indent < text.length()) {
                string(text, indent, text.length(), sink);
            }
            return state;
        }
        if (text.startsWith("---") || text.startsWith("...")) {
            sink.token(0, 3, "marker");
            return scan(text, 3, sink) ? 1 : START;
        }
        return scan(text, indent, sink) ? indent + 1 : START;
    }

    /// @return whether a block scalar begins at the end of the line
    private static boolean scan(String text, int from, Sink sink) {
        int at = from;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (Character.isWhitespace(c) || ",[]{}".indexOf(c) >= 0) {
                at++;
            } else if (c == '#' && (at == 0 || Character.isWhitespace(text.charAt(at - 1)))) {
                sink.token(at, text.length(), "comment");
                return false;
            } else if ((c == '-' || c == ':' || c == '?') && endsWord(text, at + 1)) {
                sink.token(at, at + 1, "marker");
                at++;
            } else if (BLOCK.matcher(text).region(at, text.length()).lookingAt()) {
                sink.token(at, at + 1, "marker");
                return true;
            } else {
                at = value(text, at, sink);
            }
        }
        return false;
    }

    private static int value(String text, int at, Sink sink) {
        Matcher key = KEY.matcher(text).region(at, text.length()).useTransparentBounds(true);
        if (key.lookingAt()) {
            sink.token(at, key.end(), "key");
            return key.end();
        }
        char c = text.charAt(at);
        if (c == '"' || c == '\'') {
            int end = quoted(text, at);
            string(text, at, end, sink);
            return end;
        }
        if (c == '&' || c == '*' || c == '!') {
            int end = at + 1;
            while (end < text.length() && !Character.isWhitespace(text.charAt(end))) {
                end++;
            }
            sink.token(at, end, "anchor");
            return end;
        }
        Matcher word = WORD.matcher(text).region(at, text.length()).useTransparentBounds(true);
        int end = word.lookingAt() ? word.end() : at + 1;
        plain(text, at, end, sink);
        return end;
    }

    private static void plain(String text, int from, int to, Sink sink) {
        String word = text.substring(from, to);
        if (NUMBER.matcher(word).matches()) {
            sink.token(from, to, "number");
        } else if (CONSTANT.matcher(word).matches()) {
            sink.token(from, to, "constant");
        } else {
            string(text, from, to, sink);
        }
    }

    /// Text with `${…}` in it.
    private static void string(String text, int from, int to, Sink sink) {
        Matcher expression = EXPRESSION.matcher(text).region(from, to);
        int at = from;
        while (expression.find()) {
            if (expression.start() > at) {
                sink.token(at, expression.start(), "string");
            }
            sink.token(expression.start(), expression.end(), "expression");
            at = expression.end();
        }
        if (at < to) {
            sink.token(at, to, "string");
        }
    }

    private static int quoted(String text, int from) {
        char quote = text.charAt(from);
        for (int i = from + 1; i < text.length(); i++) {
            if (quote == '"' && text.charAt(i) == '\\') {
                i++;
            } else if (text.charAt(i) == quote) {
                return i + 1;
            }
        }
        return text.length();
    }

    private static boolean endsWord(String text, int at) {
        return at >= text.length() || Character.isWhitespace(text.charAt(at));
    }

    private static int indent(String text) {
        int i = 0;
        while (i < text.length() && Character.isWhitespace(text.charAt(i))) {
            i++;
        }
        return i;
    }
}
