package nexus.aiagents.engine.project;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import nexus.aiagents.engine.project.Form.Refused;
import nexus.aiagents.engine.project.FormEdit.Change;
import nexus.aiagents.engine.project.FormSchema.Snippet;
import org.jspecify.annotations.Nullable;

/// Writes into the text of one document, in the style of what is around.
final class FormWriter {
    private final FormText document;
    private final String text;
    private final Lines lines;

    FormWriter(FormText document) {
        this.document = document;
        this.text = document.text();
        this.lines = document.yaml().lines();
    }

    // ---- single values

    /// The ways to write a value in place of the one there, the nicest first.
    List<String> scalars(Spot spot, String said, Set<String> types) {
        Set<String> ways = new LinkedHashSet<>();
        char first = spot.from() < spot.to() ? text.charAt(spot.from()) : ' ';
        boolean block = first == '|' || first == '>';
        boolean mayBeText = types.isEmpty() || types.contains("string");
        if (!spot.flow() && mayBeText && (said.contains("\n") || block) && !said.isBlank()) {
            ways.add(ScalarText.literal(said, spot.indent(), indentOf(spot, block), lineBreak()));
        }
        boolean text = spot.node() instanceof YamlNode.Scalar scalar
                && !spot.alias()
                && !scalar.text().isEmpty()
                && types.contains("string");
        if (text && first == '"') {
            ways.add(ScalarText.quoted(said));
        } else if (text && first == '\'' && ScalarText.isPrintable(said)) {
            ways.add(ScalarText.singleQuoted(said));
        }
        ways.add(ScalarText.written(said, types, spot.flow()));
        ways.add(ScalarText.quoted(said));
        return List.copyOf(ways);
    }

    /// The indentation of a literal block: as it is, else one level more than what holds it.
    private int indentOf(Spot spot, boolean block) {
        if (block) {
            for (int line = lines.lineAt(spot.from()) + 1;
                    line < lines.count() && lines.start(line) < spot.to();
                    line++) {
                if (!lines.isBlank(line)) {
                    return Math.max(lines.indent(line), spot.indent() + 1);
                }
            }
        }
        return spot.indent() + 2;
    }

    Change replace(Spot spot, String written) {
        int from = spot.from();
        if (from < spot.to() || written.isEmpty() || from == 0 || ":-".indexOf(text.charAt(from - 1)) < 0) {
            return new Change(from, spot.to(), written);
        }
        int next = document.skipSpaces(from);
        boolean room = next > from + 1 || (next == from + 1 && next == lines.end(lines.lineAt(from)));
        return room ? new Change(from + 1, from + 1, written) : new Change(from, from, " " + written);
    }

    // ---- maps

    /// The first block of a document that has none.
    Change first(String key, Snippet value) {
        int at = text.length();
        String before = at > 0 && text.charAt(at - 1) != '\n' ? lineBreak() : "";
        return new Change(at, at, before + key + ":" + block(value, 2) + lineBreak());
    }

    /// A block of its own behind this document.
    Change begin(String kind, boolean here) {
        Snippet value = FormSchema.seed(List.of(kind), FormSchema.at(List.of(kind)));
        if (here) {
            return first(kind, value);
        }
        int end = text.stripTrailing().length();
        String written = "---" + lineBreak() + kind + ":" + block(value, 2);
        return new Change(end, end, lineBreak() + written);
    }

    /// @param around null for the root
    /// @param order  of keys
    Change intoMap(YamlNode.Mapping map, @Nullable Spot around, String key, Snippet value, List<String> order)
            throws Refused {
        String name = ScalarText.written(key, Set.of("string"), true);
        YamlNode.Entry before = before(map, key, order);
        boolean flow =
                map.flow() && (around == null || around.flow() || !map.entries().isEmpty());
        if (flow) {
            return intoFlow(map, name + ": " + flow(value), before);
        }
        if (map.entries().isEmpty()) {
            if (around == null) {
                throw new Refused("there is no place for it");
            }
            String below =
                    lineBreak() + " ".repeat(around.indent() + 2) + name + ":" + block(value, around.indent() + 4);
            boolean item = around.key() == null;
            return new Change(
                    item ? around.from() : blanksBefore(around.from()),
                    around.to(),
                    item ? name + ":" + block(value, around.indent() + 4) : below);
        }
        int column = map.entries().values().iterator().next().key().column();
        return intoBlock(map, column, name + ":" + block(value, column + 2), before);
    }

    /// @param name null: it stays
    Change key(YamlNode.Entry entry, @Nullable String name) {
        int from = document.start(entry.key());
        int to = document.end(entry.key());
        return new Change(
                from, to, name == null ? text.substring(from, to) : ScalarText.written(name, Set.of("string"), true));
    }

    /// The last key in the text of those that come before this one in the schema.
    private YamlNode.@Nullable Entry before(YamlNode.Mapping map, String key, List<String> order) {
        int place = order.contains(key) ? order.indexOf(key) : Integer.MAX_VALUE;
        return map.entries().entrySet().stream()
                .filter(entry -> order.indexOf(entry.getKey()) < place)
                .map(Map.Entry::getValue)
                .max(Comparator.comparingInt(entry -> document.start(entry.key())))
                .orElse(null);
    }

