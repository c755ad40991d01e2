package nexus.aiagents.engine.supervise;

import java.util.function.Consumer;
import nexus.aiagents.engine.journal.ExitReason;

/// How the supervision tree starts agents, and pools with a queue: a port that `engine.agent` and
/// `engine.run` implement.
public interface AgentLauncher {

    /// Starts the agent and returns when it is up; blocks the calling (virtual) thread until then.
    ///
    /// @param agent  its name, or that of an instance of it, `AGENT#N`, which runs by the agent's
    ///     definition; or that of a pool
    /// @param onExit called exactly once, on any thread, after it was up and has ended, however it ended
    /// @throws StartFailed if it did not come up; `onExit` is not called then
    LiveAgent launch(String agent, Consumer<Exit> onExit) throws StartFailed, InterruptedException;

    /// This child has ended and is on no list any more: what was kept of it can go. Said of an instance
    /// when it is deleted, and when its supervisor ended.
    default void forget(String child) {}

    interface LiveAgent {
        /// Counts the starts of this agent since the project was opened, from 1.
        long incarnation();

        /// Asks it to end by itself; it does so between two calls to the world. Returns at once.
        void shutdown();

        /// Ends it now. Returns at once; `onExit` follows within 100 ms.
        void kill(ExitReason reason);
    }

    /// The end of one incarnation.
    ///
    /// @param microDollars    what it had spent
    /// @param pausedForBudget it ended while its work waited for money: starting over brings none
    record Exit(ExitReason reason, long microDollars, boolean pausedForBudget) {
        public static Exit of(ExitReason reason) {
            return new Exit(reason, 0, false);
        }
    }

    final class StartFailed extends Exception {
        private final ExitReason reason;

        public StartFailed(ExitReason reason) {
            super(reason.message());
            this.reason = reason;
        }

        public ExitReason reason() {
            return reason;
        }
    }
}
