package nexus.aiagents.sandbox.internal.script;

import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import nexus.aiagents.sandbox.HostAnswer;
import nexus.aiagents.sandbox.HostCall;
import nexus.aiagents.sandbox.Invocation;
import nexus.aiagents.sandbox.Outcome;
import nexus.aiagents.sandbox.Outcome.Usage;
import nexus.aiagents.sandbox.PreparedProgram;
import nexus.aiagents.sandbox.Run;
import nexus.aiagents.sandbox.internal.metering.Execution;
import nexus.aiagents.sandbox.internal.metering.ProgramJson;
import nexus.aiagents.sandbox.internal.metering.Watchdog;
import nexus.aiagents.sandbox.internal.wasm.NamedCalls;
import org.jspecify.annotations.Nullable;
import run.endive.runtime.TrapException;
import run.endive.runtime.WasmRuntimeException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A compiled JavaScript program.
///
/// @param modules in the order they have to be loaded
/// @param tick goes on with the next timer
/// @param files names of the program's own files
/// @param maps of those that were not written as they run
record ScriptProgram(
        String name,
        Watchdog watchdog,
        Image image,
        List<byte[]> modules,
        byte[] tick,
        Set<String> files,
        SourceMaps maps)
        implements PreparedProgram {
    private static final JsonMapper JSON = JsonMapper.shared();

    /// QuickJS throws null when there is not even memory for an error.
    private static final Set<String> OUT_OF_MEMORY = Set.of("InternalError: out of memory", "null");

    @Override
    public Run start(Invocation invocation) {
        return Execution.start(
                name,
                invocation,
                watchdog,
                StackGuard.nativeBytes(invocation.limits().stackBytes()),
                execution -> new Session(execution, invocation).run());
    }

    private final class Session {
        private final Execution execution;
        private final Invocation invocation;
        private @Nullable Outcome result;

        /// Whether the program asked to wait for a timer.
        private boolean waits;

        Session(Execution execution, Invocation invocation) {
            this.execution = execution;
            this.invocation = invocation;
        }

        Outcome run() {
            ScriptMachine machine = image.machine(execution, this::answer, this::clock);
            try {
                for (byte[] module : modules) {
                    machine.evaluate(module);
                }
                for (waits = true; waits && result == null; ) {
                    waits = false;
                    machine.evaluate(tick);
                }
            } catch (TrapException e) {
                return whyItGaveUp(machine, e);
            } catch (WasmRuntimeException e) {
                // What does not look at its stack, such as the parser, ends where linear memory does.
                return new Outcome.Trapped("call stack exhausted", Usage.NONE);
            }
            return result != null
                    ? result
                    : failed("never-settled", "the promise that the program returned can never settle", "");
        }

        private Outcome whyItGaveUp(ScriptMachine machine, TrapException trap) {
            if (result != null) {
                return result;
            }
            if (execution.hasGrowBeenRefused()) {
                return new Outcome.OutOfMemory(Usage.NONE);
            }
            if (machine.stderr().isEmpty()) {
                throw trap;
            }
            ScriptErrors.Thrown thrown = ScriptErrors.thrown(maps.original(machine.stderr()), files);
            return failed(codeOf("error", thrown.message()), thrown.message(), thrown.place());
        }

        private long clock() {
            return switch (execution.call(new HostCall.Now())) {
                case HostAnswer.Ok ok -> NamedCalls.parsed(ok).asLong(0) * 1_000_000;
                case HostAnswer.Error error -> throw execution.fail(error.code(), error.message());
            };
        }

        private String answer(String kind, String arguments) {
            return switch (kind) {
                case "setup" -> setup();
                case "sleep" -> sleep(arguments);
                case ScriptMachine.RETURN -> end(execution.returned(arguments));
                case "fail" -> end(failure(arguments));
                case "log" -> NamedCalls.answer(execution, kind, maps.original(arguments));
                default -> NamedCalls.answer(execution, kind, arguments);
            };
        }

        private String setup() {
            ObjectNode setup = JSON.createObjectNode();
            setup.set("input", JSON.readTree(invocation.inputJson()));
            setup.set("context", JSON.readTree(invocation.contextJson()));
            // A map's own order is another one in each JVM, and `Object.keys` shows it.
            setup.set("env", JSON.valueToTree(new TreeMap<>(invocation.env())));
            return setup.toString();
        }

        /// @param arguments `[milliseconds]`
        private String sleep(String arguments) {
            long millis = Math.clamp(ProgramJson.read(arguments).path(0).asLong(0), 0, Integer.MAX_VALUE);
            waits = true;
            if (millis > 0) {
                execution.pause(millis * 1_000_000);
            }
            return "{\"ok\":null}";
        }

        private String end(Outcome outcome) {
            if (result == null) {
                result = outcome;
            }
            return "null";
        }

        private Outcome failure(String json) {
            JsonNode report;
            try {
                report = ProgramJson.read(json);
            } catch (JacksonException e) {
                return failed("error", "the program failed and could not say why", "");
            }
            String message = report.path("message").asString("");
            if (execution.hasGrowBeenRefused() && OUT_OF_MEMORY.contains(message)) {
                return new Outcome.OutOfMemory(Usage.NONE);
            }
            return failed(
                    codeOf(report.path("code").asString("error"), message),
                    message,
                    ScriptErrors.place(maps.original(report.path("stack").asString("")), files));
        }
    }

    private static String codeOf(String code, String message) {
        return code.equals("error") && StackGuard.isOverflow(message) ? "stack-overflow" : code;
    }

    private static Outcome failed(String code, String message, String place) {
        return new Outcome.Failed(code, message, place, Usage.NONE);
    }
}
