package nexus.aiagents.engine.project;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import nexus.aiagents.engine.project.Form.Facts;
import nexus.aiagents.engine.project.Form.Shape;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What the schema of the language means for a form.
final class FormSchema {
    private FormSchema() {}

    /// Text of a value that is to be written.
    sealed interface Snippet {
        /// @param text as it stands in YAML, empty for nothing
        record Inline(String text) implements Snippet {}

        record Keys(Map<String, Snippet> entries) implements Snippet {}

        record Items(List<Snippet> items) implements Snippet {}
    }

    static @Nullable JsonNode at(List<?> path) {
        return NexusSchema.get().at(path);
    }

    static @Nullable JsonNode below(@Nullable JsonNode schema, Object part) {
        return schema == null ? null : NexusSchema.get().below(schema, part);
    }

    /// The JSON types that may stand there; empty: all.
    static Set<String> types(@Nullable JsonNode schema) {
        Set<String> types = new LinkedHashSet<>();
        if (schema == null) {
            return types;
        }
        JsonNode type = schema.path("type");
        if (type.isArray()) {
            type.forEach(each -> types.add(each.asString()));
        } else if (type.isString()) {
            types.add(type.asString());
        } else if (schema.has("enum")) {
            types.add("string");
        }
        return types;
    }

    /// Keys that must be there.
    static Set<String> required(List<?> path, @Nullable JsonNode schema) {
        Set<String> keys = new LinkedHashSet<>();
        if (schema == null) {
            return keys;
        }
        schema.path("required").forEach(key -> keys.add(key.asString()));
        schema.path("else").path("required").forEach(key -> keys.add(key.asString()));
        if (path.size() == 1) { // what a kind needs stands beside what its definition needs
            NexusSchema.get()
                    .root()
                    .path("$defs")
                    .path((String) path.getFirst())
                    .path("required")
                    .forEach(key -> keys.add(key.asString()));
        }
        return keys;
    }

    /// Steps have forms of their own.
    static boolean isStep(@Nullable JsonNode schema) {
        JsonNode name = below(schema, "name");
        return name != null && Occurrences.STEP.equals(name.path("x-defines").asString(""));
    }

    /// @param node what stands there, null for nothing
    static Shape shape(String key, @Nullable JsonNode schema, @Nullable YamlNode node) {
        if (node instanceof YamlNode.Mapping) {
            return schema != null && schema.has("properties") ? Shape.GROUP : Shape.MAP;
        }
        if (node instanceof YamlNode.Sequence) {
            return Shape.LIST;
        }
        if (schema == null || schema.has("x-any") && types(schema).isEmpty()) {
            return Shape.ANY;
        }
        if (schema.has("enum")) {
            return Shape.CHOICE;
        }
        Set<String> types = types(schema);
        String first = types.isEmpty() ? "" : types.iterator().next();
        boolean unset = node == null;
        if (unset && first.equals("array")) {
            return Shape.LIST;
        }
        if (unset && first.equals("object")) {
            return schema.has("properties") ? Shape.GROUP : Shape.MAP;
        }
        return scalar(key, schema, types, node);
    }

    private static Shape scalar(String key, JsonNode schema, Set<String> types, @Nullable YamlNode node) {
        if (types.contains("boolean")) {
            boolean other = node != null
                    && !(node instanceof YamlNode.Scalar s && s.value().isBoolean());
            return types.contains("string") || other ? Shape.TEXT : Shape.BOOLEAN;
        }
        String unit = schema.path("x-unit").asString("");
        if (types.contains("number") && types.contains("string")) {
            return Shape.DURATION;
        }
        if (types.contains("integer")) {
            return types.contains("string") ? Shape.SIZE : Shape.INTEGER;
        }
        if (types.contains("number")) {
            return unit.startsWith("dollars") || key.endsWith("Dollars") ? Shape.DOLLARS : Shape.NUMBER;
        }
        if (schema.has("x-names")) {
            return Shape.NAME;
        }
        boolean lines = key.equals("prompt")
                || (node instanceof YamlNode.Scalar s && s.text().contains("\n"));
        if (lines) {
            return Shape.PARAGRAPH;
        }
        boolean holdsNone = !types.isEmpty() && !types.contains("string");
        return types.isEmpty() || holdsNone ? Shape.ANY : Shape.TEXT;
    }

    static Facts facts(@Nullable JsonNode schema, boolean required) {
        if (schema == null) {
            return new Facts("", "", List.of(), List.of(), "", "", required, false);
        }
        Set<String> words = new LinkedHashSet<>();
        schema.path("enum").forEach(word -> words.add(word.asString()));
        schema.path("examples").forEach(word -> words.add(word.asString()));
        List<String> names = new ArrayList<>();
        schema.path("x-names").forEach(kind -> names.add(kind.asString()));
        JsonNode standard = schema.get("default");
        return new Facts(
                schema.path("description").asString(""),
                schema.path("x-unit").asString(""),
                List.copyOf(words),
                names,
                schema.path("x-prefix").asString(""),
                standard == null ? "" : standard.isValueNode() ? standard.asString() : standard.toString(),
                required,
                types(schema).contains("object") && types(schema).size() > 1 && schema.has("properties"));
    }

    /// What a field begins with when it is added: its default, or what has to be filled in. What may be
    /// switched on is switched on.
    static Snippet seed(List<Object> path, @Nullable JsonNode schema) {
        String key = path.getLast() instanceof String name ? name : "";
        JsonNode standard = schema == null ? null : schema.get("default");
        return switch (shape(key, schema, null)) {
            case GROUP -> {
                Map<String, Snippet> entries = new LinkedHashMap<>();
                for (String needed : required(path, schema)) {
                    List<Object> below = new ArrayList<>(path);
                    below.add(needed);
                    entries.put(needed, seed(below, below(schema, needed)));
                }
                yield new Snippet.Keys(entries);
            }
            case MAP -> new Snippet.Keys(Map.of());
            case ANY -> standard == null || standard.isContainer() ? new Snippet.Keys(Map.of()) : inline(standard);
            case LIST -> list(path, schema, standard);
            case BOOLEAN -> {
                boolean on = standard != null && standard.asBoolean();
                yield new Snippet.Inline(String.valueOf(!on));
            }
            case CHOICE -> {
                JsonNode word = standard != null
                        ? standard
                        : schema == null ? null : schema.path("enum").get(0);
                yield word == null ? new Snippet.Inline("") : inline(word);
            }
            case TEXT, PARAGRAPH, NAME -> standard == null ? new Snippet.Inline("\"\"") : inline(standard);
            default -> standard == null ? new Snippet.Inline("") : inline(standard);
        };
    }

    private static Snippet list(List<Object> path, @Nullable JsonNode schema, @Nullable JsonNode standard) {
        List<Snippet> items = new ArrayList<>();
        if (standard != null && standard.isArray() && !standard.isEmpty()) {
            standard.forEach(item -> items.add(inline(item)));
        } else {
            List<Object> first = new ArrayList<>(path);
            first.add(0);
            JsonNode item = below(schema, 0);
            items.add(item == null ? new Snippet.Inline("\"\"") : seed(first, item));
        }
        return new Snippet.Items(items);
    }

    private static Snippet inline(JsonNode value) {
        return new Snippet.Inline(
                value.isString() ? ScalarText.written(value.asString(), Set.of("string"), true) : value.toString());
    }
}
