package nexus.aiagents.engine.project;

import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// Gives YAML an indentation of two spaces at every level, lists two deeper than their key, and takes away
/// spaces at the ends of lines and blank lines beyond one. Everything else stays as it was typed. It proves
/// itself: a result that does not read as the same values is thrown away.
final class Formatter {
    private static final int STEP = 2;
    private static final int SAME = -1;

    /// A form that is seldom and that this does not know: the text stays as it is.
    private static final class Unknown extends RuntimeException {
        private static final long serialVersionUID = 1;

        Unknown() {
            super(null, null, false, false);
        }
    }

    private final String text;
    private final Lines lines;
    /// New column of what a line begins with, by line; SAME moves as the line before moves.
    private final int[] targets;
    /// How many `- ` a line begins with.
    private final int[] dashes;
    /// Lines that are inside of a text, where `#` is no comment and spaces count.
    private final boolean[] inText;
    private final Set<YamlNode> seen = Collections.newSetFromMap(new IdentityHashMap<>());

    private Formatter(String text) {
        this.text = text;
        this.lines = new Lines(text);
        this.targets = new int[lines.count()];
        this.dashes = new int[lines.count()];
        this.inText = new boolean[lines.count()];
        Arrays.fill(targets, SAME);
    }

    static String format(String text) {
        YamlText read = YamlText.read("", text);
        if (read.broken()) {
            return text;
        }
        String formatted;
        try {
            Formatter formatter = new Formatter(text);
            read.documents().forEach(document -> formatter.walk(document, 0));
            formatted = formatter.rewrite();
        } catch (Unknown e) {
            return text;
        }
        YamlText again = YamlText.read("", formatted);
        return !again.broken() && values(again).equals(values(read)) ? formatted : text;
    }

    private static List<JsonNode> values(YamlText yaml) {
        return yaml.documents().stream().map(YamlNode::toJson).toList();
    }

    private void walk(YamlNode node, int column) {
        if (!(node instanceof YamlNode.Scalar) && !seen.add(node)) {
            return; // an alias repeats it
        }
        switch (node) {
            case YamlNode.Mapping map when !map.flow() -> mapping(map, column);
            case YamlNode.Sequence list when !list.flow() -> sequence(list, column);
            default -> {} // stands on the line of its key or dash, or moves with it
        }
    }

    private void mapping(YamlNode.Mapping map, int column) {
        for (Map.Entry<String, YamlNode.Entry> entry : map.entries().entrySet()) {
            Position key = entry.getValue().key();
            YamlNode value = entry.getValue().value();
            begins(key, column);
            if (isText(value, key)) {
                text(value.at(), key.column());
            } else {
                walk(value, column + STEP);
            }
        }
    }

    private void sequence(YamlNode.Sequence list, int column) {
        for (YamlNode item : list.items()) {
            if (seen.contains(item)) {
                throw new Unknown(); // an alias as an entry has no place of its own
            }
            Position at = item.at();
            int dash = dashBefore(at);
            begins(new Position("", at.line(), dash, at.line(), dash + 1), column);
            dashes[at.line()]++;
            if (isText(item, at)) {
                text(at, dash);
            } else {
                walk(item, column + STEP);
            }
        }
    }

    /// The column of the `-` that a list's entry has on its line.
    private int dashBefore(Position entry) {
        String line = lines.line(entry.line());
        int at = Math.min(entry.column(), line.length()) - 1;
        while (at >= 0 && line.charAt(at) == ' ') {
            at--;
        }
        if (at < 0 || line.charAt(at) != '-') {
            throw new Unknown();
        }
        return at;
    }

    private void begins(Position at, int column) {
        if (lines.indent(at.line()) == at.column()) {
            targets[at.line()] = column;
        }
    }

    private boolean isText(YamlNode value, Position key) {
        return value instanceof YamlNode.Scalar scalar
                && scalar.at().line() >= key.line() // else it is an alias
                && (isBlock(scalar) || scalar.at().endLine() > scalar.at().line());
    }

