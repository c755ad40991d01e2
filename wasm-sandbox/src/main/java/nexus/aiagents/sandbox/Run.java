package nexus.aiagents.sandbox;

import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// A run under way. Thread-safe.
public interface Run {

    /// Completes with the outcome, never exceptionally.
    CompletionStage<Outcome> outcome();

    /// Stops the program, also in the middle of a loop or a host call. Returns at once; {@link #outcome()}
    /// follows within 100 ms with {@link Outcome.Cancelled} unless the program had already ended.
    void cancel();

    /// What has been used so far.
    Outcome.Usage usage();

    /// Stops the clock of the wall-time limit, for a host call that waits for a person. Counts: it runs
    /// again when it was resumed as often. Known before the first host call only where {@link
    /// PreparedProgram#start} has returned, so a host that needs it waits for that.
    void suspendTimeout();

    void resumeTimeout();

    /// What it waits for before it can begin, as words behind `waits for`; null once it began.
    default @Nullable String waitsFor() {
        return null;
    }

    /// The process id of the worker it runs in; empty where it runs in this JVM, or not yet.
    default OptionalLong workerPid() {
        return OptionalLong.empty();
    }
}
