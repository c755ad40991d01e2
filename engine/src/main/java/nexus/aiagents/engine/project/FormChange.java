package nexus.aiagents.engine.project;

import java.util.List;

/// What a person does to a form. Paths lead from the document's root.
public sealed interface FormChange {
    List<Object> path();

    /// Gives a field a value, also one that was not set.
    ///
    /// @param text as a person types it; quotes are put around it where they are needed. What is no right
    ///     value is written all the same, for the diagnostics to tell
    record Set(List<Object> path, String text) implements FormChange {}

    /// Sets a field that was not set, or puts an item at the end of a list if the path ends with the
    /// number of its items: with its default, or what has to be filled in.
    record Add(List<Object> path) implements FormChange {}

    /// Takes a field or an item away.
    record Remove(List<Object> path) implements FormChange {}

    /// Changes places with a neighbour.
    ///
    /// @param by -1 up, 1 down
    record Move(List<Object> path, int by) implements FormChange {}

    /// Gives a key of a map another name; what it holds stays, and where it stands.
    ///
    /// @param name spaces around it are slips
    record Rename(List<Object> path, String name) implements FormChange {}

    /// Makes a map of a value that is its short form, so that more can be said.
    record Expand(List<Object> path) implements FormChange {}

    /// Begins a block of this kind, behind this document.
    record Begin(String kind) implements FormChange {
        @Override
        public List<Object> path() {
            return List.of(kind);
        }
    }
}
