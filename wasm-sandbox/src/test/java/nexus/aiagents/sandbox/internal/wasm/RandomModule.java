package nexus.aiagents.sandbox.internal.wasm;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/// A valid module of random functions that call each other, loop, jump, use memory and tables, and end
/// somehow. It knows the type of every operand, so what it makes gets past validation into compiled code.
/// What they compute shows in the exit status: each now and then mixes a number into a global.
final class RandomModule {
    private static final int I32 = 0x7f;
    private static final int I64 = 0x7e;
    private static final int F32 = 0x7d;
    private static final int F64 = 0x7c;
    private static final int[] CLOSED = {};
    private static final int LOOP = 1;
    private static final int IF = 2;
    private static final int DEEPEST = 6;
    private static final int[] LOADED = {I32, I64, F32, F64, I32, I32, I32, I32, I64, I64, I64, I64, I64, I64};
    private static final int[] STORED = {I32, I64, F32, F64, I32, I32, I64, I64, I64};

    /// Of loads and stores, as powers of two.
    private static final int[] ALIGNMENTS = {
        2, 3, 2, 3, 0, 0, 1, 1, 0, 0, 1, 1, 2, 2, 2, 3, 2, 3, 0, 1, 0, 1, 2,
    };
    private static final int[] NUMBERS = {I32, I32, I32, I64, F32, F64};
    private static final int[] CONSTANTS = {0, 1, 2, 7, 8, 31, 32, 63, 64, 255, 4_096, 65_535, 65_536, 131_071, -1, -8};

    private final SplittableRandom random;
    private final boolean oneNan;
    private final List<int[][]> types = new ArrayList<>();
    private final int[] functions;

    /// Types that functions have; those behind are of blocks only.
    private final int functionTypes;

    private ByteArrayOutputStream out = new ByteArrayOutputStream();
    private List<Integer> stack = new ArrayList<>();
    private int[] locals = {};

    /// What a jump to each block under way takes along, the outermost first: the function itself. A block
    /// that takes operands must not be jumped to.
    private List<int[]> labels = new ArrayList<>();

    /// The first of the locals that count turns of loops.
    private int counters;

    /// Number of the function whose body is made.
    private int body;

    /// Instructions that one body may still get.
    private int left;

    private RandomModule(SplittableRandom random, boolean oneNan) {
        this.random = random;
        this.oneNan = oneNan;
        types.add(new int[][] {{}, {I32}});
        types.add(new int[][] {{}, {}});
        int mostResults = random.nextInt(8) == 0 ? 3 : 2;
        for (int i = random.nextInt(6); i > 0; i--) {
            types.add(new int[][] {numbers(random.nextInt(4)), numbers(random.nextInt(mostResults))});
        }
        functionTypes = types.size();
        for (int i = random.nextInt(4); i > 0; i--) {
            types.add(new int[][] {numbers(random.nextInt(4)), numbers(random.nextInt(5))});
        }
        functions = new int[random.nextInt(2, 8)];
        functions[1] = 1;
        for (int i = 2; i < functions.length; i++) {
            functions[i] = random.nextInt(functionTypes);
        }
    }

    static byte[] of(SplittableRandom random) {
        return new RandomModule(random, false).module();
    }

