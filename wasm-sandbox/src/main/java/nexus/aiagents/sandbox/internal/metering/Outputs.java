package nexus.aiagents.sandbox.internal.metering;

import java.nio.charset.StandardCharsets;
import nexus.aiagents.sandbox.Limits;
import nexus.aiagents.sandbox.Outcome;
import nexus.aiagents.sandbox.Outcome.Usage;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// What a program may return.
public final class Outputs {
    private static final JsonMapper JSON = JsonMapper.shared();

    private Outputs() {}

    /// @return how a program that returned `json` failed, null if it did not
    public static Outcome.@Nullable Failed problem(String json, Limits limits) {
        int bytes = json.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > limits.outputBytes()) {
            return failed(
                    "output-too-large",
                    "the program returned " + bytes + " bytes, the limit is " + limits.outputBytes());
        }
        try {
            JSON.readTree(json);
        } catch (JacksonException e) {
            return failed("bad-output", "the program did not return JSON: " + e.getOriginalMessage());
        }
        return json.isBlank()
                ? failed("bad-output", "the program returned nothing; the least it can return is null")
                : null;
    }

    private static Outcome.Failed failed(String code, String message) {
        return new Outcome.Failed(code, message, "", Usage.NONE);
    }
}
