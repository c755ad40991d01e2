package nexus.aiagents.engine.workflow;

import java.util.List;
import nexus.aiagents.engine.journal.ExitReason;
import org.jspecify.annotations.Nullable;

/// What a run hears. Steps are named by their index, `item` is -1 for a step as a whole; news of an
/// older attempt are ignored.
public sealed interface WorkflowEvent {

    record Begin() implements WorkflowEvent {}

    /// The process had ended in the middle and is there again.
    record Recover() implements WorkflowEvent {}

    /// The process is about to end.
    record Suspend() implements WorkflowEvent {}

    /// Time has passed.
    record Tick() implements WorkflowEvent {}

    // ---- answers to what was asked to be evaluated

    record InputReady(int step, int item, String inputJson) implements WorkflowEvent {}

    record ItemsReady(int step, List<String> items) implements WorkflowEvent {}

    record ConditionFalse(int step) implements WorkflowEvent {}

    record Broken(int step, int item, ExitReason reason) implements WorkflowEvent {}

    record OutputReady(String outputJson) implements WorkflowEvent {}

    record OutputBroken(ExitReason reason) implements WorkflowEvent {}

    // ---- calls

    record Returned(int step, int item, int attempt, String outputJson) implements WorkflowEvent {}

    record Ended(int step, int item, int attempt, ExitReason reason) implements WorkflowEvent {}

    // ---- people

    record Cancel() implements WorkflowEvent {}

    record Pause() implements WorkflowEvent {}

    record Resume() implements WorkflowEvent {}

    record Approve(String step, @Nullable String comment) implements WorkflowEvent {}

    record Reject(String step, @Nullable String comment) implements WorkflowEvent {}

    record RetryParked(@Nullable String step, @Nullable String inputJson) implements WorkflowEvent {}

    record SkipParked(@Nullable String step, boolean resolved) implements WorkflowEvent {}

    /// Go on from this step, with this input for it instead of the usual one.
    record RetryFrom(String step, @Nullable String inputJson) implements WorkflowEvent {}
}
