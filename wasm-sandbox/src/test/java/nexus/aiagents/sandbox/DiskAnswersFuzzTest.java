package nexus.aiagents.sandbox;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A replay answers file calls out of a record, which may come from anywhere: whatever an answer is, the
/// program hears an error number or ends as a typed outcome, within its memory.
class DiskAnswersFuzzTest {
    /// What no program should ever read.
    private static final Pattern BROKEN = Pattern.compile("\\b[A-Z]\\w+(Exception|Error)\\b");

    private static final Limits LIMITS = Limits.DEFAULT
            .withFuel(1_000_000)
            .withWallTime(Duration.ofSeconds(20))
            .withMemoryBytes(4 << 20)
            .withHostCallsPerSecond(Limits.MOST_HOST_CALLS_PER_SECOND);
    private static final String[] NUMBERS = {
        "0", "1", "-1", "3", "17", "2147483647", "2147483648", "-2147483649", "9223372036854775807",
        "9223372036854775808", "1e3", "1e999", "1.5", "null", "true", "\"7\"", "[]", "{}"
    };
    private static final String[] TEXTS = {
        "\"/a\"",
        "\"\"",
        "\"/\"",
        "\"file\"",
        "\"folder\"",
        "\"link\"",
        "\"\\u0000\"",
        "\"\\ud800\"",
        "\"YWJj\"",
        "\"YQ\"",
        "\"!!\"",
        "7",
        "null",
        "[]",
        "{}",
        "\"" + "x".repeat(5_000) + "\""
    };
    private static final String[] FIELDS = {
        "handle", "type", "size", "inode", "links", "accessed", "modified", "changed", "path", "writable", "name"
    };
    private static final String[] CODES = {"not-granted", "not-found", "too-large", "bad-handle", "nonsense", ""};

    @TempDir
    static Path cache;

    static Sandbox sandbox;
    static PreparedProgram command;

    @BeforeAll
    static void open() throws Exception {
        sandbox = Sandbox.open(cache);
        command = sandbox.prepare(new Program.WasmModule("command.wasm", HostFunctionsFuzzTest.module(false)));
    }

    @AfterAll
    static void close() {
        sandbox.close();
    }

    /// Says anything about files.
    private record Liar(SplittableRandom random) implements HostCalls {
        @Override
        public HostAnswer call(HostCall call) {
            if (call instanceof HostCall.Disk.Mounts && random.nextInt(4) > 0) {
                return new HostAnswer.Ok("[{\"handle\":1,\"path\":\"/a\",\"writable\":" + random.nextBoolean()
                        + "},{\"handle\":2,\"path\":\"/b\",\"writable\":true}]");
            }
            if (random.nextInt(5) == 0) {
                return new HostAnswer.Error(pick(CODES), "no", random.nextInt(20) == 0);
            }
            return new HostAnswer.Ok(value(0));
        }

        private String pick(String[] from) {
            return from[random.nextInt(from.length)];
        }

        private String value(int depth) {
            return switch (random.nextInt(depth > 2 ? 3 : 7)) {
                case 0 -> pick(NUMBERS);
                case 1 -> pick(TEXTS);
                case 2 ->
                    random.nextInt(3) == 0 ? pick(new String[] {"", "[", "nul", "{\"a\"", "[".repeat(3_000)}) : "0";
                case 3 -> array(depth);
                default -> object(depth);
            };
        }

        private String array(int depth) {
            StringBuilder text = new StringBuilder("[");
            for (int left = random.nextInt(6); left > 0; left--) {
                text.append(text.length() == 1 ? "" : ",").append(value(depth + 1));
            }
            return text + "]";
        }

        private String object(int depth) {
            StringBuilder text = new StringBuilder("{");
            for (String field : FIELDS) {
                if (random.nextInt(4) > 0) {
                    text.append(text.length() == 1 ? "\"" : ",\"").append(field).append("\":");
                    text.append(random.nextInt(12) == 0 ? value(depth + 1) : fitting(field));
                }
            }
            return text + "}";
        }

        private String fitting(String field) {
            return switch (field) {
                case "type", "path", "name" -> pick(TEXTS);
                case "writable" -> String.valueOf(random.nextBoolean());
                default -> pick(NUMBERS);
            };
        }
    }

    private static final int[] ON_FILES = IntStream.range(
                    0, HostSurfaceForTests.functions().size())
            .filter(i -> HostSurfaceForTests.functions().get(i).name().matches("(fd|path|poll)_.*"))
            .toArray();

    private static String program(SplittableRandom random) {
        List<HostSurfaceForTests.Function> all = HostSurfaceForTests.functions();
        StringBuilder text = new StringBuilder();
        for (int left = random.nextInt(2, 14); left > 0; left--) {
            int function = ON_FILES[random.nextInt(ON_FILES.length)];
            text.append((char) (HostFunctionsFuzzTest.FIRST + function));
            for (int i = 0; i < all.get(function).parameters().length(); i++) {
                text.append((char) (HostFunctionsFuzzTest.FIRST + random.nextInt(HostFunctionsFuzzTest.VALUES)));
                text.append(
                        (char) (HostFunctionsFuzzTest.FIRST + (random.nextInt(3) == 0 ? random.nextInt(-2, 8) : 0)));
            }
        }
        return text.toString();
    }

    private static void fuzz(long seed, BooleanSupplier goOn) {
        for (long number = seed; goOn.getAsBoolean(); number++) {
            long now = number;
            SplittableRandom random = new SplittableRandom(number);
            Outcome outcome =
                    FakeHost.await(command.start(new Invocation(program(random), LIMITS, new Liar(random.split()))));
            String said = outcome instanceof Outcome.Trapped trapped ? trapped.message() : "";
            assertFalse(BROKEN.matcher(said).find(), () -> "seed " + now + ": " + outcome);
            assertTrue(outcome.usage().memoryBytes() <= LIMITS.memoryBytes(), outcome::toString);
        }
    }

    @Test
    void no_answer_about_files_breaks_who_hears_it() {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(2);
        fuzz(1, () -> System.nanoTime() < end);
    }

    @Test
    @Tag("soak")
    void no_answer_about_files_breaks_who_hears_it_for_long() {
        long end = System.nanoTime()
                + Duration.parse(System.getProperty("nexus.soak", "PT10M")).toNanos();
        fuzz(System.nanoTime(), () -> System.nanoTime() < end);
        assertTrue(System.nanoTime() >= end);
    }
}
