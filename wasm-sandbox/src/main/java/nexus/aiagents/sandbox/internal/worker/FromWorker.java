package nexus.aiagents.sandbox.internal.worker;

import nexus.aiagents.sandbox.HostCall;
import nexus.aiagents.sandbox.Outcome;
import org.jspecify.annotations.Nullable;

/// What a worker says to the app, which takes nothing of it for granted.
sealed interface FromWorker {

    /// The first message.
    record Ready(int protocol) implements FromWorker {}

    /// Said twice a second.
    record Alive() implements FromWorker {}

    /// Said of each run twice a second.
    record Used(long run, Outcome.Usage usage) implements FromWorker {}

    record Done(long request, byte @Nullable [] code) implements FromWorker {}

    record Rejected(long request, String code, String message, String file, int line, int column)
            implements FromWorker {}

    /// Answered by {@link ToWorker.Answer}; a run makes one call at a time.
    ///
    /// @param usage until then, exactly
    record Called(long run, long call, Outcome.Usage usage, HostCall what) implements FromWorker {}

    record Ended(long run, Outcome outcome) implements FromWorker {}
}
