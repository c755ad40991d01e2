package nexus.aiagents.sandbox;

import static nexus.aiagents.sandbox.Wasm.bytes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What all runs together may use, and time of the processor.
class CapacityTest {
    static final byte[] LOOP = bytes(0x03, 0x40, 0x0c, 0, 0x0b);

    @TempDir
    Path cache;

    Sandbox sandbox;

    final FakeHost host = new FakeHost();

    @BeforeEach
    void open() {
        sandbox = Sandbox.open(cache, new Capacity(2, 3 << 20));
    }

    @AfterEach
    void close() {
        sandbox.close();
    }

    PreparedProgram program(byte[] module) throws ProgramRejected {
        return sandbox.prepare(new Program.WasmModule("test.wasm", module));
    }

    static Limits forLong() {
        return Limits.DEFAULT.withFuel(Long.MAX_VALUE).withWallTime(Duration.ofMinutes(1));
    }

    Run start(PreparedProgram program, Limits limits) {
        return program.start(new Invocation("{}", limits, host));
    }

    static void awaitFuel(Run run) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (run.usage().fuel() == 0) {
            assertTrue(System.nanoTime() < deadline, "the program does not run");
            LockSupport.parkNanos(1_000_000);
        }
    }

    @Test
    void one_run_more_than_there_are_instances_waits_until_another_has_ended() throws Exception {
        PreparedProgram loop = program(Wasm.plugin((Object) LOOP));
        Run first = start(loop, forLong());
        Run second = start(loop, forLong());
        awaitFuel(first);
        awaitFuel(second);

        Run third = start(loop, forLong());
        Run fourth = start(loop, forLong());
        assertEquals(0, third.usage().fuel());
        assertEquals("one of the 2 runs that all programs together may have at a time", third.waitsFor());
        assertNull(first.waitsFor(), "it has begun");

        first.cancel();
        assertInstanceOf(Outcome.Cancelled.class, FakeHost.await(first));
        awaitFuel(third);
        assertEquals(0, fourth.usage().fuel(), "in order");
        for (Run run : List.of(second, third, fourth)) {
            run.cancel();
            assertInstanceOf(Outcome.Cancelled.class, FakeHost.await(run));
        }
        assertInstanceOf(Outcome.Failed.class, FakeHost.await(start(program(Wasm.plugin()), forLong())));
    }

    @Test
    void a_run_that_waits_can_be_cancelled_and_its_time_goes_by() throws Exception {
        PreparedProgram loop = program(Wasm.plugin((Object) LOOP));
        List<Run> running = new ArrayList<>(List.of(start(loop, forLong()), start(loop, forLong())));
        Run waiting = start(loop, forLong());
        Run impatient = start(loop, forLong().withWallTime(Duration.ofMillis(30)));

        assertInstanceOf(Outcome.TimedOut.class, FakeHost.await(impatient));
        Thread.currentThread().interrupt();
        waiting.cancel();
        assertTrue(Thread.interrupted(), "who cancels keeps his own interrupt");
        Outcome.Cancelled cancelled = assertInstanceOf(Outcome.Cancelled.class, FakeHost.await(waiting));
        assertEquals(0, cancelled.usage().fuel());

        running.forEach(Run::cancel);
        running.forEach(FakeHost::await);
    }

    @Test
    void closing_ends_also_what_waits() throws Exception {
        PreparedProgram loop = program(Wasm.plugin((Object) LOOP));
        List<Run> all = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            all.add(start(loop, forLong()));
        }

        sandbox.close();

        all.forEach(run -> assertInstanceOf(Outcome.Cancelled.class, FakeHost.await(run)));
    }

    @Test
    void programs_that_keep_their_own_limits_can_not_have_more_memory_together_than_there_is() throws Exception {
        byte[] twoMegabytes = bytes(0x41, 31, 0x40, 0, 0x1a);
        PreparedProgram keeps = program(Wasm.plugin(twoMegabytes, LOOP));
        Run first = start(keeps, forLong());
        awaitFuel(first);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (first.usage().memoryBytes() < 2 << 20) {
            assertTrue(System.nanoTime() < deadline);
            LockSupport.parkNanos(1_000_000);
        }

        Outcome.Failed second = assertInstanceOf(Outcome.Failed.class, FakeHost.await(start(keeps, forLong())));

        assertEquals("sandbox-full", second.code());
        assertTrue(second.message().contains("3 MB"), second.message());
        first.cancel();
        FakeHost.await(first);
        for (int i = 0; i < 5; i++) {
            Run third = start(keeps, forLong().withWallTime(Duration.ofMillis(50)));
            assertInstanceOf(Outcome.TimedOut.class, FakeHost.await(third), "what a run had is given back");
        }
    }

    @Test
    void time_of_the_processor_ends_a_loop_and_says_which_time() throws Exception {
        Limits limits = forLong().withCpuTime(Duration.ofMillis(60));

        Outcome.TimedOut outcome = assertInstanceOf(
                Outcome.TimedOut.class, FakeHost.await(start(program(Wasm.plugin((Object) LOOP)), limits)));

        assertEquals(Outcome.Clock.CPU, outcome.clock());
        assertTrue(outcome.usage().millis() >= 60, outcome::toString);
    }

    @Test
    void waiting_is_no_time_of_the_processor() throws Exception {
        Limits limits = forLong().withCpuTime(Duration.ofMillis(40)).withWallTime(Duration.ofMillis(300));
        Run run = start(program(LimitsTest.calling("model", "[{\"prompt\":\"block\"}]")), limits);
        assertTrue(host.blocked.await(30, TimeUnit.SECONDS));

        Outcome.TimedOut outcome = assertInstanceOf(Outcome.TimedOut.class, FakeHost.await(run));

        assertEquals(Outcome.Clock.WALL, outcome.clock());
    }

    @Test
    void all_tables_together_are_limited() throws Exception {
        Wasm wasm = new Wasm().section(4, bytes(2, 0x70, 0, 40, 0x70, 0, 40));
        int type = wasm.type(new int[0], new int[] {Wasm.I32});
        // -1 is what growing answers when it can not; 40 elements were there
        byte[] growth = bytes(0xd0, 0x70, 0x41, 21, 0xfc, 15, 1, 0x41, 1, 0x6a);
        byte[] module = wasm.export("run", wasm.function(type, (Object) growth)).build();

        Outcome.Failed grown = assertInstanceOf(
                Outcome.Failed.class,
                FakeHost.await(start(program(module), forLong().withTableElements(101))));
        assertTrue(grown.message().contains("run returned 41"), grown.message());
        Outcome.Failed refused = assertInstanceOf(
                Outcome.Failed.class,
                FakeHost.await(start(program(module), forLong().withTableElements(100))));
        assertEquals("bad-output", refused.code(), "run returned 0");
        Outcome.Failed neverBegun = assertInstanceOf(
                Outcome.Failed.class,
                FakeHost.await(start(program(module), forLong().withTableElements(79))));
        assertEquals("table-too-large", neverBegun.code());
        assertFalse(neverBegun.message().isEmpty());
    }
}
