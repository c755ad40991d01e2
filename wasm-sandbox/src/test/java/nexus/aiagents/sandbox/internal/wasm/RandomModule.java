package nexus.aiagents.sandbox.internal.wasm;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/// A valid module of random functions that call each other, loop, use memory and tables, and end
/// somehow. It knows the type of every operand, so what it makes gets past validation into compiled code.
final class RandomModule {
    private static final int I32 = 0x7f;
    private static final int I64 = 0x7e;
    private static final int F32 = 0x7d;
    private static final int F64 = 0x7c;
    private static final int[] NUMBERS = {I32, I32, I32, I64, F32, F64};
    private static final int[] CONSTANTS = {0, 1, 2, 7, 8, 31, 32, 63, 64, 255, 4_096, 65_535, 65_536, 131_071, -1, -8};

    private final SplittableRandom random;
    private final List<int[][]> types = new ArrayList<>();
    private final int[] functions;
    private ByteArrayOutputStream out = new ByteArrayOutputStream();
    private List<Integer> stack = new ArrayList<>();
    private int[] locals = {};
    private int blocks;

    private RandomModule(SplittableRandom random) {
        this.random = random;
        types.add(new int[][] {{}, {}});
        for (int i = random.nextInt(6); i > 0; i--) {
            types.add(new int[][] {numbers(random.nextInt(4)), numbers(random.nextInt(3))});
        }
        functions = new int[random.nextInt(1, 8)];
        for (int i = 1; i < functions.length; i++) {
            functions[i] = random.nextInt(types.size());
        }
    }

    static byte[] of(SplittableRandom random) {
        return new RandomModule(random).module();
    }

    private int[] numbers(int count) {
        return random.ints(count, 0, NUMBERS.length).map(i -> NUMBERS[i]).toArray();
    }

    private byte[] module() {
        ByteArrayOutputStream module = new ByteArrayOutputStream();
        module.writeBytes(new byte[] {0, 'a', 's', 'm', 1, 0, 0, 0});
        section(module, 1, () -> {
            number(types.size());
            for (int[][] type : types) {
                out.write(0x60);
                numbers(type[0]);
                numbers(type[1]);
            }
        });
        section(module, 3, () -> numbers(functions));
        section(module, 4, () -> bytes(1, 0x70, 1, 8, 20));
        section(module, 5, () -> bytes(1, 1, 1, 4));
        section(module, 6, () -> {
            bytes(2, I32, 1, 0x41, 3, 0x0b);
            bytes(I64, 1, 0x42, 5, 0x0b);
        });
        section(module, 7, () -> bytes(1, 3, 'r', 'u', 'n', 0, 0));
        if (random.nextInt(8) == 0) {
            section(module, 8, () -> number(0));
        }
        section(module, 9, () -> {
            bytes(1, 0, 0x41, 0, 0x0b);
            number(Math.min(8, functions.length));
            for (int i = 0; i < Math.min(8, functions.length); i++) {
                number(i);
            }
        });
        section(module, 12, () -> number(1));
        section(module, 10, () -> {
            number(functions.length);
            for (int function : functions) {
                byte[] body = body(types.get(function));
                number(body.length);
                out.writeBytes(body);
            }
        });
        section(module, 11, () -> bytes(1, 1, 3, 1, 2, 3));
        return module.toByteArray();
    }

    private void section(ByteArrayOutputStream module, int id, Runnable content) {
        out = new ByteArrayOutputStream();
        content.run();
        byte[] bytes = out.toByteArray();
        out = module;
        out.write(id);
        number(bytes.length);
        out.writeBytes(bytes);
    }

    private void bytes(int... all) {
        for (int each : all) {
            out.write(each);
        }
    }

    private void numbers(int[] all) {
        number(all.length);
        for (int each : all) {
            number(each);
        }
    }

    private void number(int value) {
        int left = value;
        while (left > 0x7f) {
            out.write(left & 0x7f | 0x80);
            left >>>= 7;
        }
        out.write(left);
    }

    private void signed(int value) {
        int left = value;
        while (left < -64 || left > 63) {
            out.write(left & 0x7f | 0x80);
            left >>= 7;
        }
        out.write(left & 0x7f);
    }

    private byte[] body(int[][] type) {
        ByteArrayOutputStream before = out;
        out = new ByteArrayOutputStream();
        int[] own = numbers(random.nextInt(5));
        locals = Arrays.copyOf(type[0], type[0].length + own.length);
        System.arraycopy(own, 0, locals, type[0].length, own.length);
        number(own.length);
        for (int each : own) {
            bytes(1, each);
        }
        stack = new ArrayList<>();
        blocks = 0;
        instructions(random.nextInt(1, 40));
        leaveOnly(type[1]);
        out.write(0x0b);
        byte[] body = out.toByteArray();
        out = before;
        return body;
    }

    private void leaveOnly(int[] wanted) {
        while (!stack.isEmpty()) {
            drop();
        }
        for (int each : wanted) {
            constant(each);
        }
    }

    private void drop() {
        stack.removeLast();
        out.write(0x1a);
    }