    private Change intoFlow(YamlNode.Mapping map, String entry, YamlNode.@Nullable Entry before) {
        if (before != null) {
            int at = end(before);
            return new Change(at, at, ", " + entry);
        }
        int at = text.indexOf('{', document.start(map.at())) + 1;
        return new Change(at, at, map.entries().isEmpty() ? entry : entry + ", ");
    }

    private Change intoBlock(YamlNode.Mapping map, int column, String entry, YamlNode.@Nullable Entry before) {
        String indent = " ".repeat(column);
        if (before == null) {
            int at = document.start(map.entries().values().iterator().next().key());
            return new Change(at, at, entry + lineBreak() + indent);
        }
        return afterLine(document.lastLine(before.key(), before.value(), before.place()), indent + entry);
    }

    private Change afterLine(int line, String written) {
        boolean open = line + 1 >= lines.count() || lines.start(line + 1) == lines.end(line);
        int at = open ? text.length() : lines.start(line + 1);
        return new Change(at, at, open ? lineBreak() + written : written + lineBreak());
    }

    /// Under a key, or behind a dash, with nothing behind it yet.
    Change under(Spot spot, Object key, Snippet value) throws Refused {
        Snippet whole =
                key instanceof String name ? new Snippet.Keys(Map.of(name, value)) : new Snippet.Items(List.of(value));
        if (spot.flow() || spot.key() == null) {
            return replace(spot, flow(whole));
        }
        return new Change(spot.from(), spot.to(), block(whole, spot.indent() + 2));
    }

    /// In place of a single value, a map that says more.
    Change asMap(Spot spot, String key, Snippet value) {
        boolean inline = spot.flow();
        if (inline) {
            return replace(spot, "{" + key + ": " + flow(value) + "}");
        }
        if (spot.key() == null) {
            return replace(spot, key + ":" + block(value, spot.indent() + 4));
        }
        String below = lineBreak() + " ".repeat(spot.indent() + 2) + key + ":" + block(value, spot.indent() + 4);
        return new Change(blanksBefore(spot.from()), spot.to(), below);
    }

    Change withoutKey(YamlNode.Mapping map, Spot spot, String key) throws Refused {
        YamlNode.Entry entry = map.entries().get(key);
        if (entry == null || spot.key() == null) {
            throw new Refused("it is gone already");
        }
        int from = document.start(entry.key());
        if (map.flow()) {
            return withoutFlow(from, end(entry), document.start(map.at()));
        }
        int line = entry.key().line();
        int last = document.lastLine(entry.key(), entry.value(), entry.place());
        if (map.entries().size() == 1) {
            return new Change(from, end(entry), "{}");
        }
        boolean alone = lines.indent(line) == entry.key().column();
        if (alone) {
            return wholeLines(line, last);
        }
        int next = last + 1; // the first key of an item: the next one takes its place behind the dash
        while (next < lines.count() && lines.isBlank(next)) {
            next++;
        }
        return new Change(from, lines.start(next) + lines.indent(next), "");
    }

    private Change wholeLines(int line, int last) {
        boolean atEnd = last + 1 >= lines.count();
        int from = atEnd && line > 0 ? lines.end(line - 1) : lines.start(line);
        return new Change(from, atEnd ? text.length() : lines.start(last + 1), "");
    }

    /// With the comma behind it, or else the one before it.
    private Change withoutFlow(int from, int to, int open) throws Refused {
        int next = to;
        while (next < text.length() && Character.isWhitespace(text.charAt(next))) {
            next++;
        }
        if (next < text.length() && text.charAt(next) == ',') {
            int behind = next + 1;
            while (behind < text.length() && " \t".indexOf(text.charAt(behind)) >= 0) {
                behind++;
            }
            return new Change(from, behind, "");
        }
        int comma = text.lastIndexOf(',', from);
        return new Change(comma > open ? comma : from, to, "");
    }

    // ---- lists

    Change intoList(YamlNode.Sequence list, @Nullable Spot around, Snippet value) throws Refused {
        if (list.items().isEmpty() && around != null && !around.flow() && around.key() != null) {
            String below = lineBreak() + item(value, around.indent() + 2);
            return new Change(blanksBefore(around.from()), around.to(), below);
        }
        if (list.flow()) {
            if (list.items().isEmpty()) {
                int at = text.indexOf('[', document.start(list.at())) + 1;
                return new Change(at, at, flow(value));
            }
            int at = document.contentEnd(list.items().getLast(), list.places().getLast());
            return new Change(at, at, ", " + flow(value));
        }
        Position last = list.places().getLast();
        int line = document.lastLine(last, list.items().getLast(), last);
        return afterLine(line, item(value, list.at().column()));
    }

