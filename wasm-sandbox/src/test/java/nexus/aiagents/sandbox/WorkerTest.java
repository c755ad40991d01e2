package nexus.aiagents.sandbox;

import static nexus.aiagents.sandbox.Wasm.bytes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import nexus.aiagents.sandbox.internal.worker.WorkerPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// Programs in processes of their own, and what becomes of them when such a process ends.
class WorkerTest {
    static final Duration LONG = Duration.ofMinutes(10);
    static final byte[] LOOP = Wasm.plugin(0x03, 0x40, 0x0c, 0, 0x0b);
    static final byte[] GOOD = Wasm.plugin(0x01, 0x03, 0x40, 0x0c, 0, 0x0b);

    /// A valid module that breaks the JVM that compiles it: 5,000 operands below 5,000 blocks, each of
    /// which is a frame of 5,000 entries in the class file.
    static final byte[] ABORTS = Wasm.plugin(bytes(
            Wasm.repeat(5_000, 0x41, 0),
            Wasm.repeat(5_000, 0x02, 0x40, 0x41, 0, 0x0d, 0, 0x0b),
            Wasm.repeat(5_000, 0x1a)));

    record Death(long pid, boolean wanted, String why, int runs) {}

    /// Compiled once for all.
    @TempDir
    static Path kept;

    Path cache = kept;

    final FakeHost host = new FakeHost();
    final BlockingQueue<Long> births = new LinkedBlockingQueue<>();
    final BlockingQueue<Death> deaths = new LinkedBlockingQueue<>();
    final BlockingQueue<String> quarantined = new LinkedBlockingQueue<>();
    final WorkerListener listener = new WorkerListener() {
        @Override
        public void started(long pid, Purpose purpose) {
            births.add(pid);
        }

        @Override
        public void ended(long pid, Purpose purpose, boolean wanted, String why, int runs) {
            deaths.add(new Death(pid, wanted, why, runs));
        }

        @Override
        public void quarantined(String program, String why) {
            quarantined.add(program);
        }
    };
    Sandbox sandbox;

    Sandbox open(int most, int runsEach, Duration idle) {
        sandbox = Sandbox.open(
                cache, Capacity.ofThisProcess(), new WorkerOptions(most, runsEach, 256 << 20, idle), listener);
        return sandbox;
    }

    @AfterEach
    void close() {
        if (sandbox != null) {
            sandbox.close();
        }
        for (long pid : births) {
            assertFalse(isAlive(pid), "a worker is left");
        }
    }

    static boolean isAlive(long pid) {
        return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
    }

    Run endless(PreparedProgram program) {
        Run run = program.start(new Invocation(
                "{}", Limits.DEFAULT.withFuel(Long.MAX_VALUE).withWallTime(LONG).withCpuTime(LONG), host));
        LimitsTest.awaitFuel(run);
        return run;
    }

    PreparedProgram loop() throws ProgramRejected {
        return sandbox.prepare(new Program.WasmModule("loop.wasm", LOOP), Isolation.PROCESS);
    }

    static void kill(Run run) {
        ProcessHandle.of(run.workerPid().orElseThrow()).orElseThrow().destroyForcibly();
    }

    @Test
    void a_worker_that_is_killed_is_the_end_of_its_runs_and_of_nothing_else() throws Exception {
        open(2, 1, LONG);
        PreparedProgram program = loop();
        Run killed = endless(program);
        Run other = endless(program);
        assertNotEquals(killed.workerPid(), other.workerPid());

        kill(killed);

        Outcome.WorkerDied died = assertInstanceOf(Outcome.WorkerDied.class, FakeHost.await(killed));
        assertTrue(died.message().contains(killed.workerPid().getAsLong() + ""), died.message());
        if (OS.current() == OS.LINUX) {
            assertTrue(died.message().contains("killed (signal 9)"), died.message());
        }
        assertTrue(died.usage().fuel() > 0, "what was last heard of it");
        Run again = endless(program);
        assertNotEquals(killed.workerPid(), again.workerPid());
        for (Run run : List.of(other, again)) {
            run.cancel();
            assertInstanceOf(Outcome.Cancelled.class, FakeHost.await(run));
        }
    }

