package nexus.aiagents.sandbox.internal.wasm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.jar.JarEntry;
import java.util.jar.JarInputStream;
import java.util.jar.JarOutputStream;
import nexus.aiagents.sandbox.Capacity;
import nexus.aiagents.sandbox.HostAnswer;
import nexus.aiagents.sandbox.HostCall;
import nexus.aiagents.sandbox.Invocation;
import nexus.aiagents.sandbox.LargeModule;
import nexus.aiagents.sandbox.Limits;
import nexus.aiagents.sandbox.Outcome;
import nexus.aiagents.sandbox.Program.WasmModule;
import nexus.aiagents.sandbox.ProgramRejected;
import nexus.aiagents.sandbox.internal.jit.MethodSplitter;
import nexus.aiagents.sandbox.internal.jit.Sizes;
import nexus.aiagents.sandbox.internal.metering.Watchdog;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Functions of a module that are too large for the JVM's compiler are split, and nobody can tell.
class SplitFunctionsTest {
    private static final Limits LIMITS = Limits.DEFAULT
            .withFuel(50_000)
            .withWallTime(Duration.ofSeconds(30))
            .withMemoryBytes(1 << 20)
            .withStackBytes(Limits.LEAST_STACK);

    final Watchdog watchdog = new Watchdog(Capacity.ofThisProcess());

    @AfterEach
    void close() {
        watchdog.close();
    }

    record Seen(Outcome outcome, long fuel, List<HostCall> calls) {}

