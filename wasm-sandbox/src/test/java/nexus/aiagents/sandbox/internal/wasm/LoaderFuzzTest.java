package nexus.aiagents.sandbox.internal.wasm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import nexus.aiagents.sandbox.Capacity;
import nexus.aiagents.sandbox.HostAnswer;
import nexus.aiagents.sandbox.Invocation;
import nexus.aiagents.sandbox.Limits;
import nexus.aiagents.sandbox.Outcome;
import nexus.aiagents.sandbox.PreparedProgram;
import nexus.aiagents.sandbox.Program.WasmModule;
import nexus.aiagents.sandbox.ProgramRejected;
import nexus.aiagents.sandbox.internal.metering.Watchdog;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whatever bytes come, they are a program or are rejected with a reason, in bounded time; and whatever
/// valid program comes, it ends in a typed way, and each time in the same one after the same number of
/// ticks.
class LoaderFuzzTest {
    private static final Pattern BROKEN_HOST = Pattern.compile("\\b[A-Z]\\w+(Exception|Error)\\b");
    private static final Path REVIEWER = Path.of("../sample-projects/research-team/agents/reviewer/reviewer.wasm");
    private static final Limits LIMITS = Limits.DEFAULT
            .withFuel(50_000)
            .withWallTime(Duration.ofSeconds(30))
            .withMemoryBytes(1 << 20)
            .withStackBytes(Limits.LEAST_STACK);

    @TempDir
    Path folder;

    Watchdog watchdog;
    WasmRuntime runtime;

    @BeforeEach
    void open() {
        watchdog = new Watchdog(Capacity.ofThisProcess());
        CodeCache cache = new CodeCache(folder, CodeKey.in(folder), 0); // keeps nothing
        runtime = new WasmRuntime(cache, watchdog, ModuleCompiler::here);
    }

    @AfterEach
    void close() {
        watchdog.close();
    }

    /// @param expected how it ended before; null: not yet
    Outcome outcome(PreparedProgram program, String what) {
        Outcome outcome = program.start(new Invocation("{}", LIMITS, _ -> HostAnswer.NOTHING))
                .outcome()
                .toCompletableFuture()
                .orTimeout(60, TimeUnit.SECONDS)
                .join();
        String said = switch (outcome) {
            case Outcome.Trapped trapped -> trapped.message();
            case Outcome.Failed failed -> failed.message();
            default -> "";
        };
        assertFalse(BROKEN_HOST.matcher(said).find(), () -> outcome + " broke the host: " + what);
        return outcome;
    }

    void check(byte[] module, boolean valid, String what) {
        long began = System.nanoTime();
        try {
            PreparedProgram program = runtime.prepare(new WasmModule("fuzz.wasm", module));
            Outcome first = outcome(program, what);
            Outcome second = outcome(program, what);
            assertEquals(first.getClass(), second.getClass(), what);
            if (!(first instanceof Outcome.TimedOut)) {
                assertEquals(first.usage().fuel(), second.usage().fuel(), what);
            }
        } catch (ProgramRejected e) {
            assertFalse(valid, () -> e.getMessage() + ", but this should be valid: " + what);
            assertFalse(
                    String.valueOf(e.getMessage()).contains("can not be compiled: "),
                    () -> e.getMessage() + " broke the compiler: " + what);
            assertFalse(
                    BROKEN_HOST.matcher(String.valueOf(e.getMessage())).find(),
                    () -> e.getMessage() + " came of " + what);
        }
        assertTrue(System.nanoTime() - began < Duration.ofSeconds(60).toNanos(), what + " takes too long");
    }

    void random(long seed, BooleanSupplier goOn) {
        for (long number = seed; goOn.getAsBoolean(); number++) {
            byte[] module = RandomModule.of(new SplittableRandom(number));
            check(module, true, "random module " + number + " " + HexFormat.of().formatHex(module));
        }
    }

    void mutated(long seed, BooleanSupplier goOn) throws Exception {
        byte[] reviewer = Files.readAllBytes(REVIEWER);
        for (long number = seed; goOn.getAsBoolean(); number++) {
            SplittableRandom random = new SplittableRandom(number);
            boolean own = random.nextInt(4) > 0;
            byte[] module = mutate(own ? RandomModule.of(random) : reviewer, random);
            check(
                    module,
                    false,
                    "mutation " + number + (own ? " " + HexFormat.of().formatHex(module) : ""));
        }
    }

    static byte[] mutate(byte[] original, SplittableRandom random) {
        byte[] bytes = original.clone();
        for (int left = random.nextInt(1, 5); left > 0 && bytes.length > 10; left--) {
            int at = random.nextInt(8, bytes.length);
            switch (random.nextInt(6)) {
                case 0 -> bytes[at] = (byte) random.nextInt(256);
                case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> bytes[at] = (byte) new int[] {0, 1, 0x7f, 0x80, 0xff, 0x40, 0x0b}[random.nextInt(7)];
                case 3 -> {
                    int to = random.nextInt(at, Math.min(bytes.length, at + 20));
                    byte[] cut = Arrays.copyOf(bytes, bytes.length - (to - at));
                    System.arraycopy(bytes, to, cut, at, bytes.length - to);
                    bytes = cut;
                }
                case 4 -> {
                    int length = random.nextInt(1, Math.min(20, bytes.length - at) + 1);
                    byte[] twice = Arrays.copyOf(bytes, bytes.length + length);
                    System.arraycopy(bytes, at, twice, at + length, bytes.length - at);
                    bytes = twice;
                }
                default -> {
                    byte[] huge = {(byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x0f};
                    System.arraycopy(huge, 0, bytes, at, Math.min(5, bytes.length - at));
                }
            }
        }
        return bytes;
    }

    static BooleanSupplier until(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        return () -> System.nanoTime() < end;
    }

    @Test
    void random_valid_programs_end_in_the_same_typed_way_each_time() {
        random(1, until(Duration.ofSeconds(3)));
    }

    @Test
    void mutations_of_valid_programs_are_rejected_or_run() throws Exception {
        mutated(1, until(Duration.ofSeconds(3)));
    }

    @Test
    @Tag("soak")
    void the_same_for_long() throws Exception {
        Duration half =
                Duration.parse(System.getProperty("nexus.soak", "PT10M")).dividedBy(2);
        long seed = System.nanoTime();
        random(seed, until(half));
        mutated(seed, until(half));
    }
}
