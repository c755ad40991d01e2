package nexus.aiagents.sandbox.internal.script;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import nexus.aiagents.sandbox.Capacity;
import nexus.aiagents.sandbox.ProgramRejected;
import nexus.aiagents.sandbox.internal.metering.Watchdog;
import run.endive.runtime.TrapException;

/// Makes the state of QuickJS that the sandbox ships out of QuickJS and of the scripts of the host API.
///
/// Whoever changes one of these scripts, or takes a newer QuickJS, runs this class in the folder of the
/// module, and then the tests.
final class ScriptEngineBuild {
    private static final String TICK = "nexus:tick";

    private ScriptEngineBuild() {}

    static ScriptEngine.Shipped build() throws ProgramRejected {
        Image blank = Image.blank(QuickJs.load());
        try (Watchdog watchdog = new Watchdog(Capacity.ofThisProcess())) {
            ModuleCompiler ours =
                    new ModuleCompiler(watchdog, blank, Set.of(ScriptRuntime.PRELUDE, ScriptRuntime.PROGRAM));
            List<byte[]> api = new ArrayList<>();
            for (String each : ScriptRuntime.API) {
                String name = "nexus:" + each;
                ModuleBytecode module = ours.compile(name, ScriptRuntime.resource(each + ".js"));
                api.add(module.linked(name, itself(module.specifiers())));
            }
            byte[] start = ours.bytecode(ScriptRuntime.START, ScriptRuntime.resource("start.js"));
            byte[] tick = ours.compile(TICK, ScriptRuntime.resource("tick.js"))
                    .linked(TICK, itself(List.of(ScriptRuntime.PRELUDE)));
            Image.State loaded = ModuleCompiler.compute(watchdog, "host API", execution -> {
                ScriptMachine machine = blank.machine(execution, (_, _) -> "null", () -> 0);
                try {
                    api.forEach(machine::evaluate);
                } catch (TrapException e) {
                    throw new IllegalStateException(machine.stderr(), e);
                }
                return machine.state();
            });
            return new ScriptEngine.Shipped(loaded, start, tick);
        }
    }

    private static Map<String, String> itself(List<String> names) {
        return names.stream().distinct().collect(Collectors.toMap(name -> name, name -> name));
    }

    public static void main(String[] arguments) throws IOException, ProgramRejected {
        Path file = Path.of("src/main/resources/nexus/aiagents/sandbox/internal/script", ScriptEngine.FILE);
        try (OutputStream out = Files.newOutputStream(file)) {
            build().write(out);
        }
    }
}
