package nexus.aiagents.sandbox.internal.script;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import nexus.aiagents.sandbox.Outcome;
import nexus.aiagents.sandbox.internal.metering.Execution;
import nexus.aiagents.sandbox.internal.metering.Outputs;
import nexus.aiagents.sandbox.internal.wasi.GuestMemory;
import nexus.aiagents.sandbox.internal.wasi.HostFunctions;
import nexus.aiagents.sandbox.internal.wasi.Wasi;
import run.endive.runtime.HostFunction;
import run.endive.runtime.ImportValues;
import run.endive.runtime.Instance;

/// One instance of QuickJS inside one {@link Execution}; used by the thread of the run only.
final class ScriptMachine {
    private static final int ALIGNMENT = 1;
    private static final int MAX_STDERR = 64 << 10;

    private static final String TOO_LARGE = "{\"error\":{\"code\":\"too-large\",\"message\":\"one call carries at most "
            + GuestMemory.MAX_ARGUMENT + " bytes to the host; Uint8Arrays travel as Base64, a third more\"}}";

    /// The host call that ends a program.
    static final String RETURN = "return";

    private final Execution execution;
    private final Instance instance;
    private final GuestMemory memory;
    private final StackGuard guard;
    private final ByteArrayOutputStream stderr = new ByteArrayOutputStream();

    ScriptMachine(Image image, Execution execution, BinaryOperator<String> host, Clock clock) {
        this.execution = execution;
        Wasi wasi = new Wasi(new Streams(clock), List.of(), Map.of());
        ImportValues imports = ImportValues.builder()
                .addFunction(Wasi.functions(() -> wasi).toArray(HostFunction[]::new))
                .addFunction(new HostFunctions("endive")
                        .add("invoke", "iiiiii", 'i', (_, a) -> invoke(a, host))
                        .list()
                        .toArray(HostFunction[]::new))
                .build();
        instance = Instance.builder(image.quickJs().module())
                .withMachineFactory(image.quickJs().machines())
                .withMemoryFactory(execution::newMemory)
                .withTableFactory(execution::newTable)
                .withImportValues(imports)
                .build();
        memory = new GuestMemory(instance.memory());
        guard = guarded(image, execution);
        guard.arm(instance.memory(), execution.limits().stackBytes());
    }

    private StackGuard guarded(Image image, Execution execution) {
        StackGuard known = image.restore(instance, execution);
        if (known != null) {
            return known;
        }
        int stackTop = (int) instance.global(0).getValue();
        instance.export("initialize_runtime").apply();
        return StackGuard.find(instance.memory(), stackTop);
    }

    @FunctionalInterface
    interface Clock {
        long nanos();
    }

    /// Compiles one ES module.
    ///
    /// @throws run.endive.runtime.TrapException if it can not; {@link #stderr()} says why
    byte[] compile(byte[] source) {
        int pointer = put(source);
        int pair = (int) instance.export("compileSrc").apply(pointer, source.length)[0];
        return instance.memory().readBytes(memory.readInt(pair), memory.readInt(pair + 4));
    }

    /// Loads a compiled module and runs it to its end, pending jobs included.
    ///
    /// @throws run.endive.runtime.TrapException if it threw; {@link #stderr()} says what
    void evaluate(byte[] bytecode) {
        int pointer = put(bytecode);
        instance.export("eval").apply(pointer, bytecode.length, 0, 0);
    }

    /// The state it is in, for other machines to begin with.
    Image.State state() {
        return Image.stateOf(instance, guard);
    }

    /// What QuickJS and its Rust shell had to say.
    String stderr() {
        return stderr.toString(StandardCharsets.UTF_8);
    }

    private int put(byte[] bytes) {
        int pointer = (int) instance.export("cabi_realloc").apply(0, 0, ALIGNMENT, Math.max(1, bytes.length))[0];
        memory.write(pointer, bytes);
        return pointer;
    }

    private long invoke(long[] a, BinaryOperator<String> host) {
        GuestMemory guest = new GuestMemory(instance.memory());
        String kind = guest.readText((int) a[2], (int) a[3]);
        String said;
        if (kind.equals(RETURN)) {
            said = host.apply(kind, guest.readText((int) a[4], (int) a[5], outputWithin((int) a[5])));
        } else if (Integer.compareUnsigned((int) a[5], GuestMemory.MAX_ARGUMENT) > 0) {
            said = TOO_LARGE; // an error that the program can catch
        } else {
            said = host.apply(kind, guest.readText((int) a[4], (int) a[5]));
        }
        byte[] answer = said.getBytes(StandardCharsets.UTF_8);
        int text = put(answer);
        int pair = put(new byte[8]);
        guest.writeInt(pair, text);
        guest.writeInt(pair + 4, answer.length);
        return pair;
    }

    /// Of an output, which may be longer than what other calls carry.
    private int outputWithin(int bytes) {
        int most = execution.limits().outputBytes();
        if (Integer.compareUnsigned(bytes, most) > 0) {
            Outcome.Failed tooLarge = Outputs.tooLarge(Integer.toUnsignedLong(bytes), execution.limits());
            throw execution.fail(tooLarge.code(), tooLarge.message());
        }
        return most;
    }

    private final class Streams implements Wasi.World {
        private final Clock clock;

        Streams(Clock clock) {
            this.clock = clock;
        }

        @Override
        public byte[] stdin() {
            return new byte[0];
        }

        @Override
        public void stdout(byte[] bytes) {
            // Programs write through `console`, which goes to the log.
        }

        @Override
        public void stderr(byte[] bytes) {
            if (stderr.size() < MAX_STDERR) {
                stderr.writeBytes(bytes);
            }
        }

        @Override
        public long nowNanos() {
            return clock.nanos();
        }

        @Override
        public byte[] random(int length) {
            // Seeds hash tables inside QuickJS; Math.random does not come from here.
            return new byte[length];
        }

        @Override
        public void sleep(long nanos) {
            // QuickJS does not wait.
        }
    }
}
