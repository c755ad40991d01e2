package nexus.aiagents.engine.run;

import java.util.function.Supplier;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.journal.Journal;

/// What goes into the journal in one transaction with the start of a run.
@FunctionalInterface
public interface Alongside {
    Journal.Batch of(String runId);

    /// Whatever run `start` begins, on this thread, is durable together with this, or not at all.
    default CommandResult with(Supplier<CommandResult> start) {
        return ScopedValue.where(RunWorker.ALONGSIDE, this).call(start::get);
    }
}