    @Test
    void whoever_listens_hears_of_every_start_and_end(@TempDir Path fresh) throws Exception {
        cache = fresh;
        open(1, 8, LONG);
        Run run = endless(loop());
        assertEquals(2, births.size(), "one compiles, one runs");

        kill(run);
        FakeHost.await(run);

        Death death = deaths.poll(30, TimeUnit.SECONDS);
        assertEquals(run.workerPid().getAsLong(), death.pid());
        assertFalse(death.wanted());
        assertEquals(1, death.runs());
        sandbox.close();
        Death last = deaths.poll(30, TimeUnit.SECONDS);
        assertTrue(last.wanted());
        assertEquals("the sandbox is closed", last.why());
    }

    @Test
    void all_runs_of_a_worker_end_with_it() throws Exception {
        open(1, 1, LONG);
        PreparedProgram program = loop();
        List<Run> runs = List.of(endless(program), endless(program), endless(program));

        kill(runs.getFirst());

        for (Run run : runs) {
            assertEquals(runs.getFirst().workerPid(), run.workerPid());
            assertInstanceOf(Outcome.WorkerDied.class, FakeHost.await(run));
        }
    }

    @Test
    void a_program_that_ends_one_worker_after_the_other_is_not_run_any_more_and_others_are() throws Exception {
        open(1, 8, LONG);
        PreparedProgram killer = loop();
        PreparedProgram good = sandbox.prepare(new Program.WasmModule("good.wasm", GOOD), Isolation.PROCESS);
        Run neighbour = endless(good);
        Run first = endless(killer);
        assertEquals(neighbour.workerPid(), first.workerPid());
        kill(first);
        assertInstanceOf(Outcome.WorkerDied.class, FakeHost.await(first));
        assertInstanceOf(Outcome.WorkerDied.class, FakeHost.await(neighbour));

        Run again = endless(good);
        for (int i = 0; i < 3; i++) {
            Run suspect = endless(killer);
            assertNotEquals(again.workerPid(), suspect.workerPid(), "in a worker of its own");
            assertTrue(quarantined.isEmpty());
            kill(suspect);
            assertInstanceOf(Outcome.WorkerDied.class, FakeHost.await(suspect));
        }

        assertEquals("loop.wasm", quarantined.poll(30, TimeUnit.SECONDS));
        Outcome.Failed refused = assertInstanceOf(
                Outcome.Failed.class, FakeHost.await(killer.start(new Invocation("{}", Limits.DEFAULT, host))));
        assertEquals("quarantined", refused.code());
        assertEquals(
                "quarantined", assertThrows(ProgramRejected.class, this::loop).code(), "also who prepares it anew");
        assertFalse(sandbox.pardon("good.wasm"), "it was not refused");
        assertTrue(sandbox.pardon("loop.wasm"));
        assertFalse(sandbox.pardon("loop.wasm"), "once");
        for (int i = 0; i < 3; i++) {
            Run pardoned = endless(killer);
            assertNotEquals(again.workerPid(), pardoned.workerPid(), "it is not trusted, only tried");
            kill(pardoned);
            assertInstanceOf(Outcome.WorkerDied.class, FakeHost.await(pardoned));
        }
        assertEquals(
                "quarantined", assertThrows(ProgramRejected.class, this::loop).code());
        again.cancel();
        assertInstanceOf(Outcome.Cancelled.class, FakeHost.await(again), "nobody took it along");
    }

