package nexus.aiagents.sandbox.internal.wasm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import nexus.aiagents.sandbox.Capacity;
import nexus.aiagents.sandbox.HostAnswer;
import nexus.aiagents.sandbox.Invocation;
import nexus.aiagents.sandbox.Limits;
import nexus.aiagents.sandbox.Outcome;
import nexus.aiagents.sandbox.Program.WasmModule;
import nexus.aiagents.sandbox.internal.metering.Watchdog;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Random programs end as in another engine, where there is one: V8, which Node carries.
class V8Test {
    private static final Limits LIMITS = Limits.DEFAULT
            .withFuel(2_000_000)
            .withWallTime(Duration.ofSeconds(30))
            .withMemoryBytes(1 << 20)
            .withStackBytes(Limits.LEAST_STACK);

    /// Answers each module, a line of hexadecimal digits, with a line that says how it ended.
    private static final String SCRIPT = """
            const ended = hex => {
                try {
                    const module = new WebAssembly.Module(Buffer.from(hex, 'hex'));
                    return 'returned ' + new WebAssembly.Instance(module).exports.run();
                } catch (e) {
                    return e instanceof WebAssembly.CompileError ? 'invalid ' + e.message
                        : e instanceof WebAssembly.RuntimeError ? 'trapped' : 'stack';
                }
            };
            require('readline').createInterface({input: process.stdin})
                .on('line', line => console.log(ended(line)));
            """;

    private final Watchdog watchdog = new Watchdog(Capacity.ofThisProcess());
    private Process node;
    private Writer modules;
    private BufferedReader answers;

    @BeforeEach
    void start() throws IOException {
        assumeTrue(
                Stream.of(System.getenv("PATH").split(java.io.File.pathSeparator))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "node"))),
                "`node` is not on the PATH");
        node = new ProcessBuilder("node", "-e", SCRIPT)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        modules = node.outputWriter();
        answers = node.inputReader();
    }

    @AfterEach
    void close() {
        watchdog.close();
        if (node != null) {
            node.destroyForcibly();
        }
    }

    private String inV8(byte[] module) throws IOException {
        modules.write(HexFormat.of().formatHex(module) + "\n");
        modules.flush();
        return String.valueOf(answers.readLine());
    }

    private Outcome here(byte[] module) throws Exception {
        return WasmRuntime.load(new WasmModule("random.wasm", module), ModuleCompiler.here(module), watchdog)
                .start(new Invocation("{}", LIMITS, _ -> HostAnswer.NOTHING))
                .outcome()
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS);
    }

    /// @return null where only one of both has a limit
    private static String words(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Failed failed when failed.code().equals("bad-output") -> "returned 0";
            case Outcome.Failed failed ->
                "returned " + failed.message().replaceAll("run returned (-?\\d+) and set no error", "$1");
            case Outcome.Trapped trapped when trapped.message().contains("stack") -> null;
            case Outcome.Trapped _ -> "trapped";
            case Outcome.OutOfFuel _, Outcome.OutOfMemory _ -> null;
            case Outcome.Returned _, Outcome.TimedOut _, Outcome.Cancelled _, Outcome.WorkerDied _ ->
                throw new AssertionError(outcome.toString());
        };
    }

    private int compare(long seed, BooleanSupplier goOn) throws Exception {
        int compared = 0;
        for (long number = seed; goOn.getAsBoolean(); number++) {
            // Here every NaN that is computed is the same one; there it is where the program sees to it.
            Outcome outcome = here(RandomModule.of(new SplittableRandom(number)));
            byte[] module = RandomModule.withOneNan(new SplittableRandom(number));
            String ended = words(outcome);
            if (ended != null) {
                compared++;
                long which = number;
                assertEquals(inV8(module), ended, () -> "random module " + which + ": " + outcome);
            }
        }
        return compared;
    }

    @Test
    void random_programs_end_as_in_v8() throws Exception {
        AtomicInteger left = new AtomicInteger(40);

        int compared = compare(1, () -> left.getAndDecrement() > 0);

        assertTrue(compared > 20, "compared " + compared);
    }

    @Test
    @Tag("soak")
    void so_do_very_many() throws Exception {
        int compared = compare(
                System.nanoTime(), LoaderFuzzTest.until(Duration.parse(System.getProperty("nexus.soak", "PT10M"))));

        assertTrue(compared > 1_000, "compared " + compared);
    }
}
