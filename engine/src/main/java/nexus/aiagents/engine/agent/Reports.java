package nexus.aiagents.engine.agent;

import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.ExitReason;
import nexus.aiagents.engine.journal.Journal;
import nexus.aiagents.engine.journal.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes events that report what has happened already: their order is kept, nobody waits for the disk. If
/// they can not be written the log says so; whatever decides about money or effects waits for its own entry
/// instead.
final class Reports {
    private static final Logger LOG = LoggerFactory.getLogger(Reports.class);

    private Reports() {}

    static void send(Journal journal, EngineEvent... events) {
        send(journal, Journal.Batch.of(events));
    }

    static void send(Journal journal, Journal.Batch batch) {
        // What the next process goes by, such as a pause, is not held back.
        var written = batch.state().isEmpty() ? journal.commitSoon(batch) : journal.commit(batch);
        written.whenComplete((_, failure) -> {
            if (failure != null) {
                LOG.error("could not write {} to the journal", batch.events(), failure);
            }
        });
    }

    /// Why something ends whose entry did not get into the journal.
    static ExitReason unwritten(String what, Throwable failure) {
        Throwable why = failure.getCause() == null || failure instanceof StoreException ? failure : failure.getCause();
        String code = why instanceof StoreException e ? e.code() : "internal";
        return ExitReason.error(code, what + " could not be written: " + why.getMessage());
    }
}
