package nexus.aiagents.sandbox.internal.wasm;

import java.util.List;
import java.util.Set;
import nexus.aiagents.sandbox.ProgramRejected;
import nexus.aiagents.sandbox.internal.wasm.ModuleScan.Signature;
import run.endive.wasm.types.ValType;

/// Looks through function bodies: which instructions there are, how high the operand stack gets, and how
/// large the tables get that the JVM needs for its verifier (locals and operands at each label).
final class CodeScan {
    private static final int MAX_BODY = 1 << 20;
    private static final int MAX_LOCALS = 2_000;
    private static final int MAX_HEIGHT = 1_000;
    private static final int MAX_NESTING = 1_000;
    private static final long MAX_FRAME_ENTRIES = 1_000_000;

    private final List<Signature> types;
    private final List<Signature> functions;
    private final int bodies;
    private final int firstBody;
    private final CompileWork work;
    private final Set<String> features;

    /// @param features gets the names of what is used beyond the first version
    CodeScan(
            List<Signature> types,
            List<Signature> functions,
            int bodies,
            int firstBody,
            CompileWork work,
            Set<String> features) {
        this.types = types;
        this.functions = functions;
        this.bodies = bodies;
        this.firstBody = firstBody;
        this.work = work;
        this.features = features;
    }

    void scan(BinaryReader section) throws ProgramRejected {
        int count = section.u32();
        if (count != bodies) {
            throw section.malformed("has " + bodies + " functions but " + count + " bodies");
        }
        for (int i = 0; i < count; i++) {
            int size = section.u32();
            if (size > MAX_BODY) {
                throw new ProgramRejected(
                        "too-large",
                        "function " + (firstBody + i) + " has " + size + " bytes, the most is " + MAX_BODY);
            }
            Body body = new Body(firstBody + i, functions.get(firstBody + i), section.part(size));
            body.scan();
            work.frames(body.stack.frameEntries());
        }
    }

    private final class Body {
        private final int index;
        private final Signature signature;
        private final BinaryReader in;
        private OperandStack stack = new OperandStack(0, 0);
        private int locals;

        Body(int index, Signature signature, BinaryReader in) {
            this.index = index;
            this.signature = signature;
            this.in = in;
        }

        void scan() throws ProgramRejected {
            locals = countLocals();
            stack = new OperandStack(locals, signature.results().length());
            while (stack.isOpen()) {
                work.instruction();
                instruction(in.u8());
                if (stack.height() > MAX_HEIGHT) {
                    throw tooLarge("an operand stack higher than " + MAX_HEIGHT);
                }
                if (stack.frameEntries() > MAX_FRAME_ENTRIES) {
                    throw tooLarge("too many locals and operands for its many blocks");
                }
            }
            in.expectEnd("function " + index);
        }

        private ProgramRejected tooLarge(String what) {
            return new ProgramRejected("too-large", "function " + index + " has " + what);
        }

        private int countLocals() throws ProgramRejected {
            long total = signature.parameters().length();
            int groups = in.count("groups of locals", MAX_LOCALS);
            for (int i = 0; i < groups; i++) {
                total += in.u32();
                ModuleScan.valueType(in);
            }
            if (total > MAX_LOCALS) {
                // So many have functions that were built for debugging.
                throw tooLarge(total + " locals, the most is " + MAX_LOCALS
                        + "; build the module with optimization (-O1 or more)");
            }
            work.locals((int) total);
            return (int) total;
        }

        private void instruction(int opcode) throws ProgramRejected {
            if (opcode <= 0x11) {
                control(opcode);
            } else if (opcode <= 0x1f) {
                parametric(opcode);
            } else if (opcode <= 0x26) {
                variable(opcode);
            } else if (opcode <= 0x40) {
                memory(opcode);
            } else if (opcode <= 0x44) {
                constant(opcode);
            } else if (opcode <= 0xc4) {
                numeric(opcode);
            } else {
                extended(opcode);
            }
        }

