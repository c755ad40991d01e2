package nexus.aiagents.sandbox.internal.metering;

import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.Instruction;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.ConvertInstruction;
import java.lang.classfile.instruction.IncrementInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LineNumber;
import java.lang.classfile.instruction.LoadInstruction;
import java.lang.classfile.instruction.OperatorInstruction;
import java.lang.classfile.instruction.StoreInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;

/// Which of the NaNs that a function computes nobody can look at: what takes the number off the stack
/// computes another one of it, whose NaN is made canonical in its turn, or compares it, which gives the
/// same for every NaN.
final class UnseenNans {
    /// Instructions after which a number that is still on the stack is left for seen.
    private static final int FAR = 40;

    private UnseenNans() {}

    /// @return the instructions that compute such numbers, counted from 0
    static BitSet of(CodeModel code) {
        List<CodeElement> elements = new ArrayList<>();
        for (CodeElement element : code) {
            if (!(element instanceof LineNumber)) {
                elements.add(element);
            }
        }
        BitSet unseen = new BitSet();
        int number = 0;
        for (int i = 0; i < elements.size(); i++) {
            if (elements.get(i) instanceof Instruction instruction) {
                if (NumberInjector.computed(instruction) != null && unseen(elements, i)) {
                    unseen.set(number);
                }
                number++;
            }
        }
        return unseen;
    }

    private static boolean unseen(List<CodeElement> elements, int computed) {
        int above = 0; // slots on the stack above the number
        for (int i = computed + 1; i < Math.min(elements.size(), computed + FAR); i++) {
            Slots slots = slots(elements.get(i));
            if (slots == null) {
                return false;
            } else if (slots.takes > above) {
                return looksAtNoBits((Instruction) elements.get(i));
            }
            above += slots.gives - slots.takes;
        }
        return false;
    }

    private static boolean looksAtNoBits(Instruction instruction) {
        return NumberInjector.computed(instruction) != null
                || instruction instanceof InvokeInstruction call
                        && NumberInjector.compares(call.name().stringValue());
    }

    /// What an instruction takes off the stack and puts there, where it does nothing else to it.
    private record Slots(int takes, int gives) {}

    private static @Nullable Slots slots(CodeElement element) {
        return switch (element) {
            case LoadInstruction load -> new Slots(0, load.typeKind().slotSize());
            case StoreInstruction store -> new Slots(store.typeKind().slotSize(), 0);
            case ConstantInstruction constant ->
                new Slots(0, constant.typeKind().slotSize());
            case ConvertInstruction convert ->
                new Slots(convert.fromType().slotSize(), convert.toType().slotSize());
            case IncrementInstruction _ -> new Slots(0, 0);
            case InvokeInstruction call when call.opcode() == Opcode.INVOKESTATIC -> call(call.typeSymbol());
            case OperatorInstruction operator -> arithmetic(operator);
            default -> null;
        };
    }

    private static Slots call(MethodTypeDesc type) {
        int takes = 0;
        for (ClassDesc parameter : type.parameterList()) {
            takes += TypeKind.from(parameter).slotSize();
        }
        return new Slots(takes, TypeKind.from(type.returnType()).slotSize());
    }

    private static @Nullable Slots arithmetic(OperatorInstruction operator) {
        int size = operator.typeKind().slotSize();
        int opcode = operator.opcode().bytecode(); // in the order of their numbers
        if (opcode > Opcodes.LXOR) {
            return null;
        } else if (opcode >= Opcodes.ISHL && opcode <= Opcodes.LUSHR) {
            return new Slots(size + 1, size);
        }
        boolean negates = opcode >= Opcodes.INEG && opcode <= Opcodes.DNEG;
        return opcode < Opcodes.IADD ? null : new Slots(negates ? size : 2 * size, size);
    }
}
