package nexus.aiagents.sandbox.internal.metering;

import nexus.aiagents.sandbox.Limits;
import org.jspecify.annotations.Nullable;
import run.endive.runtime.Memory;

/// The thread of one run. Compiled programs call {@link #tick()} at each call and loop back-edge, which is
/// why the counters lie here: `Thread.currentThread()` is the cheapest way from static code to the state of
/// its run.
public final class MeteredThread extends Thread {
    private final Limits limits;
    private final Rooms rooms;
    private long fuel;
    private int stack;
    private volatile boolean stopped;
    private boolean growRefused;
    private boolean roomsFull;
    private boolean stackUsedUp;

    /// What this run has taken of what all have together.
    private long taken;

    private volatile long heldBytes;

    private @Nullable Object guest;

    MeteredThread(Runnable task, String name, long stackBytes, Limits limits, Rooms rooms) {
        super(null, task, name, stackBytes, false);
        setDaemon(true);
        this.limits = limits;
        this.rooms = rooms;
        fuel = limits.fuel();
        stack = limits.stackBytes();
    }

    private static MeteredThread current() {
        return (MeteredThread) Thread.currentThread();
    }

    /// Called by compiled code instead of its own check for interruption.
    public static void tick() {
        MeteredThread thread = current();
        if (--thread.fuel < 0 || thread.stopped) {
            throw new ProgramStopped();
        }
    }

    /// Called by compiled code before an instruction whose work depends on an operand.
    ///
    /// @param units how much work, unsigned
    public static void spend(int units) {
        MeteredThread thread = current();
        thread.fuel -= Integer.toUnsignedLong(units);
        if (thread.fuel < 0 || thread.stopped) {
            throw new ProgramStopped();
        }
    }

    /// Called by compiled functions when they begin; `bytes` is what a call of it counts.
    public static void enter(int bytes) {
        MeteredThread thread = current();
        if ((thread.stack -= bytes) < 0) {
            thread.stackUsedUp = true;
            throw new ProgramStopped();
        }
    }

    /// Called by compiled functions when they return; one that ends by an exception ends the run.
    public static void leave(int bytes) {
        current().stack += bytes;
    }

    /// Called by compiled code for `memory.grow`; remembers a refusal, which tells a trap for want of
    /// memory from any other.
    public static int grow(int pages, Memory memory) {
        tick();
        MeteredThread thread = current();
        long more = Integer.toUnsignedLong(pages) * Memory.PAGE_SIZE;
        long wanted = (long) memory.pages() * Memory.PAGE_SIZE + more;
        if (wanted + thread.heldBytes > thread.limits.memoryBytes()) {
            thread.growRefused = true;
            return -1;
        }
        thread.take(more);
        int before = memory.grow(pages);
        if (before < 0) {
            thread.giveBack(more);
            thread.growRefused = true;
        }
        return before;
    }

    /// @throws ProgramStopped if all programs together have no more
    void take(long bytes) {
        if (!rooms.take(bytes)) {
            roomsFull = true;
            throw new ProgramStopped();
        }
        taken += bytes;
    }

    private void giveBack(long bytes) {
        rooms.giveBack(bytes);
        taken -= bytes;
    }

    /// At the end of the run.
    void giveBackAll() {
        giveBack(taken);
    }

    /// Memory that the host holds for the program counts against the same limit.
    ///
    /// @return false if it does not fit beside `memory`
    @SuppressWarnings("NonAtomicVolatileUpdate")
    boolean hold(long bytes, long memory) {
        if (heldBytes + bytes + memory > limits.memoryBytes()) {
            growRefused = true;
            return false;
        }
        if (bytes >= 0) {
            take(bytes);
        } else {
            giveBack(-bytes);
        }
        heldBytes += bytes;
        return true;
    }

    long heldBytes() {
        return heldBytes;
    }

    void setGuest(Object what) {
        guest = what;
    }

    /// What the host functions of the run on this thread work on.
    static @Nullable Object guest() {
        return current().guest;
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

    boolean hasStackBeenUsedUp() {
        return stackUsedUp;
    }

    boolean areRoomsFull() {
        return roomsFull;
    }
}
