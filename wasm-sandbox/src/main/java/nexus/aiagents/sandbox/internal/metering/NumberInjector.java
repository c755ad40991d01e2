package nexus.aiagents.sandbox.internal.metering;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.Instruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.BitSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import run.endive.runtime.OpcodeImpl;

/// Puts {@link Nans} behind the instructions of compiled functions that can make a NaN or change its
/// bits, and {@link Arithmetic} in place of what the runtime computes wrong. What only moves bits - loads,
/// stores, `neg`, `abs`, `copysign`, `reinterpret` - stays as it is, as WebAssembly wants it.
public final class NumberInjector {
    private static final ClassDesc NANS = ClassDesc.of(Nans.class.getName());
    private static final String NAME = "canonical";
    private static final MethodTypeDesc FLOAT = MethodTypeDesc.of(ConstantDescs.CD_float, ConstantDescs.CD_float);
    private static final MethodTypeDesc DOUBLE = MethodTypeDesc.of(ConstantDescs.CD_double, ConstantDescs.CD_double);
    private static final int BYTES_A_CALL = 3;
    private static final String RUNTIME = OpcodeImpl.class.getName().replace('.', '/');
    private static final ClassDesc ARITHMETIC = ClassDesc.of(Arithmetic.class.getName());

    /// What the runtime's helpers that are wrong are called in {@link Arithmetic}.
    private static final Map<String, String> RIGHT =
            Map.of("F32_COPYSIGN", "copysign", "F32_CONVERT_I64_U", "toFloat", "F64_CONVERT_I64_U", "toDouble");

    /// Of the compiler's helpers, behind `F32_` or `F64_`.
    private static final Set<String> COMPUTING = Set.of("CEIL", "FLOOR", "TRUNC", "NEAREST", "SQRT", "MIN", "MAX");

    private static final Set<String> COMPARING = Set.of("EQ", "NE", "LT", "LE", "GT", "GE");

    private NumberInjector() {}

    /// Of a function in a class file: a transformation of its code. Where nobody can look at the bits
    /// nothing is put in.
    static CodeTransform pass(CodeModel code) {
        BitSet unseen = UnseenNans.of(code);
        return CodeTransform.ofStateful(() -> new Pass(unseen));
    }

    private static final class Pass implements CodeTransform {
        private final BitSet unseen;
        private int instructions;

        Pass(BitSet unseen) {
            this.unseen = unseen;
        }

        @Override
        public void accept(CodeBuilder builder, CodeElement element) {
            if (element instanceof InvokeInstruction call
                    && isWrong(call.owner().asInternalName(), call.name().stringValue())) {
                builder.invokestatic(ARITHMETIC, RIGHT.get(call.name().stringValue()), call.typeSymbol());
            } else {
                builder.with(element);
            }
            if (element instanceof Instruction instruction) {
                MethodTypeDesc type = computed(instruction);
                if (type != null && !unseen.get(instructions)) {
                    builder.invokestatic(NANS, NAME, type);
                }
                instructions++;
            }
        }
    }

    /// @return null unless it can make a NaN or change the bits of one
    static @Nullable MethodTypeDesc computed(Instruction instruction) {
        return instruction instanceof InvokeInstruction call
                ? helper(call.name().stringValue())
                : computed(instruction.opcode().bytecode());
    }

    /// Whether one of the compiler's helpers compares two numbers.
    static boolean compares(String helper) {
        return helper.length() == 6
                && (helper.startsWith("F32_") || helper.startsWith("F64_"))
                && COMPARING.contains(helper.substring(4));
    }

    /// The same for a function that is not in a class file, wherever it computes.
    public static void inject(MethodNode code) {
        for (AbstractInsnNode node : code.instructions.toArray()) {
            if (node instanceof MethodInsnNode call && isWrong(call.owner, call.name)) {
                call.owner = Arithmetic.class.getName().replace('.', '/');
                call.name = RIGHT.get(call.name);
            }
            MethodTypeDesc type = computed(node);
            if (type != null) {
                code.instructions.insert(
                        node,
                        new MethodInsnNode(
                                Opcodes.INVOKESTATIC,
                                Nans.class.getName().replace('.', '/'),
                                NAME,
                                type.descriptorString(),
                                false));
            }
        }
    }

    /// How many bytes that adds.
    public static int bytes(MethodNode code) {
        int bytes = 0;
        for (AbstractInsnNode node : code.instructions) {
            bytes += computed(node) == null ? 0 : BYTES_A_CALL;
        }
        return bytes;
    }

    private static @Nullable MethodTypeDesc computed(AbstractInsnNode node) {
        return node instanceof MethodInsnNode call ? helper(call.name) : computed(node.getOpcode());
    }

    private static @Nullable MethodTypeDesc computed(int opcode) {
        return switch (opcode) {
            case Opcodes.FADD, Opcodes.FSUB, Opcodes.FMUL, Opcodes.FDIV, Opcodes.D2F -> FLOAT;
            case Opcodes.DADD, Opcodes.DSUB, Opcodes.DMUL, Opcodes.DDIV, Opcodes.F2D -> DOUBLE;
            default -> null;
        };
    }

    private static boolean isWrong(String owner, String name) {
        return owner.equals(RUNTIME) && RIGHT.containsKey(name);
    }

    private static @Nullable MethodTypeDesc helper(String name) {
        if (name.length() < 5 || !COMPUTING.contains(name.substring(4))) {
            return null;
        }
        return name.startsWith("F32_") ? FLOAT : name.startsWith("F64_") ? DOUBLE : null;
    }
}
