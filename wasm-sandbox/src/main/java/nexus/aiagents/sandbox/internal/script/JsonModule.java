package nexus.aiagents.sandbox.internal.script;

import nexus.aiagents.sandbox.JsonMistakes;
import nexus.aiagents.sandbox.ProgramRejected;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A `.json` file that is imported: a module whose default export is what the file holds.
final class JsonModule {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private JsonModule() {}

    static boolean isJson(String file) {
        return file.endsWith(".json");
    }

    /// @throws ProgramRejected with the place, if the text is no JSON
    static String source(String file, String text) throws ProgramRejected {
        String json = text.startsWith("\ufeff") ? text.substring(1) : text;
        try {
            JsonNode value = JSON.readTree(json);
            if (value.isMissingNode()) {
                throw new ProgramRejected("syntax-error", "the file is empty, and so is not JSON", file, 1, 1);
            }
            // Parsed and not written out: in an object literal `__proto__` would be no name like others.
            return "export default JSON.parse(" + JSON.writeValueAsString(json) + ");";
        } catch (JacksonException e) {
            TokenStreamLocation at = e.getLocation();
            throw new ProgramRejected(
                    "syntax-error",
                    "the file is not JSON: " + JsonMistakes.plain(e),
                    file,
                    at == null ? 0 : at.getLineNr(),
                    at == null ? 0 : at.getColumnNr());
        }
    }
}
