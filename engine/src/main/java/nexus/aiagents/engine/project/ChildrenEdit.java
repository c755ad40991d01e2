package nexus.aiagents.engine.project;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Adds a child to a supervisor in YAML text, takes one out, or moves it to another place or supervisor,
/// and keeps every other byte: comments, order, quoting, line ends.
public final class ChildrenEdit {
    private static final String CHILDREN = "children";
    private static final String AGENTS = "agents";

    private final String text;
    private final YamlText yaml;
    private final YamlNode.Mapping supervisor;
    private final String name;

    private ChildrenEdit(String text, String name) {
        this.text = text;
        this.name = name;
        this.yaml = YamlText.read("", text);
        if (yaml.broken()) {
            Diagnostic first = yaml.diagnostics().getFirst();
            throw new IllegalArgumentException("line " + (first.at().line() + 1) + ": " + first.message()
                    + ". The children can be changed when that is mended");
        }
        this.supervisor = yaml.documents().stream()
                .filter(YamlNode.Mapping.class::isInstance)
                .flatMap(document -> Definition.of((YamlNode.Mapping) document, List.of(), false).stream())
                .filter(definition -> definition.kind() == Kind.SUPERVISOR
                        && definition.name().equals(name))
                .map(Definition::body)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no supervisor `" + name + "` in this file"));
    }

    /// Adds it behind all others.
    ///
    /// @param text     the file that holds the supervisor
    /// @param settings what is said of the child beyond its name, as `key: value`, in the order they
    ///     are written
    /// @return the new text
    /// @throws IllegalArgumentException if that can not be done by itself, with what to do
    public static String add(String text, String supervisor, String child, List<String> settings) {
        return new ChildrenEdit(text, supervisor).add(child, settings);
    }

    /// @return the new text
    /// @throws IllegalArgumentException if that can not be done by itself, with what to do
    public static String remove(String text, String supervisor, String child) {
        return new ChildrenEdit(text, supervisor).remove(child);
    }

    /// A child as it is written, apart from where it stands.
    ///
    /// @param lines     as an item of a list of one line each: comment lines above it, `- …`, and what
    ///     goes on below, indented from its dash
    /// @param inOneLine as an item of a list in one line; null: it has comments, for which there is no room
    /// @param nameAlone nothing is said of it but its name
    public record Entry(List<String> lines, @Nullable String inOneLine, boolean nameAlone) {
        public Entry {
            lines = List.copyOf(lines);
        }
    }

    /// @param text without the entry
    public record Cut(String text, Entry entry) {}

    /// Takes a child out to put it in elsewhere: the comments directly above it come along, unless it is
    /// the first, whose may be about the list.
    ///
    /// @throws IllegalArgumentException if that can not be done by itself, with what to do
    public static Cut cut(String text, String supervisor, String child) {
        return new ChildrenEdit(text, supervisor).cut(child);
    }

    /// @param place among the children that are there, from 0; behind all if there are fewer
    /// @return the new text
    /// @throws IllegalArgumentException if that can not be done by itself, with what to do
    public static String paste(String text, String supervisor, int place, Entry entry) {
        return new ChildrenEdit(text, supervisor).paste(place, entry);
    }

    private Cut cut(String child) {
        YamlNode.Entry entry = entry();
        YamlNode.Sequence list = entry == null ? null : list(entry);
        int index = list == null ? -1 : indexOf(list, child);
        if (entry == null || list == null || index < 0) {
            throw new IllegalArgumentException("`" + name + "` names no child `" + child + "` in this file");
        }
        YamlNode item = list.items().get(index);
        String written = text.substring(start(item), end(item));
        boolean nameAlone = item instanceof YamlNode.Scalar;
        if (list.flow()) {
            if (written.contains("#") && written.contains("\n")) {
                throw new IllegalArgumentException(
                        "`" + child + "` is written over several lines with comments: move it by hand");
            }
            String line = written.replaceAll("\\s*\\R\\s*", " ");
            return new Cut(withoutFlow(list, index), new Entry(List.of("- " + line), line, nameAlone));
        }
        int dash = dash(item);
        int column = dash - lineStart(dash);
        int first = index == 0
                ? yaml.lines().lineAt(dash)
                : withComments(yaml.lines().lineAt(dash), column);
        int last = yaml.lines().lineAt(Math.max(dash, end(item) - 1));
        List<String> lines = new ArrayList<>();
        for (int line = first; line <= last; line++) {
            lines.add(yaml.lines()
                    .line(line)
                    .substring(Math.min(column, yaml.lines().indent(line))));
        }
        String removed = replaced(text, yaml.lines().start(first), yaml.lines().start(last + 1), "");
        String left = list.items().size() > 1 ? removed : emptied(removed, entry);
        boolean commented = lines.stream().anyMatch(line -> line.matches("(.*\\s)?#.*"));
        return new Cut(left, new Entry(lines, commented ? null : oneLine(item, written), nameAlone));
    }