    private void constant(int type) {
        stack.add(type);
        int value = CONSTANTS[random.nextInt(CONSTANTS.length)];
        switch (type) {
            case I32 -> {
                out.write(0x41);
                signed(value);
            }
            case I64 -> {
                out.write(0x42);
                signed(value);
            }
            case F32 -> bytes(0x43, value, 0, random.nextInt(256), random.nextInt(256));
            default -> bytes(0x44, value, 0, 0, 0, 0, 0, random.nextInt(256), random.nextInt(256));
        }
    }

    private void need(int... wanted) {
        int size = stack.size();
        boolean there = size >= wanted.length;
        for (int i = 0; there && i < wanted.length; i++) {
            there = stack.get(size - wanted.length + i) == wanted[i];
        }
        if (!there) {
            for (int each : wanted) {
                constant(each);
            }
        }
        for (int i = 0; i < wanted.length; i++) {
            stack.removeLast();
        }
    }

    private void operation(int opcode, int[] takes, int... gives) {
        need(takes);
        out.write(opcode);
        for (int each : gives) {
            stack.add(each);
        }
    }

    private void instructions(int count) {
        for (int i = 0; i < count; i++) {
            switch (random.nextInt(16)) {
                case 0, 1 -> constant(NUMBERS[random.nextInt(NUMBERS.length)]);
                case 2 -> integer();
                case 3 -> operation(random.nextInt(0xa0, 0xa4), new int[] {F64, F64}, F64);
                case 4 -> convert();
                case 5, 6 -> local();
                case 7, 8 -> memory();
                case 9 -> call();
                case 10 -> table();
                case 11, 12 -> block();
                case 13 -> bulk();
                case 14 -> operation(0x45, new int[] {I32}, I32);
                default -> {
                    if (!stack.isEmpty()) {
                        drop();
                    }
                }
            }
        }
    }

    private void integer() {
        if (random.nextBoolean()) {
            operation(random.nextInt(0x6a, 0x79), new int[] {I32, I32}, I32);
        } else {
            operation(random.nextInt(0x7c, 0x8b), new int[] {I64, I64}, I64);
        }
    }

    private void convert() {
        switch (random.nextInt(6)) {
            case 0 -> operation(0xa7, new int[] {I64}, I32);
            case 1 -> operation(0xac, new int[] {I32}, I64);
            case 2 -> operation(0xaa, new int[] {F64}, I32);
            case 3 -> operation(0xb7, new int[] {I32}, F64);
            case 4 -> operation(0xb6, new int[] {F64}, F32);
            default -> operation(0xb0, new int[] {F64}, I64);
        }
    }

    private void local() {
        if (locals.length == 0) {
            return;
        }
        int index = random.nextInt(locals.length);
        if (random.nextBoolean()) {
            need(locals[index]);
            out.write(0x21);
        } else {
            out.write(0x20);
            stack.add(locals[index]);
        }
        number(index);
    }

    private void memory() {
        switch (random.nextInt(5)) {
            case 0 -> {
                operation(0x28, new int[] {I32}, I32);
                bytes(2, random.nextInt(0x80));
            }
            case 1 -> {
                operation(0x37, new int[] {I32, I64});
                bytes(3, random.nextInt(0x80));
            }
            case 2 -> {
                operation(0x40, new int[] {I32}, I32);
                out.write(0);
            }
            case 3 -> {
                operation(0x3a, new int[] {I32, I32});
                bytes(0, 0);
            }
            default -> {
                operation(0x24, new int[] {I32});
                out.write(0);
            }
        }
    }

    private void call() {
        boolean indirect = random.nextInt(3) == 0;
        int index = indirect ? random.nextInt(types.size()) : random.nextInt(functions.length);
        int[][] type = types.get(indirect ? index : functions[index]);
        if (indirect) {
            int[] takes = Arrays.copyOf(type[0], type[0].length + 1);
            takes[type[0].length] = I32;
            need(takes);
            out.write(0x11);
            number(index);
            out.write(0);
        } else {
            need(type[0]);
            out.write(0x10);
            number(index);
        }
        for (int each : type[1]) {
            stack.add(each);
        }
    }

    private void table() {
        bytes(0xd0, 0x70);
        constant(I32);
        bytes(0xfc, 15, 0);
    }

    private void bulk() {
        need(I32, I32, I32);
        switch (random.nextInt(3)) {
            case 0 -> bytes(0xfc, 10, 0, 0);
            case 1 -> bytes(0xfc, 11, 0);
            default -> bytes(0xfc, 8, 0, 0);
        }
    }

    /// A block, loop or if that takes and leaves nothing, with branches inside.
    private void block() {
        if (blocks > 5) {
            return;
        }
        int kind = random.nextInt(3);
        if (kind == 2) {
            need(I32);
        }
        bytes(0x02 + kind, 0x40);
        List<Integer> outside = stack;
        stack = new ArrayList<>();
        blocks++;
        instructions(random.nextInt(8));
        if (random.nextBoolean()) {
            need(I32);
            out.write(0x0d);
            number(random.nextInt(blocks));
        }
        if (kind == 2 && random.nextBoolean()) {
            leaveOnly(new int[0]);
            out.write(0x05);
            instructions(random.nextInt(4));
        }
        leaveOnly(new int[0]);
        blocks--;
        stack = outside;
        out.write(0x0b);
    }
}
