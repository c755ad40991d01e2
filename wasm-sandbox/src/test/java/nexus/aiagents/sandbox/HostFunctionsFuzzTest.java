package nexus.aiagents.sandbox;

import static nexus.aiagents.sandbox.Wasm.I32;
import static nexus.aiagents.sandbox.Wasm.I64;
import static nexus.aiagents.sandbox.Wasm.bytes;
import static nexus.aiagents.sandbox.Wasm.leb;
import static nexus.aiagents.sandbox.Wasm.sleb;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every host function is called with every kind of bad argument: beyond memory, overflowing, negative,
/// overlapping, in the middle of a character, freed. Whatever comes, the run ends in a way that names
/// what the program did and not what broke in the host.
class HostFunctionsFuzzTest {
    /// What an exception of Java would be called in a message.
    private static final Pattern BROKEN_HOST = Pattern.compile("\\b[A-Z]\\w+(Exception|Error)\\b");

    private static final int TABLE = 1_024;
    static final int VALUES = 72;
    private static final int RESULTS = 8;
    static final int FIRST = '!';
    private static final Limits LIMITS = Limits.DEFAULT
            .withFuel(1_000_000)
            .withWallTime(Duration.ofSeconds(20))
            .withMemoryBytes(4 << 20)
            .withHostCallsPerSecond(Limits.MOST_HOST_CALLS_PER_SECOND);

    @TempDir
    static Path cache;

    static Sandbox sandbox;
    static PreparedProgram plugin;
    static PreparedProgram command;

    @BeforeAll
    static void open() throws Exception {
        sandbox = Sandbox.open(cache);
        plugin = sandbox.prepare(new Program.WasmModule("plugin.wasm", module(true)));
        command = sandbox.prepare(new Program.WasmModule("command.wasm", module(false)));
    }

    @AfterAll
    static void close() {
        sandbox.close();
    }

