package nexus.aiagents.engine.view;

import java.time.Instant;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.JournalEntry;
import org.jspecify.annotations.Nullable;

/// One run, folded from entries alone: for one that the views do not hold any more. Of what the runs in it
/// did it has what they spent. Confined to one thread.
public final class RunStory {
    private final String runId;
    private final RunsFold runs = new RunsFold();

    public RunStory(String runId) {
        this.runId = runId;
    }

    /// Entries in order, from the one that began the run on; those of other runs are passed over.
    public void apply(JournalEntry entry) {
        Instant at = entry.at();
        switch (entry.event()) {
            case EngineEvent.RunStarted e -> {
                String parent = e.parentRunId();
                if (e.runId().equals(runId) || parent != null && runs.find(parent) != null) {
                    runs.apply(at, e);
                }
            }
            case EngineEvent.HoldSettled e
            when e.runId() != null ->
                runs.spent(String.valueOf(e.runId()), e.step(), e.inputTokens() + e.outputTokens(), e.microDollars());
            default -> runs.apply(at, entry.event());
        }
    }

    /// @return null if there was no entry that began it
    public @Nullable RunView view() {
        RunFold run = runs.find(runId);
        return run == null ? null : run.view();
    }

    @Nullable
    RunFold fold() {
        return runs.find(runId);
    }
}
