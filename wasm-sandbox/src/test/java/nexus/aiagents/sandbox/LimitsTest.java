package nexus.aiagents.sandbox;

import static nexus.aiagents.sandbox.Wasm.bytes;
import static nexus.aiagents.sandbox.Wasm.sleb;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import run.endive.runtime.Memory;

/// What a running module may use, and that it can always be stopped.
@ParameterizedClass
@EnumSource(Isolation.class)
class LimitsTest {
    @Parameter
    Isolation isolation;

    static final byte[] LOOP = bytes(0x03, 0x40, 0x0c, 0, 0x0b);

    @TempDir
    static Path cache;

    static Sandbox sandbox;

    final FakeHost host = new FakeHost();

    @BeforeAll
    static void open() {
        sandbox = Sandbox.open(cache);
    }

    @AfterAll
    static void close() {
        sandbox.close();
    }

    /// Whatever a test did: the next run of another program is as good as new.
    @AfterEach
    void the_next_run_is_healthy() throws Exception {
        assertInstanceOf(Outcome.Failed.class, run(Wasm.plugin()));
    }

    PreparedProgram prepare(byte[] module) throws ProgramRejected {
        return sandbox.prepare(new Program.WasmModule("test.wasm", module), isolation);
    }

    Outcome run(byte[] module, Limits limits) throws ProgramRejected {
        return FakeHost.await(prepare(module).start(new Invocation("{}", limits, host)));
    }

    Outcome run(byte[] module) throws ProgramRejected {
        return run(module, Limits.DEFAULT);
    }

    static Limits wall(long millis) {
        return Limits.DEFAULT.withFuel(Long.MAX_VALUE).withWallTime(Duration.ofMillis(millis));
    }

    /// Calls a host function without parameters again and again.
    static byte[] calls(String module, String name, int result) {
        Wasm wasm = new Wasm().memory(1);
        int type = wasm.type(new int[0], new int[] {result});
        int run = wasm.type(new int[0], new int[0]);
        int imported = wasm.importFunction(module, name, type);
        return wasm.export("run", wasm.function(run, 0x03, 0x40, 0x10, imported, 0x1a, 0x0c, 0, 0x0b))
                .build();
    }

    /// Else a program would be refused what it was promised.
    @Test
    void the_most_memory_is_what_the_runtime_has_but_for_a_page() {
        assertEquals((Memory.RUNTIME_MAX_PAGES + 1L) * Memory.PAGE_SIZE, Limits.MOST_MEMORY);
    }

    @Test
    void fuel_ends_a_loop_and_is_counted_the_same_each_time() throws Exception {
        Outcome first = run(Wasm.plugin(LOOP, bytes()), Limits.DEFAULT.withFuel(1_000_000));
        assertInstanceOf(Outcome.OutOfFuel.class, first);
        assertEquals(1_000_000, first.usage().fuel());

        Wasm wasm = new Wasm();
        int type = wasm.type(new int[0], new int[0]);
        byte[] thousand = bytes(0x03, 0x40, 0x20, 0, 0x41, 1, 0x6a, 0x22, 0, 0x41, sleb(1_000), 0x48, 0x0d, 0, 0x0b);
        byte[] module =
                wasm.export("run", wasm.functionWithLocals(type, 1, thousand)).build();
        long ticks = run(module).usage().fuel();
        assertTrue(ticks >= 999 && ticks < 1_100, "ticks " + ticks);
        for (int i = 0; i < 20; i++) {
            assertEquals(ticks, run(module).usage().fuel());
        }
    }

    @Test
    void wall_time_ends_a_loop() throws Exception {
        assertInstanceOf(Outcome.TimedOut.class, run(Wasm.plugin(LOOP, bytes()), wall(50)));
    }

    @Test
    void a_loop_is_cancelled_at_once() throws Exception {
        Run run = prepare(Wasm.plugin(LOOP, bytes())).start(new Invocation("{}", wall(60_000), host));
        awaitFuel(run);

        run.cancel();

        assertInstanceOf(Outcome.Cancelled.class, FakeHost.await(run));
    }