    /// Interprets its input: a letter for the function, then two for each argument: a value out of a
    /// table and what is added to it. What a function answers goes into the table.
    static byte[] module(boolean plugin) {
        Wasm wasm = new Wasm().memory(2);
        List<HostSurfaceForTests.Function> all = HostSurfaceForTests.functions();
        int byteAt = wasm.type(new int[] {I64}, new int[] {I32});
        int none = wasm.type(new int[0], new int[0]);
        int value = wasm.type(new int[0], new int[] {I64});
        int keep = wasm.type(new int[] {I64}, new int[0]);
        List<Integer> imports = new ArrayList<>();
        for (HostSurfaceForTests.Function each : all) {
            imports.add(wasm.importFunction(
                    each.module(), each.name(), wasm.type(types(each.parameters()), types(each.results()))));
        }
        int input = wasm.importFunction("extism:host/env", "input_load_u8", byteAt);
        // globals: 0 where it reads, 1 where the next answer goes
        wasm.section(6, bytes(2, I64, 1, 0x42, 0, 0x0b, I32, 1, 0x41, 0, 0x0b));
        byte[] next = bytes(0x23, 0, 0x10, leb(input), 0x23, 0, 0x42, 1, 0x7c, 0x24, 0);
        int number = wasm.function(wasm.type(new int[0], new int[] {I32}), (Object) next);
        int argument = wasm.function(
                value,
                bytes(0x10, leb(number), 0x41, sleb(FIRST), 0x6b, 0x41, sleb(VALUES), 0x70, 0x41, 8, 0x6c),
                bytes(0x29, 3, leb(TABLE)),
                bytes(0x10, leb(number), 0x41, sleb(FIRST), 0x6b, 0xac, 0x7c));
        int answer = wasm.function(
                keep,
                bytes(0x23, 1, 0x41, 8, 0x6c, 0x20, 0, 0x37, 3, leb(TABLE)),
                bytes(0x23, 1, 0x41, 1, 0x6a, 0x41, sleb(RESULTS), 0x70, 0x24, 1));
        List<Integer> handlers = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            HostSurfaceForTests.Function each = all.get(i);
            List<Object> body = new ArrayList<>();
            for (char letter : each.parameters().toCharArray()) {
                body.add(bytes(0x10, leb(argument)));
                if (letter == 'i') {
                    body.add(0xa7);
                }
            }
            body.add(bytes(0x10, leb(imports.get(i))));
            if (each.results().equals("i")) {
                body.add(0xac);
            }
            if (!each.results().isEmpty()) {
                body.add(bytes(0x10, leb(answer)));
            }
            handlers.add(wasm.function(none, body.toArray()));
        }
        List<Object> elements = new ArrayList<>(List.of(1, 0, 0x41, 0, 0x0b, leb(handlers.size())));
        handlers.forEach(handler -> elements.add(leb(handler)));
        wasm.table(handlers.size()).section(9, bytes(elements.toArray()));
        int run = wasm.functionWithLocals(
                none,
                1,
                bytes(0x03, 0x40, 0x10, leb(number), 0x22, 0, 0x04, 0x40),
                bytes(0x20, 0, 0x41, sleb(FIRST), 0x6b, 0x41, sleb(handlers.size()), 0x70, 0x11, leb(none), 0),
                bytes(0x0c, 1, 0x0b, 0x0b));
        return wasm.section(11, data()).export(plugin ? "run" : "_start", run).build();
    }

    private static int[] types(String letters) {
        return letters.chars().map(letter -> letter == 'i' ? I32 : I64).toArray();
    }

    /// A page of texts, broken texts and ranges, and the table of values.
    private static byte[] data() {
        ByteBuffer memory = ByteBuffer.allocate(TABLE + VALUES * 8).order(ByteOrder.LITTLE_ENDIAN);
        String[] texts = {
            "now",
            "[]",
            "random",
            "[7]",
            "[-1]",
            "[1e999]",
            "kv.put",
            "[\"k\",{\"a\":[1,2]}]",
            "log",
            "[null,\"x\"]",
            "http",
            "[\"u\",\"get\",{\"h\":[]},7]",
            "model",
            "[{\"prompt\":\"x\"}]",
            "agent",
            "[\"a\"]",
            "nonsense",
            "{\"url\":\"x\",\"headers\":{\"a\":{}}}",
            "nexus.context",
            "[[[[[[[[[[",
            "\"\\ud800\"",
            "file.read",
            "[\"/x\"]",
            "emit",
            "[\"e\",{}]"
        };
        int at = 0;
        List<Long> interesting = new ArrayList<>();
        for (String text : texts) {
            memory.put(at, text.getBytes(StandardCharsets.UTF_8));
            interesting.add((long) at);
            at += text.length();
        }
        memory.put(at, new byte[] {(byte) 0xe2, (byte) 0x82, (byte) 0xf0, (byte) 0x9f, (byte) 0xff, (byte) 0xc0});
        interesting.add((long) at);
        for (int range : new int[] {0, 5, -1, 7, 131_070, 4, Integer.MIN_VALUE, Integer.MIN_VALUE, 3, -3, 900, 900}) {
            memory.putInt(at = (at + 7) & ~3, range);
        }
        interesting.add((long) at - 40);
        interesting.add((long) at - 16);
        for (long value : new long[] {
            0,
            1,
            2,
            3,
            5,
            8,
            16,
            64,
            100,
            1_024,
            4_096,
            65_535,
            65_536,
            131_064,
            131_071,
            131_072,
            131_073,
            1 << 20,
            Integer.MAX_VALUE,
            Integer.MIN_VALUE,
            0xffff_ffffL,
            0x1_0000_0000L,
            Long.MAX_VALUE,
            Long.MIN_VALUE,
            -1,
            -8
        }) {
            interesting.add(value);
        }
        for (int i = 0; i < VALUES; i++) {
            memory.putLong(TABLE + 8 * i, i < RESULTS ? 0 : interesting.get(i % interesting.size()));
        }
        assertTrue(interesting.size() <= VALUES - RESULTS, "all are there");
        return bytes(1, 0, 0x41, 0, 0x0b, leb(memory.capacity()), memory.array());
    }

    static String program(SplittableRandom random) {
        StringBuilder text = new StringBuilder();
        int functions = HostSurfaceForTests.functions().size();
        for (int left = random.nextInt(1, 12); left > 0; left--) {
            int function = random.nextInt(functions);
            text.append((char) (FIRST + function));
            for (int i = 0;
                    i
                            < HostSurfaceForTests.functions()
                                    .get(function)
                                    .parameters()
                                    .length();
                    i++) {
                text.append((char) (FIRST + random.nextInt(VALUES)));
                text.append((char) (FIRST + (random.nextInt(3) == 0 ? random.nextInt(-8, 20) : 0)));
            }
        }
        return text.toString();
    }

    void check(PreparedProgram program, String input) {
        Run run = program.start(new Invocation(input, LIMITS, new FakeHost()));
        Outcome outcome = FakeHost.await(run);
        String said = switch (outcome) {
            case Outcome.Trapped trapped -> trapped.message();
            case Outcome.Failed failed -> failed.code() + ": " + failed.message();
            default -> "";
        };
        assertFalse(BROKEN_HOST.matcher(said).find(), () -> "input " + input + " broke the host: " + outcome);
        assertTrue(outcome.usage().memoryBytes() <= LIMITS.memoryBytes(), outcome::toString);
    }

    void fuzz(long seed, BooleanSupplier goOn) {
        for (long number = seed; goOn.getAsBoolean(); number++) {
            SplittableRandom random = new SplittableRandom(number);
            check(random.nextBoolean() ? plugin : command, program(random));
        }
    }

    /// Each function with every third value in each place.
    @Test
    void no_value_in_any_place_breaks_the_host() {
        List<HostSurfaceForTests.Function> all = HostSurfaceForTests.functions();
        for (int function = 0; function < all.size(); function++) {
            int count = all.get(function).parameters().length();
            for (int place = 0; place < count; place++) {
                for (int value = (function + place) % 3; value < VALUES; value += 3) {
                    StringBuilder text = new StringBuilder().append((char) (FIRST + function));
                    for (int i = 0; i < count; i++) {
                        text.append((char) (FIRST + (i == place ? value : RESULTS + 3 * i)))
                                .append((char) FIRST);
                    }
                    check(value % 2 == 0 ? plugin : command, text.toString());
                }
            }
        }
    }

    @Test
    void no_random_calls_break_the_host() {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(3);
        fuzz(1, () -> System.nanoTime() < end);
    }

    @Test
    @Tag("soak")
    void no_random_calls_break_the_host_for_long() {
        Duration time = Duration.parse(System.getProperty("nexus.soak", "PT10M"));
        long end = System.nanoTime() + time.toNanos();
        fuzz(System.nanoTime(), () -> System.nanoTime() < end);
        assertNotNull(time);
    }
}
