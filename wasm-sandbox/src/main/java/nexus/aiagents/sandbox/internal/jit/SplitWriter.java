package nexus.aiagents.sandbox.internal.jit;

import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LookupSwitchInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TableSwitchInsnNode;
import org.objectweb.asm.tree.VarInsnNode;
import org.objectweb.asm.tree.analysis.BasicValue;

/// Writes the class that stands for one large method: an object of it holds the locals that outlive a
/// region, each region is a method that answers the number of the place where to go on, or -1 when it
/// has returned.
final class SplitWriter {
    private static final String[] KINDS = {"I", "J", "F", "D"};
    static final String DRIVER = "run";
    private static final String RESULT = "result";
    private static final String CONSTRUCTOR = "<init>";

    private final String name;
    private final MethodNode method;
    private final FlowGraph graph;
    private final SplitPlan plan;
    private final Type[] parameters;
    private final Type returned;
    private final ClassWriter out;
    private final Entries entries;
    private final JumpTables tables;
    private final Map<String, String> fields = new TreeMap<>();

    SplitWriter(String name, MethodNode method, FlowGraph graph, SplitPlan plan) {
        this.name = name;
        this.method = method;
        this.graph = graph;
        this.plan = plan;
        parameters = Type.getArgumentTypes(method.desc);
        returned = Type.getReturnType(method.desc);
        tables = new JumpTables(name);
        entries = new Entries(plan);
        out = new ClassWriter(ClassWriter.COMPUTE_FRAMES) {
            @Override
            protected String getCommonSuperClass(String one, String other) {
                return "java/lang/Object";
            }
        };
    }

    byte[] write() {
        out.visit(Opcodes.V11, Opcodes.ACC_FINAL | Opcodes.ACC_SUPER, name, null, "java/lang/Object", new String[0]);
        writeConstructor();
        new Region(0).writeDriver();
        for (int region = 1; region < plan.regions; region++) {
            new Region(region).writeRegion();
        }
        fields.forEach(
                (field, type) -> out.visitField(0, field, type, null, null).visitEnd());
        tables.write(out);
        out.visitEnd();
        return out.toByteArray();
    }

    private void writeConstructor() {
        MethodVisitor code = out.visitMethod(0, CONSTRUCTOR, "()V", null, null);
        code.visitCode();
        code.visitVarInsn(Opcodes.ALOAD, 0);
        code.visitMethodInsn(Opcodes.INVOKESPECIAL, "java/lang/Object", CONSTRUCTOR, "()V", false);
        code.visitInsn(Opcodes.RETURN);
        code.visitMaxs(0, 0);
        code.visitEnd();
    }

    private String regionDescriptor() {
        StringBuilder text = new StringBuilder("(L" + name + ";I");
        for (Type parameter : parameters) {
            if (isReference(parameter)) {
                text.append(parameter.getDescriptor());
            }
        }
        return text + ")I";
    }

    private static boolean isReference(Type type) {
        return type.getSort() == Type.OBJECT || type.getSort() == Type.ARRAY;
    }

    private static int kindOf(@Nullable Type type) {
        if (type == null) {
            throw new IllegalStateException("one of several types lies on the stack");
        }
        return switch (type.getSort()) {
            case Type.INT -> 0;
            case Type.LONG -> 1;
            case Type.FLOAT -> 2;
            case Type.DOUBLE -> 3;
            default -> throw new IllegalStateException("unexpected type " + type);
        };
    }

    private String field(String field, int kind) {
        fields.put(field, KINDS[kind]);
        return field;
    }

    private String localField(int local) {
        return field("v" + local, local & 3);
    }

    /// One of the methods while it is written.
    private final class Region {
        private final int number;
        private final Map<Integer, Label> blockLabels = new HashMap<>();
        private final Map<Integer, Label> exitLabels = new TreeMap<>();
        private final BitSet shared = new BitSet();
        private final Map<Integer, Integer> slots = new HashMap<>();
        private final Map<Integer, Integer> references = new HashMap<>();
        private MethodVisitor code;
        private int frameSlot;
        private int idSlot;
        private int nextSlot;
        private final Label loop = new Label();

