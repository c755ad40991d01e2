package nexus.aiagents.engine.project;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import nexus.aiagents.engine.project.ReloadPlan.Field;
import nexus.aiagents.engine.project.ReloadPlan.How;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Compares what two sets of YAML files define, in the words of the files: order, comments, form and the
/// file something stands in make no difference. Pure.
final class Differences {
    private Differences() {}

    /// @param kind `agent`, `saga` …
    /// @param name empty for what there is one of in a project
    record Named(Kind kind, String name) {}

    record Difference(Named what, How how, List<Field> fields) {}

    /// In the order of the files, what went last.
    static List<Difference> between(Map<String, String> before, Map<String, String> after) {
        Map<Named, ObjectNode> old = new LinkedHashMap<>();
        Map<Named, ObjectNode> now = new LinkedHashMap<>();
        Set<String> files = new LinkedHashSet<>(after.keySet());
        files.addAll(before.keySet());
        for (String file : files) {
            if (ProjectFiles.isYaml(file) && !Objects.equals(before.get(file), after.get(file))) {
                read(file, before.get(file), old);
                read(file, after.get(file), now);
            }
        }
        List<Difference> found = new ArrayList<>();
        now.forEach((what, body) -> {
            ObjectNode was = old.remove(what);
            List<Field> fields = fields(was, body);
            if (was == null || !fields.isEmpty()) {
                found.add(new Difference(what, was == null ? How.ADDED : How.CHANGED, fields));
            }
        });
        old.forEach((what, _) -> found.add(new Difference(what, How.REMOVED, List.of())));
        return found;
    }

    private static void read(String file, @Nullable String text, Map<Named, ObjectNode> into) {
        if (text == null) {
            return;
        }
        for (Definition definition : FileAnalysis.of(file, text).definitions()) {
            Kind kind = definition.kind();
            boolean single = kind == Kind.PROJECT || kind == Kind.TRUST;
            ObjectNode body = (ObjectNode) definition.body().toJson();
            if (!single && kind != Kind.COST) {
                body.put("name", definition.name()); // in the map form it is the key
            }
            into.putIfAbsent(new Named(kind, single ? "" : definition.name()), body);
        }
    }

    private static List<Field> fields(@Nullable ObjectNode before, ObjectNode after) {
        List<Field> fields = new ArrayList<>();
        if (before != null) {
            compare("", before, after, fields);
        }
        return fields;
    }

    private static void compare(String path, @Nullable JsonNode before, @Nullable JsonNode after, List<Field> into) {
        if (before != null && after != null && Hashes.canonical(before).equals(Hashes.canonical(after))) {
            return;
        }
        Map<String, JsonNode> old = parts(before);
        Map<String, JsonNode> now = parts(after);
        if (old == null || now == null) {
            into.add(new Field(path, text(before), text(after)));
            return;
        }
        int sofar = into.size();
        Set<String> keys = new LinkedHashSet<>(old.keySet());
        keys.addAll(now.keySet());
        keys.forEach(key -> compare(
                path + (path.isEmpty() || key.startsWith("[") ? "" : ".") + key, old.get(key), now.get(key), into));
        if (into.size() == sofar) {
            into.add(new Field(path, text(before), text(after))); // the same parts in another order
        }
    }

    /// The parts that have names: the keys of an object, the named items of a list. Null for anything else.
    private static @Nullable Map<String, JsonNode> parts(@Nullable JsonNode node) {
        Map<String, JsonNode> parts = new LinkedHashMap<>();
        if (node == null) {
            return null;
        }
        if (node.isObject()) {
            node.properties().forEach(entry -> parts.put(entry.getKey(), entry.getValue()));
            return parts;
        }
        if (!node.isArray() || node.isEmpty()) {
            return null;
        }
        for (JsonNode item : node) {
            JsonNode name = item.isObject() ? item.get("name") : null;
            if (name == null || !name.isString() || parts.put("[" + name.asString() + "]", item) != null) {
                return null;
            }
        }
        return parts;
    }

    private static @Nullable String text(@Nullable JsonNode node) {
        return node == null ? null : node.isString() ? node.asString() : node.toString();
    }
}
