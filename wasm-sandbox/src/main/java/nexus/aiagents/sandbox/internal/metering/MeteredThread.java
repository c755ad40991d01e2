package nexus.aiagents.sandbox.internal.metering;

import run.endive.runtime.Memory;

/// The thread of one run. Compiled programs call {@link #tick()} at each call and loop back-edge, which is
/// why the
/// counter lies here: `Thread.currentThread()` is the cheapest way from static code to the state of its run.
public final class MeteredThread extends Thread {
    private long fuel;
    private volatile boolean stopped;
    private boolean growRefused;

    MeteredThread(Runnable task, String name, long stackBytes, long fuel) {
        super(null, task, name, stackBytes, false);
        setDaemon(true);
        this.fuel = fuel;
    }

    /// Called by compiled code instead of its own check for interruption.
    public static void tick() {
        MeteredThread thread = (MeteredThread) Thread.currentThread();
        if (--thread.fuel < 0 || thread.stopped) {
            throw new ProgramStopped();
        }
    }

    /// Called by compiled code for `memory.grow`; remembers a refusal, which tells a trap for want of memory
    /// from any other.
    public static int grow(int pages, Memory memory) {
        tick();
        int before = memory.grow(pages);
        if (before < 0) {
            ((MeteredThread) Thread.currentThread()).growRefused = true;
        }
        return before;
    }

    void halt() {
        stopped = true;
    }

    boolean isHalted() {
        return stopped;
    }

    long fuelLeft() {
        return Math.max(fuel, 0);
    }

    boolean isOutOfFuel() {
        return fuel < 0;
    }

    boolean hasGrowBeenRefused() {
        return growRefused;
    }
}
