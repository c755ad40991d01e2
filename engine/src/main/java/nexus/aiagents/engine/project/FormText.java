package nexus.aiagents.engine.project;

import org.jspecify.annotations.Nullable;

/// The one document of a text that a form is about. Documents are told apart by their `---` alone, so what
/// stands before and behind it costs nothing and may be broken.
///
/// @param document  counted from 0
/// @param firstLine of the document in the whole text
/// @param offset    of the document in the whole text
/// @param text      of the document, its `---` first
record FormText(int document, int firstLine, int offset, String text, YamlText yaml) {

    /// @param last what was read before; the same document is not read again
    static FormText at(String whole, int line, @Nullable FormText last) {
        Lines lines = new Lines(whole);
        int document = 0;
        int first = 0;
        for (int i = 1; i <= Math.min(line, lines.count() - 1); i++) {
            if (begins(whole, lines, i)) {
                document++;
                first = i;
            }
        }
        return read(whole, lines, document, first, last);
    }

    /// @param last what was read before; the same document is not read again
    /// @return null if there are not so many
    static @Nullable FormText of(String whole, int document, @Nullable FormText last) {
        Lines lines = new Lines(whole);
        int left = document;
        for (int i = 0; i < lines.count(); i++) {
            boolean begins = i == 0 || begins(whole, lines, i);
            if (begins && left-- == 0) {
                return read(whole, lines, document, i, last);
            }
        }
        return null;
    }

    private static FormText read(String whole, Lines lines, int document, int first, @Nullable FormText last) {
        int end = first + 1;
        while (end < lines.count() && !begins(whole, lines, end)) {
            end++;
        }
        int offset = lines.start(first);
        String text = whole.substring(offset, lines.start(end));
        YamlText yaml = last != null && last.text().equals(text) ? last.yaml() : YamlText.read("", text);
        return new FormText(document, first, offset, text, yaml);
    }

    /// Three dashes in the first column begin a document, whatever they stand in.
    private static boolean begins(String whole, Lines lines, int line) {
        int at = lines.start(line);
        return whole.startsWith("---", at)
                && (at + 3 == whole.length() || Character.isWhitespace(whole.charAt(at + 3)));
    }

    /// Null for a document without a map.
    YamlNode.@Nullable Mapping root() {
        for (YamlNode each : yaml.documents()) {
            if (each instanceof YamlNode.Mapping map) {
                return map;
            }
        }
        return null;
    }

    int start(Position at) {
        return yaml.lines().offset(at.line(), at.column());
    }

    int end(Position at) {
        return yaml.lines().offset(at.endLine(), at.endColumn());
    }

    /// The first place behind the key's colon.
    int afterColon(YamlNode.Entry entry) {
        return text.indexOf(':', end(entry.key())) + 1;
    }

    int skipSpaces(int at) {
        int to = at;
        while (to < text.length() && (text.charAt(to) == ' ' || text.charAt(to) == '\t')) {
            to++;
        }
        return to;
    }

    /// Behind an anchor, alias or tag.
    int tokenEnd(int at) {
        int to = at;
        while (to < text.length() && " \t\r\n,]}".indexOf(text.charAt(to)) < 0) {
            to++;
        }
        return to;
    }

    /// The end of what stands there, line breaks behind it left out. A block scalar that keeps its last
    /// breaks has them.
    int contentEnd(YamlNode node, Position place) {
        int from = start(place);
        int end = Math.max(from, end(place));
        boolean keeps = node instanceof YamlNode.Scalar scalar && !scalar.plain() && keepsBreaks(from);
        if (node instanceof YamlNode.Scalar || !isFlow(node)) {
            while (end > from && Character.isWhitespace(text.charAt(end - 1)) && !keeps) {
                end--;
            }
        }
        return end;
    }

    private boolean keepsBreaks(int from) {
        char first = from < text.length() ? text.charAt(from) : ' ';
        return (first == '|' || first == '>')
                && text.substring(from, yaml.lines().end(yaml.lines().lineAt(from)))
                        .contains("+");
    }

    private static boolean isFlow(YamlNode node) {
        return switch (node) {
            case YamlNode.Mapping map -> map.flow();
            case YamlNode.Sequence list -> list.flow();
            case YamlNode.Scalar _ -> false;
        };
    }

    /// The line on which an entry ends.
    int lastLine(Position key, YamlNode node, Position place) {
        return yaml.lines().lineAt(Math.max(start(key), contentEnd(node, place) - 1));
    }

    /// In lines of the whole text.
    Position shifted(Position at) {
        return new Position(at.file(), at.line() + firstLine, at.column(), at.endLine() + firstLine, at.endColumn());
    }

    Position range(int from, int to) {
        Lines lines = yaml.lines();
        int line = lines.lineAt(from);
        int last = lines.lineAt(to);
        return shifted(new Position("", line, from - lines.start(line), last, to - lines.start(last)));
    }
}
