package nexus.aiagents.sandbox.internal.wasm;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import nexus.aiagents.sandbox.ProgramRejected;
import nexus.aiagents.sandbox.internal.wasm.ModuleScan.Signature;

/// How much work a module is for the compiler, in units of one instruction, estimated before it begins.
/// What is let through takes some seconds of the processor and half a gigabyte of heap at the very
/// most: a unit is about two hundred bytes while it is compiled. The weights are measured, each with a
/// module that has as much of one thing as it can.
final class CompileWork {
    static final long MAX = 2_500_000;

    private long units;

    private void add(long more) throws ProgramRejected {
        units += more;
        if (units > MAX) {
            throw new ProgramRejected(
                    "too-complex",
                    "the module is too much to compile: more than " + MAX
                            + " instructions, or as much in locals, branches and arguments; build it for small size"
                            + " (-Os) or split it");
        }
    }

    void instruction() throws ProgramRejected {
        add(1);
    }

    /// Each is set to zero when the function begins.
    void locals(int count) throws ProgramRejected {
        add(count / 2);
    }

    /// @param entries types of locals and operands that the JVM's verifier is told
    void frames(long entries) throws ProgramRejected {
        add(entries / 3);
    }

    void targets(int count) throws ProgramRejected {
        add(3L * count);
    }

    /// Arguments and results of a call or block.
    void values(Signature signature) throws ProgramRejected {
        add(2L * (signature.parameters().length() + signature.results().length()));
    }

    /// For each type, all functions are compared with it, and those that have it are listed.
    void indirectCalls(List<Signature> types, List<Signature> functions) throws ProgramRejected {
        add((long) types.size() * functions.size() / 16);
        Map<Signature, Integer> counts = new HashMap<>();
        functions.forEach(function -> counts.merge(function, 1, Integer::sum));
        for (Signature type : types) {
            add(4L * counts.getOrDefault(type, 0));
        }
    }
}
