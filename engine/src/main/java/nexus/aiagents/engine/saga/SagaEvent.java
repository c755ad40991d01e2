package nexus.aiagents.engine.saga;

import nexus.aiagents.engine.journal.ExitReason;
import org.jspecify.annotations.Nullable;

/// What a run hears. Steps are named by their index; news of an older attempt are ignored.
public sealed interface SagaEvent {

    record Begin() implements SagaEvent {}

    /// The process had ended in the middle and is there again.
    record Recover() implements SagaEvent {}

    /// The process is about to end.
    record Suspend() implements SagaEvent {}

    /// Time has passed.
    record Tick() implements SagaEvent {}

    record InputReady(int step, String inputJson) implements SagaEvent {}

    record InputBroken(int step, ExitReason reason) implements SagaEvent {}

    record Returned(int step, int attempt, String outputJson) implements SagaEvent {}

    record Ended(int step, int attempt, ExitReason reason) implements SagaEvent {}

    record Undone(int step, int attempt, String outputJson) implements SagaEvent {}

    record UndoFailed(int step, int attempt, ExitReason reason) implements SagaEvent {}

    record Cancel() implements SagaEvent {}

    record Pause() implements SagaEvent {}

    record Resume() implements SagaEvent {}

    record Approve(String step, @Nullable String comment) implements SagaEvent {}

    record Reject(String step, @Nullable String comment) implements SagaEvent {}

    record RetryParked(@Nullable String step, @Nullable String inputJson) implements SagaEvent {}

    record SkipParked(@Nullable String step, boolean resolved) implements SagaEvent {}

    /// Go on from this step, with this input for it instead of the usual one.
    record RetryFrom(String step, @Nullable String inputJson) implements SagaEvent {}

    /// It ended well as a part of another run, which now rolls back.
    record Undo() implements SagaEvent {}
}