    /// The first of the comment lines that stand directly above a line, as far in as it.
    private int withComments(int line, int column) {
        int first = line;
        while (first > 0
                && yaml.lines().line(first - 1).strip().startsWith("#")
                && yaml.lines().indent(first - 1) == column) {
            first--;
        }
        return first;
    }

    private String oneLine(YamlNode item, String written) {
        if (!(item instanceof YamlNode.Mapping map) || map.flow()) {
            return written.replaceAll("\\s*\\R\\s*", " ");
        }
        List<String> settings = new ArrayList<>();
        map.entries()
                .forEach((key, value) -> settings.add(key + ": "
                        + text.substring(start(value.value()), end(value.value()))
                                .strip()));
        return "{" + String.join(", ", settings) + "}";
    }

    private String paste(int place, Entry entry) {
        YamlNode.Entry children = entry();
        if (children == null) {
            String line = entry.inOneLine();
            return line != null ? withKey("children: [" + line + "]") : withKey("children:", entry.lines());
        }
        YamlNode.Sequence list = list(children);
        boolean namesAlone = supervisor.entries().get(CHILDREN) == null && !entry.nameAlone();
        String changed = list.flow() ? pasteFlow(children, list, place, entry) : pasteBlock(list, place, entry);
        return namesAlone ? renamed(changed, children) : changed;
    }

    private String pasteBlock(YamlNode.Sequence list, int place, Entry entry) {
        int dash = dash(list.items().getFirst());
        String indent = " ".repeat(dash - lineStart(dash));
        String lines = indented(indent, entry.lines());
        if (place >= list.items().size()) {
            YamlNode last = list.items().getLast();
            return insertedAfter(yaml.lines().lineAt(Math.max(dash(last), end(last) - 1)), lines);
        }
        int line = yaml.lines().lineAt(dash(list.items().get(place)));
        int at = yaml.lines().start(place == 0 ? line : withComments(line, indent.length()));
        return replaced(text, at, at, lines + lineBreak());
    }

    private String pasteFlow(YamlNode.Entry children, YamlNode.Sequence list, int place, Entry entry) {
        List<YamlNode> items = list.items();
        String line = entry.inOneLine();
        if (line == null) {
            if (!items.isEmpty() || supervisor.flow()) {
                throw new IllegalArgumentException("the children of `" + name + "` are written in one line, where there"
                        + " is no room for comments: write them one below the other first");
            }
            int behind = text.indexOf(
                            ':', offset(children.key().endLine(), children.key().endColumn()))
                    + 1;
            int close = text.indexOf(']', behind) + 1;
            String indent = " ".repeat(children.key().column() + 2);
            return replaced(text, behind, close, lineBreak() + indented(indent, entry.lines()));
        }
        if (items.isEmpty()) {
            int close = text.indexOf(']', start(list));
            return replaced(text, close, close, line);
        }
        if (place >= items.size()) {
            int at = end(items.getLast());
            return replaced(text, at, at, ", " + line);
        }
        int at = start(items.get(place));
        return replaced(text, at, at, line + ", ");
    }

    private String indented(String indent, List<String> lines) {
        return lines.stream()
                .map(line -> line.isBlank() ? line : indent + line)
                .collect(Collectors.joining(lineBreak()));
    }

    private String add(String child, List<String> settings) {
        YamlNode.Entry entry = entry();
        if (entry == null) {
            return withKey("children: [" + flow(child, settings) + "]");
        }
        YamlNode.Sequence list = list(entry);
        String changed = text;
        if (list.items().isEmpty()) {
            int close = text.indexOf(']', offset(list.at().line(), list.at().column()));
            changed = replaced(changed, close, close, flow(child, settings));
        } else if (list.flow()) {
            int at = end(list.items().getLast());
            changed = replaced(changed, at, at, ", " + flow(child, settings));
        } else {
            YamlNode last = list.items().getLast();
            int dash = dash(last);
            String indent = " ".repeat(dash - lineStart(dash));
            int lastLine = yaml.lines().lineAt(Math.max(dash, end(last) - 1));
            changed = insertedAfter(lastLine, block(indent, child, settings));
        }
        boolean namesAlone = supervisor.entries().get(CHILDREN) == null && !settings.isEmpty();
        return namesAlone ? renamed(changed, entry) : changed;
    }

    /// `agents` is short for `children` and holds names alone. The key stands before all that was changed.
    private String renamed(String changed, YamlNode.Entry entry) {
        int from = offset(entry.key().line(), entry.key().column());
        int to = offset(entry.key().endLine(), entry.key().endColumn());
        return replaced(changed, from, to, CHILDREN);
    }

    private static String flow(String child, List<String> settings) {
        return settings.isEmpty() ? child : "{name: " + child + ", " + String.join(", ", settings) + "}";
    }

    private String block(String indent, String child, List<String> settings) {
        if (settings.isEmpty()) {
            return indent + "- " + child;
        }
        String end = lineBreak();
        StringBuilder lines = new StringBuilder(indent).append("- name: ").append(child);
        settings.forEach(
                setting -> lines.append(end).append(indent).append("  ").append(setting));
        return lines.toString();
    }

