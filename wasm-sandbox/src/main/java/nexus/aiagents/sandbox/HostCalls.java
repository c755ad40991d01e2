package nexus.aiagents.sandbox;

/// The only way out of a program: a port that the engine implements. Called from the run's own helper
/// thread, one
/// call
/// at a time, never on the stack of the program; may block (a budget pause does) and is interrupted when
/// the run is
/// cancelled or out of time.
@FunctionalInterface
public interface HostCalls {

    HostAnswer call(HostCall call) throws InterruptedException;
}
