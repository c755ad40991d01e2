package nexus.aiagents.engine.saga;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import nexus.aiagents.engine.project.SagaSpec;

/// What a run of a saga is pinned to and never changes, whatever becomes of the YAML.
///
/// @param startedAt milliseconds since 1970
public record SagaRun(String runId, SagaSpec saga, String inputJson, long startedAt) {

    SagaSpec.StepSpec step(int i) {
        return saga.steps().get(i);
    }

    /// The same run, step and input have the same key, so that an action can see that it is asked again.
    String key(String step, String input) {
        return digest(runId + '\n' + step + '\n' + input);
    }

    public static String digest(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }
}