        Region(int number) {
            this.number = number;
            code = number == 0
                    ? out.visitMethod(Opcodes.ACC_STATIC, DRIVER, method.desc, null, null)
                    : out.visitMethod(Opcodes.ACC_STATIC, "region" + number, regionDescriptor(), null, null);
            findShared();
        }

        /// Locals whose value comes from or goes to another region; the others stay locals.
        private void findShared() {
            for (int block = 0; block < plan.regionOf.length; block++) {
                if (plan.regionOf[block] == number) {
                    if (entries.contains(block)) {
                        shared.or(graph.wanted.get(block));
                    }
                    for (int next : graph.blocks.get(block).successors()) {
                        if (plan.regionOf[next] != number) {
                            shared.or(graph.wanted.get(next));
                        }
                    }
                }
            }
        }

        void writeDriver() {
            code.visitCode();
            int slot = 0;
            for (Type parameter : parameters) {
                references.put(slot, slot);
                slot += parameter.getSize();
            }
            frameSlot = slot;
            idSlot = slot + 1;
            nextSlot = slot + 2;
            makeFrame();
            push(entries.number(0));
            code.visitVarInsn(Opcodes.ISTORE, idSlot);
            code.visitLabel(loop);
            Label[] calls = Stream.generate(Label::new).limit(plan.regions).toArray(Label[]::new);
            Label done = new Label();
            Map<Integer, Label> ours = new TreeMap<>();
            code.visitVarInsn(Opcodes.ILOAD, idSlot);
            if (entries.byRegion()) {
                code.visitIntInsn(Opcodes.BIPUSH, Entries.BITS);
                code.visitInsn(Opcodes.IUSHR);
                code.visitTableSwitchInsn(0, calls.length - 1, done, calls);
                code.visitLabel(calls[0]);
                enter(ours, done);
            } else {
                Label[] targets = entries.targets(block -> plan.regionOf[block] == 0
                        ? ours.computeIfAbsent(block, _ -> new Label())
                        : calls[plan.regionOf[block]]);
                code.visitTableSwitchInsn(0, targets.length - 1, done, targets);
            }
            for (int region = 1; region < plan.regions; region++) {
                writeCall(region, calls[region]);
            }
            code.visitLabel(done);
            if (returned.getSort() != Type.VOID) {
                getField(RESULT, kindOf(returned));
            }
            code.visitInsn(returned.getOpcode(Opcodes.IRETURN));
            writeEntries(ours);
            writeBlocks();
            exitLabels.forEach((block, label) -> {
                code.visitLabel(label);
                saveStack(graph.blocks.get(block).stack());
                push(entries.number(block));
                code.visitVarInsn(Opcodes.ISTORE, idSlot);
                code.visitJumpInsn(Opcodes.GOTO, calls[plan.regionOf[block]]);
            });
            finish();
        }

        private void makeFrame() {
            code.visitTypeInsn(Opcodes.NEW, name);
            code.visitInsn(Opcodes.DUP);
            code.visitMethodInsn(Opcodes.INVOKESPECIAL, name, CONSTRUCTOR, "()V", false);
            code.visitVarInsn(Opcodes.ASTORE, frameSlot);
            int slot = 0;
            for (Type parameter : parameters) {
                if (!isReference(parameter)) {
                    int kind = kindOf(parameter);
                    code.visitVarInsn(Opcodes.ALOAD, frameSlot);
                    code.visitVarInsn(parameter.getOpcode(Opcodes.ILOAD), slot);
                    code.visitFieldInsn(Opcodes.PUTFIELD, name, localField(slot * 4 + kind), KINDS[kind]);
                }
                slot += parameter.getSize();
            }
        }

        private void writeCall(int region, Label label) {
            code.visitLabel(label);
            code.visitVarInsn(Opcodes.ALOAD, frameSlot);
            code.visitVarInsn(Opcodes.ILOAD, idSlot);
            int slot = 0;
            for (Type parameter : parameters) {
                if (isReference(parameter)) {
                    code.visitVarInsn(Opcodes.ALOAD, slot);
                }
                slot += parameter.getSize();
            }
            code.visitMethodInsn(Opcodes.INVOKESTATIC, name, "region" + region, regionDescriptor(), false);
            code.visitVarInsn(Opcodes.ISTORE, idSlot);
            code.visitJumpInsn(Opcodes.GOTO, loop);
        }

