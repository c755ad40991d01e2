package nexus.aiagents.engine.pool;

import nexus.aiagents.engine.journal.ExitReason;

/// What a run hears. Members are named by their index; news of an older attempt are ignored.
public sealed interface PoolEvent {

    record Begin() implements PoolEvent {}

    /// The process had ended in the middle and is there again: who had not voted is asked again.
    record Recover() implements PoolEvent {}

    /// The process is about to end.
    record Suspend() implements PoolEvent {}

    /// Time has passed.
    record Tick() implements PoolEvent {}

    record Returned(int member, int attempt, String outputJson) implements PoolEvent {}

    record Ended(int member, int attempt, ExitReason reason) implements PoolEvent {}

    /// @param outputJson what the judge said
    record Judged(int attempt, String outputJson) implements PoolEvent {}

    record JudgeEnded(int attempt, ExitReason reason) implements PoolEvent {}

    /// A person has picked one.
    ///
    /// @param choice from 1, 0: none of them
    record Pick(int choice) implements PoolEvent {}

    record Cancel() implements PoolEvent {}
}
