package nexus.aiagents.sandbox.internal.script;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import nexus.aiagents.sandbox.HostAnswer;
import nexus.aiagents.sandbox.Invocation;
import nexus.aiagents.sandbox.Limits;
import nexus.aiagents.sandbox.Outcome;
import nexus.aiagents.sandbox.PreparedProgram;
import nexus.aiagents.sandbox.Program.Script;
import nexus.aiagents.sandbox.ProgramRejected;
import nexus.aiagents.sandbox.internal.metering.Execution;
import nexus.aiagents.sandbox.internal.metering.Watchdog;
import org.jspecify.annotations.Nullable;
import run.endive.runtime.TrapException;

/// Compiles JavaScript programs. Thread-safe.
public final class ScriptRuntime {
    static final String PRELUDE = "nexus:prelude";
    private static final String PROGRAM = "nexus:program";
    private static final String START = "nexus:start";

    private static final int MAX_FILES = 1_000;
    private static final int MAX_CHARACTERS = 4 << 20;
    private static final int MAX_ROUNDS = 100;

    /// What compiling may use: QuickJS compiles untrusted text in the same sandbox it runs in.
    private static final Limits COMPILING =
            new Limits(20_000_000_000L, Duration.ofSeconds(20), 256L << 20, 1 << 20, 1 << 20, 1_000);

    private static final Pattern IMPORTED = Pattern.compile("(?:from|import)\\s*(['\"])([^'\"\\n]{1,300})\\1");

    private final Watchdog watchdog;
    private final Image image;
    private final ModuleBytecode start;

    private ScriptRuntime(Watchdog watchdog, Image image, ModuleBytecode start) {
        this.watchdog = watchdog;
        this.image = image;
        this.start = start;
    }

    public static ScriptRuntime load(Watchdog watchdog) {
        QuickJs quickJs = QuickJs.load();
        Image blank = Image.blank(quickJs);
        try {
            Compilation ours = new Compilation(watchdog, blank, Set.of(PRELUDE, PROGRAM));
            byte[] prelude = ours.compile(PRELUDE, resource("prelude.js")).linked(PRELUDE, Map.of());
            ModuleBytecode start = ours.compile(START, resource("start.js"));
            Image.State loaded = compute(watchdog, "host API", execution -> {
                ScriptMachine machine = blank.machine(execution, (_, _) -> "null", () -> 0);
                machine.evaluate(prelude);
                return machine.state();
            });
            return new ScriptRuntime(watchdog, new Image(quickJs, loaded), start);
        } catch (ProgramRejected e) {
            throw new IllegalStateException("the host API does not compile: " + e.getMessage(), e);
        }
    }

    /// Computes something on a bounded thread.
    private static <T> T compute(Watchdog watchdog, String what, Function<Execution, T> body) throws ProgramRejected {
        AtomicReference<@Nullable T> result = new AtomicReference<>();
        Invocation invocation = new Invocation("null", COMPILING, _ -> HostAnswer.NOTHING);
        Outcome outcome = await(Execution.start("compile " + what, invocation, watchdog, execution -> {
            result.set(body.apply(execution));
            return new Outcome.Returned("null", Outcome.Usage.NONE);
        }));
        T computed = result.get();
        if (computed == null || !(outcome instanceof Outcome.Returned)) {
            throw new ProgramRejected(
                    "too-complex", what + " can not be compiled within the limits: " + reason(outcome), what, 0, 0);
        }
        return computed;
    }

