package nexus.aiagents.sandbox.internal.metering;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodTransform;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.stream.StreamSupport;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/// Makes compiled functions count how deep they are inside each other, so that a recursion without end
/// stops at the same call on every machine, long before the JVM's own stack does, whose depth depends on
/// what was already optimised. A function that calls no other is as good as its caller and is left alone.
public final class StackInjector {
    private static final ClassDesc METER = ClassDesc.of(MeteredThread.class.getName());
    private static final MethodTypeDesc COUNT = MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_int);
    private static final int BYTES_A_SLOT = 8;
    private static final int BYTES_A_CALL = 128;

    private final ClassFile classFile =
            ClassFile.of(ClassFile.ClassHierarchyResolverOption.of(ClassHierarchyResolver.defaultResolver()
                    .orElse(ClassHierarchyResolver.ofClassLoading(StackInjector.class.getClassLoader()))));
    private int functions;

    /// Whether a class of this name holds functions.
    public static boolean isTarget(String className) {
        return className.contains("FuncGroup_");
    }

    /// How many functions have been looked at.
    public int functions() {
        return functions;
    }

    public byte[] inject(byte[] group) {
        ClassModel model = classFile.parse(group);
        return classFile.transformClass(model, (builder, element) -> {
            if (element instanceof MethodModel method
                    && method.methodName().stringValue().startsWith("func_")) {
                functions++;
                CodeModel code = method.code().orElseThrow();
                CodeTransform nans = NumberInjector.pass(code);
                builder.transformMethod(
                        method,
                        MethodTransform.transformingCode(calls(code) ? nans.andThen(new Counting(bytes(code))) : nans));
                return;
            }
            builder.with(element);
        });
    }

    /// The same for a function that is not in a class file.
    ///
    /// @param code knows how many locals and operands it has
    public static void inject(MethodNode code) {
        NumberInjector.inject(code);
        if (StreamSupport.stream(code.instructions.spliterator(), false)
                .noneMatch(node -> node instanceof MethodInsnNode call && counts(call.name))) {
            return;
        }
        int bytes = bytes(code.maxLocals, code.maxStack);
        for (AbstractInsnNode node : code.instructions.toArray()) {
            if (node.getOpcode() >= Opcodes.IRETURN && node.getOpcode() <= Opcodes.RETURN) {
                code.instructions.insertBefore(node, call("leave", bytes));
            }
        }
        code.instructions.insert(call("enter", bytes));
    }

    private static InsnList call(String method, int bytes) {
        InsnList call = new InsnList();
        call.add(new LdcInsnNode(bytes));
        call.add(new MethodInsnNode(
                Opcodes.INVOKESTATIC,
                MeteredThread.class.getName().replace('.', '/'),
                method,
                COUNT.descriptorString(),
                false));
        return call;
    }

    private static int bytes(CodeModel code) {
        CodeAttribute attribute = (CodeAttribute) code;
        return bytes(attribute.maxLocals(), attribute.maxStack());
    }

    private static int bytes(int locals, int operands) {
        return (locals + operands) * BYTES_A_SLOT + BYTES_A_CALL;
    }

    private static boolean calls(CodeModel code) {
        for (CodeElement element : code) {
            if (element instanceof InvokeInstruction invoke
                    && counts(invoke.name().stringValue())) {
                return true;
            }
        }
        return false;
    }

    /// Whether a call of this name is one of a function.
    private static boolean counts(String called) {
        return called.startsWith("func_") || called.startsWith("call") || called.equals("apply");
    }

    private record Counting(int bytes) implements CodeTransform {
        @Override
        public void atStart(CodeBuilder builder) {
            builder.loadConstant(bytes).invokestatic(METER, "enter", COUNT);
        }

        @Override
        public void accept(CodeBuilder builder, CodeElement element) {
            if (element instanceof ReturnInstruction) {
                builder.loadConstant(bytes).invokestatic(METER, "leave", COUNT);
            }
            builder.with(element);
        }
    }
}
