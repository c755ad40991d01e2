package nexus.aiagents.sandbox.internal.wasi;

import java.util.ArrayList;
import java.util.List;
import nexus.aiagents.sandbox.internal.metering.Execution;
import run.endive.runtime.HostFunction;
import run.endive.runtime.Instance;
import run.endive.wasm.types.FunctionType;
import run.endive.wasm.types.ValType;

/// Collects host functions of one module name. Signatures are written as letters: `i` for i32, `I` for i64.
public final class HostFunctions {
    private static final long[] NOTHING = {};

    private final String module;
    private final List<HostFunction> functions = new ArrayList<>();

    public HostFunctions(String module) {
        this.module = module;
    }

    @FunctionalInterface
    public interface Answering {
        long apply(Instance instance, long[] arguments);
    }

    @FunctionalInterface
    public interface Silent {
        void apply(Instance instance, long[] arguments);
    }

    public HostFunctions add(String name, String parameters, char result, Answering body) {
        functions.add(new HostFunction(
                module,
                name,
                FunctionType.of(types(parameters), types(String.valueOf(result))),
                (instance, arguments) -> {
                    Execution.enterHost();
                    return new long[] {body.apply(instance, arguments)};
                }));
        return this;
    }

    public HostFunctions addSilent(String name, String parameters, Silent body) {
        functions.add(
                new HostFunction(module, name, FunctionType.of(types(parameters), List.of()), (instance, arguments) -> {
                    Execution.enterHost();
                    body.apply(instance, arguments);
                    return NOTHING;
                }));
        return this;
    }

    public List<HostFunction> list() {
        return functions;
    }

    private static List<ValType> types(String letters) {
        List<ValType> types = new ArrayList<>();
        for (char letter : letters.toCharArray()) {
            types.add(letter == 'i' ? ValType.I32 : ValType.I64);
        }
        return types;
    }
}