    /// @param around the list itself
    Change withoutItem(YamlNode.Sequence list, @Nullable Spot around, int index) throws Refused {
        Position place = list.places().get(index);
        YamlNode item = list.items().get(index);
        if (list.flow()) {
            return withoutFlow(document.start(place), document.contentEnd(item, place), document.start(list.at()));
        }
        Segment segment = segment(list, index);
        if (list.items().size() == 1) {
            boolean level = around != null
                    && around.key() != null
                    && around.indent() == list.at().column();
            int to = Math.max(segment.dash() + 1, document.contentEnd(item, place));
            return new Change(segment.dash(), to, level ? "  []" : "[]");
        }
        return wholeLines(segment.line(), segment.lastLine());
    }

    /// An item of a block list with its dash.
    ///
    /// @param from where the comments directly above it begin, and they
    private record Segment(int line, int lastLine, int from, int dash, int to) {}

    private Segment segment(YamlNode.Sequence list, int index) throws Refused {
        Position place = list.places().get(index);
        int line = place.line();
        while (line > list.at().line() && !isDash(line, list.at().column())) {
            line--; // what is behind the dash may begin on a later line
        }
        if (!isDash(line, list.at().column())) {
            throw new Refused("this list is written in a way that only a person can change");
        }
        int last = document.lastLine(place, list.items().get(index), place);
        int above = line;
        while (above > 0
                && lines.line(above - 1).strip().startsWith("#")
                && lines.indent(above - 1) == list.at().column()) {
            above--;
        }
        int dash = lines.start(line) + list.at().column();
        return new Segment(line, Math.max(line, last), lines.start(above), dash, lines.end(Math.max(line, last)));
    }

    private boolean isDash(int line, int column) {
        int at = lines.start(line) + column;
        return lines.indent(line) == column && at < lines.end(line) && text.charAt(at) == '-';
    }

    /// @param first the one of the two that comes first
    Change swap(YamlNode.Sequence list, int first, int second) throws Refused {
        if (list.flow()) {
            int from = document.start(list.places().get(first));
            int end = document.contentEnd(list.items().get(first), list.places().get(first));
            int next = document.start(list.places().get(second));
            int to = document.contentEnd(list.items().get(second), list.places().get(second));
            return new Change(
                    from, to, text.substring(next, to) + text.substring(end, next) + text.substring(from, end));
        }
        Segment one = segment(list, first);
        Segment two = segment(list, second);
        String between = text.substring(one.to(), two.from());
        return new Change(
                one.from(),
                two.to(),
                text.substring(two.from(), two.to()) + between + text.substring(one.from(), one.to()));
    }

    // ---- style

    private int end(YamlNode.Entry entry) {
        if (entry.isAlias()) {
            return document.end(entry.place());
        }
        int end = document.contentEnd(entry.value(), entry.place());
        return Math.max(end, document.afterColon(entry));
    }

    private int blanksBefore(int at) {
        int from = at;
        while (from > 0 && text.charAt(from - 1) == ' ') {
            from--;
        }
        return from;
    }

    private String lineBreak() {
        return lines.count() > 1 && text.startsWith("\r\n", lines.end(0)) ? "\r\n" : "\n";
    }

    private String item(Snippet value, int column) {
        return " ".repeat(column) + "-"
                + switch (value) {
                    case Snippet.Inline one -> " " + (one.text().isEmpty() ? "\"\"" : one.text());
                    case Snippet.Items items -> " " + flow(items);
                    case Snippet.Keys keys when keys.entries().isEmpty() -> " {}";
                    case Snippet.Keys keys -> block(keys, column + 2).replaceFirst("\\R\\s*", " ");
                };
    }

    /// What stands behind a key's colon.
    private String block(Snippet value, int column) {
        StringBuilder out = new StringBuilder();
        switch (value) {
            case Snippet.Inline one ->
                out.append(one.text().isEmpty() ? "" : " ").append(one.text());
            case Snippet.Keys keys -> {
                keys.entries()
                        .forEach((key, each) -> out.append(lineBreak())
                                .append(" ".repeat(column))
                                .append(ScalarText.written(key, Set.of("string"), true))
                                .append(":")
                                .append(block(each, column + 2)));
                out.append(keys.entries().isEmpty() ? " {}" : "");
            }
            case Snippet.Items items -> {
                items.items().forEach(each -> out.append(lineBreak()).append(item(each, column)));
                out.append(items.items().isEmpty() ? " []" : "");
            }
        }
        return out.toString();
    }

    private static String flow(Snippet value) {
        return switch (value) {
            case Snippet.Inline one -> one.text().isEmpty() ? "\"\"" : one.text();
            case Snippet.Keys keys -> {
                List<String> entries = new ArrayList<>();
                keys.entries()
                        .forEach((key, each) ->
                                entries.add(ScalarText.written(key, Set.of("string"), true) + ": " + flow(each)));
                yield "{" + String.join(", ", entries) + "}";
            }
            case Snippet.Items items ->
                "["
                        + String.join(
                                ", ",
                                items.items().stream().map(FormWriter::flow).toList()) + "]";
        };
    }
}
