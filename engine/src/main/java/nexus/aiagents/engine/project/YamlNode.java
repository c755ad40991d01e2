package nexus.aiagents.engine.project;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// YAML as it stands in a file: values with their places. What an alias repeats is the very same node.
sealed interface YamlNode {
    /// Numbers keep every digit that was written: money is read from them.
    JsonNodeFactory JSON = new JsonNodeFactory();

    Position at();

    JsonNode toJson();

    /// @param plain without quotes, so that an edit may replace it by another plain word
    record Scalar(Position at, String text, boolean plain, JsonNode value) implements YamlNode {
        @Override
        public JsonNode toJson() {
            return value;
        }
    }

    record Mapping(Position at, boolean flow, Map<String, Entry> entries) implements YamlNode {
        @Override
        public JsonNode toJson() {
            ObjectNode node = JSON.objectNode();
            entries.forEach((key, entry) -> node.set(key, entry.value().toJson()));
            return node;
        }

        @Nullable
        YamlNode get(String key) {
            Entry entry = entries.get(key);
            return entry == null ? null : entry.value();
        }
    }

    /// @param place where the value stands: of an alias, its own
    record Entry(Position key, YamlNode value, Position place) {
        boolean isAlias() {
            return !place.equals(value.at());
        }
    }

    /// @param places where the items stand: of an alias, its own
    record Sequence(Position at, boolean flow, List<YamlNode> items, List<Position> places) implements YamlNode {
        @Override
        public JsonNode toJson() {
            ArrayNode node = JSON.arrayNode(items.size());
            items.forEach(item -> node.add(item.toJson()));
            return node;
        }
    }

    /// The text of a string; null for anything else.
    default @Nullable String string() {
        return this instanceof Scalar scalar && scalar.value().isString() ? scalar.text() : null;
    }

    default @Nullable BigDecimal number() {
        return this instanceof Scalar scalar && scalar.value().isNumber()
                ? scalar.value().decimalValue()
                : null;
    }

    default boolean isNull() {
        return this instanceof Scalar scalar && scalar.value().isNull();
    }
}
