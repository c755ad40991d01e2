package nexus.aiagents.sandbox;

/// Where a program runs. Both ways it is the same program with the same limits and the same outcomes.
public enum Isolation {
    /// On a thread of this JVM.
    THREAD,
    /// In a worker: another JVM, with its own heap, whose end is no more than the end of the runs in it.
    PROCESS
}
