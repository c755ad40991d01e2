package nexus.aiagents.sandbox.internal.wasm;

import java.util.Locale;
import java.util.OptionalInt;
import nexus.aiagents.sandbox.internal.metering.Execution;
import run.endive.runtime.ConstantEvaluators;
import run.endive.runtime.Instance;
import run.endive.wasm.InvalidException;
import run.endive.wasm.UninstantiableException;
import run.endive.wasm.WasmModule;
import run.endive.wasm.types.ActiveDataSegment;
import run.endive.wasm.types.ActiveElement;
import run.endive.wasm.types.DataSection;
import run.endive.wasm.types.Element;
import run.endive.wasm.types.Export;
import run.endive.wasm.types.ExportSection;
import run.endive.wasm.types.MemorySection;
import run.endive.wasm.types.StartSection;

/// Makes instances of modules as the specification has it, where version 1.0.0 of the runtime does not: a
/// data segment that has been copied to memory is empty from then on, and what has no elements must
/// lie inside its table too. Both come before the start function, so that is called here.
final class Instantiation {
    private Instantiation() {}

    /// The function that a module wants called when it is instantiated.
    static OptionalInt start(WasmModule module) {
        return module.startSection().stream()
                .mapToLong(StartSection::startIndex)
                .mapToInt(Math::toIntExact)
                .findFirst();
    }

    /// The module without it.
    static WasmModule withoutStart(WasmModule module) {
        if (module.startSection().isEmpty()) {
            return module;
        }
        return WasmModule.builder()
                .setTypeSection(module.typeSection())
                .setImportSection(module.importSection())
                .setFunctionSection(module.functionSection())
                .setTableSection(module.tableSection())
                .setMemorySection(module.memorySection().orElse(null))
                .setGlobalSection(module.globalSection())
                .setExportSection(module.exportSection())
                .setElementSection(module.elementSection())
                .setCodeSection(module.codeSection())
                .setDataSection(module.dataSection())
                .setDataCountSection(module.dataCountSection().orElse(null))
                .withValidation(false) // it has been
                .withDigest(module.digest())
                .build();
    }

    /// Exports of what is not there are seen by the runtime when a program begins, not before.
    ///
    /// @param module imports functions only
    static void requireExported(WasmModule module) {
        ExportSection exports = module.exportSection();
        for (int i = 0; i < exports.exportCount(); i++) {
            Export export = exports.getExport(i);
            int count = switch (export.exportType()) {
                case FUNCTION, TAG -> Integer.MAX_VALUE; // the scan has seen to them
                case TABLE -> module.tableSection().tableCount();
                case MEMORY ->
                    module.memorySection().map(MemorySection::memoryCount).orElse(0);
                case GLOBAL -> module.globalSection().globalCount();
            };
            if (export.index() >= count) {
                throw new InvalidException(
                        "it exports " + export.exportType().name().toLowerCase(Locale.ROOT) + " " + export.index()
                                + ", which it does not have");
            }
        }
    }

    static Instance of(WasmRuntime.Compiled compiled, Execution execution) {
        Instance instance = Instance.builder(compiled.module())
                .withMachineFactory(compiled.machines())
                .withMemoryFactory(execution::newMemory)
                .withTableFactory(execution::newTable)
                .withImportValues(compiled.imports())
                .withStart(false)
                .build();
        requireInside(instance);
        dropActive(instance);
        compiled.start().ifPresent(start -> instance.getMachine().call(start, new long[0]));
        return instance;
    }

    /// The runtime reads an offset from 2^31 on as negative, which comes before every end.
    private static void requireInside(Instance instance) {
        for (Element element : instance.module().elementSection().elements()) {
            if (element instanceof ActiveElement active
                    && (int) ConstantEvaluators.computeConstantValue(instance, active.offset())[0] < 0) {
                throw new UninstantiableException("out of bounds table access");
            }
        }
    }

    private static void dropActive(Instance instance) {
        DataSection data = instance.module().dataSection();
        for (int i = 0; i < data.dataSegmentCount(); i++) {
            if (data.getDataSegment(i) instanceof ActiveDataSegment) {
                instance.dropDataSegment(i);
            }
        }
    }
}
