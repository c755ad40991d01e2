package nexus.aiagents.sandbox.internal.metering;

/// Makes sure that host code called by a program has stack to run on. A program can recurse until the stack
/// ends exactly inside a host function; an overflow there could hit the JVM in the middle of initializing a
/// class, which can never be undone. Here it hits a method that has nothing to lose.
final class StackReserve {
    private static final int FEW_FRAMES = 60;
    private static final int MANY_FRAMES = 1_000;

    private StackReserve() {}

    /// @throws StackOverflowError if fewer than some 6 KB are left: enough to move bytes about
    static long ensureSome() {
        return descend(FEW_FRAMES, 1, 2, 3, 4, 5, 6, 7, 8);
    }

    /// @throws StackOverflowError if fewer than some 100 KB are left: enough to read JSON and to start
    ///     threads
    static long ensureMuch() {
        return descend(MANY_FRAMES, 1, 2, 3, 4, 5, 6, 7, 8);
    }

    private static long descend(int frames, long a, long b, long c, long d, long e, long f, long g, long h) {
        if (frames == 0) {
            return a;
        }
        return descend(frames - 1, b, c, d, e, f, g, h, a) + a + b + c + d + e + f + g + h;
    }
}
