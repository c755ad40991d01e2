package nexus.aiagents.sandbox;

/// The only way out of a program: a port that the engine implements. Called on a virtual thread, one
/// call at a time, never on the stack of the program; may block (a budget pause does) and is
/// interrupted when the run is cancelled or out of time. The run does not wait for one that ignores that.
@FunctionalInterface
public interface HostCalls {

    HostAnswer call(HostCall call) throws InterruptedException;
}