    private static String reason(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Trapped trapped -> trapped.message();
            case Outcome.Failed failed -> failed.message();
            case Outcome.OutOfFuel _, Outcome.TimedOut _ -> "it takes too long";
            case Outcome.OutOfMemory _ -> "it takes too much memory";
            case Outcome.Returned _, Outcome.Cancelled _ -> "it was stopped";
        };
    }

    private static String resource(String name) {
        try (InputStream in = ScriptRuntime.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is missing from the sandbox");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public PreparedProgram prepare(Script script) throws ProgramRejected {
        checkSize(script);
        Map<String, String> files = script.files();
        Compilation compilation = new Compilation(watchdog, image, Set.of());
        Map<String, ModuleBytecode> compiled = new LinkedHashMap<>();
        List<String> pending = new ArrayList<>(List.of(script.entry()));
        while (!pending.isEmpty()) {
            String file = pending.removeLast();
            if (compiled.containsKey(file)) {
                continue;
            }
            ModuleBytecode module = compilation.compile(file, files.getOrDefault(file, ""));
            compiled.put(file, module);
            for (String specifier : module.specifiers()) {
                pending.add(ImportGraph.resolve(files, file, specifier));
            }
        }
        Map<String, byte[]> modules = new ImportGraph(files, compiled).order(script.entry());
        byte[] main = start.linked(START, Map.of(PRELUDE, PRELUDE, PROGRAM, script.entry()));
        List<byte[]> loadOrder = new ArrayList<>();
        loadOrder.addAll(modules.values());
        loadOrder.add(main);
        return new ScriptProgram(script.name(), watchdog, image, loadOrder, Set.copyOf(modules.keySet()));
    }

    private static void checkSize(Script script) throws ProgramRejected {
        long characters =
                script.files().values().stream().mapToLong(String::length).sum();
        if (script.files().size() > MAX_FILES || characters > MAX_CHARACTERS) {
            throw new ProgramRejected(
                    "too-large",
                    script.name() + " has " + script.files().size() + " files of " + characters
                            + " characters together; a JavaScript program may have " + MAX_FILES + " files of "
                            + MAX_CHARACTERS + " characters");
        }
        for (String file : script.files().keySet()) {
            if (file.startsWith("nexus:")) {
                throw new ProgramRejected("bad-name", "a file cannot be named " + file, file, 0, 0);
            }
        }
    }

    /// Compiles the files of one program one after the other. Imports must be found while compiling, so an
    /// empty
    /// module stands in for each.
    private record Compilation(Watchdog watchdog, Image image, Set<String> standIns) {

        Compilation(Watchdog watchdog, Image image, Set<String> standIns) {
            this.watchdog = watchdog;
            this.image = image;
            this.standIns = new HashSet<>(standIns);
        }

        ModuleBytecode compile(String file, String source) throws ProgramRejected {
            rejectZero(file, source);
            Matcher imported = IMPORTED.matcher(source);
            while (imported.find()) {
                standIns.add(withoutDot(imported.group(2)));
            }
            for (int round = 0; round < MAX_ROUNDS; round++) {
                Attempt attempt = attempt(file, source);
                if (attempt.bytecode() != null) {
                    return ModuleBytecode.parse(attempt.bytecode());
                }
                String missing = ScriptErrors.missingModule(attempt.stderr());
                if (missing == null || !standIns.add(missing)) {
                    throw syntaxError(file, source, attempt.stderr());
                }
            }
            throw new ProgramRejected("too-large", file + " imports too many modules", file, 0, 0);
        }

        private static void rejectZero(String file, String source) throws ProgramRejected {
            int at = source.indexOf('\0');
            if (at >= 0) {
                int line = 1
                        + (int) source.substring(0, at)
                                .chars()
                                .filter(c -> c == '\n')
                                .count();
                throw new ProgramRejected(
                        "syntax-error",
                        "syntax error: the file has a zero byte; is it a text?",
                        file,
                        line,
                        at - source.lastIndexOf('\n', at));
            }
        }

        /// As QuickJS sees it from a module that lies in no folder.
        private static String withoutDot(String specifier) {
            String name = specifier;
            while (name.startsWith("./")) {
                name = name.substring(2);
            }
            return name;
        }

        private record Attempt(byte @Nullable [] bytecode, String stderr) {}

        private Attempt attempt(String file, String source) throws ProgramRejected {
            return compute(watchdog, file, execution -> {
                ScriptMachine machine = image.machine(execution, (_, _) -> "null", () -> 0);
                try {
                    ModuleBytecode empty = ModuleBytecode.parse(machine.compile(new byte[0]));
                    standIns.forEach(name -> machine.evaluate(empty.linked(name, Map.of())));
                    return new Attempt(machine.compile(source.getBytes(StandardCharsets.UTF_8)), "");
                } catch (TrapException e) {
                    return new Attempt(null, machine.stderr());
                }
            });
        }

        private static ProgramRejected syntaxError(String file, String source, String stderr) {
            String message = ScriptErrors.thrown(stderr, Set.of()).message();
            ScriptErrors.Place place = ScriptErrors.syntaxError(stderr, message, source);
            return new ProgramRejected("syntax-error", "syntax error: " + message, file, place.line(), place.column());
        }
    }

    private static Outcome await(Execution execution) throws ProgramRejected {
        try {
            return execution.outcome().toCompletableFuture().get();
        } catch (InterruptedException e) {
            execution.cancel();
            Thread.currentThread().interrupt();
            throw new ProgramRejected("interrupted", "preparing the program was interrupted");
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }
}
