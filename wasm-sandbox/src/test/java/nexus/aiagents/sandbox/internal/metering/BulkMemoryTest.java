package nexus.aiagents.sandbox.internal.metering;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import nexus.aiagents.sandbox.Capacity;
import nexus.aiagents.sandbox.Limits;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import run.endive.runtime.ByteArrayMemory;
import run.endive.runtime.Memory;
import run.endive.wasm.types.MemoryLimits;

class BulkMemoryTest {
    private static final int PAGES = 80;
    private static final int BYTES = PAGES * Memory.PAGE_SIZE;

    final Memory memory = new ByteArrayMemory(new MemoryLimits(PAGES, PAGES));

    /// @return what it threw
    static @Nullable Throwable run(Limits limits, Runnable work) throws InterruptedException {
        AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();
        MeteredThread thread = new MeteredThread(work, "test", 1 << 20, limits, new Rooms(Capacity.ofThisProcess()));
        thread.setUncaughtExceptionHandler((_, e) -> thrown.set(e));
        thread.start();
        thread.join();
        return thrown.get();
    }

    @Test
    void pieces_come_to_the_same_as_the_whole_also_where_ranges_overlap() throws Exception {
        SplittableRandom random = new SplittableRandom(7);
        byte[] expected = new byte[BYTES];
        random.nextBytes(expected);
        memory.write(0, expected);
        for (int i = 0; i < 60; i++) {
            int size = random.nextInt(3 * BulkMemory.PIECE);
            int from = random.nextInt(BYTES - size);
            int near = Math.clamp(from + random.nextInt(-2_000_000, 2_000_000), 0, BYTES - size);
            byte value = (byte) i;
            boolean copy = i % 3 > 0;
            assertNull(run(Limits.DEFAULT, () -> {
                if (copy) {
                    BulkMemory.copy(near, from, size, memory);
                } else {
                    BulkMemory.fill(from, value, size / 8, memory);
                }
            }));
            if (copy) {
                System.arraycopy(expected, from, expected, near, size);
            } else {
                Arrays.fill(expected, from, from + size / 8, value);
            }
            assertArrayEquals(expected, memory.readBytes(0, BYTES));
        }
    }

    @Test
    void what_reaches_beyond_memory_writes_nothing() throws Exception {
        for (int size : new int[] {BYTES, 2 * BulkMemory.PIECE, Integer.MAX_VALUE, -1, Integer.MIN_VALUE}) {
            Throwable fill = run(Limits.DEFAULT, () -> BulkMemory.fill(BYTES - 100, (byte) 1, size, memory));
            assertInstanceOf(RuntimeException.class, fill, "fill " + size);
            Throwable to = run(Limits.DEFAULT, () -> BulkMemory.copy(BYTES - 100, 0, size, memory));
            assertInstanceOf(RuntimeException.class, to, "copy to " + size);
            Throwable from = run(Limits.DEFAULT, () -> BulkMemory.copy(0, BYTES - 100, size, memory));
            assertInstanceOf(RuntimeException.class, from, "copy from " + size);
        }
        assertArrayEquals(new byte[BYTES], memory.readBytes(0, BYTES));
    }

    @Test
    void without_fuel_for_all_of_it_nothing_is_moved() throws Exception {
        Limits little = Limits.DEFAULT.withFuel((4 << 20) / 64 - 1);

        assertInstanceOf(ProgramStopped.class, run(little, () -> BulkMemory.fill(0, (byte) 1, 4 << 20, memory)));

        assertArrayEquals(new byte[BYTES], memory.readBytes(0, BYTES));
    }
}
