package nexus.aiagents.sandbox;

import static nexus.aiagents.sandbox.Wasm.bytes;
import static nexus.aiagents.sandbox.Wasm.sleb;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// What plug-ins and commands can do, and how their code is kept.
@ParameterizedClass
@EnumSource(Isolation.class)
class WasmProgramTest {
    @Parameter
    Isolation isolation;

    static final int[] NONE = {};
    static final int[] FOUR = {Wasm.I32, Wasm.I32, Wasm.I32, Wasm.I32};
    static final int[] ONE = {Wasm.I32};

    @TempDir
    static Path common;

    static Sandbox shared;

    @TempDir
    Path cache;

    Sandbox sandbox = shared;
    final FakeHost host = new FakeHost();

    @BeforeAll
    static void open() {
        shared = Sandbox.open(common);
    }

    @AfterAll
    static void closeShared() {
        shared.close();
    }

    static final byte[] ENDLESS = Wasm.plugin(0x03, 0x40, 0x0c, 0, 0x0b);

    /// For tests that look into its cache, or close it. The code of these modules, which the shared one
    /// made, is already there.
    void openOwn(byte[]... modules) throws Exception {
        Path code = Files.createDirectory(cache.resolve("code"));
        for (byte[] module : modules) {
            shared.prepare(new Program.WasmModule("shared.wasm", module));
            String hash = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(module));
            Files.copy(common.resolve(hash + ".code"), code.resolve(hash + ".code"));
        }
        sandbox = Sandbox.open(code);
    }

    @AfterEach
    void close() {
        if (sandbox != shared) {
            sandbox.close();
        }
    }

    Outcome run(byte[] module, Invocation invocation) throws ProgramRejected {
        return FakeHost.await(sandbox.prepare(new Program.WasmModule("test.wasm", module), isolation)
                .start(invocation));
    }

    Outcome run(byte[] module) throws ProgramRejected {
        return run(module, new Invocation("{\"n\":1}", Limits.DEFAULT, host));
    }

    String value(byte[] module) throws ProgramRejected {
        return assertInstanceOf(Outcome.Returned.class, run(module)).outputJson();
    }

    /// A command that copies stdin to a stream and ends with a status.
    static byte[] cat(int stream, int status) {
        // 0: pointer and length of one range, 8: how many bytes were moved
        Wasm wasm = new Wasm().memory(1).data(0, "\u0020\u0000\u0000\u0000\u007f\u0000\u0000\u0000");
        int move = wasm.type(FOUR, ONE);
        int exit = wasm.type(ONE, NONE);
        int start = wasm.type(NONE, NONE);
        int read = wasm.importFunction("wasi_snapshot_preview1", "fd_read", move);
        int write = wasm.importFunction("wasi_snapshot_preview1", "fd_write", move);
        int procExit = wasm.importFunction("wasi_snapshot_preview1", "proc_exit", exit);
        byte[] body = bytes(
                bytes(0x41, 0, 0x41, 0, 0x41, 1, 0x41, 8, 0x10, read, 0x1a),
                bytes(0x41, 4, 0x41, 8, 0x28, 2, 0, 0x36, 2, 0),
                bytes(0x41, stream, 0x41, 0, 0x41, 1, 0x41, 8, 0x10, write, 0x1a),
                bytes(0x41, status, 0x10, procExit));
        return wasm.export("_start", wasm.function(start, (Object) body)).build();
    }

    @Test
    void a_command_reads_stdin_and_writes_stdout() throws Exception {
        assertEquals("{\"n\":1}", value(cat(1, 0)));
    }

    @Test
    void stderr_of_a_command_is_log_and_a_status_is_a_failure() throws Exception {
        Outcome.Failed failed = assertInstanceOf(Outcome.Failed.class, run(cat(2, 3)));

        assertEquals("exit", failed.code());
        assertEquals("exit status 3: {\"n\":1}", failed.message());
        assertEquals(List.of("{\"n\":1}"), host.logged());
    }

    @Test
    void a_command_that_writes_nothing_is_told_so() throws Exception {
        Outcome.Failed failed = assertInstanceOf(Outcome.Failed.class, run(cat(2, 0)));

        assertEquals("bad-output", failed.code());
    }

    /// A command that asks something which fills memory from 100 on, and writes that range.
    static byte[] asking(String function, int[] parameters, byte[] call, int from, int length) {
        Wasm wasm = new Wasm().memory(1).data(0, new String(new char[] {(char) from, 0, 0, 0, (char) length, 0, 0, 0}));
        int ask = wasm.type(parameters, ONE);
        int move = wasm.type(FOUR, ONE);
        int start = wasm.type(NONE, NONE);
        wasm.importFunction("wasi_snapshot_preview1", function, ask);
        int write = wasm.importFunction("wasi_snapshot_preview1", "fd_write", move);
        byte[] body = bytes(call, 0x10, 0, 0x1a, 0x41, 1, 0x41, 0, 0x41, 1, 0x41, 8, 0x10, write, 0x1a);
        return wasm.export("_start", wasm.function(start, (Object) body)).build();
    }

    @Test
    void a_command_sees_the_granted_environment() throws Exception {
        byte[] module = asking("environ_get", new int[] {Wasm.I32, Wasm.I32}, bytes(0x41, 16, 0x41, sleb(100)), 100, 5);
        // The least environment that reads like JSON: "A=1" with its quotes.
        Invocation invocation = new Invocation("{}", "{}", Map.of("\"A", "1\""), Limits.DEFAULT, host);

        assertEquals(
                "\"A=1\"",
                assertInstanceOf(Outcome.Returned.class, run(module, invocation))
                        .outputJson());
    }

    @Test
    void closing_the_sandbox_cancels_what_runs_and_nothing_starts_any_more() throws Exception {
        openOwn(cat(1, 0), ENDLESS);
        PreparedProgram program = sandbox.prepare(new Program.WasmModule("test.wasm", cat(1, 0)), isolation);
        PreparedProgram endless = sandbox.prepare(new Program.WasmModule("endless.wasm", ENDLESS), isolation);
        Run run = endless.start(new Invocation("1", Limits.DEFAULT.withFuel(Long.MAX_VALUE), host));

        sandbox.close();

        assertInstanceOf(Outcome.Cancelled.class, FakeHost.await(run));
        assertThrows(IllegalStateException.class, () -> program.start(new Invocation("1", Limits.DEFAULT, host)));
    }

    @Test
    void code_that_nobody_needed_for_a_month_is_deleted() throws Exception {
        openOwn(cat(1, 0));
        Path file = onlyFile();
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofDays(31))));

        Sandbox.open(cache.resolve("code")).close();

        assertFalse(Files.exists(file));
    }

    @Test
    void time_and_randomness_of_a_command_come_from_the_host() throws Exception {
        run(asking("random_get", new int[] {Wasm.I32, Wasm.I32}, bytes(0x41, sleb(100), 0x41, 8), 100, 8));
        run(asking(
                "clock_time_get",
                new int[] {Wasm.I32, Wasm.I64, Wasm.I32},
                bytes(0x41, 0, 0x42, 0, 0x41, sleb(100)),
                100,
                8));

        assertTrue(host.calls.contains(new HostCall.Random(8)));
        assertTrue(host.calls.contains(new HostCall.Now()));
    }

    @Test
    void a_module_that_is_no_plugin_reaches_every_host_call_by_name() throws Exception {
        String kind = "kv.put";
        String arguments = "[\"k\",{\"v\":1}]";
        Wasm wasm = new Wasm()
                .memory(1)
                .data(0, "\u0020\u0000\u0000\u0000\u000b\u0000\u0000\u0000")
                .data(100, kind)
                .data(200, arguments);
        int call = wasm.type(FOUR, ONE);
        int answer = wasm.type(ONE, NONE);
        int start = wasm.type(NONE, NONE);
        int nexusCall = wasm.importFunction("nexus", "call", call);
        int nexusAnswer = wasm.importFunction("nexus", "answer", answer);
        int write = wasm.importFunction("wasi_snapshot_preview1", "fd_write", call);
        byte[] body = bytes(
                bytes(0x41, sleb(100), 0x41, kind.length(), 0x41, sleb(200), 0x41, arguments.length()),
                bytes(0x10, nexusCall, 0x1a, 0x41, 32, 0x10, nexusAnswer),
                bytes(0x41, 1, 0x41, 0, 0x41, 1, 0x41, 8, 0x10, write, 0x1a));

        assertEquals(
                "{\"ok\":null}",
                value(wasm.export("_start", wasm.function(start, (Object) body)).build()));
        assertEquals("{\"v\":1}", host.keys.get("k"));
    }

    @Test
    void a_plugin_reaches_every_host_call_by_name() throws Exception {
        // kind and arguments go into blocks of one byte each, which no call is named after
        Wasm wasm = new Wasm();
        int alloc = wasm.type(new int[] {Wasm.I64}, new int[] {Wasm.I64});
        int call = wasm.type(new int[] {Wasm.I64, Wasm.I64}, new int[] {Wasm.I64});
        int store = wasm.type(new int[] {Wasm.I64, Wasm.I32}, NONE);
        int output = wasm.type(new int[] {Wasm.I64, Wasm.I64}, NONE);
        int run = wasm.type(NONE, ONE);
        int envAlloc = wasm.importFunction("extism:host/env", "alloc", alloc);
        int envLength = wasm.importFunction("extism:host/env", "length", alloc);
        int envStore = wasm.importFunction("extism:host/env", "store_u8", store);
        int envOutput = wasm.importFunction("extism:host/env", "output_set", output);
        int nexusCall = wasm.importFunction("extism:host/user", "nexus_call", call);
        byte[] body = bytes(
                bytes(1, 3, Wasm.I64),
                bytes(0x42, 1, 0x10, envAlloc, 0x22, 0, 0x41, sleb('x'), 0x10, envStore),
                bytes(0x42, 1, 0x10, envAlloc, 0x22, 1, 0x41, sleb('1'), 0x10, envStore),
                bytes(0x20, 0, 0x20, 1, 0x10, nexusCall, 0x22, 2, 0x20, 2, 0x10, envLength, 0x10, envOutput),
                bytes(0x41, 0, 0x0b));

        assertEquals(
                "{\"error\":{\"code\":\"bad-arguments\",\"message\":\"there is no host call 'x'\"}}",
                value(wasm.export("run", wasm.rawFunction(run, body)).build()));
    }

    @Test
    void many_runs_at_once_do_not_see_each_other() throws Exception {
        PreparedProgram program = sandbox.prepare(new Program.WasmModule("test.wasm", cat(1, 0)), isolation);

        List<Run> runs = IntStream.range(0, 200)
                .mapToObj(i -> program.start(new Invocation(Integer.toString(i), Limits.DEFAULT, host)))
                .toList();

        for (int i = 0; i < runs.size(); i++) {
            assertEquals(
                    Integer.toString(i),
                    assertInstanceOf(Outcome.Returned.class, FakeHost.await(runs.get(i)))
                            .outputJson());
        }
    }

    Path onlyFile() throws IOException {
        try (Stream<Path> files = Files.list(cache.resolve("code"))) {
            List<Path> all = files.toList();
            assertEquals(1, all.size(), all::toString);
            return all.getFirst();
        }
    }

    @Test
    void compiled_code_is_kept_and_used_again_by_the_next_process() throws Exception {
        openOwn();
        value(cat(1, 0));
        Path file = onlyFile();
        byte[] kept = Files.readAllBytes(file);

        try (Sandbox next = Sandbox.open(cache.resolve("code"))) {
            PreparedProgram program = next.prepare(new Program.WasmModule("renamed.wasm", cat(1, 0)), isolation);
            assertInstanceOf(
                    Outcome.Returned.class, FakeHost.await(program.start(new Invocation("1", Limits.DEFAULT, host))));
        }

        assertArrayEquals(kept, Files.readAllBytes(onlyFile()));
    }

    @Test
    void damaged_code_is_compiled_again() throws Exception {
        openOwn(cat(1, 0));
        // That no change anywhere goes unnoticed is a promise of the cache, which is tested there.
        byte[] good = Files.readAllBytes(onlyFile());
        byte[] bad = good.clone();
        bad[good.length / 2] ^= 1;
        Files.write(onlyFile(), bad);

        assertEquals("{\"n\":1}", value(cat(1, 0)));

        byte[] now = Files.readAllBytes(onlyFile());
        assertFalse(Arrays.equals(bad, now));
        assertTrue(now.length > 1_000);
    }

    @Test
    void a_cache_folder_that_can_not_be_written_costs_only_time() throws Exception {
        Files.writeString(cache.resolve("code"), "a file where the folder should be");
        sandbox = Sandbox.open(cache.resolve("code"));

        assertEquals("{\"n\":1}", value(cat(1, 0)));
    }
}