    private String remove(String child) {
        YamlNode.Entry entry = entry();
        YamlNode.Sequence list = entry == null ? null : list(entry);
        int index = list == null ? -1 : indexOf(list, child);
        if (entry == null || list == null || index < 0) {
            throw new IllegalArgumentException("`" + name + "` names no child `" + child + "` in this file");
        }
        YamlNode item = list.items().get(index);
        if (list.flow()) {
            return withoutFlow(list, index);
        }
        int first = yaml.lines().lineAt(dash(item));
        int last = yaml.lines().lineAt(Math.max(dash(item), end(item) - 1));
        int from = yaml.lines().start(first);
        int to = yaml.lines().start(last + 1);
        String changed = replaced(text, from, to, "");
        return list.items().size() > 1 ? changed : emptied(changed, entry);
    }

    /// @param changed the text without the only child, from behind the key on
    private String emptied(String changed, YamlNode.Entry entry) {
        int behind = text.indexOf(':', offset(entry.key().endLine(), entry.key().endColumn())) + 1;
        return replaced(changed, behind, behind, " []");
    }

    private String withoutFlow(YamlNode.Sequence list, int index) {
        List<YamlNode> items = list.items();
        int from = index == 0 ? start(items.get(0)) : end(items.get(index - 1));
        int to = index == 0 && items.size() > 1 ? start(items.get(1)) : end(items.get(index));
        return replaced(text, from, to, "");
    }

    private static int indexOf(YamlNode.Sequence list, String child) {
        for (int i = 0; i < list.items().size(); i++) {
            YamlNode item = list.items().get(i);
            YamlNode named = item instanceof YamlNode.Mapping map ? map.get("name") : item;
            if (named != null && child.equals(named.string())) {
                return i;
            }
        }
        return -1;
    }

    private YamlNode.@Nullable Entry entry() {
        YamlNode.Entry children = supervisor.entries().get(CHILDREN);
        return children == null ? supervisor.entries().get(AGENTS) : children;
    }

    private YamlNode.Sequence list(YamlNode.Entry entry) {
        int behind = offset(entry.key().endLine(), entry.key().endColumn());
        if (!(entry.value() instanceof YamlNode.Sequence list) || start(list) < behind) {
            throw new IllegalArgumentException(
                    "the children of `" + name + "` are not written out as a list at their place: change them by hand");
        }
        return list;
    }

    private String withKey(String line) {
        if (supervisor.flow() || supervisor.entries().isEmpty()) {
            throw new IllegalArgumentException("`" + name + "` has no `children`: write `children: []` first");
        }
        YamlNode.Entry first = supervisor.entries().values().iterator().next();
        int lastLine = yaml.lines().lineAt(Math.max(0, end(supervisor) - 1));
        return insertedAfter(lastLine, " ".repeat(first.key().column()) + line);
    }

    private String withKey(String key, List<String> items) {
        if (supervisor.entries().isEmpty()) {
            return withKey(key);
        }
        int column = supervisor.entries().values().iterator().next().key().column();
        return withKey(key + lineBreak() + indented(" ".repeat(column + 2), items));
    }

    private String insertedAfter(int line, String lines) {
        int at = yaml.lines().start(line + 1);
        boolean open = yaml.lines().end(line) == at; // the last line has no break
        return open ? replaced(text, at, at, lineBreak() + lines) : replaced(text, at, at, lines + lineBreak());
    }

    private String lineBreak() {
        Lines lines = yaml.lines();
        String first = text.substring(lines.end(0), lines.start(1));
        return first.isEmpty() ? "\n" : first;
    }

    private static String replaced(String in, int from, int to, String by) {
        return in.substring(0, from) + by + in.substring(to);
    }

    private int offset(int line, int column) {
        return yaml.lines().offset(line, column);
    }

    private int lineStart(int offset) {
        return yaml.lines().start(yaml.lines().lineAt(offset));
    }

    private int start(YamlNode node) {
        return offset(node.at().line(), node.at().column());
    }

    /// The `-` of an entry.
    private int dash(YamlNode item) {
        int at = start(item) - 1;
        while (at > 0 && text.charAt(at) != '-') {
            at--;
        }
        return at;
    }

    /// The end of what is written: blank lines and comments behind a block do not belong to it.
    private int end(YamlNode node) {
        List<Integer> ends = new ArrayList<>();
        if (node instanceof YamlNode.Mapping map && !map.flow()) {
            map.entries().values().forEach(entry -> {
                ends.add(offset(entry.key().endLine(), entry.key().endColumn()));
                ends.add(end(entry.value()));
            });
        } else if (node instanceof YamlNode.Sequence list && !list.flow()) {
            list.items().forEach(item -> ends.add(end(item)));
        }
        return ends.stream()
                .mapToInt(Integer::intValue)
                .max()
                .orElseGet(() -> offset(node.at().endLine(), node.at().endColumn()));
    }
}
