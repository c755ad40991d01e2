package nexus.aiagents.sandbox;

/// A program that was scanned and compiled and can be run many times at once. Thread-safe.
public interface PreparedProgram {

    String name();

    /// Returns when a run can begin at once: a program that runs in a worker may find that there is none
    /// just now. What keeps it from that is the outcome of the run.
    default void awaitReady() throws InterruptedException {}

    /// Starts one run with its own memory on its own thread and returns at once.
    Run start(Invocation invocation);
}
