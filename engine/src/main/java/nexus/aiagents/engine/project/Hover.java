package nexus.aiagents.engine.project;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What the schema says of the key or value at a place.
final class Hover {
    private Hover() {}

    static @Nullable String at(String text, int line, int column) {
        for (YamlNode document : YamlText.read("", text).documents()) {
            List<Object> path = new ArrayList<>();
            if (find(document, line, column, path)) {
                JsonNode schema = NexusSchema.get().at(path);
                return schema == null ? null : describe(YamlPath.last(path), schema);
            }
        }
        return null;
    }

    private static boolean find(YamlNode node, int line, int column, List<Object> path) {
        switch (node) {
            case YamlNode.Mapping map -> {
                for (Map.Entry<String, YamlNode.Entry> entry : map.entries().entrySet()) {
                    path.add(entry.getKey());
                    if (covers(entry.getValue().key(), line, column)
                            || find(entry.getValue().value(), line, column, path)) {
                        return true;
                    }
                    path.removeLast();
                }
                return false;
            }
            case YamlNode.Sequence list -> {
                for (int i = 0; i < list.items().size(); i++) {
                    path.add(i);
                    if (find(list.items().get(i), line, column, path)) {
                        return true;
                    }
                    path.removeLast();
                }
                return false;
            }
            case YamlNode.Scalar scalar -> {
                return covers(scalar.at(), line, column);
            }
        }
    }

    private static boolean covers(Position at, int line, int column) {
        boolean after = line > at.line() || (line == at.line() && column >= at.column());
        boolean before = line < at.endLine() || (line == at.endLine() && column < at.endColumn());
        return after && before;
    }

    private static String describe(String key, JsonNode schema) {
        StringBuilder out = new StringBuilder(key);
        String description = schema.path("description").asString("");
        if (!description.isEmpty()) {
            out.append("\n").append(description);
        }
        if (schema.has("enum")) {
            List<String> words = new ArrayList<>();
            schema.path("enum").forEach(word -> words.add(word.asString()));
            out.append("\nOne of: ").append(String.join(", ", words));
        }
        if (schema.has("x-unit")) {
            out.append("\nUnit: ").append(schema.path("x-unit").asString());
        }
        JsonNode standard = schema.get("default");
        if (standard != null) {
            out.append("\nDefault: ").append(standard.isString() ? standard.asString() : standard.toString());
        }
        return out.toString();
    }
}