    /// One that computes the same wherever it runs, also where a NaN that is computed has other bits.
    static byte[] withOneNan(SplittableRandom random) {
        return new RandomModule(random, true).module();
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
            bytes(3, I32, 1, 0x41, 3, 0x0b);
            bytes(I64, 1, 0x42, 5, 0x0b);
            bytes(I64, 1, 0x42, 7, 0x0b);
        });
        section(module, 7, () -> bytes(1, 3, 'r', 'u', 'n', 0, 0));
        if (random.nextInt(8) == 0) {
            section(module, 8, () -> number(1));
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
            for (body = 0; body < functions.length; body++) {
                byte[] code = body(types.get(functions[body]));
                number(code.length);
                out.writeBytes(code);
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
        int[] own = numbers(random.nextInt(9));
        locals = Arrays.copyOf(type[0], type[0].length + own.length);
        System.arraycopy(own, 0, locals, type[0].length, own.length);
        counters = locals.length;
        number(own.length + (oneNan ? 3 : 1));
        for (int each : own) {
            bytes(1, each);
        }
        bytes(DEEPEST, I64);
        if (oneNan) {
            bytes(1, F32, 1, F64);
        }
        stack = new ArrayList<>();
        labels = new ArrayList<>(List.of(type[1]));
        left = random.nextInt(8) == 0 ? 1_500 : 150;
        instructions(random.nextInt(1, left / 3));
        boolean mixed = type == types.getFirst() || random.nextInt(3) > 0; // or the last block ends the function
        for (int i = 0; mixed && i < locals.length; i++) {
            out.write(0x20);
            number(i);
            stack.add(locals[i]);
            mix();
        }
        if (type == types.getFirst()) {
            leaveOnly(new int[0]);
            bytes(0x23, 2, 0x23, 2, 0x42, 32, 0x88, 0x85, 0xa7);
            stack.add(I32);
        } else {
            leaveOnly(type[1]);
        }
        out.write(0x0b);
        byte[] body = out.toByteArray();
        out = before;
        return body;
    }

    private void leaveOnly(int[] wanted) {
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
    private void mix() {
        switch (stack.removeLast()) {
            case I32 -> out.write(0xac);
            case F32 -> bytes(0xbc, 0xad);
            case F64 -> out.write(0xbd);
            default -> {}
        }
        bytes(0x23, 2, 0x42, 5, 0x89, 0x85, 0x24, 2);
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
            case F32 -> {
                boolean nan = random.nextInt(8) == 0;
                bytes(0x43, value, nan ? 1 : 0, nan ? random.nextInt(0x80, 256) : random.nextInt(256));
                out.write(nan ? 0x7f : random.nextInt(256));
            }
            default -> {
                boolean nan = random.nextInt(8) == 0;
                bytes(0x44, value, 0, 0, nan ? 2 : 0, 0, 0);
                bytes(nan ? random.nextInt(0xf0, 256) : random.nextInt(256), nan ? 0xff : random.nextInt(256));
            }
        }
    }

    /// A local of that type, if there is one, or else a constant.
    private void value(int type) {
        int start = locals.length == 0 ? 0 : random.nextInt(locals.length);
        for (int i = start; i < locals.length; i++) {
            if (locals[i] == type && random.nextInt(4) > 0) {
                out.write(0x20);
                number(i);
                stack.add(type);
                return;
            }
        }
        constant(type);
    }

    private void need(int... wanted) {
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

    private void operation(int opcode, int[] takes, int... gives) {
        need(takes);
        out.write(opcode);
        for (int each : gives) {
            stack.add(each);
        }
    }

    private void instructions(int count) {
        for (int i = 0; i < count && left > 0; i++) {
            left--;
            switch (random.nextInt(24)) {
                case 0, 1 -> constant(any());
                case 2, 3, 4, 5 -> numeric();
                case 6, 7, 8 -> local();
                case 9, 10 -> memory();
                case 11 -> call();
                case 12 -> table();
                case 13, 14, 15 -> block();
                case 16 -> bulk();
                case 17 -> {
                    if (!stack.isEmpty()) {
                        tee();
                    }
                }
                case 18 -> select();
                case 19, 20 -> branchIf();
                case 21 -> leave();
                case 22 -> {
                    if (!stack.isEmpty()) {
                        mix();
                    }
                }
                default -> {
                    if (!stack.isEmpty()) {
                        drop();
                    }
                }
            }
        }
    }

    private int any() {
        return NUMBERS[random.nextInt(NUMBERS.length)];
    }

    private void select() {
        int type = any();
        need(type, type, I32);
        if (random.nextBoolean()) {
            out.write(0x1b);
        } else {
            bytes(0x1c, 1, type);
        }
        stack.add(type);
    }

    /// Jumps from which nothing comes back, so few of them.
    private void leave() {
        int kind = random.nextInt(12);
        int[] results = labels.getFirst();
        if (kind == 0) {
            need(results);
            out.write(0x0f);
        } else if (reach() == 0) {
            return;
        } else if (kind == 1) {
            int depth = depth();
            need(label(depth));
            out.write(0x0c);
            number(depth);
        } else if (kind < 5) {
            jumpTable();
        } else if (kind == 5 && random.nextInt(6) == 0) {
            out.write(0);
        } else {
            return;
        }
        stack = new ArrayList<>();
    }

    /// How many blocks one may jump out of.
    private int reach() {
        int reach = 0;
        while (reach < labels.size() && label(reach) != CLOSED) {
            reach++;
        }
        return reach;
    }

    private int depth() {
        return random.nextInt(reach());
    }

    private int[] label(int depth) {
        return labels.get(labels.size() - 1 - depth);
    }

    private void jumpTable() {
        int otherwise = depth();
        int[] takes = label(otherwise);
        List<Integer> same = new ArrayList<>();
        for (int depth = 0; depth < reach(); depth++) {
            if (Arrays.equals(takes, label(depth))) {
                same.add(depth);
            }
        }
        int[] all = Arrays.copyOf(takes, takes.length + 1);
        all[takes.length] = I32;
        need(all);
        if (random.nextBoolean()) { // mostly within the table
            bytes(0x41, 7, 0x71);
        }
        out.write(0x0e);
        int targets = random.nextInt(12);
        number(targets);
        for (int i = 0; i < targets; i++) {
            number(same.get(random.nextInt(same.size())));
        }
        number(otherwise);
    }

    private void branchIf() {
        if (reach() == 0) {
            return;
        }
        int depth = depth();
        int[] takes = label(depth);
        int[] all = Arrays.copyOf(takes, takes.length + 1);
        all[takes.length] = I32;
        need(all);
        out.write(0x0d);
        number(depth);
        for (int each : takes) {
            stack.add(each);
        }
    }

    private void numeric() {
        int from = random.nextInt(4) > 0 ? NumericInstructions.FIRST : 0x6a; // and integers once more
        int to = from == 0x6a ? 0x8a : NumericInstructions.LAST;
        int opcode = random.nextInt(from, to + 1);
        if (random.nextInt(32) == 0) {
            opcode = NumericInstructions.SATURATING + random.nextInt(8);
        } else if (NumericInstructions.mayTrap(opcode) && random.nextInt(8) > 0) {
            opcode = 0x6a; // a run that ends at once shows little
        }
        need(NumericInstructions.takes(opcode));
        if (opcode >= NumericInstructions.SATURATING) {
            bytes(0xfc, opcode - NumericInstructions.SATURATING);
        } else {
            out.write(opcode);
        }
        int type = NumericInstructions.gives(opcode);
        stack.add(type);
        if (oneNan && NumericInstructions.mayGiveNan(opcode)) {
            canonical(type);
        }
    }

    /// Any NaN on top of the stack becomes the one that is written here.
    private void canonical(int type) {
        int local = counters + DEEPEST + (type == F32 ? 0 : 1);
        bytes(0x22, local);
        if (type == F32) {
            bytes(0x43, 0, 0, 0xc0, 0x7f);
        } else {
            bytes(0x44, 0, 0, 0, 0, 0, 0, 0xf8, 0x7f);
        }
        bytes(0x20, local, 0x20, local, type == F32 ? 0x5b : 0x61, 0x1b);
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

    private void tee() {
        for (int i = 0; i < locals.length; i++) {
            if (locals[i] == stack.getLast()) {
                bytes(0x22, i);
                return;
            }
        }
    }

    /// The first operand of an access, mostly within the first page.
    private void address() {
        need(I32);
        if (random.nextInt(16) > 0) {
            out.write(0x41);
            signed(0xfff);
            out.write(0x71);
        }
        stack.add(I32);
    }

    private void memory() {
        int kind = random.nextInt(12);
        if (kind == 10) {
            operation(0x40, new int[] {I32}, I32);
            out.write(0);
        } else if (kind == 11) {
            operation(0x24, new int[] {I32});
            out.write(0);
        } else if (kind == 9) {
            operation(0x3f, new int[] {}, I32);
            out.write(0);
        } else if (kind < 5) {
            address();
            int load = random.nextInt(LOADED.length);
            operation(0x28 + load, new int[] {I32}, LOADED[load]);
            bytes(ALIGNMENTS[load], random.nextInt(0x80));
        } else {
            address();
            int store = random.nextInt(STORED.length);
            value(STORED[store]);
            operation(0x36 + store, new int[] {I32, STORED[store]});
            bytes(ALIGNMENTS[LOADED.length + store], random.nextInt(0x80));
        }
    }

    private void call() {
        int called = random.nextInt(functions.length);
        if (called <= body && random.nextInt(12) > 0) { // few that go on for ever
            return;
        }
        int[][] type = types.get(functions[called]);
        need(type[0]);
        if (random.nextInt(3) == 0) {
            boolean fits = random.nextInt(12) > 0;
            out.write(0x41);
            signed(fits ? called : random.nextInt(12));
            bytes(0x11, functions[called], 0);
        } else {
            out.write(0x10);
            number(called);
        }
        for (int each : type[1]) {
            stack.add(each);
        }
    }

    private void table() {
        switch (random.nextInt(6)) {
            case 0, 1 -> {
                bytes(0xd0, 0x70);
                constant(I32);
                bytes(0xfc, 15, 0);
            }
            case 2 -> {
                bytes(0xfc, 16, 0);
                stack.add(I32);
            }
            case 3 -> {
                element();
                bytes(0x25, 0, 0xd1);
                stack.add(I32);
            }
            case 4 -> {
                element();
                if (random.nextBoolean()) {
                    bytes(0xd0, 0x70);
                } else {
                    bytes(0xd2, random.nextInt(Math.min(8, functions.length)));
                }
                bytes(0x26, 0);
            }
            default -> {
                element();
                bytes(0xd0, 0x70, 0x41, random.nextInt(3), 0xfc, 17, 0);
            }
        }
    }

    /// A number that is mostly one of an element of the table.
    private void element() {
        need(I32);
        if (random.nextInt(16) > 0) {
            bytes(0x41, 7, 0x71);
        }
    }

    private void bulk() {
        if (random.nextInt(8) == 0) {
            need(I32, I32, I32);
        } else {
            bytes(0x41, random.nextInt(64), 0x41, 0, 0x41, random.nextInt(4));
        }
        switch (random.nextInt(9)) {
            case 0, 1, 2 -> bytes(0xfc, 10, 0, 0);
            case 3, 4 -> bytes(0xfc, 11, 0);
            case 5, 6 -> bytes(0xfc, 8, 0, 0);
            case 7 -> bytes(0xfc, 14, 0, 0);
            default -> bytes(0xfc, 12, 0, 0);
        }
    }

    /// A block, loop or if with what it takes and leaves, and branches inside.
    private void block() {
        if (labels.size() > DEEPEST) {
            return;
        }
        int index = random.nextInt(types.size());
        int kind = random.nextInt(3);
        boolean plain = random.nextBoolean() || kind == LOOP && types.get(index)[0].length > 0;
        int[][] type = types.get(plain ? 1 : index);
        int counter = counters + labels.size() - 1;
        if (kind == LOOP) {
            bytes(0x42, random.nextInt(6), 0x21, counter);
        }
        int[] takes = Arrays.copyOf(type[0], type[0].length + (kind == IF ? 1 : 0));
        if (kind == IF) {
            takes[type[0].length] = I32;
        }
        need(takes);
        out.write(0x02 + kind);
        signed(plain ? 1 : index);
        List<Integer> outside = stack;
        inside(type, kind == LOOP ? type[0] : type[1]);
        if (kind == LOOP) {
            leaveOnly(type[0]);
            bytes(0x20, counter, 0x42, 1, 0x7d, 0x22, counter, 0x42, 0, 0x55, 0x0d, 0);
        }
        if (kind == IF) {
            leaveOnly(type[1]);
            out.write(0x05);
            inside(type, type[1]);
        }
        leaveOnly(type[1]);
        out.write(0x0b);
        stack = outside;
        for (int each : type[1]) {
            stack.add(each);
        }
    }

    private void inside(int[][] type, int[] label) {
        stack = new ArrayList<>();
        for (int each : type[0]) {
            stack.add(each);
        }
        labels.add(type[0].length > 0 ? CLOSED : label);
        instructions(random.nextInt(10));
        labels.removeLast();
    }
}