    static void awaitFuel(Run run) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (run.usage().fuel() == 0) {
            assertTrue(System.nanoTime() < deadline, "the program does not run");
            LockSupport.parkNanos(1_000_000);
        }
    }

    @Test
    void a_start_function_is_bounded_too() throws Exception {
        Wasm wasm = new Wasm();
        int type = wasm.type(new int[0], new int[0]);
        int loop = wasm.function(type, (Object) LOOP);
        byte[] module = wasm.start(loop).export("run", loop).build();

        assertInstanceOf(Outcome.TimedOut.class, run(module, wall(50)));
        assertInstanceOf(Outcome.OutOfFuel.class, run(module, Limits.DEFAULT.withFuel(1_000)));
    }

    @Test
    void a_trap_while_starting_is_a_trap() throws Exception {
        Wasm wasm = new Wasm();
        int type = wasm.type(new int[0], new int[0]);
        int trap = wasm.function(type, 0x00);

        assertInstanceOf(
                Outcome.Trapped.class, run(wasm.start(trap).export("run", trap).build()));
    }

    @Test
    void traps_say_what_happened() throws Exception {
        assertTrap("unreachable", Wasm.plugin(0x00));
        assertTrap("divide by zero", Wasm.plugin(0x41, 1, 0x41, 0, 0x6d, 0x1a));
        assertTrap("out of bounds memory access", Wasm.plugin(0x41, sleb(-4), 0x28, 2, 0, 0x1a));
        assertTrap("call stack exhausted", Wasm.plugin(0x10, 0));
        assertTrap("element", Wasm.plugin(0x41, 0, 0x11, 0, 0));
    }

    void assertTrap(String words, byte[] module) throws ProgramRejected {
        Outcome.Trapped trapped = assertInstanceOf(Outcome.Trapped.class, run(module));
        assertTrue(trapped.message().contains(words), trapped.message());
    }

    @Test
    void memory_grows_to_its_limit_and_a_program_that_wants_more_is_out_of_memory() throws Exception {
        byte[] untilRefused = bytes(0x03, 0x40, 0x41, 1, 0x40, 0, 0x41, 0x7f, 0x47, 0x0d, 0, 0x0b);
        Limits small = Limits.DEFAULT.withMemoryBytes(40 * 65_536);

        Outcome bomb = run(Wasm.plugin(untilRefused, bytes(0x00)), small);

        assertInstanceOf(Outcome.OutOfMemory.class, bomb);
        assertEquals(40 * 65_536, bomb.usage().memoryBytes());
        assertInstanceOf(Outcome.Failed.class, run(Wasm.plugin(untilRefused, bytes()), small));
    }

    @Test
    void a_module_that_begins_with_too_much_memory_is_out_of_memory() throws Exception {
        Wasm wasm = new Wasm().memory(60_000);
        int type = wasm.type(new int[0], new int[0]);

        assertInstanceOf(
                Outcome.OutOfMemory.class,
                run(wasm.export("run", wasm.function(type)).build()));
    }

    @Test
    void plugin_memory_counts_against_the_same_limit() throws Exception {
        Wasm wasm = new Wasm().memory(1);
        int type = wasm.type(new int[] {Wasm.I64}, new int[] {Wasm.I64});
        int run = wasm.type(new int[0], new int[0]);
        int alloc = wasm.importFunction("extism:host/env", "alloc", type);
        byte[] untilNull = bytes(0x03, 0x40, 0x42, sleb(1 << 20), 0x10, alloc, 0x50, 0x45, 0x0d, 0, 0x0b, 0x00);

        Outcome outcome =
                run(wasm.export("run", wasm.function(run, (Object) untilNull)).build());

        assertInstanceOf(Outcome.OutOfMemory.class, outcome);
        assertTrue(outcome.usage().memoryBytes() <= Limits.DEFAULT.memoryBytes());
    }

    @Test
    void a_table_is_capped_and_does_not_grow_into_the_next_instance() throws Exception {
        Wasm wasm = new Wasm().table(1);
        int type = wasm.type(new int[0], new int[] {Wasm.I32});
        byte[] body = bytes(
                // out: the size before, plus one if 99,999 more fit, plus one if yet another does
                0xfc,
                16,
                0,
                0xd0,
                0x70,
                0x41,
                sleb(99_999),
                0xfc,
                15,
                0,
                0x41,
                0x7f,
                0x47,
                0x6a,
                0xd0,
                0x70,
                0x41,
                1,
                0xfc,
                15,
                0,
                0x41,
                0x7f,
                0x47,
                0x6a,
                0x41,
                2,
                0x6b);
        byte[] module = wasm.export("run", wasm.function(type, (Object) body)).build();

        for (int i = 0; i < 3; i++) {
            Outcome.Failed failed = assertInstanceOf(Outcome.Failed.class, run(module));
            assertEquals("bad-output", failed.code(), failed.message());
        }
    }

    @Test
    void a_data_segment_that_was_dropped_is_back_in_the_next_instance() throws Exception {
        Wasm wasm = new Wasm().memory(1).section(12, bytes(1)).section(11, bytes(1, 1, 1, 7));
        int type = wasm.type(new int[0], new int[0]);
        byte[] body = bytes(0x41, 0, 0x41, 0, 0x41, 1, 0xfc, 8, 0, 0, 0xfc, 9, 0);
        byte[] module = wasm.export("run", wasm.function(type, (Object) body)).build();

        assertInstanceOf(Outcome.Failed.class, run(module));
        assertInstanceOf(Outcome.Failed.class, run(module));
    }

    @Test
    void recursion_into_host_functions_is_a_trap_and_leaves_the_jvm_whole() throws Exception {
        Wasm wasm = new Wasm().memory(1);
        int length = wasm.type(new int[0], new int[] {Wasm.I64});
        int run = wasm.type(new int[0], new int[0]);
        int status = wasm.importFunction("extism:host/env", "input_length", length);
        byte[] module = wasm.export("run", wasm.function(run, 0x10, status, 0x1a, 0x10, 1))
                .build();

        for (int i = 0; i < 5; i++) {
            assertInstanceOf(Outcome.Trapped.class, run(module));
        }
    }

    @Test
    void a_flood_of_host_calls_fails_the_program() throws Exception {
        Wasm wasm = new Wasm().memory(1).data(0, "now[]");
        int call = wasm.type(new int[] {Wasm.I32, Wasm.I32, Wasm.I32, Wasm.I32}, new int[] {Wasm.I32});
        int run = wasm.type(new int[0], new int[0]);
        int imported = wasm.importFunction("nexus", "call", call);
        byte[] body = bytes(0x03, 0x40, 0x41, 0, 0x41, 3, 0x41, 3, 0x41, 2, 0x10, imported, 0x1a, 0x0c, 0, 0x0b);
        byte[] module = wasm.export("run", wasm.function(run, (Object) body)).build();
        Limits few = Limits.DEFAULT
                .withFuel(Long.MAX_VALUE)
                .withWallTime(Duration.ofSeconds(60))
                .withHostCallsPerSecond(50);

        Outcome.Failed failed = assertInstanceOf(Outcome.Failed.class, run(module, few));

        assertEquals("host-call-flood", failed.code());
        assertTrue(failed.usage().hostCalls() > 50);
    }

    static byte[] calling(String kind, String argumentsJson) {
        Wasm wasm = new Wasm().memory(1).data(0, kind).data(1_000, argumentsJson);
        int call = wasm.type(new int[] {Wasm.I32, Wasm.I32, Wasm.I32, Wasm.I32}, new int[] {Wasm.I32});
        int run = wasm.type(new int[0], new int[0]);
        int imported = wasm.importFunction("nexus", "call", call);
        byte[] body = bytes(
                0x41,
                0,
                0x41,
                sleb(kind.length()),
                0x41,
                sleb(1_000),
                0x41,
                sleb(argumentsJson.length()),
                0x10,
                imported,
                0x1a);
        return wasm.export("run", wasm.function(run, (Object) body)).build();
    }

    @Test
    void a_host_that_fails_or_ends_the_run_gives_a_typed_outcome() throws Exception {
        Outcome.Failed fatal = assertInstanceOf(Outcome.Failed.class, run(calling("agent", "[\"fatal\",1]")));
        assertEquals("budget", fatal.code());
        Outcome.Failed broken = assertInstanceOf(Outcome.Failed.class, run(calling("agent", "[\"broken\",1]")));
        assertEquals("host-error", broken.code());
        assertFalse(broken.message().contains("a bug"));
    }

    @Test
    void a_program_that_waits_in_a_host_call_is_cancelled_at_once() throws Exception {
        Run run = prepare(calling("model", "[{\"prompt\":\"block\"}]")).start(new Invocation("{}", wall(60_000), host));
        assertTrue(host.blocked.await(30, TimeUnit.SECONDS));

        run.cancel();

        assertInstanceOf(Outcome.Cancelled.class, FakeHost.await(run));
    }

    @Test
    void a_program_that_waits_in_a_host_call_times_out_even_if_the_host_ignores_interrupts() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        HostCalls deaf = call -> {
            while (over.getCount() > 0) {
                try {
                    over.await();
                } catch (InterruptedException e) {
                    continue;
                }
            }
            return HostAnswer.NOTHING;
        };

        Outcome outcome = FakeHost.await(
                prepare(calling("model", "[{\"prompt\":\"x\"}]")).start(new Invocation("{}", wall(50), deaf)));

        assertInstanceOf(Outcome.TimedOut.class, outcome);
        over.countDown();
    }

    @Test
    void time_spent_suspended_does_not_count() throws Exception {
        CompletableFuture<Run> run = new CompletableFuture<>();
        CountDownLatch goOn = new CountDownLatch(1);
        HostCalls pausing = call -> {
            run.join().suspendTimeout();
            goOn.await();
            run.join().resumeTimeout();
            return HostAnswer.NOTHING;
        };
        PreparedProgram program = prepare(calling("model", "[{\"prompt\":\"x\"}]"));
        run.complete(program.start(new Invocation("{}", wall(200), pausing)));

        CompletableFuture<Outcome> outcome = run.join().outcome().toCompletableFuture();
        assertEquals(
                null,
                outcome.completeOnTimeout(null, 400, TimeUnit.MILLISECONDS).get());
        goOn.countDown();

        Outcome.Failed failed = assertInstanceOf(Outcome.Failed.class, FakeHost.await(run.join()));
        assertEquals("bad-output", failed.code());
    }

    @Test
    void a_sleeping_command_is_stopped() throws Exception {
        Wasm wasm = new Wasm().memory(1).data(24, "\u007f\u007f\u007f\u007f\u007f\u007f\u007f");
        int poll = wasm.type(new int[] {Wasm.I32, Wasm.I32, Wasm.I32, Wasm.I32}, new int[] {Wasm.I32});
        int start = wasm.type(new int[0], new int[0]);
        int imported = wasm.importFunction("wasi_snapshot_preview1", "poll_oneoff", poll);
        byte[] body = bytes(0x41, 0, 0x41, sleb(200), 0x41, 1, 0x41, sleb(300), 0x10, imported, 0x1a);

        assertInstanceOf(
                Outcome.TimedOut.class,
                run(wasm.export("_start", wasm.function(start, (Object) body)).build(), wall(50)));
    }

    @Test
    void output_and_log_are_bounded() throws Exception {
        Limits tiny = Limits.DEFAULT
                .withFuel(1_000_000_000)
                .withWallTime(Duration.ofSeconds(60))
                .withOutputBytes(10)
                .withLogBytes(25)
                .withHostCallsPerSecond(100_000);
        byte[] write = commandWriting("12345678", 1);
        Outcome.Failed failed = assertInstanceOf(Outcome.Failed.class, run(write, tiny));
        assertEquals("output-too-large", failed.code());

        assertInstanceOf(Outcome.OutOfFuel.class, run(commandWriting("1234567\n", 2), tiny.withFuel(2_000)));
        assertTrue(host.logged().size() <= 6, host.logged()::toString);
        assertTrue(host.logged().contains("the log limit of 25 bytes is reached: what follows is dropped"));
    }

    /// Writes the text to a stream again and again.
    static byte[] commandWriting(String text, int stream) {
        Wasm wasm = new Wasm()
                .memory(1)
                .data(0, "\u0010\u0000\u0000\u0000\u0008\u0000\u0000\u0000")
                .data(16, text);
        int write = wasm.type(new int[] {Wasm.I32, Wasm.I32, Wasm.I32, Wasm.I32}, new int[] {Wasm.I32});
        int start = wasm.type(new int[0], new int[0]);
        int imported = wasm.importFunction("wasi_snapshot_preview1", "fd_write", write);
        byte[] body =
                bytes(0x03, 0x40, 0x41, stream, 0x41, 0, 0x41, 1, 0x41, sleb(100), 0x10, imported, 0x1a, 0x0c, 0, 0x0b);
        return wasm.export("_start", wasm.function(start, (Object) body)).build();
    }

    @Test
    void host_functions_do_not_read_beyond_memory() throws Exception {
        Wasm wasm = new Wasm().memory(1);
        int call = wasm.type(new int[] {Wasm.I32, Wasm.I32, Wasm.I32, Wasm.I32}, new int[] {Wasm.I32});
        int run = wasm.type(new int[0], new int[0]);
        int imported = wasm.importFunction("nexus", "call", call);
        byte[] body = bytes(0x41, 0, 0x41, sleb(Integer.MAX_VALUE), 0x41, 0, 0x41, 0, 0x10, imported, 0x1a);

        assertTrap(
                "out of bounds",
                wasm.export("run", wasm.function(run, (Object) body)).build());
    }
}
