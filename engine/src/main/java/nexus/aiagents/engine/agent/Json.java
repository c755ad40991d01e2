package nexus.aiagents.engine.agent;

import nexus.aiagents.sandbox.JsonMistakes;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// JSON as agents exchange it: text outside, trees inside.
final class Json {
    static final JsonMapper MAPPER =
            JsonMapper.builder().enable(JsonNodeFeature.WRITE_PROPERTIES_SORTED).build();

    private Json() {}

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    static String text(String value) {
        return MAPPER.writeValueAsString(value);
    }

    static String write(JsonNode node) {
        return MAPPER.writeValueAsString(node);
    }

    /// @param what names the value in the message: "the input of agent x"
    static JsonNode read(String what, String json) throws HostCallFailed {
        try {
            return MAPPER.readTree(json);
        } catch (JacksonException e) {
            throw new HostCallFailed("bad-input", what + " is not JSON: " + JsonMistakes.plain(e));
        }
    }
}
