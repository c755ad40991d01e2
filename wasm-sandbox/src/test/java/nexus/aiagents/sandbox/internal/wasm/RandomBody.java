package nexus.aiagents.sandbox.internal.wasm;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/// What one function of a {@link RandomModule} does.
final class RandomBody extends RandomOperands {
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

    private final boolean oneNan;
    private final List<int[][]> types;
    private final int[] functions;
    private final int body;

    /// What a jump to each block under way takes along, the outermost first: the function itself. A block
    /// that takes operands must not be jumped to.
    private final List<int[]> labels = new ArrayList<>();

    /// The first of the locals that count turns of loops.
    private int counters;

    /// Instructions that it may still get.
    private int left;

    /// @param functions the types of all functions
    /// @param body the number of the one to make
    RandomBody(SplittableRandom random, boolean oneNan, List<int[][]> types, int[] functions, int body) {
        super(random);
        this.oneNan = oneNan;
        this.types = types;
        this.functions = functions;
        this.body = body;
    }

    /// How many locals of which types, and the instructions.
    byte[] code() {
        int[][] type = types.get(functions[body]);
        int[] own = numbers(random, random.nextInt(9));
        locals = Arrays.copyOf(type[0], type[0].length + own.length);
        System.arraycopy(own, 0, locals, type[0].length, own.length);
        counters = locals.length;
        out.number(own.length + (oneNan ? 3 : 1));
        for (int each : own) {
            out.bytes(1, each);
        }
        out.bytes(DEEPEST, I64);
        if (oneNan) {
            out.bytes(1, F32, 1, F64);
        }
        labels.add(type[1]);
        left = random.nextInt(8) == 0 ? 1_500 : 150;
        instructions(random.nextInt(1, left / 3));
        boolean mixed = type == types.getFirst() || random.nextInt(3) > 0; // or the last block ends the function
        for (int i = 0; mixed && i < locals.length; i++) {
            out.write(0x20);
            out.number(i);
            stack.add(locals[i]);
            mix();
        }
        if (type == types.getFirst()) {
            leaveOnly(new int[0]);
            out.bytes(0x23, 2, 0x23, 2, 0x42, 32, 0x88, 0x85, 0xa7);
            stack.add(I32);
        } else {
            leaveOnly(type[1]);
        }
        out.write(0x0b);
        return out.toByteArray();
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

    private void select() {
        int type = any();
        need(type, type, I32);
        if (random.nextBoolean()) {
            out.write(0x1b);
        } else {
            out.bytes(0x1c, 1, type);
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
            out.number(depth);
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
            out.bytes(0x41, 7, 0x71);
        }
        out.write(0x0e);
        int targets = random.nextInt(12);
        out.number(targets);
        for (int i = 0; i < targets; i++) {
            out.number(same.get(random.nextInt(same.size())));
        }
        out.number(otherwise);
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
        out.number(depth);
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
            out.bytes(0xfc, opcode - NumericInstructions.SATURATING);
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
        out.bytes(0x22, local);
        if (type == F32) {
            out.bytes(0x43, 0, 0, 0xc0, 0x7f);
        } else {
            out.bytes(0x44, 0, 0, 0, 0, 0, 0, 0xf8, 0x7f);
        }
        out.bytes(0x20, local, 0x20, local, type == F32 ? 0x5b : 0x61, 0x1b);
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
        out.number(index);
    }

    private void tee() {
        for (int i = 0; i < locals.length; i++) {
            if (locals[i] == stack.getLast()) {
                out.bytes(0x22, i);
                return;
            }
        }
    }

    /// The first operand of an access, mostly within the first page.
    private void address() {
        need(I32);
        if (random.nextInt(16) > 0) {
            out.write(0x41);
            out.signed(0xfff);
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
            out.bytes(ALIGNMENTS[load], random.nextInt(0x80));
        } else {
            address();
            int store = random.nextInt(STORED.length);
            value(STORED[store]);
            operation(0x36 + store, new int[] {I32, STORED[store]});
            out.bytes(ALIGNMENTS[LOADED.length + store], random.nextInt(0x80));
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
            out.signed(fits ? called : random.nextInt(12));
            out.bytes(0x11, functions[called], 0);
        } else {
            out.write(0x10);
            out.number(called);
        }
        for (int each : type[1]) {
            stack.add(each);
        }
    }

    private void table() {
        switch (random.nextInt(6)) {
            case 0, 1 -> {
                out.bytes(0xd0, 0x70);
                constant(I32);
                out.bytes(0xfc, 15, 0);
            }
            case 2 -> {
                out.bytes(0xfc, 16, 0);
                stack.add(I32);
            }
            case 3 -> {
                element();
                out.bytes(0x25, 0, 0xd1);
                stack.add(I32);
            }
            case 4 -> {
                element();
                if (random.nextBoolean()) {
                    out.bytes(0xd0, 0x70);
                } else {
                    out.bytes(0xd2, random.nextInt(Math.min(8, functions.length)));
                }
                out.bytes(0x26, 0);
            }
            default -> {
                element();
                out.bytes(0xd0, 0x70, 0x41, random.nextInt(3), 0xfc, 17, 0);
            }
        }
    }

    /// A number that is mostly one of an element of the table.
    private void element() {
        need(I32);
        if (random.nextInt(16) > 0) {
            out.bytes(0x41, 7, 0x71);
        }
    }

    private void bulk() {
        if (random.nextInt(8) == 0) {
            need(I32, I32, I32);
        } else {
            out.bytes(0x41, random.nextInt(64), 0x41, 0, 0x41, random.nextInt(4));
        }
        switch (random.nextInt(9)) {
            case 0, 1, 2 -> out.bytes(0xfc, 10, 0, 0);
            case 3, 4 -> out.bytes(0xfc, 11, 0);
            case 5, 6 -> out.bytes(0xfc, 8, 0, 0);
            case 7 -> out.bytes(0xfc, 14, 0, 0);
            default -> out.bytes(0xfc, 12, 0, 0);
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
            out.bytes(0x42, random.nextInt(6), 0x21, counter);
        }
        int[] takes = Arrays.copyOf(type[0], type[0].length + (kind == IF ? 1 : 0));
        if (kind == IF) {
            takes[type[0].length] = I32;
        }
        need(takes);
        out.write(0x02 + kind);
        out.signed(plain ? 1 : index);
        List<Integer> outside = stack;
        inside(type, kind == LOOP ? type[0] : type[1]);
        if (kind == LOOP) {
            leaveOnly(type[0]);
            out.bytes(0x20, counter, 0x42, 1, 0x7d, 0x22, counter, 0x42, 0, 0x55, 0x0d, 0);
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
