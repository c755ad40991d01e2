package nexus.aiagents.sandbox.internal.metering;

import nexus.aiagents.sandbox.Limits;
import run.endive.runtime.Memory;

/// The thread of one run. Compiled programs call {@link #tick()} at each call and loop back-edge, which is
/// why the counter lies here: `Thread.currentThread()` is the cheapest way from static code to the state of
/// its run.
public final class MeteredThread extends Thread {
    private long fuel;
    private volatile boolean stopped;
    private boolean growRefused;
    private final long memoryBytes;
    private volatile long heldBytes;

    MeteredThread(Runnable task, String name, long stackBytes, Limits limits) {
        super(null, task, name, stackBytes, false);
        setDaemon(true);
        fuel = limits.fuel();
        memoryBytes = limits.memoryBytes();
    }

    /// Called by compiled code instead of its own check for interruption.
    public static void tick() {
        MeteredThread thread = (MeteredThread) Thread.currentThread();
        if (--thread.fuel < 0 || thread.stopped) {
            throw new ProgramStopped();
        }
    }

    /// Called by compiled code for `memory.grow`; remembers a refusal, which tells a trap for want of
    /// memory from any other.
    public static int grow(int pages, Memory memory) {
        tick();
        MeteredThread thread = (MeteredThread) Thread.currentThread();
        long wanted = (memory.pages() + Integer.toUnsignedLong(pages)) * Memory.PAGE_SIZE;
        int before = wanted + thread.heldBytes > thread.memoryBytes ? -1 : memory.grow(pages);
        thread.growRefused |= before < 0;
        return before;
    }

    /// Memory that the host holds for the program counts against the same limit.
    ///
    /// @return false if it does not fit beside `memory`
    @SuppressWarnings("NonAtomicVolatileUpdate")
    boolean hold(long bytes, long memory) {
        if (heldBytes + bytes + memory > memoryBytes) {
            growRefused = true;
            return false;
        }
        heldBytes += bytes;
        return true;
    }

    long heldBytes() {
        return heldBytes;
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
