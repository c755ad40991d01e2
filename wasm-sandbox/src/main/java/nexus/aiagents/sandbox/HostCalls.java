package nexus.aiagents.sandbox;

import java.util.concurrent.TimeUnit;

/// The only way out of a program: a port that the engine implements. Called on a virtual thread, one
/// call at a time, never on the stack of the program; may block (a budget pause does) and is
/// interrupted when the run is cancelled or out of time. The run does not wait for one that ignores that.
@FunctionalInterface
public interface HostCalls {

    HostAnswer call(HostCall call) throws InterruptedException;

    /// The same, with what the run has used until then. This is what is called.
    default HostAnswer call(HostCall call, Outcome.Usage usage) throws InterruptedException {
        return call(call);
    }

    /// Whether a program that asks to wait has to. Nothing of a wait shows inside the program but what it
    /// sees of its clock, so a replay need not wait.
    default boolean timePasses() {
        return true;
    }

    /// Lets the program wait, as it asked to; ends with the run. On the thread of the run, in the process
    /// that it runs in.
    default void pause(long nanos) throws InterruptedException {
        if (timePasses()) {
            TimeUnit.NANOSECONDS.sleep(nanos);
        }
    }
}
