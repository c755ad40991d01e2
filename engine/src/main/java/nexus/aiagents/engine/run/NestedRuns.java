package nexus.aiagents.engine.run;

import nexus.aiagents.engine.agent.AgentCalls;

/// Runs that are steps of other runs. The same id always means the same run: one that is there already is
/// gone on with, and one that has ended answers at once.
interface NestedRuns {

    /// @param id         of the nested run, from {@link RunIds#nested}
    /// @param begin      makes its worker and its first event, if it never began
    AgentCalls.Call run(String id, NestedStart begin);

    /// Undoes a saga that was run so and ended well. Answers when everything in it is undone.
    AgentCalls.Call undo(String id);

    /// Pauses it, or lets it go on, if it is under way.
    void pause(String id, boolean paused);

    /// What begins a nested run.
    @FunctionalInterface
    interface NestedStart {
        /// Called once, with the right to start it.
        Started<?> make();
    }

    /// @param <E> the events of its machine
    record Started<E>(RunWorker<E> worker, E begin) {}
}
