package nexus.aiagents.engine;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// Where in a program a place is, by the text before it. Knows texts, templates and comments; a regular
/// expression with a quote in it can mislead it. Pure.
final class ScriptPlace {
    private ScriptPlace() {}

    /// Whether code goes on there: neither a text nor a comment.
    static boolean isCode(String before) {
        return scan(before) != null;
    }

    /// An object that is an argument of a call.
    ///
    /// @param call  where the bracket of the call is
    /// @param index of the argument
    record Argument(int call, int index) {}

    /// The object in which the place is, if a key could stand there and the object is an argument.
    static @Nullable Argument objectArgument(String before) {
        Deque<Open> open = scan(before);
        Open object = open == null ? null : open.pollLast();
        if (open == null || object == null || object.bracket() != '{') {
            return null;
        }
        Open call = open.peekLast();
        String within = before.substring(object.at() + 1);
        String key = within.substring(Math.max(within.lastIndexOf(','), within.lastIndexOf('{')) + 1);
        boolean first = before.substring(0, object.at()).stripTrailing().endsWith("(");
        boolean later = before.substring(0, object.at()).stripTrailing().endsWith(",");
        if (call == null || call.bracket() != '(' || !(first || later) || key.contains(":")) {
            return null;
        }
        return new Argument(call.at(), call.commas());
    }

    /// A bracket that is not closed.
    private static final class Open {
        private final char bracket;
        private final int at;
        private int commas;

        Open(char bracket, int at) {
            this.bracket = bracket;
            this.at = at;
        }

        char bracket() {
            return bracket;
        }

        int at() {
            return at;
        }

        int commas() {
            return commas;
        }
    }

    /// The brackets that are open at the end, null in a text or comment. A template in which an expression
    /// is open is a bracket too.
    private static @Nullable Deque<Open> scan(String text) {
        Deque<Open> open = new ArrayDeque<>();
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            char next = i + 1 < text.length() ? text.charAt(i + 1) : '\0';
            if (c == '/' && (next == '/' || next == '*')) {
                int end = next == '/' ? text.indexOf('\n', i) : text.indexOf("*/", i + 2);
                if (end < 0) {
                    return null;
                }
                i = end + (next == '/' ? 1 : 2);
                continue;
            }
            if (c == '"' || c == '\'' || c == '`') {
                i = afterText(text, i + 1, c, open);
                if (i < 0) {
                    return null;
                }
                continue;
            }
            if (c == '(' || c == '[' || c == '{') {
                open.addLast(new Open(c, i));
            } else if (c == ',' && !open.isEmpty()) {
                open.getLast().commas++;
            } else if ((c == ')' || c == ']' || c == '}') && !open.isEmpty()) {
                boolean template = open.removeLast().bracket() == '`';
                if (template) {
                    i = afterText(text, i + 1, '`', open);
                    if (i < 0) {
                        return null;
                    }
                    continue;
                }
            }
            i++;
        }
        return open;
    }

    /// Behind the end of a text, or behind the beginning of an expression in a template; below 0: it
    /// does not end.
    private static int afterText(String text, int from, char quote, Deque<Open> open) {
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == quote || c == '\n' && quote != '`') {
                return i + 1;
            } else if (quote == '`' && c == '$' && i + 1 < text.length() && text.charAt(i + 1) == '{') {
                open.addLast(new Open('`', i));
                return i + 2;
            }
        }
        return -1;
    }
}
