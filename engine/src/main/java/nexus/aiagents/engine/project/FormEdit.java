package nexus.aiagents.engine.project;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import nexus.aiagents.engine.project.Form.Refused;
import nexus.aiagents.engine.project.FormSchema.Snippet;
import nexus.aiagents.engine.project.LanguageService.TextEdit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Makes one change of a form in YAML text and keeps every other byte: comments, order, quoting, line ends.
/// What it wrote is read again before it is handed out, so that it can not mean anything else.
final class FormEdit {
    private final FormText text;
    private final YamlNode.@Nullable Mapping root;
    private final FormWriter writer;

    FormEdit(FormText text) {
        this.text = text;
        this.root = text.root();
        this.writer = new FormWriter(text);
    }

    /// What is put in place of a part of the document.
    record Change(int from, int to, String text) {
        String in(String whole) {
            return whole.substring(0, from) + text + whole.substring(to);
        }
    }

    /// @return one edit, in lines of the whole text, as small as it can be
    TextEdit edit(FormChange change) throws Refused {
        Change made = switch (change) {
            case FormChange.Set set -> set(set);
            case FormChange.Add add ->
                checked(add, insert(add.path(), FormSchema.seed(add.path(), schema(add.path()))));
            case FormChange.Remove remove -> checked(remove, remove(remove.path()));
            case FormChange.Move move -> checked(move, move(move.path(), move.by()));
            case FormChange.Rename rename ->
                checked(rename, rename(rename.path(), rename.name().strip()));
            case FormChange.Expand expand -> checked(expand, expand(expand.path()));
            case FormChange.Begin begin -> writer.begin(begin.kind(), root == null);
        };
        return smallest(made);
    }

    private Change checked(FormChange change, Change made) throws Refused {
        String problem = FormProof.problem(text, made, change);
        if (problem != null) {
            throw new Refused(problem);
        }
        return made;
    }

    private TextEdit smallest(Change change) {
        String before = text.text().substring(change.from(), change.to());
        String after = change.text();
        int limit = Math.min(before.length(), after.length());
        int start = 0;
        while (start < limit && before.charAt(start) == after.charAt(start)) {
            start++;
        }
        int end = 0;
        while (end < limit - start
                && before.charAt(before.length() - 1 - end) == after.charAt(after.length() - 1 - end)) {
            end++;
        }
        return new TextEdit(
                text.range(change.from() + start, change.to() - end), after.substring(start, after.length() - end));
    }

    private static @Nullable JsonNode schema(List<Object> path) {
        return FormSchema.at(path);
    }

    // ---- a value

    private Change set(FormChange.Set set) throws Refused {
        Set<String> types = FormSchema.types(schema(set.path()));
        String said = set.text().replace("\r\n", "\n").replace('\r', '\n');
        List<Change> ways = new ArrayList<>();
        Spot spot = Spot.of(text, root, set.path());
        if (spot == null) {
            ways.add(insert(set.path(), new Snippet.Inline(ScalarText.written(said, types, true))));
        } else {
            if (!(spot.node() instanceof YamlNode.Scalar) && !spot.alias()) {
                throw new Refused("`" + YamlPath.last(set.path()) + "` is no single value: take it away first");
            }
            writer.scalars(spot, said, types).forEach(written -> ways.add(writer.replace(spot, written)));
        }
        String problem = "";
        for (Change way : ways) {
            String wrong = FormProof.problem(text, way, set);
            if (wrong == null) {
                return way;
            }
            problem = wrong;
        }
        throw new Refused(problem);
    }

    // ---- more and less

