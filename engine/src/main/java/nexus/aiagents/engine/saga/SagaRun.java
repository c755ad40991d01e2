package nexus.aiagents.engine.saga;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.function.IntPredicate;
import nexus.aiagents.engine.project.Pinned;
import nexus.aiagents.engine.project.SagaSpec;

/// What a run of a saga is pinned to and never changes, whatever becomes of the YAML.
///
/// @param pinned    the sagas and pools its steps call
/// @param budgets   of the runs it is part of: its spending counts there too
/// @param startedAt milliseconds since 1970
public record SagaRun(
        String runId, SagaSpec saga, String inputJson, Pinned pinned, List<String> budgets, long startedAt) {

    public SagaRun {
        pinned = Objects.requireNonNullElse(pinned, Pinned.NONE);
        budgets = budgets == null ? List.of() : budgets;
    }

    public SagaRun(String runId, SagaSpec saga, String inputJson, long startedAt) {
        this(runId, saga, inputJson, Pinned.NONE, List.of(), startedAt);
    }

    SagaSpec.StepSpec step(int i) {
        return saga.steps().get(i);
    }

    /// @return the step's index, -1 if there is none of this name
    public int index(String step) {
        for (int i = 0; i < saga.steps().size(); i++) {
            if (saga.steps().get(i).name().equals(step)) {
                return i;
            }
        }
        return -1;
    }

    /// The steps that are begun anew when the run goes on from one of them: it, and all later ones. Of its
    /// own parallel group, those that are through stay so.
    List<Integer> begunAnew(int from, IntPredicate through) {
        List<Integer> anew = new ArrayList<>();
        for (List<Integer> stage : saga.stages()) {
            boolean own = stage.contains(from);
            for (int i : stage) {
                if (own ? i == from || !through.test(i) : i > from) {
                    anew.add(i);
                }
            }
        }
        return anew;
    }

    /// The same run, step and input have the same key, so that an action can see that it is asked again.
    ///
    /// @param round more than 0 after the step was undone: then it is asked anew
    String key(String step, int round, String input) {
        return digest(runId + '\n' + step + (round == 0 ? "" : "\n" + round) + '\n' + input);
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
