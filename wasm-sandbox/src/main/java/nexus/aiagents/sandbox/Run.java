package nexus.aiagents.sandbox;

import java.util.concurrent.CompletionStage;

/// A run under way. Thread-safe.
public interface Run {

    /// Completes with the outcome, never exceptionally.
    CompletionStage<Outcome> outcome();

    /// Stops the program, also in the middle of a loop or a host call. Returns at once; {@link #outcome()}
    /// follows
    /// within 100 ms with {@link Outcome.Cancelled} unless the program had already ended.
    void cancel();

    /// What has been used so far.
    Outcome.Usage usage();
}
