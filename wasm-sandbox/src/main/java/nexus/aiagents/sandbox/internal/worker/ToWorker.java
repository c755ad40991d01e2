package nexus.aiagents.sandbox.internal.worker;

import java.util.Map;
import nexus.aiagents.sandbox.HostAnswer;
import nexus.aiagents.sandbox.Limits;
import nexus.aiagents.sandbox.Program;
import org.jspecify.annotations.Nullable;

/// What the app says to a worker. It chooses the numbers.
sealed interface ToWorker {

    /// Answered by {@link FromWorker.Done} with the code, or {@link FromWorker.Rejected}.
    record Compile(long request, byte[] module) implements ToWorker {}

    /// Answered by {@link FromWorker.Done} or {@link FromWorker.Rejected}.
    ///
    /// @param code of a WebAssembly module
    record Load(long request, long program, Program source, byte @Nullable [] code) implements ToWorker {}

    record Forget(long program) implements ToWorker {}

    /// Ends with {@link FromWorker.Ended}. The wall-time limit is the app's business.
    ///
    /// @param timePasses whether it has to wait where it asks to
    record Start(
            long run,
            long program,
            String inputJson,
            String contextJson,
            Map<String, String> env,
            Limits limits,
            boolean timePasses)
            implements ToWorker {}

    /// @param call its number within the run
    record Answer(long run, long call, HostAnswer answer) implements ToWorker {}

    record Stop(long run) implements ToWorker {}
}
