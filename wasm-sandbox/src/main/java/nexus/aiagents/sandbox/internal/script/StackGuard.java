package nexus.aiagents.sandbox.internal.script;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import run.endive.runtime.Memory;

/// Switches on QuickJS's own look at its stack. Built for WASI it sets the end of its stack to zero, which
/// means none: a recursion then runs out of linear memory, which ends the run. With an end, whatever goes
/// too deep throws a `RangeError` that the program can catch, as everywhere else.
///
/// @param at address of the end of the stack in the engine's state
/// @param top where the stack begins; it grows downwards
record StackGuard(int at, int top) {
    private static final String TOO_DEEP = "Maximum call stack size exceeded";

    /// Below it is room for what does not look: calls without calls of their own, and the way out.
    private static final int RESERVE = 96 << 10;

    /// What QuickJS was told when it was built; on WASI it does not heed it.
    private static final int BUILT_WITH = 256 << 10;

    private static final int MOST_ABOVE = 64 << 10;

    /// Before the JVM has compiled them, its frames of the smallest functions take that many times as much.
    private static final long NATIVE_PER_BYTE = 96;

    private static final long NATIVE_RESERVE = 4L << 20;
    private static final int MOST = 1 << 20;

    /// @param stackTop the stack pointer as the module declares it
    /// @throws IllegalStateException if the state of QuickJS does not look as expected
    static StackGuard find(Memory memory, int stackTop) {
        ByteBuffer all = ByteBuffer.wrap(memory.readBytes(0, memory.pages() * Memory.PAGE_SIZE))
                .order(ByteOrder.LITTLE_ENDIAN);
        StackGuard found = null;
        for (int size = stackTop; size <= all.capacity() - 12; size += 4) {
            int top = all.getInt(size + 4);
            boolean fits = all.getInt(size) == BUILT_WITH && all.getInt(size + 8) == 0;
            if (fits && top < stackTop && top > stackTop - MOST_ABOVE) {
                if (found != null) {
                    throw new IllegalStateException("QuickJS has changed: it has two states of its stack");
                }
                found = new StackGuard(size + 8, top);
            }
        }
        if (found == null) {
            throw new IllegalStateException("QuickJS has changed: it has no state of its stack");
        }
        return found;
    }

    /// @param stackBytes how much the program may use; it never gets more than there is
    void arm(Memory memory, int stackBytes) {
        memory.writeI32(at, Math.max(RESERVE, top - Math.min(top, stackBytes)));
    }

    /// The stack of a thread that QuickJS runs on. The system gives of it what is used.
    static long nativeBytes(int stackBytes) {
        return NATIVE_RESERVE + NATIVE_PER_BYTE * Math.min(stackBytes, MOST);
    }

    /// Whether what was thrown says that a program went too deep.
    static boolean isOverflow(String message) {
        return message.equals(TOO_DEEP) || message.equals("RangeError: " + TOO_DEEP);
    }
}
