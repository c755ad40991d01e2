package nexus.aiagents.engine.money;

import java.util.List;
import java.util.Map;
import nexus.aiagents.engine.journal.EngineEvent;
import org.jspecify.annotations.Nullable;

/// What a decision comes to: the next state, what is told, and what is written in the same transaction.
///
/// @param writes state keys and their new JSON, null deletes
record LedgerStep<T>(LedgerState state, T answer, List<EngineEvent> events, Map<String, @Nullable String> writes) {

    static <T> LedgerStep<T> nothing(LedgerState state, T answer) {
        return new LedgerStep<>(state, answer, List.of(), Map.of());
    }
}
