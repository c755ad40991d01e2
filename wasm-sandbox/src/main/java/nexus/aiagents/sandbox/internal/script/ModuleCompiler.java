package nexus.aiagents.sandbox.internal.script;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
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
import nexus.aiagents.sandbox.ProgramRejected;
import nexus.aiagents.sandbox.internal.metering.Execution;
import nexus.aiagents.sandbox.internal.metering.Watchdog;
import org.jspecify.annotations.Nullable;
import run.endive.runtime.TrapException;

/// Compiles the files of one program one after the other, in the sandbox that also runs them. Imports
/// must be found while compiling, so an empty module stands in for each.
final class ModuleCompiler {
    private static final int MAX_ROUNDS = 100;
    private static final int MAX_STAND_INS = 1_000;

    /// What compiling may use: QuickJS compiles untrusted text in the same sandbox it runs in.
    private static final Limits COMPILING = Limits.DEFAULT
            .withFuel(20_000_000_000L)
            .withCpuTime(Duration.ofSeconds(20))
            .withWallTime(Duration.ofMinutes(2)) // on a busy machine
            .withMemoryBytes(256L << 20)
            .withHostCallsPerSecond(1_000);

    private static final Pattern IMPORTED = Pattern.compile("(?:from|import)\\s*(['\"])([^'\"\\n]{1,300})\\1");

    private final Watchdog watchdog;
    private final Image image;
    private final Set<String> standIns;

    /// @param standIns names that can be imported beside those that are found in the source
    ModuleCompiler(Watchdog watchdog, Image image, Set<String> standIns) {
        this.watchdog = watchdog;
        this.image = image;
        this.standIns = new HashSet<>(standIns);
    }

    ModuleBytecode compile(String file, String source) throws ProgramRejected {
        return ModuleBytecode.parse(bytecode(file, source));
    }

    /// As QuickJS gives it.
    byte[] bytecode(String file, String source) throws ProgramRejected {
        rejectZero(file, source);
        Matcher imported = IMPORTED.matcher(source);
        while (imported.find() && standIns.size() < MAX_STAND_INS) {
            standIns.add(withoutDot(imported.group(2)));
        }
        for (int round = 0; round < MAX_ROUNDS; round++) {
            Attempt attempt = attempt(file, source);
            if (attempt.bytecode() != null) {
                return attempt.bytecode();
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
        if (StackGuard.isOverflow(message)) {
            return tooComplex(file, "it is nested too deeply");
        }
        ScriptErrors.Place place = ScriptErrors.syntaxError(stderr, message, source);
        return new ProgramRejected("syntax-error", "syntax error: " + message, file, place.line(), place.column());
    }

    /// Computes something on a bounded thread.
    static <T> T compute(Watchdog watchdog, String what, Function<Execution, T> body) throws ProgramRejected {
        AtomicReference<@Nullable T> result = new AtomicReference<>();
        Invocation invocation = new Invocation("null", COMPILING, _ -> HostAnswer.NOTHING);
        long stack = StackGuard.nativeBytes(COMPILING.stackBytes());
        Outcome outcome = await(Execution.start("compile " + what, invocation, watchdog, stack, execution -> {
            result.set(body.apply(execution));
            return new Outcome.Returned("null", Outcome.Usage.NONE);
        }));
        T computed = result.get();
        if (computed == null || !(outcome instanceof Outcome.Returned)) {
            throw tooComplex(what, reason(outcome));
        }
        return computed;
    }

    private static ProgramRejected tooComplex(String what, String why) {
        return new ProgramRejected("too-complex", what + " can not be compiled within the limits: " + why, what, 0, 0);
    }

    private static String reason(Outcome outcome) {
        return switch (outcome) {
            // Their stacks lie at the beginning of their memory: what goes too deep leaves it there.
            case Outcome.Trapped trapped
            when trapped.message().contains("out of bounds memory access") -> "it is nested too deeply";
            case Outcome.Trapped trapped -> trapped.message();
            case Outcome.Failed failed -> failed.message();
            case Outcome.OutOfFuel _, Outcome.TimedOut _ -> "it takes too long";
            case Outcome.OutOfMemory _ -> "it takes too much memory";
            case Outcome.Returned _, Outcome.Cancelled _, Outcome.WorkerDied _ -> "it was stopped";
        };
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
