package nexus.aiagents.engine.control;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import nexus.aiagents.engine.journal.AgentTotals;
import nexus.aiagents.engine.journal.AuditLine;
import nexus.aiagents.engine.journal.AuditReport;
import nexus.aiagents.engine.journal.Backups;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.JournalEntry;
import nexus.aiagents.engine.journal.RunQuery;
import nexus.aiagents.engine.journal.RunRecord;
import nexus.aiagents.engine.project.ReloadPlan;
import nexus.aiagents.engine.replay.Recording;
import nexus.aiagents.engine.replay.RecordingFile;
import nexus.aiagents.engine.view.ProjectView;
import nexus.aiagents.engine.view.RunView;
import org.jspecify.annotations.Nullable;

/// An open project, here or in another process: snapshots and events come out, commands go in, nothing else
/// crosses. Thread-safe; nothing here may be called on a user-interface thread but {@link #view()}.
public interface EngineClient extends AutoCloseable {

    /// The newest snapshot. In process it costs next to nothing when nothing changed.
    ProjectView view();

    /// What {@link #view()} showed after an entry of the journal; of one that is not there yet, or that was
    /// archived, after the nearest that is in the store. What is in the project now is shown, as it was
    /// then.
    ProjectView viewAt(long seq);

    /// The texts that the project runs by, whatever the files say by now.
    RunningConfiguration configuration();

    /// @param files the YAML and the programs of agents that are text, by path relative to the folder
    record RunningConfiguration(Map<String, String> files) {}

    /// What {@link Command.Reload} would do just now; nothing is changed.
    ///
    /// @param unsaved texts that stand for files of the disk, by path relative to the folder
    ReloadPlan plan(Map<String, String> unsaved);

    /// @param by `desktop` or `naos`, kept in the audit
    CompletionStage<CommandResult> submit(Command command, String by);

    /// Entries of the journal, ascending.
    List<JournalEntry> history(HistoryQuery query);

    /// Hears of every entry after `afterSeq`, in order, those already there first. `listener` runs on a
    /// thread of its own and may be slow; it never holds up the engine.
    ///
    /// @return ends the subscription
    Runnable follow(long afterSeq, Consumer<JournalEntry> listener);

    /// Entries of the journal as their hashes cover them, ascending.
    List<AuditLine> lines(HistoryQuery query);

    /// Walks the chain of the journal.
    AuditReport audit();

    /// @return the first entry of the journal that does not fit, 0 if all do
    default long verifyAudit() {
        return audit().firstBadSeq();
    }

    /// Runs of all time, newest first.
    List<RunRecord> runs(RunQuery query);

    /// One run of any time, also one that the view does not hold any more.
    ///
    /// @return empty if there never was one
    Optional<FoundRun> run(String runId);

    /// @param run as the view would show it, null: its entries are in an archive of the journal
    record FoundRun(RunRecord record, @Nullable RunView run) {}

    /// What every agent did in all its life, sorted by name.
    List<AgentTotals> agentTotals();

    /// The copies of the store, newest first.
    List<Backups.Backup> backups();

    /// What was recorded, newest first.
    List<Recording> recordings(Recording.Query query);

    /// A record with its program, for a {@link nexus.aiagents.engine.replay.Replayer}.
    ///
    /// @param id of the call
    /// @throws nexus.aiagents.engine.journal.StoreException `not-recorded` if there is none
    RecordingFile recording(String id);

    /// Whether the project runs in another process.
    boolean isRemote();

    @Override
    void close();

    /// @param types simple names of events, empty: all
    /// @param agent only what concerns this agent, null: all
    /// @param runId only what concerns this run, null: all
    /// @param tail  the last `max` of what fits instead of the first
    /// @param since written then or later, null: ever
    /// @param until written before then, null: until now
    /// @param by    only what this one asked for, such as `naos` or `desktop`, null: all
    record HistoryQuery(
            long afterSeq,
            int max,
            boolean tail,
            Set<String> types,
            @Nullable String agent,
            @Nullable String runId,
            @Nullable Instant since,
            @Nullable Instant until,
            @Nullable String by) {

        public HistoryQuery(
                long afterSeq,
                int max,
                boolean tail,
                Set<String> types,
                @Nullable String agent,
                @Nullable String runId) {
            this(afterSeq, max, tail, types, agent, runId, null, null, null);
        }

        /// The same question, from another place on.
        public HistoryQuery after(long seq, int atMost) {
            return new HistoryQuery(seq, atMost, false, types, agent, runId, since, until, by);
        }

        /// Whether nothing is left out but by place and number.
        public boolean isUnfiltered() {
            return types.isEmpty() && agent == null && runId == null && since == null && until == null && by == null;
        }

        public boolean fits(JournalEntry entry) {
            EngineEvent event = entry.event();
            return (since == null || !entry.at().isBefore(since))
                    && (until == null || entry.at().isBefore(until))
                    && (types.isEmpty() || types.contains(event.getClass().getSimpleName()))
                    && (agent == null || agent.equals(event.agent()))
                    && (runId == null || runId.equals(event.runId()))
                    && (by == null || event instanceof EngineEvent.OperatorActed e && by.equals(e.by()));
        }

        public static HistoryQuery last(int max, String... types) {
            return new HistoryQuery(0, max, true, Set.of(types), null, null);
        }
    }
}