        private void control(int opcode) throws ProgramRejected {
            switch (opcode) {
                case 0x00 -> stack.leave();
                case 0x01 -> {}
                case 0x02, 0x03 -> open(0);
                case 0x04 -> open(1);
                case 0x05 -> stack.otherwise();
                case 0x0b -> stack.close();
                case 0x0c -> {
                    target();
                    stack.leave();
                }
                case 0x0d -> {
                    target();
                    pop(1);
                    stack.label();
                }
                case 0x0e -> {
                    int targets = in.count("branch targets", MAX_BODY);
                    work.targets(targets);
                    for (int i = 0; i <= targets; i++) {
                        target();
                        stack.label();
                    }
                    stack.leave();
                }
                case 0x0f -> stack.leave();
                case 0x10 -> apply(functions, in.u32());
                case 0x11 -> {
                    int type = in.u32();
                    in.u32();
                    pop(1);
                    apply(types, type);
                }
                default -> throw ModuleScan.unsupported("exceptions");
            }
        }

        private void target() throws ProgramRejected {
            int depth = in.u32();
            if (depth >= stack.depth()) {
                throw in.malformed("branches out of " + depth + " blocks where it is in " + stack.depth());
            }
            if (stack.takesOperands(depth)) { // version 1.0.0 of the compiler leaves the wrong ones on the stack
                throw ModuleScan.unsupported("multi-value (a branch out of a block that takes operands)");
            }
        }

        private void apply(List<Signature> signatures, int at) throws ProgramRejected {
            if (at >= signatures.size()) {
                throw in.malformed("calls function or type " + at + ", which it does not have");
            }
            Signature called = signatures.get(at);
            work.values(called);
            pop(called.parameters().length());
            push(called.results().length());
        }

        private void open(int operands) throws ProgramRejected {
            pop(operands);
            Signature type = blockType();
            work.values(type);
            pop(type.parameters().length());
            if (stack.depth() > MAX_NESTING) {
                throw tooLarge("more than " + MAX_NESTING + " blocks inside each other");
            }
            stack.open(type.parameters().length(), type.results().length());
        }

        private Signature blockType() throws ProgramRejected {
            int first = in.u8();
            if (first == 0x40) {
                return new Signature("", "");
            }
            if ((first & 0xc0) == 0x40) {
                return new Signature("", singleType(first));
            }
            int type = first & 0x7f;
            for (int shift = 7, next = first; next >= 0x80; shift += 7) {
                next = in.u8();
                if (shift > 28) {
                    throw in.malformed("has a block type that is no number");
                }
                type |= (next & 0x7f) << shift;
            }
            if (type < 0 || type >= types.size()) {
                throw in.malformed("names type " + type + ", which it does not have");
            }
            if (first >= 0x80 && (type == 0x40 || ValType.isValid(type))) {
                // Version 1.0.0 of the compiler takes it for the type of that number that needs no index.
                throw ModuleScan.unsupported("multi-value (a block whose type is number " + type + ")");
            }
            return types.get(type);
        }

        private String singleType(int type) throws ProgramRejected {
            return switch (type) {
                case 0x7f, 0x7e, 0x7d, 0x7c, 0x70, 0x6f -> "v";
                case 0x7b -> throw ModuleScan.unsupported("SIMD (v128)");
                default -> throw in.malformed("has a block type " + type);
            };
        }

        private void push(int count) {
            stack.push(count);
        }

        private void pop(int count) throws ProgramRejected {
            if (!stack.pop(count)) {
                throw in.malformed("takes more from the operand stack than there is");
            }
        }

        private void parametric(int opcode) throws ProgramRejected {
            switch (opcode) {
                case 0x1a -> pop(1);
                case 0x1b -> {
                    pop(3);
                    push(1);
                }
                case 0x1c -> {
                    int count = in.count("types of a select", 1);
                    for (int i = 0; i < count; i++) {
                        ModuleScan.valueType(in);
                    }
                    pop(3);
                    push(1);
                }
                case 0x12, 0x13 -> throw ModuleScan.unsupported("tail calls");
                case 0x14, 0x15 -> throw ModuleScan.unsupported("typed references");
                case 0x18, 0x19, 0x1f -> throw ModuleScan.unsupported("exceptions");
                default -> throw unknown(opcode);
            }
        }

