package nexus.aiagents.engine.project;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Adds a child to a supervisor in YAML text, or takes one out, and keeps every other byte: comments,
/// order, quoting, line ends.
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
        if (list.items().size() > 1) {
            return changed;
        }
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
