package nexus.aiagents.engine.journal;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The storage port: an ordered durable log and key-value state, one transaction over both. Thread-safe.
public interface Journal extends AutoCloseable {

    /// What goes in together. A null value deletes the key.
    record Batch(List<EngineEvent> events, Map<String, @Nullable String> state) {
        public static Batch of(EngineEvent... events) {
            return new Batch(List.of(events), Map.of());
        }
    }

    /// Completes when the batch is on the disk. Batches become durable in the order of the calls; listeners
    /// hear of them in that order, after that. Completes exceptionally with {@link StoreException} if it
    /// could not be written.
    CompletionStage<List<JournalEntry>> commit(Batch batch);

    /// The same for what nobody waits for yet: it shares the next write of the disk, which comes by
    /// itself after a few milliseconds at most. Whoever does want to wait for it calls {@link #hurry}
    /// first.
    default CompletionStage<List<JournalEntry>> commitSoon(Batch batch) {
        return commit(batch);
    }

    /// What was given to {@link #commitSoon} is written now.
    default void hurry() {}

    /// Waits for {@link #commit}.
    ///
    /// @throws StoreException if it could not be written
    List<JournalEntry> commitAndWait(Batch batch);

    /// Up to `max` entries with `seq > afterSeq`, ascending.
    List<JournalEntry> read(long afterSeq, int max);

    /// What is known of a run of any time.
    ///
    /// @return null if there never was such a run
    @Nullable
    RunRecord run(String runId);

    /// The newest entry that may be one of this run. What is a step of another run can be undone after it
    /// ended, for as long as that one is under way.
    default long lastEntryOf(RunRecord run) {
        if (!run.isFinal()) {
            return lastSeq();
        }
        String parent = run.parentRunId();
        RunRecord whole = parent == null ? null : run(parent);
        return whole == null ? run.lastSeq() : Math.max(run.lastSeq(), lastEntryOf(whole));
    }

    /// 0 for an empty journal.
    long lastSeq();

    @Nullable
    String state(String key);

    /// All keys that begin with `prefix`, sorted.
    Map<String, String> states(String prefix);

    /// Calls `listener` for every later entry, on the journal's own thread; it must not block.
    ///
    /// @return ends the subscription
    Runnable subscribe(Consumer<JournalEntry> listener);

    /// Walks the whole chain.
    ///
    /// @return the first entry that does not fit, 0 if all do
    long verify();

    /// Writes what is pending and lets the store go. What {@link #commit} and {@link #commitSoon} gave back is
    /// complete then.
    @Override
    void close();
}
