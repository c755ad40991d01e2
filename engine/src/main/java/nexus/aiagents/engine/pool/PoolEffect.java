package nexus.aiagents.engine.pool;

import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.ExitReason;

/// What a run wants done, in this order, after its `Note`s and its new state are durable.
public sealed interface PoolEffect {

    record Note(EngineEvent event) implements PoolEffect {}

    record Call(int member, int attempt) implements PoolEffect {}

    record CancelCall(int member, ExitReason reason) implements PoolEffect {}

    /// @param inputJson the candidates: see {@link PoolTurn}
    record CallJudge(String agent, int attempt, String inputJson) implements PoolEffect {}

    record CancelJudge(ExitReason reason) implements PoolEffect {}

    /// The run is over.
    record End() implements PoolEffect {}
}