    private Seen run(byte[] module, byte[] jar) throws Exception {
        List<HostCall> calls = new ArrayList<>();
        Outcome outcome = WasmRuntime.load(new WasmModule("split.wasm", module), jar, watchdog)
                .start(new Invocation("{}", LIMITS, call -> {
                    calls.add(call);
                    return HostAnswer.NOTHING;
                }))
                .outcome()
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS);
        return new Seen(withoutTime(outcome), outcome.usage().fuel(), calls);
    }

    private static Outcome withoutTime(Outcome outcome) {
        Outcome.Usage none = Outcome.Usage.NONE;
        return switch (outcome) {
            case Outcome.Returned o -> new Outcome.Returned(o.outputJson(), none);
            case Outcome.Failed o -> new Outcome.Failed(o.code(), o.message(), o.place(), none);
            case Outcome.Trapped o -> new Outcome.Trapped(o.message(), none);
            case Outcome.OutOfFuel _ -> new Outcome.OutOfFuel(none);
            case Outcome.OutOfMemory _ -> new Outcome.OutOfMemory(none);
            case Outcome.TimedOut _, Outcome.Cancelled _, Outcome.WorkerDied _ ->
                throw new AssertionError(outcome.toString());
        };
    }

    /// The same code with much smaller functions split too.
    private static byte[] splitMore(byte[] jar, Sizes sizes) throws IOException {
        ByteArrayOutputStream result = new ByteArrayOutputStream();
        try (JarInputStream in = new JarInputStream(new ByteArrayInputStream(jar));
                JarOutputStream out = new JarOutputStream(result)) {
            for (JarEntry entry = in.getNextJarEntry(); entry != null; entry = in.getNextJarEntry()) {
                byte[] bytes = in.readAllBytes();
                if (!entry.getName().contains("FuncGroup_")) {
                    out.putNextEntry(new JarEntry(entry.getName()));
                    out.write(bytes);
                    continue;
                }
                Map<String, byte[]> classes = MethodSplitter.splitWhatCanBe(bytes, sizes, () -> true);
                for (Map.Entry<String, byte[]> each : classes.entrySet()) {
                    out.putNextEntry(new JarEntry(each.getKey() + ".class"));
                    out.write(each.getValue());
                }
            }
        }
        return result.toByteArray();
    }

    /// So small that nearly everything lies in another method than what comes before it.
    private static Sizes small(SplittableRandom random) {
        return new Sizes(60, random.nextInt(20, 400), random.nextInt(300), random.nextInt(10, 200), random.nextInt(6));
    }

    /// What has been tried.
    private record Tried(int modules, int returned, int split, int putBack) {}

    private Tried check(long seed, BooleanSupplier goOn) throws Exception {
        int returned = 0;
        int split = 0;
        int putBack = 0;
        long number = seed;
        for (; goOn.getAsBoolean(); number++) {
            SplittableRandom random = new SplittableRandom(number);
            byte[] module = RandomModule.of(random);
            byte[] whole = ModuleCompiler.here(module);
            Sizes sizes = small(random);
            byte[] pieces = splitMore(whole, sizes);
            split += classes(pieces) - classes(whole);
            Seen expected = run(module, whole);
            returned += expected.outcome() instanceof Outcome.Failed ? 1 : 0;
            assertEquals(expected, run(module, pieces), "random module " + number + ", " + sizes);
            putBack += checkPutBack(module, expected, small(random), number);
        }
        return new Tried((int) (number - seed), returned, split, putBack);
    }

    /// The same with every function treated as if no method could hold it.
    private int checkPutBack(byte[] module, Seen expected, Sizes sizes, long number) throws Exception {
        byte[] jar;
        try {
            jar = CompiledCode.of(LargeFunctions.of(module, 0, 0), sizes);
        } catch (MethodSplitter.Unsplittable _) {
            return 0; // one that returns or receives several values at once
        }
        assertEquals(expected, run(module, jar), "random module " + number + ", put back, " + sizes);
        return 1;
    }

    private static int classes(byte[] jar) throws IOException {
        int classes = 0;
        try (JarInputStream in = new JarInputStream(new ByteArrayInputStream(jar))) {
            for (JarEntry entry = in.getNextJarEntry(); entry != null; entry = in.getNextJarEntry()) {
                classes++;
            }
        }
        return classes;
    }

    @Test
    void random_programs_do_the_same_whether_their_functions_are_split_or_not() throws Exception {
        Tried tried = check(1, LoaderFuzzTest.until(Duration.ofSeconds(3)));

        assertTrue(tried.split() > 0 && tried.putBack() > 0 && tried.returned() > 0, tried.toString());
    }

    @Test
    @Tag("soak")
    void so_do_very_many() throws Exception {
        Duration time = Duration.parse(System.getProperty("nexus.soak", "PT10M"));

        Tried tried = check(System.nanoTime(), LoaderFuzzTest.until(time));

        assertTrue(tried.returned() > tried.modules() / 3, tried.toString());
        assertTrue(tried.putBack() > tried.modules() / 3, tried.toString());
    }

    /// With and without anything to jump over: a hash is thousands of steps in a row.
    @Test
    void a_large_function_leaves_no_method_that_the_jvm_would_not_compile() throws Exception {
        for (int jumpAfter : new int[] {20, Integer.MAX_VALUE}) {
            byte[] module = LargeModule.of(1_500, 200, jumpAfter);

            byte[] jar = ModuleCompiler.here(module);

            assertTrue(longest(jar) <= MethodSplitter.HUGE, "a method of " + longest(jar) + " bytes");
            assertEquals(
                    LargeModule.result(1_500, 200, jumpAfter),
                    ((Outcome.Failed) run(module, jar).outcome()).message().replaceAll("[^-0-9]", ""));
        }
    }

    /// The loop of the interpreter that a program of .NET carries is three times as large as a method
    /// may be.
    @Test
    void a_function_that_no_method_of_the_jvm_can_hold_runs_too() throws Exception {
        for (int jumpAfter : new int[] {20, Integer.MAX_VALUE}) {
            byte[] module = LargeModule.of(9_000, 50, jumpAfter);

            byte[] jar = ModuleCompiler.here(module);

            assertTrue(longest(jar) <= MethodSplitter.HUGE, "a method of " + longest(jar) + " bytes");
            Seen seen = run(module, jar);
            assertEquals(
                    LargeModule.result(9_000, 50, jumpAfter),
                    ((Outcome.Failed) seen.outcome()).message().replaceAll("[^-0-9]", ""));
            assertEquals(49, seen.fuel(), "jumps back");
        }
    }

    @Test
    void one_that_takes_too_much_to_split_is_rejected() {
        byte[] module = LargeModule.of(60_000, 1, 20);

        ProgramRejected rejected = assertThrows(ProgramRejected.class, () -> ModuleCompiler.here(module));

        assertEquals("too-large", rejected.code());
    }

    /// The methods that a table leads to may all fit into the one that everything passes through.
    @Test
    void a_small_function_with_tables_that_no_method_can_hold_runs_too() throws Exception {
        for (int depth : new int[] {1, 17, 40}) {
            byte[] module = LargeModule.ofTables(2_000, depth);

            Outcome outcome = run(module, ModuleCompiler.here(module)).outcome();

            String status = ((Outcome.Failed) outcome).message().replaceAll("[^-0-9]", "");
            assertEquals(LargeModule.resultOfTables(depth), status);
        }
    }

    @Test
    void a_call_that_is_never_reached_makes_no_function_count_more_stack() throws Exception {
        byte[] module = LargeModule.neverCalling();

        Seen whole = run(module, ModuleCompiler.here(module));

        assertTrue(whole.outcome() instanceof Outcome.Trapped, whole::toString);
        assertEquals(whole, run(module, CompiledCode.of(LargeFunctions.of(module, 0, 0))));
    }

    @Test
    void a_compiler_without_the_method_inside_says_so_and_not_that_the_module_is_wrong() {
        ProgramRejected rejected = assertThrows(
                ProgramRejected.class, () -> ModuleCompiler.bounded(() -> LargeFunctions.inside(Object.class)));
        assertEquals("no-compiler", rejected.code());
        assertTrue(rejected.getMessage().contains("the compiler of WebAssembly has changed"), rejected::toString);
    }

    private static int longest(byte[] jar) throws IOException {
        int longest = 0;
        try (JarInputStream in = new JarInputStream(new ByteArrayInputStream(jar))) {
            for (JarEntry entry = in.getNextJarEntry(); entry != null; entry = in.getNextJarEntry()) {
                if (!entry.getName().endsWith(".class")) {
                    continue;
                }
                longest = ClassFile.of().parse(in.readAllBytes()).methods().stream()
                        .flatMap(method -> method.findAttribute(Attributes.code()).stream())
                        .mapToInt(code -> code.codeLength())
                        .reduce(longest, Math::max);
            }
        }
        return longest;
    }
}