    private boolean isBlock(YamlNode.Scalar scalar) {
        int at = lines.offset(scalar.at().line(), scalar.at().column());
        return at < text.length() && (text.charAt(at) == '|' || text.charAt(at) == '>');
    }

    /// Marks the lines of a text that goes on below its first.
    private void text(Position at, int parent) {
        int at0 = lines.offset(at.line(), at.column());
        boolean block = at0 < text.length() && (text.charAt(at0) == '|' || text.charAt(at0) == '>');
        for (int line = at.line() + 1; line < lines.count(); line++) {
            boolean inside = block ? lines.isBlank(line) || lines.indent(line) > parent : line <= at.endLine();
            if (!inside) {
                break;
            }
            inText[line] = true;
        }
    }

    // ---- what comes out

    private String rewrite() {
        comments();
        StringBuilder out = new StringBuilder(text.length());
        int shift = 0;
        boolean blankBefore = true;
        for (int line = 0; line < lines.count(); line++) {
            String end = text.substring(lines.end(line), lines.start(line + 1));
            String content = lines.line(line);
            if (content.isBlank()) {
                boolean keep = inText[line] || (!blankBefore && restHasContent(line));
                out.append(keep ? (inText[line] ? moved(content, shift) : "") + end : "");
                blankBefore = !inText[line];
                continue;
            }
            blankBefore = false;
            int indent = lines.indent(line);
            if (targets[line] != SAME) {
                shift = targets[line] - indent;
            } else if (isMark(content)) {
                shift = 0;
            }
            String moved = moved(squeezed(content, dashes[line]), shift);
            out.append(inText[line] ? moved : moved.stripTrailing()).append(end);
        }
        if (!out.isEmpty() && out.charAt(out.length() - 1) != '\n') {
            out.append('\n');
        }
        return out.toString();
    }

    private boolean restHasContent(int from) {
        for (int line = from + 1; line < lines.count(); line++) {
            if (!lines.isBlank(line)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isMark(String line) {
        return line.startsWith("---") || line.startsWith("...") || line.startsWith("%");
    }

    private static String moved(String line, int shift) {
        if (shift >= 0) {
            return line.isEmpty() ? line : " ".repeat(shift) + line;
        }
        int indent = line.length() - line.stripLeading().length();
        return line.substring(Math.min(-shift, indent));
    }

    /// One space behind each dash that a line begins with.
    private static String squeezed(String line, int dashes) {
        StringBuilder out = new StringBuilder();
        int at = line.length() - line.stripLeading().length();
        out.append(line, 0, at);
        for (int i = 0; i < dashes && at < line.length() && line.charAt(at) == '-'; i++) {
            int next = at + 1;
            while (next < line.length() && line.charAt(next) == ' ') {
                next++;
            }
            out.append(next < line.length() ? "- " : "-");
            at = next;
        }
        return out.append(line, at, line.length()).toString();
    }

    /// A comment goes with the line below it that stood in its column, else with the one above it that did.
    private void comments() {
        for (int line = 0; line < lines.count(); line++) {
            int indent = lines.indent(line);
            if (inText[line] || !lines.line(line).startsWith("#", indent)) {
                continue;
            }
            int below = neighbour(line, 1);
            int above = above(line, indent);
            if (below >= 0 && (lines.indent(below) == indent || above < 0)) {
                targets[line] = Math.max(0, indent + targets[below] - lines.indent(below));
            } else if (above >= 0) {
                targets[line] = Math.max(0, indent + targets[above] - lines.indent(above));
            }
        }
    }

    /// The next line that something begins on, within the document.
    private int neighbour(int from, int step) {
        for (int line = from + step; line >= 0 && line < lines.count(); line += step) {
            if (isMark(lines.line(line))) {
                return -1;
            }
            if (targets[line] != SAME && !lines.line(line).startsWith("#", lines.indent(line))) {
                return line;
            }
        }
        return -1;
    }

    private int above(int from, int indent) {
        int line = neighbour(from, -1);
        while (line >= 0 && lines.indent(line) > indent) {
            line = neighbour(line, -1);
        }
        return line >= 0 && lines.indent(line) == indent ? line : -1;
    }
}
