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
                if (calls(code)) {
                    builder.transformMethod(method, MethodTransform.transformingCode(new Counting(bytes(code))));
                    return;
                }
            }
            builder.with(element);
        });
    }

    private static int bytes(CodeModel code) {
        CodeAttribute attribute = (CodeAttribute) code;
        return (attribute.maxLocals() + attribute.maxStack()) * BYTES_A_SLOT + BYTES_A_CALL;
    }

    private static boolean calls(CodeModel code) {
        for (CodeElement element : code) {
            if (element instanceof InvokeInstruction invoke) {
                String name = invoke.name().stringValue();
                if (name.startsWith("func_") || name.startsWith("call") || name.equals("apply")) {
                    return true;
                }
            }
        }
        return false;
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
