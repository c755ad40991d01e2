package nexus.aiagents.engine.project;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Where in the language a caret stands, told from indentation alone: text that is being typed is
/// seldom right.
///
/// @param path    keys and indexes down to the map, list or value the caret is in
/// @param value   the caret is behind a key's colon or in a list; else a key is being typed
/// @param flow    inside of brackets
/// @param word    what is typed of the word so far
/// @param indent  of the keys around, for lines that are inserted
/// @param siblings keys that are there already
record Caret(List<Object> path, boolean value, boolean flow, String word, int indent, Set<String> siblings) {

    static Caret at(String text, int line, int column) {
        return new Finder(new Lines(text), line, column).find();
    }

    /// A line taken apart: where its `- ` stand, where its key begins, and the key, null if there is none.
    private record Row(
            List<Integer> markers, int content, @Nullable String key, int afterColon) {

        static Row of(String line) {
            List<Integer> markers = new ArrayList<>();
            int at = spaces(line, 0);
            while (at < line.length()
                    && line.charAt(at) == '-'
                    && (at + 1 == line.length() || line.charAt(at + 1) == ' ')) {
                markers.add(at);
                at = spaces(line, Math.min(at + 1, line.length()));
            }
            int colon = colon(line, at);
            String key = colon < 0 ? null : unquoted(line.substring(at, colon).strip());
            return new Row(markers, at, key, colon + 1);
        }

        private static int spaces(String line, int from) {
            int at = from;
            while (at < line.length() && line.charAt(at) == ' ') {
                at++;
            }
            return at;
        }

        /// The colon that ends a key, -1 if the line has none.
        private static int colon(String line, int from) {
            if (from < line.length() && "{[#\"'".indexOf(line.charAt(from)) >= 0 && line.charAt(from) != '"') {
                return -1;
            }
            for (int i = from; i < line.length(); i++) {
                if (line.charAt(i) == ':' && (i + 1 == line.length() || line.charAt(i + 1) == ' ')) {
                    return i;
                }
                if (line.charAt(i) == '#' && i > 0 && line.charAt(i - 1) == ' ') {
                    return -1;
                }
            }
            return -1;
        }
    }

    private static String unquoted(String key) {
        return key.length() > 1 && key.startsWith("\"") && key.endsWith("\"")
                ? key.substring(1, key.length() - 1)
                : key;
    }

    private static final class Finder {
        private final Lines lines;
        private final int line;
        private final String before;

        Finder(Lines lines, int line, int column) {
            this.lines = lines;
            this.line = line;
            String all = lines.line(line);
            this.before = column <= all.length()
                    ? all.substring(0, Math.max(0, column))
                    : all + " ".repeat(column - all.length());
        }

        Caret find() {
            Row row = Row.of(before);
            int indent = row.content();
            List<Object> path = parents(indent, row);
            boolean value = row.key() != null || !row.markers().isEmpty();
            String rest =
                    before.substring(Math.min(row.key() == null ? row.content() : row.afterColon(), before.length()));
            if (row.key() != null) {
                path.add(row.key());
            }
            Brackets brackets = Brackets.of(rest);
            if (brackets.depth() > 0) {
                path.addAll(brackets.path());
                return new Caret(path, brackets.value(), true, brackets.word(), indent, brackets.keys());
            }
            Set<String> siblings = row.key() == null ? siblings(indent) : Set.of();
            return new Caret(path, value, false, rest.stripLeading(), indent, siblings);
        }

        /// Keys and indexes above a column, outermost first.
        private List<Object> parents(int from, Row row) {
            List<Object> inwards = new ArrayList<>();
            int indent = from;
            for (int marker : row.markers().reversed()) {
                inwards.add(0);
                indent = marker;
            }
            for (int above = line - 1; above >= 0 && indent >= 0; above--) {
                String text = lines.line(above);
                if (text.startsWith("---")) {
                    break;
                }
                String content = text.strip();
                if (content.isEmpty() || content.startsWith("#")) {
                    continue;
                }
                Row parent = Row.of(text);
                boolean below = parent.content() < indent
                        || (parent.content() == indent && !inwards.isEmpty() && inwards.getLast() instanceof Integer);
                if (parent.key() != null && below) {
                    inwards.add(parent.key());
                    indent = parent.content();
                }
                for (int marker : parent.markers().reversed()) {
                    if (marker < indent) {
                        inwards.add(0);
                        indent = marker;
                    }
                }
                if (indent == 0 && !inwards.isEmpty() && inwards.getLast() instanceof String) {
                    break;
                }
            }
            return new ArrayList<>(inwards.reversed());
        }

        /// Keys of the map around, whole lines only.
        private Set<String> siblings(int indent) {
            Set<String> keys = new HashSet<>();
            boolean starts = !Row.of(lines.line(line)).markers().isEmpty();
            for (int i = line - 1; i >= 0 && !starts && inside(i, indent); i--) {
                add(keys, i, indent);
                starts = Row.of(lines.line(i)).content() == indent
                        && !Row.of(lines.line(i)).markers().isEmpty();
            }
            for (int i = line + 1; i < lines.count() && inside(i, indent) && !begins(i, indent); i++) {
                add(keys, i, indent);
            }
            return keys;
        }

        private boolean inside(int i, int indent) {
            String text = lines.line(i);
            if (text.startsWith("---")) {
                return false;
            }
            return text.isBlank()
                    || text.strip().startsWith("#")
                    || Row.of(text).content() >= indent;
        }

        /// Whether a line begins the next entry of the list around.
        private boolean begins(int i, int indent) {
            Row row = Row.of(lines.line(i));
            return row.content() == indent && !row.markers().isEmpty();
        }

        private void add(Set<String> keys, int i, int indent) {
            Row row = Row.of(lines.line(i));
            if (row.key() != null && row.content() == indent) {
                keys.add(row.key());
            }
        }
    }

    /// The brackets that are open at the end of a piece of flow style.
    private record Brackets(int depth, List<Object> path, boolean value, String word, Set<String> keys) {

        static Brackets of(String text) {
            List<Object> path = new ArrayList<>();
            List<Character> open = new ArrayList<>();
            List<Set<String>> keys = new ArrayList<>();
            StringBuilder word = new StringBuilder();
            char quote = 0;
            for (char c : text.toCharArray()) {
                if (quote != 0) {
                    quote = c == quote ? 0 : quote;
                } else if (c == '"' || c == '\'') {
                    quote = c;
                } else if (c == '{' || c == '[') {
                    open.add(c);
                    keys.add(new HashSet<>());
                    path.add(c == '[' ? (Object) 0 : "");
                    word.setLength(0);
                } else if ((c == '}' || c == ']') && !open.isEmpty()) {
                    open.removeLast();
                    keys.removeLast();
                    path.removeLast();
                    word.setLength(0);
                } else if (c == ',' && !open.isEmpty()) {
                    path.set(path.size() - 1, open.getLast() == '[' ? (Object) 0 : "");
                    word.setLength(0);
                } else if (c == ':' && !open.isEmpty() && open.getLast() == '{' && "".equals(path.getLast())) {
                    path.set(path.size() - 1, word.toString());
                    keys.getLast().add(word.toString());
                    word.setLength(0);
                } else if (c != ' ' || !word.isEmpty()) {
                    word.append(c);
                }
            }
            boolean value = !path.isEmpty() && !"".equals(path.getLast());
            if (!path.isEmpty() && !value) {
                path.removeLast();
            }
            return new Brackets(open.size(), path, value, word.toString(), keys.isEmpty() ? Set.of() : keys.getLast());
        }
    }
}