        void writeRegion() {
            code.visitCode();
            frameSlot = 0;
            idSlot = 1;
            nextSlot = 2;
            int slot = 0;
            for (Type parameter : parameters) {
                if (isReference(parameter)) {
                    references.put(slot, nextSlot++);
                }
                slot += parameter.getSize();
            }
            Map<Integer, Label> ours = new TreeMap<>();
            enter(ours, null);
            writeEntries(ours);
            writeBlocks();
            exitLabels.forEach((block, label) -> {
                code.visitLabel(label);
                saveStack(graph.blocks.get(block).stack());
                push(entries.number(block));
                code.visitInsn(Opcodes.IRETURN);
            });
            finish();
        }

        /// Jumps to the entry whose number is in its slot.
        ///
        /// @param otherwise where to go if there is none; null: to the first
        private void enter(Map<Integer, Label> ours, @Nullable Label otherwise) {
            int first = entries.firstOf(number);
            Label[] targets = entries.targetsIn(number, block -> ours.computeIfAbsent(block, _ -> new Label()));
            if (targets.length > 0) {
                code.visitVarInsn(Opcodes.ILOAD, idSlot);
                code.visitTableSwitchInsn(
                        first, first + targets.length - 1, otherwise == null ? targets[0] : otherwise, targets);
            } else if (otherwise != null) {
                code.visitJumpInsn(Opcodes.GOTO, otherwise);
            }
        }

        private void finish() {
            code.visitMaxs(0, 0);
            code.visitEnd();
        }

        private void push(int value) {
            if (value >= Byte.MIN_VALUE && value <= Byte.MAX_VALUE) {
                code.visitIntInsn(Opcodes.BIPUSH, value);
            } else if (value >= Short.MIN_VALUE && value <= Short.MAX_VALUE) {
                code.visitIntInsn(Opcodes.SIPUSH, value);
            } else {
                code.visitLdcInsn(value);
            }
        }

        private void writeEntries(Map<Integer, Label> ours) {
            ours.forEach((block, label) -> {
                code.visitLabel(label);
                List<BasicValue> stack = graph.blocks.get(block).stack();
                for (int depth = 0; depth < stack.size(); depth++) {
                    int kind = kindOf(stack.get(depth).getType());
                    getField(stackField(depth, kind), kind);
                }
                code.visitJumpInsn(Opcodes.GOTO, labelOf(block));
            });
        }

        private void saveStack(List<BasicValue> stack) {
            for (int depth = stack.size() - 1; depth >= 0; depth--) {
                int kind = kindOf(stack.get(depth).getType());
                putField(stackField(depth, kind), kind);
            }
        }

        private String stackField(int depth, int kind) {
            return field("s" + depth + KINDS[kind], kind);
        }

        private Label labelOf(int block) {
            return blockLabels.computeIfAbsent(block, _ -> new Label());
        }

        private Label target(int block) {
            return plan.regionOf[block] == number
                    ? labelOf(block)
                    : exitLabels.computeIfAbsent(block, _ -> new Label());
        }

        private Label target(LabelNode label) {
            return target(graph.block(label));
        }

        private void writeBlocks() {
            for (int block = 0; block < plan.regionOf.length; block++) {
                if (plan.regionOf[block] != number) {
                    continue;
                }
                code.visitLabel(labelOf(block));
                FlowGraph.Block body = graph.blocks.get(block);
                for (int i = body.from(); i < body.to(); i++) {
                    write(graph.code[i]);
                }
                Integer next = graph.fallsTo(block);
                if (next != null && (plan.regionOf[next] != number || next != block + 1)) {
                    code.visitJumpInsn(Opcodes.GOTO, target(next));
                }
            }
        }

