package nexus.aiagents.app.desktop.agent;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import nexus.aiagents.app.desktop.parts.JsonText;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The fields of a form for an agent's input, as its JSON Schema describes them, and the JSON that comes of
/// what is typed into them. Knows no window.
///
/// @param fields in the order of the schema
record InputFields(List<Field> fields) {
    private static final JsonMapper MAPPER = JsonMapper.shared();

    enum Kind {
        TEXT,
        NUMBER,
        WHOLE,
        YES_NO,
        CHOICE,
        JSON
    }

    /// @param choices  of {@link Kind#CHOICE}: each as JSON
    /// @param example  its `default`, else the first of its `examples`, as JSON; empty: none
    record Field(String name, String description, Kind kind, boolean required, List<String> choices, String example) {}

    /// @return null where the schema is none of an object with properties: then there is only JSON to type
    static @Nullable InputFields of(@Nullable String schemaJson) {
        if (!(read(schemaJson) instanceof ObjectNode schema)
                || schema.path("properties").isEmpty()) {
            return null;
        }
        Set<String> required = new HashSet<>();
        schema.path("required").forEach(name -> required.add(name.asString("")));
        List<Field> fields = new ArrayList<>();
        for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
            fields.add(field(property.getKey(), property.getValue(), required.contains(property.getKey())));
        }
        return new InputFields(List.copyOf(fields));
    }

    private static Field field(String name, JsonNode schema, boolean required) {
        List<String> choices = new ArrayList<>();
        schema.path("enum").forEach(choice -> choices.add(choice.toString()));
        JsonNode example = schema.has("default")
                ? schema.path("default")
                : schema.path("examples").path(0);
        String title = schema.path("title").asString("");
        String description = schema.path("description").asString("");
        return new Field(
                name,
                title.isEmpty() ? description : description.isEmpty() ? title : title + ": " + description,
                choices.isEmpty() ? kind(schema.path("type").asString("")) : Kind.CHOICE,
                required,
                choices,
                example.isMissingNode() ? "" : example.toString());
    }

    private static Kind kind(String type) {
        return switch (type) {
            case "string" -> Kind.TEXT;
            case "number" -> Kind.NUMBER;
            case "integer" -> Kind.WHOLE;
            case "boolean" -> Kind.YES_NO;
            default -> Kind.JSON;
        };
    }

    /// What the form begins with: defaults and examples.
    String beginning() {
        ObjectNode json = MAPPER.createObjectNode();
        for (Field field : fields) {
            JsonNode example = read(field.example());
            if (example != null) {
                json.set(field.name(), example);
            } else if (field.required() && field.kind() == Kind.TEXT) {
                json.put(field.name(), "");
            } else if (field.kind() == Kind.YES_NO && field.required()) {
                json.put(field.name(), false);
            } else if (field.kind() == Kind.CHOICE && field.required()) {
                json.set(field.name(), read(field.choices().getFirst()));
            }
        }
        return JsonText.pretty(json.toString());
    }

    /// What stands in a field where the input is `json`; empty: nothing, or the input is no object.
    static String text(Field field, String json) {
        JsonNode value = read(json) instanceof ObjectNode object ? object.get(field.name()) : null;
        if (value == null) {
            return "";
        }
        return value.isString() && field.kind() == Kind.TEXT ? value.stringValue() : value.toString();
    }

    /// The input with one field as it was typed; the rest of it stays.
    ///
    /// @param typed empty: the field goes, unless it is a needed text
    static String with(Field field, String json, String typed) {
        ObjectNode object = read(json) instanceof ObjectNode known ? known : MAPPER.createObjectNode();
        if (typed.isEmpty() && !(field.kind() == Kind.TEXT && field.required())) {
            object.remove(field.name());
            return JsonText.pretty(object.toString());
        }
        JsonNode value = field.kind() == Kind.TEXT ? null : read(typed);
        if (value == null) {
            object.put(field.name(), typed); // what is no number is told by the schema, as what it is
        } else {
            object.set(field.name(), value);
        }
        return JsonText.pretty(object.toString());
    }

    static @Nullable JsonNode read(@Nullable String json) {
        if (json == null || json.isBlank()) {
            return null;
        }
        try {
            return MAPPER.readTree(json);
        } catch (JacksonException _) {
            return null;
        }
    }
}
