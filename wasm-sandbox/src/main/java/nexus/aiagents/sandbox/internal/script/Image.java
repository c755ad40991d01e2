package nexus.aiagents.sandbox.internal.script;

import java.util.function.BinaryOperator;
import nexus.aiagents.sandbox.internal.metering.Execution;
import nexus.aiagents.sandbox.internal.metering.MeteredThread;
import org.jspecify.annotations.Nullable;
import run.endive.runtime.Instance;
import run.endive.runtime.Memory;

/// A state of QuickJS that machines begin with: blank, or as it was when the host API had been loaded,
/// which saves each run from loading it. Immutable.
record Image(QuickJs quickJs, @Nullable State state) {

    /// @param memory all of linear memory
    /// @param globals values of all globals
    /// @param guard of its stack
    record State(byte[] memory, long[] globals, StackGuard guard) {}

    static Image blank(QuickJs quickJs) {
        return new Image(quickJs, null);
    }

    /// @param host answers `java_invoke(_, kind, argumentsJson)`
    /// @param clock nanoseconds since 1970 for `Date`
    ScriptMachine machine(Execution execution, BinaryOperator<String> host, ScriptMachine.Clock clock) {
        return new ScriptMachine(this, execution, host, clock);
    }

    static State stateOf(Instance instance, StackGuard guard) {
        Memory memory = instance.memory();
        long[] globals = new long[instance.globalCount()];
        for (int i = 0; i < globals.length; i++) {
            globals[i] = instance.global(i).getValue();
        }
        return new State(memory.readBytes(0, memory.pages() * Memory.PAGE_SIZE), globals, guard);
    }

    /// @return where the guard of the stack lies, null if this image is blank
    @Nullable
    StackGuard restore(Instance instance, Execution execution) {
        if (state == null) {
            return null;
        }
        Memory memory = instance.memory();
        int missing = state.memory().length / Memory.PAGE_SIZE - memory.pages();
        if (MeteredThread.grow(missing, memory) < 0) {
            throw execution.outOfMemory();
        }
        memory.write(0, state.memory());
        for (int i = 0; i < state.globals().length; i++) {
            instance.global(i).setValue(state.globals()[i]);
        }
        return state.guard();
    }
}
