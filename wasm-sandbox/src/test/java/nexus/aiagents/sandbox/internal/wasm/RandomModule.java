package nexus.aiagents.sandbox.internal.wasm;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// A valid module of random functions that call each other, loop, jump, use memory and tables, and end
/// somehow. It knows the type of every operand, so what it makes gets past validation into compiled code.
/// What they compute shows in the exit status: each now and then mixes a number into a global.
final class RandomModule {
    private static final int I32 = RandomOperands.I32;
    private static final int I64 = RandomOperands.I64;

    private final SplittableRandom random;
    private final boolean oneNan;
    private final List<int[][]> types = new ArrayList<>();
    private final int[] functions;

    private WasmWriter out = new WasmWriter();

    private RandomModule(SplittableRandom random, boolean oneNan) {
        this.random = random;
        this.oneNan = oneNan;
        types.add(new int[][] {{}, {I32}});
        types.add(new int[][] {{}, {}});
        int mostResults = random.nextInt(8) == 0 ? 3 : 2;
        for (int i = random.nextInt(6); i > 0; i--) {
            addType(mostResults);
        }
        int functionTypes = types.size();
        for (int i = random.nextInt(4); i > 0; i--) {
            addType(5); // of blocks only
        }
        functions = new int[random.nextInt(2, 8)];
        functions[1] = 1;
        for (int i = 2; i < functions.length; i++) {
            functions[i] = random.nextInt(functionTypes);
        }
    }

    private void addType(int mostResults) {
        types.add(new int[][] {
            RandomOperands.numbers(random, random.nextInt(4)),
            RandomOperands.numbers(random, random.nextInt(mostResults))
        });
    }

    static byte[] of(SplittableRandom random) {
        return new RandomModule(random, false).module();
    }

    /// One that computes the same wherever it runs, also where a NaN that is computed has other bits.
    static byte[] withOneNan(SplittableRandom random) {
        return new RandomModule(random, true).module();
    }

    private byte[] module() {
        WasmWriter module = new WasmWriter();
        module.writeBytes(new byte[] {0, 'a', 's', 'm', 1, 0, 0, 0});
        section(module, 1, () -> {
            out.number(types.size());
            for (int[][] type : types) {
                out.write(0x60);
                out.numbers(type[0]);
                out.numbers(type[1]);
            }
        });
        section(module, 3, () -> out.numbers(functions));
        section(module, 4, () -> out.bytes(1, 0x70, 1, 8, 20));
        section(module, 5, () -> out.bytes(1, 1, 1, 4));
        section(module, 6, () -> {
            out.bytes(3, I32, 1, 0x41, 3, 0x0b);
            out.bytes(I64, 1, 0x42, 5, 0x0b);
            out.bytes(I64, 1, 0x42, 7, 0x0b);
        });
        section(module, 7, () -> out.bytes(1, 3, 'r', 'u', 'n', 0, 0));
        if (random.nextInt(8) == 0) {
            section(module, 8, () -> out.number(1));
        }
        section(module, 9, () -> {
            out.bytes(1, 0, 0x41, 0, 0x0b);
            out.number(Math.min(8, functions.length));
            for (int i = 0; i < Math.min(8, functions.length); i++) {
                out.number(i);
            }
        });
        section(module, 12, () -> out.number(1));
        section(module, 10, () -> {
            out.number(functions.length);
            for (int body = 0; body < functions.length; body++) {
                byte[] code = new RandomBody(random, oneNan, types, functions, body).code();
                out.number(code.length);
                out.writeBytes(code);
            }
        });
        section(module, 11, () -> out.bytes(1, 1, 3, 1, 2, 3));
        return module.toByteArray();
    }

    private void section(WasmWriter module, int id, Runnable content) {
        out = new WasmWriter();
        content.run();
        byte[] bytes = out.toByteArray();
        out = module;
        out.write(id);
        out.number(bytes.length);
        out.writeBytes(bytes);
    }
}
