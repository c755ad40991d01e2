package nexus.aiagents.sandbox.internal.wasm;

import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import nexus.aiagents.sandbox.ProgramRejected;
import nexus.aiagents.sandbox.internal.wasm.ModuleScan.Signature;

/// Where a module is entered, and how.
record Entry(Shape shape, String function, Signature signature) {
    private static final String RUN = "run";
    private static final String START = "_start";
    private static final Signature NOTHING = new Signature("", "");

    enum Shape {
        /// An Extism plug-in: input and output through the host.
        PLUGIN,
        /// A WASI preview 1 command.
        COMMAND,
        /// A function of numbers.
        FUNCTION
    }

    /// @throws ProgramRejected if it has no entry that is known by its name
    static Entry of(ModuleScan.Scanned scanned) throws ProgramRejected {
        Map<String, Signature> exports = scanned.exports();
        if (exports.containsKey(RUN)) {
            return plugin(RUN, exports.get(RUN));
        }
        if (exports.containsKey(START)) {
            return command(exports.get(START));
        }
        throw new ProgramRejected(
                "no-entry",
                "the module exports neither the function run (an Extism plug-in) nor _start (a WASI command)");
    }

    /// Any exported function. One without parameters of a module that talks to a host as plug-ins do is an
    /// entry of a plug-in.
    static Entry named(ModuleScan.Scanned scanned, String function) throws ProgramRejected {
        Signature signature = scanned.exports().get(function);
        if (signature == null) {
            throw new ProgramRejected(
                    "no-entry",
                    "the module exports no function " + function + "; it exports "
                            + (scanned.exports().isEmpty()
                                    ? "none"
                                    : String.join(
                                            ", ",
                                            new TreeSet<>(scanned.exports().keySet()))));
        }
        boolean isPlugin =
                scanned.imports().stream().anyMatch(each -> each.module().startsWith("extism:"));
        boolean fits = signature.parameters().isEmpty()
                && (signature.results().isEmpty() || signature.results().equals("i"));
        if (function.equals(START)) {
            return command(signature);
        }
        return isPlugin && fits
                ? new Entry(Shape.PLUGIN, function, signature)
                : new Entry(Shape.FUNCTION, function, signature);
    }

    private static Entry plugin(String name, Signature signature) throws ProgramRejected {
        boolean fits = signature.results().isEmpty() || signature.results().equals("i");
        if (!fits || !signature.parameters().isEmpty()) {
            throw unfit(name, " or one i32");
        }
        return new Entry(Shape.PLUGIN, name, signature);
    }

    private static Entry command(Signature signature) throws ProgramRejected {
        if (!signature.equals(NOTHING)) {
            throw unfit(START, "");
        }
        return new Entry(Shape.COMMAND, START, signature);
    }

    private static ProgramRejected unfit(String name, String more) {
        return new ProgramRejected(
                "no-entry", "the exported function " + name + " must take nothing and return nothing" + more);
    }

    /// What has to be called before the entry.
    List<String> initializers(ModuleScan.Scanned scanned) {
        return shape == Shape.COMMAND
                ? List.of()
                : Stream.of("_initialize", "__wasm_call_ctors")
                        .filter(name -> NOTHING.equals(scanned.exports().get(name)))
                        .filter(name -> !name.equals(function))
                        .limit(1)
                        .toList();
    }
}