        private ProgramRejected unknown(int opcode) {
            return in.malformed("has an unknown instruction 0x" + Integer.toHexString(opcode));
        }

        private void variable(int opcode) throws ProgramRejected {
            int index = in.u32();
            if (opcode <= 0x22 && index >= locals) {
                throw in.malformed("uses local " + index + " of " + locals);
            }
            switch (opcode) {
                case 0x20, 0x23 -> push(1);
                case 0x21, 0x24 -> pop(1);
                case 0x22, 0x25 -> {
                    pop(1);
                    push(1);
                }
                case 0x26 -> pop(2);
                default -> throw unknown(opcode);
            }
        }

        private void memory(int opcode) throws ProgramRejected {
            switch (opcode) {
                case 0x27 -> throw unknown(opcode);
                case 0x3f -> {
                    onlyMemory();
                    push(1);
                }
                case 0x40 -> {
                    onlyMemory();
                    pop(1);
                    push(1);
                }
                default -> {
                    if (in.u32() >= 64) {
                        throw ModuleScan.unsupported("more than one memory");
                    }
                    in.u32();
                    pop(opcode <= 0x35 ? 1 : 2);
                    push(opcode <= 0x35 ? 1 : 0);
                }
            }
        }

        private void onlyMemory() throws ProgramRejected {
            if (in.u8() != 0) {
                throw ModuleScan.unsupported("more than one memory");
            }
        }

        private void constant(int opcode) throws ProgramRejected {
            switch (opcode) {
                case 0x41 -> in.skipSigned(32);
                case 0x42 -> in.skipSigned(64);
                case 0x43 -> in.skip(4);
                default -> in.skip(8);
            }
            push(1);
        }

        private void numeric(int opcode) throws ProgramRejected {
            if (opcode >= 0xc0) {
                features.add("sign-ext");
            }
            boolean unary = opcode == 0x45
                    || opcode == 0x50
                    || opcode >= 0x67 && opcode <= 0x69
                    || opcode >= 0x79 && opcode <= 0x7b
                    || opcode >= 0x8b && opcode <= 0x91
                    || opcode >= 0x99 && opcode <= 0x9f
                    || opcode >= 0xa7;
            pop(unary ? 1 : 2);
            push(1);
        }

        private void extended(int opcode) throws ProgramRejected {
            if (opcode >= 0xd0 && opcode <= 0xd2) {
                features.add("reference-types");
            }
            switch (opcode) {
                case 0xd0 -> {
                    ModuleScan.referenceType(in);
                    push(1);
                }
                case 0xd1 -> {
                    pop(1);
                    push(1);
                }
                case 0xd2 -> {
                    in.u32();
                    push(1);
                }
                case 0xd3, 0xd4, 0xd5, 0xd6, 0xfb -> throw ModuleScan.unsupported("garbage collection");
                case 0xfc -> bulk(in.u32());
                case 0xfd -> throw ModuleScan.unsupported("SIMD");
                case 0xfe -> throw ModuleScan.unsupported("threads");
                default -> throw unknown(opcode);
            }
        }

        private void bulk(int opcode) throws ProgramRejected {
            features.add(opcode < 8 ? "nontrapping-fptoint" : opcode < 15 ? "bulk-memory" : "reference-types");
            switch (opcode) {
                case 0, 1, 2, 3, 4, 5, 6, 7 -> {
                    pop(1);
                    push(1);
                }
                case 8 -> {
                    in.u32();
                    onlyMemory();
                    pop(3);
                }
                case 9, 13 -> in.u32();
                case 10 -> {
                    onlyMemory();
                    onlyMemory();
                    pop(3);
                }
                case 11 -> {
                    onlyMemory();
                    pop(3);
                }
                case 12, 14 -> {
                    in.u32();
                    in.u32();
                    pop(3);
                }
                case 15 -> {
                    in.u32();
                    pop(2);
                    push(1);
                }
                case 16 -> {
                    in.u32();
                    push(1);
                }
                case 17 -> {
                    in.u32();
                    pop(3);
                }
                default -> throw ModuleScan.unsupported("an instruction 0xfc " + opcode);
            }
        }
    }
}
