package nexus.aiagents.app.desktop.parts;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.core.util.Separators;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// JSON as a person reads and writes it.
public final class JsonText {
    private static final int LARGE = 200_000;
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .defaultPrettyPrinter(new DefaultPrettyPrinter(
                    Separators.createDefaultInstance().withObjectNameValueSpacing(Separators.Spacing.AFTER)))
            .build();

    private JsonText() {}

    /// Indented; text that is no JSON, or very long, as it is.
    public static String pretty(@Nullable String json) {
        if (json == null || json.length() > LARGE) {
            return json == null ? "" : json;
        }
        try {
            return MAPPER.writeValueAsString(MAPPER.readTree(json));
        } catch (JacksonException _) {
            return json;
        }
    }

    /// What is wrong with it and where, empty if it is one JSON value.
    public static String problem(String text) {
        if (text.isBlank()) {
            return "Enter a JSON value, for example {}.";
        }
        try {
            MAPPER.readTree(text);
            return "";
        } catch (JacksonException e) {
            TokenStreamLocation at = e.getLocation();
            String why = e.getOriginalMessage().lines().findFirst().orElse("not JSON");
            return at == null
                    ? "Not JSON: " + why
                    : "Not JSON, line " + at.getLineNr() + ", column " + at.getColumnNr() + ": " + why;
        }
    }

    /// The object with one field set, or taken out where `value` is null; other JSON stays as it is.
    public static String with(String json, String field, @Nullable String value) {
        try {
            JsonNode node = MAPPER.readTree(json);
            if (node instanceof ObjectNode object) {
                if (value == null) {
                    object.remove(field);
                } else {
                    object.put(field, value);
                }
                return MAPPER.writeValueAsString(object);
            }
            return json;
        } catch (JacksonException _) {
            return json;
        }
    }
}