        private void write(AbstractInsnNode node) {
            switch (node) {
                case LabelNode _ -> {}
                case VarInsnNode local -> writeLocal(local);
                case JumpInsnNode jump -> code.visitJumpInsn(jump.getOpcode(), target(jump.label));
                case TableSwitchInsnNode wide when graph.isWide(wide) -> writeWide(wide);
                case TableSwitchInsnNode table ->
                    code.visitTableSwitchInsn(
                            table.min,
                            table.max,
                            target(table.dflt),
                            table.labels.stream().map(this::target).toArray(Label[]::new));
                case LookupSwitchInsnNode lookup ->
                    code.visitLookupSwitchInsn(
                            target(lookup.dflt),
                            lookup.keys.stream().mapToInt(Integer::intValue).toArray(),
                            lookup.labels.stream().map(this::target).toArray(Label[]::new));
                default -> {
                    if (isReturn(node)) {
                        writeReturn(node);
                    } else if (node.getOpcode() >= 0) {
                        node.accept(code);
                    }
                }
            }
        }

        /// Finds the number of the place in a table and goes on through the driver.
        private void writeWide(TableSwitchInsnNode wide) {
            int otherwise = graph.block(wide.dflt);
            String table = tables.add(wide.labels.stream()
                    .mapToInt(label -> entries.number(graph.block(label)))
                    .toArray());
            Label outside = new Label();
            Label found = new Label();
            code.visitInsn(Opcodes.DUP);
            code.visitVarInsn(Opcodes.ISTORE, idSlot);
            code.visitJumpInsn(Opcodes.IFLT, outside);
            code.visitVarInsn(Opcodes.ILOAD, idSlot);
            push(wide.labels.size());
            code.visitJumpInsn(Opcodes.IF_ICMPGE, outside);
            code.visitFieldInsn(Opcodes.GETSTATIC, name, table, JumpTables.TYPE);
            code.visitVarInsn(Opcodes.ILOAD, idSlot);
            code.visitInsn(Opcodes.IALOAD);
            code.visitJumpInsn(Opcodes.GOTO, found);
            code.visitLabel(outside);
            push(entries.number(otherwise));
            code.visitLabel(found);
            code.visitVarInsn(Opcodes.ISTORE, idSlot);
            saveStack(graph.blocks.get(otherwise).stack());
            if (number == 0) {
                code.visitJumpInsn(Opcodes.GOTO, loop);
            } else {
                code.visitVarInsn(Opcodes.ILOAD, idSlot);
                code.visitInsn(Opcodes.IRETURN);
            }
        }

        private static boolean isReturn(AbstractInsnNode node) {
            return node.getOpcode() >= Opcodes.IRETURN && node.getOpcode() <= Opcodes.RETURN;
        }

        private void writeReturn(AbstractInsnNode node) {
            if (number == 0) {
                code.visitInsn(node.getOpcode());
                return;
            }
            if (returned.getSort() != Type.VOID) {
                putField(field(RESULT, kindOf(returned)), kindOf(returned));
            }
            code.visitInsn(Opcodes.ICONST_M1);
            code.visitInsn(Opcodes.IRETURN);
        }

        private void writeLocal(VarInsnNode node) {
            if (!FlowGraph.movesLocal(node)) {
                Integer slot = references.get(node.var);
                if (slot == null || node.getOpcode() != Opcodes.ALOAD) {
                    throw new IllegalStateException("only parameters are expected to be references");
                }
                code.visitVarInsn(Opcodes.ALOAD, slot);
                return;
            }
            int local = FlowGraph.localOf(node);
            int kind = local & 3;
            if (!shared.get(local)) {
                int size = kind % 2 == 0 ? 1 : 2;
                Integer slot = slots.get(local);
                if (slot == null) {
                    slot = nextSlot;
                    nextSlot += size;
                    slots.put(local, slot);
                }
                code.visitVarInsn(node.getOpcode(), slot);
            } else if (FlowGraph.isStore(node)) {
                putField(localField(local), kind);
            } else {
                getField(localField(local), kind);
            }
        }

        private void getField(String field, int kind) {
            code.visitVarInsn(Opcodes.ALOAD, frameSlot);
            code.visitFieldInsn(Opcodes.GETFIELD, name, field(field, kind), KINDS[kind]);
        }

        private void putField(String field, int kind) {
            code.visitVarInsn(Opcodes.ALOAD, frameSlot);
            if (kind % 2 == 0) {
                code.visitInsn(Opcodes.SWAP);
            } else {
                code.visitInsn(Opcodes.DUP_X2);
                code.visitInsn(Opcodes.POP);
            }
            code.visitFieldInsn(Opcodes.PUTFIELD, name, field(field, kind), KINDS[kind]);
        }
    }
}
