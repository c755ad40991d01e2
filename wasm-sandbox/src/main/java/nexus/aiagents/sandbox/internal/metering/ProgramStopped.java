package nexus.aiagents.sandbox.internal.metering;

/// Unwinds the stack of a program that has to end; why is kept by its {@link Execution}. An `Error`, so
/// that no `catch (RuntimeException)` of a library in between keeps the program running.
public final class ProgramStopped extends Error {

    ProgramStopped() {
        super("stopped", null, false, false);
    }
}
