package nexus.aiagents.engine.project;

import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Adds a grant to an agent in YAML text, or takes one out, and keeps every other byte: comments, order,
/// quoting, line ends.
public final class GrantEdit {
    private static final String GRANTS = "grants";
    private static final String KV = "kv";
    /// What needs no quotes in YAML, whichever version reads it.
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z_][A-Za-z0-9_./-]*");
    private static final List<String> WORDS = List.of("true", "false", "null", "yes", "no", "on", "off", "y", "n");

    private final String text;
    private final YamlText yaml;
    private final YamlNode.Mapping agent;
    private final String name;

    private GrantEdit(String text, String name) {
        this.text = text;
        this.name = name;
        this.yaml = YamlText.read("", text);
        if (yaml.broken()) {
            Diagnostic first = yaml.diagnostics().getFirst();
            throw new IllegalArgumentException("line " + (first.at().line() + 1) + ": " + first.message()
                    + ". The grants can be changed when that is mended");
        }
        this.agent = yaml.documents().stream()
                .filter(YamlNode.Mapping.class::isInstance)
                .flatMap(document -> Definition.of((YamlNode.Mapping) document, List.of(), false).stream())
                .filter(d -> d.kind() == Kind.AGENT && d.name().equals(name))
                .map(Definition::body)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no agent `" + name + "` in this file"));
    }

    /// Adds it behind all others of its kind.
    ///
    /// @param kind a key of `grants`: `http`, `files`, `models` …
    /// @param item a name, or a map as it stands in the list; for `kv` its value
    /// @return the new text
    /// @throws IllegalArgumentException if that can not be done by itself, with what to do
    public static String add(String text, String agent, String kind, JsonNode item) {
        return new GrantEdit(text, agent).add(kind, item);
    }

    /// Takes out every grant of that kind and name; a list that becomes empty goes too.
    ///
    /// @param grant the name, the `host` or the `path` of it; ignored for `kv`
    /// @return the new text
    /// @throws IllegalArgumentException if it is not there, or can not be taken out by itself
    public static String remove(String text, String agent, String kind, String grant) {
        String changed = new GrantEdit(text, agent).removeOne(kind, grant);
        if (changed == null) {
            throw new IllegalArgumentException(
                    "`" + agent + "` has no grant `" + kind + " " + grant + "` in this file");
        }
        String last = changed;
        while (changed != null) {
            last = changed;
            changed = new GrantEdit(changed, agent).removeOne(kind, grant);
        }
        return last;
    }

    private String add(String kind, JsonNode item) {
        String value = kind.equals(KV) ? flow(item) : "[" + flow(item) + "]";
        YamlNode.Entry entry = agent.entries().get(GRANTS);
        if (entry == null) {
            return withKey(agent, GRANTS, agent.flow() ? "{" + kind + ": " + value + "}" : null, kind + ": " + value);
        }
        YamlNode.Mapping grants = grants(entry);
        YamlNode.Entry known = grants.entries().get(kind);
        if (known == null) {
            return withKey(grants, kind, value, "");
        }
        requireHere(known);
        if (known.value() instanceof YamlNode.Scalar scalar && kind.equals(KV)) {
            return replaced(start(scalar), end(scalar), value);
        }
        if (!(known.value() instanceof YamlNode.Sequence list)) {
            throw byHand();
        }
        if (list.items().isEmpty()) {
            int open = text.indexOf('[', start(list)) + 1;
            return replaced(open, open, flow(item));
        }
        YamlNode last = list.items().getLast();
        if (list.flow()) {
            return replaced(end(last), end(last), ", " + flow(item));
        }
        int dash = dash(last);
        String indent = " ".repeat(dash - yaml.lines().start(yaml.lines().lineAt(dash)));
        return insertedAfter(lastLine(last), indent + "- " + flow(item));
    }

    /// @param value null: `line` stands below the key, one level deeper
    private String withKey(YamlNode.Mapping map, String key, @Nullable String value, String line) {
        if (map.flow()) {
            if (map.entries().isEmpty()) {
                int open = text.indexOf('{', start(map)) + 1;
                return replaced(open, open, key + ": " + value);
            }
            int at = map.entries().values().stream()
                    .mapToInt(e -> end(e.value()))
                    .max()
                    .orElseThrow();
            return replaced(at, at, ", " + key + ": " + value);
        }
        if (map.entries().isEmpty()) {
            throw byHand();
        }
        String indent =
                " ".repeat(map.entries().values().iterator().next().key().column());
        String lines =
                value == null ? indent + key + ":" + lineBreak() + indent + "  " + line : indent + key + ": " + value;
        return insertedAfter(lastLine(map), lines);
    }

    private @Nullable String removeOne(String kind, String grant) {
        YamlNode.Entry entry = agent.entries().get(GRANTS);
        if (entry == null) {
            return null;
        }
        YamlNode.Mapping grants = grants(entry);
        YamlNode.Entry known = grants.entries().get(kind);
        if (known == null) {
            return null;
        }
        requireHere(known);
        boolean lastOfAll = grants.entries().size() == 1;
        if (kind.equals(KV)) {
            return lastOfAll ? withoutKey(agent, GRANTS) : withoutKey(grants, KV);
        }
        if (!(known.value() instanceof YamlNode.Sequence list)) {
            throw byHand();
        }
        int index = indexOf(list, grant);
        if (index < 0) {
            return null;
        }
        if (list.items().size() == 1) {
            return lastOfAll ? withoutKey(agent, GRANTS) : withoutKey(grants, kind);
        }
        YamlNode item = list.items().get(index);
        if (list.flow()) {
            List<YamlNode> items = list.items();
            return index == 0
                    ? replaced(start(item), start(items.get(1)), "")
                    : replaced(end(items.get(index - 1)), end(item), "");
        }
        return withoutLines(yaml.lines().lineAt(dash(item)), lastLine(item));
    }

    private static int indexOf(YamlNode.Sequence list, String grant) {
        for (int i = 0; i < list.items().size(); i++) {
            YamlNode item = list.items().get(i);
            if (item instanceof YamlNode.Mapping map) {
                for (String key : List.of("name", "host", "path")) {
                    YamlNode named = map.get(key);
                    if (named != null) {
                        if (grant.equalsIgnoreCase(named.string())) {
                            return i;
                        }
                        break;
                    }
                }
            } else if (grant.equals(item.string())) {
                return i;
            }
        }
        return -1;
    }

    private String withoutKey(YamlNode.Mapping map, String key) {
        YamlNode.Entry entry = map.entries().get(key);
        if (entry == null) {
            throw byHand();
        }
        if (!map.flow()) {
            return withoutLines(entry.key().line(), Math.max(entry.key().line(), lastLine(entry.value())));
        }
        int from = offset(entry.key().line(), entry.key().column());
        int to = end(entry.value());
        Collection<YamlNode.Entry> all = map.entries().values();
        Iterator<YamlNode.Entry> each = all.iterator();
        YamlNode.Entry before = null;
        for (YamlNode.Entry here = each.next(); here != entry; here = each.next()) {
            before = here;
        }
        if (before != null) {
            return replaced(end(before.value()), to, "");
        }
        if (each.hasNext()) {
            YamlNode.Entry next = each.next();
            return replaced(from, offset(next.key().line(), next.key().column()), "");
        }
        return replaced(from, to, "");
    }

    private YamlNode.Mapping grants(YamlNode.Entry entry) {
        requireHere(entry);
        if (entry.value() instanceof YamlNode.Mapping grants) {
            return grants;
        }
        throw byHand();
    }

    /// An alias stands for something that is written elsewhere, perhaps for other agents too.
    private void requireHere(YamlNode.Entry entry) {
        int behind = offset(entry.key().endLine(), entry.key().endColumn());
        int at = behind + 1;
        while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
            at++;
        }
        boolean alias = at < text.length() && (text.charAt(at) == '*' || text.charAt(at) == '&');
        if (start(entry.value()) < behind || alias) {
            throw byHand();
        }
    }

    private IllegalArgumentException byHand() {
        return new IllegalArgumentException("the grants of `" + name
                + "` are written in a way that only a person can change: edit them in the file");
    }

    /// As it stands between brackets.
    static String flow(JsonNode value) {
        if (value.isObject()) {
            StringBuilder out = new StringBuilder("{");
            value.properties()
                    .forEach(entry -> out.append(out.length() > 1 ? ", " : "")
                            .append(entry.getKey())
                            .append(": ")
                            .append(flow(entry.getValue())));
            return out.append('}').toString();
        }
        if (value.isArray()) {
            StringBuilder out = new StringBuilder("[");
            value.forEach(item -> out.append(out.length() > 1 ? ", " : "").append(flow(item)));
            return out.append(']').toString();
        }
        String text = value.asString();
        boolean plain = value.isString()
                && PLAIN.matcher(text).matches()
                && WORDS.stream().noneMatch(text::equalsIgnoreCase);
        return plain ? text : value.toString();
    }

    private String withoutLines(int first, int last) {
        return replaced(yaml.lines().start(first), yaml.lines().start(last + 1), "");
    }

    private String insertedAfter(int line, String lines) {
        int at = yaml.lines().start(line + 1);
        boolean open = yaml.lines().end(line) == at; // the last line has no break
        return open ? replaced(at, at, lineBreak() + lines) : replaced(at, at, lines + lineBreak());
    }

    private String lineBreak() {
        Lines lines = yaml.lines();
        String first = text.substring(lines.end(0), lines.start(1));
        return first.isEmpty() ? "\n" : first;
    }

    private String replaced(int from, int to, String by) {
        return text.substring(0, from) + by + text.substring(to);
    }

    private int offset(int line, int column) {
        return yaml.lines().offset(line, column);
    }

    private int start(YamlNode node) {
        return offset(node.at().line(), node.at().column());
    }

    private int lastLine(YamlNode node) {
        return yaml.lines().lineAt(Math.max(start(node), end(node) - 1));
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
        int end = -1;
        if (node instanceof YamlNode.Mapping map && !map.flow()) {
            for (YamlNode.Entry entry : map.entries().values()) {
                end = Math.max(
                        end, Math.max(offset(entry.key().endLine(), entry.key().endColumn()), end(entry.value())));
            }
        } else if (node instanceof YamlNode.Sequence list && !list.flow()) {
            for (YamlNode item : list.items()) {
                end = Math.max(end, end(item));
            }
        }
        return end >= 0 ? end : offset(node.at().endLine(), node.at().endColumn());
    }
}
