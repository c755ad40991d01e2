package nexus.aiagents.sandbox.internal.wasm;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// The operand stack of a function that is made, and what puts a number on it or takes one away.
class RandomOperands {
    static final int I32 = 0x7f;
    static final int I64 = 0x7e;
    static final int F32 = 0x7d;
    static final int F64 = 0x7c;

    private static final int[] NUMBERS = {I32, I32, I32, I64, F32, F64};
    private static final int[] CONSTANTS = {0, 1, 2, 7, 8, 31, 32, 63, 64, 255, 4_096, 65_535, 65_536, 131_071, -1, -8};

    final SplittableRandom random;
    final WasmWriter out = new WasmWriter();
    List<Integer> stack = new ArrayList<>();
    int[] locals = {};

    RandomOperands(SplittableRandom random) {
        this.random = random;
    }

    /// Types of that many values.
    static int[] numbers(SplittableRandom random, int count) {
        return random.ints(count, 0, NUMBERS.length).map(i -> NUMBERS[i]).toArray();
    }

    final void leaveOnly(int[] wanted) {
        int same = 0;
        while (same < Math.min(stack.size(), wanted.length) && stack.get(same) == wanted[same]) {
            same++;
        }
        while (stack.size() > same) {
            drop();
        }
        for (int i = same; i < wanted.length; i++) {
            value(wanted[i]);
        }
    }

    /// The bits of the topmost number go into the global whose value is the exit status in the end.
    final void mix() {
        switch (stack.removeLast()) {
            case I32 -> out.write(0xac);
            case F32 -> out.bytes(0xbc, 0xad);
            case F64 -> out.write(0xbd);
            default -> {}
        }
        out.bytes(0x23, 2, 0x42, 5, 0x89, 0x85, 0x24, 2);
    }

    final void drop() {
        stack.removeLast();
        out.write(0x1a);
    }

    final void constant(int type) {
        stack.add(type);
        int value = CONSTANTS[random.nextInt(CONSTANTS.length)];
        switch (type) {
            case I32 -> {
                out.write(0x41);
                out.signed(value);
            }
            case I64 -> {
                out.write(0x42);
                out.signed(value);
            }
            case F32 -> {
                boolean nan = random.nextInt(8) == 0;
                out.bytes(0x43, value, nan ? 1 : 0, nan ? random.nextInt(0x80, 256) : random.nextInt(256));
                out.write(nan ? 0x7f : random.nextInt(256));
            }
            default -> {
                boolean nan = random.nextInt(8) == 0;
                out.bytes(0x44, value, 0, 0, nan ? 2 : 0, 0, 0);
                out.bytes(nan ? random.nextInt(0xf0, 256) : random.nextInt(256), nan ? 0xff : random.nextInt(256));
            }
        }
    }

    /// A local of that type, if there is one, or else a constant.
    final void value(int type) {
        int start = locals.length == 0 ? 0 : random.nextInt(locals.length);
        for (int i = start; i < locals.length; i++) {
            if (locals[i] == type && random.nextInt(4) > 0) {
                out.write(0x20);
                out.number(i);
                stack.add(type);
                return;
            }
        }
        constant(type);
    }

    final void need(int... wanted) {
        int size = stack.size();
        boolean there = size >= wanted.length;
        for (int i = 0; there && i < wanted.length; i++) {
            there = stack.get(size - wanted.length + i) == wanted[i];
        }
        if (!there) {
            for (int each : wanted) {
                value(each);
            }
        }
        for (int i = 0; i < wanted.length; i++) {
            stack.removeLast();
        }
    }

    final void operation(int opcode, int[] takes, int... gives) {
        need(takes);
        out.write(opcode);
        for (int each : gives) {
            stack.add(each);
        }
    }

    final int any() {
        return NUMBERS[random.nextInt(NUMBERS.length)];
    }
}
