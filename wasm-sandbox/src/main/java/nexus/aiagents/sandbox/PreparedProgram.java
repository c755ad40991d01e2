package nexus.aiagents.sandbox;

/// A program that was scanned and compiled and can be run many times at once. Thread-safe.
public interface PreparedProgram {

    String name();

    /// Starts one run with its own memory on its own thread and returns at once.
    Run start(Invocation invocation);
}
