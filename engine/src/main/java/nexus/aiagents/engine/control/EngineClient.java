package nexus.aiagents.engine.control;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import nexus.aiagents.engine.journal.JournalEntry;
import nexus.aiagents.engine.view.ProjectView;
import org.jspecify.annotations.Nullable;

/// An open project, here or in another process: snapshots and events come out, commands go in, nothing else
/// crosses. Thread-safe; nothing here may be called on a user-interface thread but {@link #view()}.
public interface EngineClient extends AutoCloseable {

    /// The newest snapshot. In process it costs next to nothing when nothing changed.
    ProjectView view();

    /// @param by `desktop` or `naos`, kept in the audit
    CompletionStage<CommandResult> submit(Command command, String by);

    /// Entries of the journal, ascending.
    List<JournalEntry> history(HistoryQuery query);

    /// Hears of every entry after `afterSeq`, in order, those already there first. `listener` runs on a
    /// thread of its own and may be slow; it never holds up the engine.
    ///
    /// @return ends the subscription
    Runnable follow(long afterSeq, Consumer<JournalEntry> listener);

    /// @return the first entry of the journal whose hash does not fit, 0 if all do
    long verifyAudit();

    /// Whether the project runs in another process.
    boolean isRemote();

    @Override
    void close();

    /// @param types simple names of events, empty: all
    /// @param agent only what concerns this agent, null: all
    /// @param runId only what concerns this run, null: all
    /// @param tail  the last `max` of what fits instead of the first
    record HistoryQuery(
            long afterSeq,
            int max,
            boolean tail,
            Set<String> types,
            @Nullable String agent,
            @Nullable String runId) {
        public static HistoryQuery last(int max, String... types) {
            return new HistoryQuery(0, max, true, Set.of(types), null, null);
        }
    }
}
