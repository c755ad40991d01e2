package nexus.aiagents.sandbox.internal.metering;

import run.endive.runtime.Memory;

/// Instructions that move much at once, called by compiled code in place of the runtime's own: they
/// cost what they move, and are done in pieces, so that gigabytes of them can be stopped as soon as
/// anything else.
public final class BulkMemory {
    static final int PIECE = 1 << 20;
    private static final int BYTES_A_TICK_SHIFT = 6;

    private BulkMemory() {}

    public static void fill(int to, byte value, int size, Memory memory) {
        if (!isInside(to, size, memory)) {
            memory.fill(value, to, to + size);
            return;
        }
        MeteredThread.spend(size >>> BYTES_A_TICK_SHIFT);
        if (size <= PIECE) {
            memory.fill(value, to, to + size);
            return;
        }
        for (int done = 0; done < size; done += PIECE) {
            MeteredThread.spend(0);
            memory.fill(value, to + done, to + Math.min(size, done + PIECE));
        }
    }

    public static void copy(int to, int from, int size, Memory memory) {
        if (!isInside(to, size, memory) || !isInside(from, size, memory)) {
            memory.copy(to, from, size);
            return;
        }
        MeteredThread.spend(size >>> BYTES_A_TICK_SHIFT);
        if (size <= PIECE) {
            memory.copy(to, from, size);
            return;
        }
        // Where the ranges overlap, what is still to be read must not be written over.
        boolean forward = to <= from;
        for (int done = 0; done < size; done += PIECE) {
            MeteredThread.spend(0);
            int piece = Math.min(PIECE, size - done);
            int at = forward ? done : size - done - piece;
            memory.copy(to + at, from + at, piece);
        }
    }

    /// What is not inside is for the runtime to trap, before anything is written and for nothing: a size
    /// that was meant to be negative would cost all the fuel there is.
    private static boolean isInside(int at, int size, Memory memory) {
        return at >= 0 && size >= 0 && at + (long) size <= (long) memory.pages() * Memory.PAGE_SIZE;
    }
}
