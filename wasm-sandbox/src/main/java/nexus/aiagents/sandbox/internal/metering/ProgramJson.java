package nexus.aiagents.sandbox.internal.metering;

import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// JSON that a program chose and the host makes a tree of: three bytes of it can take a hundred, of a
/// memory that is not the program's. So its parts are counted while it is read.
public final class ProgramJson {
    /// Values, names and brackets, all together.
    public static final int MOST_PARTS = 500_000;

    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxTokenCount(MOST_PARTS)
                            .build())
                    .build())
            .build();

    private ProgramJson() {}

    /// @throws JacksonException if it is no JSON, or has too many parts
    public static JsonNode read(String text) {
        return JSON.readTree(text);
    }

    /// What is wrong with it, to be said after "the arguments".
    public static String why(JacksonException e) {
        return e instanceof StreamConstraintsException
                ? "have more than " + MOST_PARTS + " values, names and brackets, or are too deep"
                : "are not JSON";
    }
}
