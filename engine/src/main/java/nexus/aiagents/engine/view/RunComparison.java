package nexus.aiagents.engine.view;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import nexus.aiagents.engine.view.RunView.StepView;
import org.jspecify.annotations.Nullable;

/// Two runs of the same thing beside each other: another run of a definition, or what was forked from one.
/// Pure.
///
/// @param input  how the inputs of the runs differ, `output` their outputs
/// @param steps  aligned by name, in the order in which they stand; those that only one of them has too
public record RunComparison(
        RunView a, RunView b, List<JsonDifference> input, List<JsonDifference> output, List<Step> steps) {

    /// One step in both runs.
    ///
    /// @param a null: that run has no such step, `b` as well; at least one is there
    public record Step(
            String name,
            @Nullable StepView a,
            @Nullable StepView b,
            List<JsonDifference> input,
            List<JsonDifference> output) {

        /// Whether its state, error, attempts or compensation are others.
        public boolean wentOtherwise() {
            return a == null
                    || b == null
                    || a.state() != b.state()
                    || a.attempts() != b.attempts()
                    || a.undoState() != b.undoState()
                    || !Objects.equals(a.errorCode(), b.errorCode())
                    || !Objects.equals(a.errorMessage(), b.errorMessage())
                    || !Objects.equals(a.skipped(), b.skipped());
        }

        /// How long it took does not count.
        public boolean differs() {
            return wentOtherwise() || !input.isEmpty() || !output.isEmpty();
        }

        /// Null where the run has no such step, or it did not begin or end.
        public @Nullable Duration tookA() {
            return took(a);
        }

        public @Nullable Duration tookB() {
            return took(b);
        }

        private static @Nullable Duration took(@Nullable StepView step) {
            Instant start = step == null ? null : step.startedAt();
            Instant end = step == null ? null : step.endedAt();
            return start == null || end == null ? null : Duration.between(start, end);
        }
    }

    /// Empty if they can be compared, else why not, a sentence.
    public static String whyNot(RunView a, RunView b) {
        if (a.id().equals(b.id())) {
            return "That is one and the same run.";
        }
        boolean forked = a.id().equals(b.forkedFrom()) || b.id().equals(a.forkedFrom());
        return forked || (a.kind().equals(b.kind()) && a.name().equals(b.name()))
                ? ""
                : "Runs of the same definition can be compared: " + a.name() + " and " + b.name() + " are two.";
    }

    public static RunComparison of(RunView a, RunView b) {
        return new RunComparison(
                a,
                b,
                JsonDifference.between(a.inputJson(), b.inputJson()),
                JsonDifference.between(a.outputJson(), b.outputJson()),
                steps(a.steps(), b.steps()));
    }

    /// In the order of `b`, which as a rule is the newer one; what only `a` has stands where it stood
    /// there.
    private static List<Step> steps(List<StepView> a, List<StepView> b) {
        Map<String, StepView> inA = new HashMap<>();
        a.forEach(step -> inA.put(step.name(), step));
        Set<String> inB = new HashSet<>();
        b.forEach(step -> inB.add(step.name()));
        List<Step> steps = new ArrayList<>();
        int next = 0;
        for (StepView step : b) {
            StepView before = inA.get(step.name());
            if (before != null) {
                int at = a.indexOf(before);
                for (; next < at; next++) {
                    gone(a.get(next), inB, steps);
                }
                next = Math.max(next, at + 1);
            }
            steps.add(step(before, step));
        }
        for (; next < a.size(); next++) {
            gone(a.get(next), inB, steps);
        }
        return List.copyOf(steps);
    }

    private static void gone(StepView step, Set<String> inB, List<Step> steps) {
        if (!inB.contains(step.name())) {
            steps.add(step(step, null));
        }
    }

    private static Step step(@Nullable StepView a, @Nullable StepView b) {
        String name = a == null ? Objects.requireNonNull(b).name() : a.name();
        return new Step(
                name,
                a,
                b,
                JsonDifference.between(a == null ? null : a.inputJson(), b == null ? null : b.inputJson()),
                JsonDifference.between(a == null ? null : a.outputJson(), b == null ? null : b.outputJson()));
    }

    /// Whether anything but times and money is different.
    public boolean differs() {
        return a.state() != b.state()
                || !Objects.equals(a.errorCode(), b.errorCode())
                || !input.isEmpty()
                || !output.isEmpty()
                || steps.stream().anyMatch(Step::differs);
    }
}
