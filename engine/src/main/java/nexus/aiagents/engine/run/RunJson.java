package nexus.aiagents.engine.run;

import java.nio.charset.StandardCharsets;
import nexus.aiagents.engine.agent.AgentCalls;
import nexus.aiagents.engine.journal.ExitReason;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// JSON of runs: strict where it comes from outside.
final class RunJson {
    static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    /// The most bytes of an input or output of a step: with all that is stored beside it, it has to fit
    /// into one value of the store.
    static final int MAX_BYTES = 256 * 1024;

    private RunJson() {}

    /// @return what is wrong with an input from outside, null if nothing is
    static @Nullable String inputProblem(String text) {
        String problem = problem(text);
        if (problem != null) {
            return "the input is no JSON: " + problem;
        }
        int bytes = bytes(text);
        return bytes <= MAX_BYTES
                ? null
                : "the input of " + bytes + " bytes is more than a run takes (" + MAX_BYTES
                        + "): put it into a file and pass the file's name";
    }

    /// @return what is wrong with it and where, null if it is one JSON value
    static @Nullable String problem(String text) {
        try {
            JsonNode node = JSON.readTree(text);
            return node == null || node.isMissingNode() ? "it is empty" : null;
        } catch (JacksonException e) {
            String place = e.getLocation() == null
                    ? ""
                    : " at line " + e.getLocation().getLineNr() + ", column "
                            + e.getLocation().getColumnNr();
            return e.getOriginalMessage().replaceAll("(?s) \\(start marker at .*", "") + place;
        }
    }

    /// What a program said, checked before it is kept.
    static AgentCalls.Result checked(AgentCalls.Result result, int maxBytes) {
        if (!(result instanceof AgentCalls.Result.Returned returned)) {
            return result;
        }
        String problem = problem(returned.outputJson());
        if (problem != null) {
            return new AgentCalls.Result.Ended(ExitReason.error("bad-output", "its output is no JSON: " + problem));
        }
        int bytes = bytes(returned.outputJson());
        return bytes <= maxBytes
                ? result
                : new AgentCalls.Result.Ended(ExitReason.error(
                        "output-too-large",
                        "its output of " + bytes + " bytes is more than a run keeps (" + maxBytes
                                + "): write it to a file and return the file's name"));
    }

    static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    static String write(@Nullable Object value) {
        return JSON.writeValueAsString(value);
    }
}