    @Test
    void a_worker_that_dies_while_the_host_answers_it_frees_the_host() throws Exception {
        open(1, 1, LONG);
        PreparedProgram program = sandbox.prepare(
                new Program.WasmModule("ask.wasm", LimitsTest.calling("model", "[{\"prompt\":\"block\"}]")),
                Isolation.PROCESS);
        Run run = program.start(new Invocation("{}", Limits.DEFAULT, host));
        assertTrue(host.blocked.await(60, TimeUnit.SECONDS));

        kill(run);

        assertInstanceOf(Outcome.WorkerDied.class, FakeHost.await(run));
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void a_run_in_a_worker_that_hangs_can_be_cancelled() throws Exception {
        open(1, 1, LONG);
        Run run = endless(loop());
        String pid = Long.toString(run.workerPid().orElseThrow());
        assertEquals(0, new ProcessBuilder("kill", "-STOP", pid).start().waitFor());

        run.cancel();

        assertInstanceOf(Outcome.Cancelled.class, FakeHost.await(run));
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void ctrl_c_in_the_terminal_of_the_app_ends_no_worker() throws Exception {
        open(1, 1, LONG);
        Run run = endless(loop());
        String pid = Long.toString(run.workerPid().orElseThrow());
        assertEquals(0, new ProcessBuilder("kill", "-INT", pid).start().waitFor());
        long before = run.usage().fuel();

        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (run.usage().fuel() == before && deaths.isEmpty() && System.nanoTime() < deadline) {
            LockSupport.parkNanos(1_000_000);
        }

        assertTrue(run.usage().fuel() > before, "it goes on");
        run.cancel();
        assertInstanceOf(Outcome.Cancelled.class, FakeHost.await(run));
    }

    @Test
    void a_worker_that_nobody_needs_ends() throws Exception {
        open(1, 1, Duration.ofMillis(1));
        PreparedProgram program =
                sandbox.prepare(new Program.WasmModule("cat.wasm", WasmProgramTest.cat(1, 0)), Isolation.PROCESS);
        assertInstanceOf(
                Outcome.Returned.class, FakeHost.await(program.start(new Invocation("1", Limits.DEFAULT, host))));

        Death death = deaths.poll(60, TimeUnit.SECONDS);

        assertTrue(death.wanted());
        assertEquals("it was idle", death.why());
        assertInstanceOf(
                Outcome.Returned.class,
                FakeHost.await(program.start(new Invocation("1", Limits.DEFAULT, host))),
                "the next run starts another");
    }

    @Test
    void programs_that_keep_their_own_limits_can_not_take_the_heap_of_a_worker_from_each_other() throws Exception {
        open(1, 8, LONG);
        byte[] grows = Wasm.plugin(bytes(0x41, Wasm.sleb(1_500), 0x40, 0, 0x1a), bytes(0x03, 0x40, 0x0c, 0, 0x0b));
        PreparedProgram hungry = sandbox.prepare(new Program.WasmModule("hungry.wasm", grows), Isolation.PROCESS);
        Limits limits =
                Limits.DEFAULT.withFuel(Long.MAX_VALUE).withWallTime(LONG).withMemoryBytes(100 << 20);
        Run first = hungry.start(new Invocation("{}", limits, host));
        LimitsTest.awaitFuel(first);

        Outcome.Failed second = assertInstanceOf(
                Outcome.Failed.class, FakeHost.await(hungry.start(new Invocation("{}", limits, host))));

        assertEquals("sandbox-full", second.code());
        first.cancel();
        assertInstanceOf(Outcome.Cancelled.class, FakeHost.await(first));
        assertTrue(deaths.isEmpty());
    }

    @Test
    void a_host_that_is_interrupted_by_itself_fails_the_run_and_does_not_hang_it() throws Exception {
        open(1, 1, LONG);
        PreparedProgram program =
                sandbox.prepare(new Program.WasmModule("ask.wasm", LimitsTest.calling("now", "[]")), Isolation.PROCESS);

        Outcome.Failed failed = assertInstanceOf(
                Outcome.Failed.class, FakeHost.await(program.start(new Invocation("{}", Limits.DEFAULT, _ -> {
                    throw new InterruptedException();
                }))));

        assertEquals("host-error", failed.code());
    }

    @Test
    void a_module_that_aborts_the_jvm_when_it_is_compiled_aborts_a_worker_and_is_rejected() throws Exception {
        try (WorkerPool unscanned = new WorkerPool(WorkerOptions.DEFAULT, listener)) {
            ProgramRejected rejected = assertThrows(ProgramRejected.class, () -> unscanned.compile(ABORTS));

            assertEquals("compiler-died", rejected.code());
            assertTrue(rejected.getMessage().contains("Requested size too large"), rejected.getMessage());
            assertTrue(unscanned.compile(LOOP).length > 0, "the next module is compiled");
            assertEquals(2, births.size());
        }
    }

    @Test
    void a_module_that_the_compiler_refuses_is_rejected_as_in_this_process() throws Exception {
        open(1, 1, LONG);
        byte[] untyped = Wasm.plugin(bytes(0x41, 0, 0x50, 0x1a));
        for (Isolation isolation : Isolation.values()) {
            ProgramRejected rejected = assertThrows(
                    ProgramRejected.class,
                    () -> sandbox.prepare(new Program.WasmModule("untyped.wasm", untyped), isolation));
            assertEquals("invalid", rejected.code());
        }
    }

    @Test
    void nothing_is_counted_differently_in_a_worker() throws Exception {
        open(1, 8, LONG);
        String script = """
                export default async (input, nexus) => {
                  let sum = 0;
                  for (let i = 0; i < input.n; i++) sum += i % 7;
                  nexus.log('sum ' + sum);
                  const later = await nexus.model('x');
                  return {sum, text: later.text, now: nexus.now()};
                }""";
        Program program = new Program.Script("agent", "main.js", Map.of("main.js", script));
        FakeHost other = new FakeHost();

        Outcome.Returned here = assertInstanceOf(
                Outcome.Returned.class,
                FakeHost.await(sandbox.prepare(program, Isolation.THREAD)
                        .start(new Invocation("{\"n\":5000}", Limits.DEFAULT, host))));
        Outcome.Returned there = assertInstanceOf(
                Outcome.Returned.class,
                FakeHost.await(sandbox.prepare(program, Isolation.PROCESS)
                        .start(new Invocation("{\"n\":5000}", Limits.DEFAULT, other))));

        assertEquals(here.outputJson(), there.outputJson());
        assertEquals(here.usage().fuel(), there.usage().fuel());
        assertEquals(here.usage().memoryBytes(), there.usage().memoryBytes());
        assertEquals(here.usage().hostCalls(), there.usage().hostCalls());
        assertEquals(host.calls, other.calls);
    }

    @Test
    void typescript_and_timers_work_in_a_worker() throws Exception {
        open(1, 1, LONG);
        PreparedProgram program =
                sandbox.prepare(new Program.Script("agent", "main.ts", Map.of("main.ts", """
                        enum Answer { Right = 42 }
                        export default async (input: { n: number }): Promise<number> => {
                          await new Promise<void>((resolve) => setTimeout(resolve, 5));
                          return input.n + Answer.Right;
                        };
                        """)), Isolation.PROCESS);

        Outcome outcome = FakeHost.await(program.start(new Invocation("{\"n\":1}", Limits.DEFAULT, host)));

        assertEquals(
                "43",
                assertInstanceOf(Outcome.Returned.class, outcome, outcome::toString)
                        .outputJson());
    }

    @Test
    void half_a_surrogate_pair_arrives_as_it_was_sent() throws Exception {
        open(1, 1, LONG);
        PreparedProgram program = sandbox.prepare(
                new Program.Script(
                        "agent", "main.js", Map.of("main.js", "export default (i, n) => n.log('\\ud83e|ä')")),
                Isolation.PROCESS);
        FakeHost.await(program.start(new Invocation("1", Limits.DEFAULT, host)));
        FakeHost here = new FakeHost();
        FakeHost.await(sandbox.prepare(
                        new Program.Script(
                                "agent", "main.js", Map.of("main.js", "export default (i, n) => n.log('\\ud83e|ä')")),
                        Isolation.THREAD)
                .start(new Invocation("1", Limits.DEFAULT, here)));

        assertEquals(here.logged(), host.logged());
    }

    @Test
    void a_worker_ends_when_the_process_that_started_it_is_killed(@TempDir Path fresh) throws Exception {
        Process app = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        OrphanMaker.class.getName(),
                        fresh.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<Long> workers;
        try (BufferedReader out = app.inputReader(StandardCharsets.UTF_8)) {
            workers = List.of(out.readLine().split(" ")).stream()
                    .map(Long::parseLong)
                    .toList();
            assertEquals(2, workers.size(), "one compiles, one runs");
            workers.forEach(pid -> assertTrue(isAlive(pid)));
        } finally {
            app.destroyForcibly();
        }

        for (long pid : workers) {
            ProcessHandle.of(pid)
                    .ifPresent(worker ->
                            worker.onExit().orTimeout(30, TimeUnit.SECONDS).join());
            assertFalse(isAlive(pid));
        }
    }

    /// An app with a program that computes for ever in a worker. Prints the ids of its workers.
    static final class OrphanMaker {
        private OrphanMaker() {}

        public static void main(String[] args) throws Exception {
            BlockingQueue<Long> births = new LinkedBlockingQueue<>();
            WorkerListener listener = new WorkerListener() {
                @Override
                public void started(long pid, Purpose purpose) {
                    births.add(pid);
                }

                @Override
                public void ended(long pid, Purpose purpose, boolean wanted, String why, int runs) {
                    throw new AssertionError(why);
                }
            };
            Sandbox sandbox =
                    Sandbox.open(new File(args[0]).toPath(), Capacity.ofThisProcess(), WorkerOptions.DEFAULT, listener);
            Run run = sandbox.prepare(new Program.WasmModule("loop.wasm", LOOP), Isolation.PROCESS)
                    .start(new Invocation(
                            "{}", Limits.DEFAULT.withFuel(Long.MAX_VALUE).withWallTime(LONG), new FakeHost()));
            LimitsTest.awaitFuel(run);
            System.out.println(births.take() + " " + births.take());
            run.outcome().toCompletableFuture().join();
        }
    }
}