    private Change insert(List<Object> path, Snippet value) throws Refused {
        List<Object> parent = path.subList(0, path.size() - 1);
        Object last = path.getLast();
        if (root == null) {
            if (!parent.isEmpty()) {
                throw new Refused("there is no such block any more");
            }
            return writer.first((String) last, value);
        }
        Spot spot = parent.isEmpty() ? null : Spot.of(text, root, parent);
        if (!parent.isEmpty() && spot == null) {
            Snippet around = last instanceof String key
                    ? new Snippet.Keys(Map.of(key, value))
                    : new Snippet.Items(List.of(value));
            return insert(parent, around);
        }
        if (spot != null && spot.alias()) {
            throw new Refused("this repeats what stands elsewhere: change it there");
        }
        YamlNode node = spot == null ? root : spot.node();
        return switch (node) {
            case YamlNode.Mapping map
            when last instanceof String key -> {
                if (map.entries().containsKey(key)) {
                    throw new Refused("`" + key + "` is there already");
                }
                yield writer.intoMap(map, spot, key, value, NexusSchema.keys(schema(parent)));
            }
            case YamlNode.Sequence list when last instanceof Integer -> writer.intoList(list, spot, value);
            case YamlNode.Scalar scalar when spot != null && scalar.isNull() -> writer.under(spot, last, value);
            default ->
                throw new Refused("`" + YamlPath.last(parent) + "` is written in a way that only a person can add to");
        };
    }

    private Change remove(List<Object> path) throws Refused {
        Spot spot = Spot.of(text, root, path);
        if (spot == null || root == null) {
            throw new Refused("it is gone already");
        }
        boolean item = path.getLast() instanceof Integer;
        YamlNode parent = YamlPath.node(root, path.subList(0, path.size() - 1));
        return switch (parent) {
            case YamlNode.Mapping map
            when map.entries().size() == 1 && mayGo(path) -> remove(path.subList(0, path.size() - 1));
            case YamlNode.Mapping map -> writer.withoutKey(map, spot, (String) path.getLast());
            case YamlNode.Sequence list
            when item ->
                writer.withoutItem(
                        list, Spot.of(text, root, path.subList(0, path.size() - 1)), (Integer) path.getLast());
            case null, default -> throw new Refused("it is gone already");
        };
    }

    /// Whether the map around its last key can be left out with it.
    private boolean mayGo(List<Object> path) {
        List<Object> parent = path.subList(0, path.size() - 1);
        if (parent.size() < 2 || !(parent.getLast() instanceof String key)) {
            return false;
        }
        List<Object> above = parent.subList(0, parent.size() - 1);
        JsonNode around = schema(above);
        boolean known = around != null && around.path("properties").has(key);
        return known && !FormSchema.required(above, around).contains(key);
    }

    private Change move(List<Object> path, int by) throws Refused {
        YamlNode parent = root == null ? null : YamlPath.node(root, path.subList(0, path.size() - 1));
        if (!(parent instanceof YamlNode.Sequence list) || !(path.getLast() instanceof Integer index)) {
            throw new Refused("only the items of a list can change places");
        }
        int other = index + by;
        if (other < 0 || other >= list.items().size() || index >= list.items().size()) {
            throw new Refused(by < 0 ? "it is the first already" : "it is the last already");
        }
        return writer.swap(list, Math.min(index, other), Math.max(index, other));
    }

    private Change rename(List<Object> path, String name) throws Refused {
        YamlNode parent = root == null ? null : YamlPath.node(root, path.subList(0, path.size() - 1));
        Map<String, YamlNode.Entry> entries = parent instanceof YamlNode.Mapping map ? map.entries() : Map.of();
        YamlNode.Entry entry = path.getLast() instanceof String key ? entries.get(key) : null;
        if (entry == null) {
            throw new Refused("it is gone already");
        }
        if (name.isEmpty()) {
            throw new Refused("a key needs a name");
        }
        if (name.chars().anyMatch(Character::isISOControl)) {
            throw new Refused("a key is one line of text");
        }
        boolean other = !name.equals(path.getLast());
        if (other && entries.containsKey(name)) {
            throw new Refused("`" + name + "` is there already");
        }
        return writer.key(entry, other ? name : null);
    }

    private Change expand(List<Object> path) throws Refused {
        Spot spot = Spot.of(text, root, path);
        JsonNode schema = schema(path);
        List<String> keys = NexusSchema.keys(schema);
        if (spot == null || keys.isEmpty() || !(spot.node() instanceof YamlNode.Scalar)) {
            throw new Refused("there is no more to say of it");
        }
        String key = keys.getFirst();
        boolean named = FormSchema.required(path, schema).contains(key);
        List<Object> below = new ArrayList<>(path);
        below.add(key);
        Snippet value = named
                ? new Snippet.Inline(text.text().substring(spot.from(), spot.to()))
                : FormSchema.seed(below, FormSchema.below(schema, key));
        return writer.asMap(spot, key, value);
    }
}
