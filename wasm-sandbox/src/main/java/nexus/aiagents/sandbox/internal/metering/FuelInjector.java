package nexus.aiagents.sandbox.internal.metering;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.MethodModel;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Makes compiled WebAssembly count. The compiler copies a class of helpers, `…Shaded`, beside the code it
/// makes and calls `checkInterruption` there at each call and back-edge; this puts calls of {@link
/// MeteredThread} in place of two of its bodies. That leans on names internal to the compiler, so anything
/// but exactly one method of each name is an error.
public final class FuelInjector {
    public static final int VERSION = 1;
    public static final String TARGET_SUFFIX = "Shaded";

    private static final ClassDesc METER = ClassDesc.of(MeteredThread.class.getName());
    private static final ClassDesc MEMORY = ClassDesc.of("run.endive.runtime.Memory");
    private static final MethodTypeDesc CHECK = MethodTypeDesc.of(ConstantDescs.CD_void);
    private static final MethodTypeDesc GROW = MethodTypeDesc.of(ConstantDescs.CD_int, ConstantDescs.CD_int, MEMORY);

    private int checks;
    private int grows;

    private FuelInjector() {}

    /// @param shaded the class file of the helpers
    /// @throws IllegalStateException if the compiler's output does not look as expected
    public static byte[] inject(byte[] shaded) {
        FuelInjector injector = new FuelInjector();
        ClassFile classFile = ClassFile.of();
        ClassModel model = classFile.parse(shaded);
        byte[] result = classFile.transformClass(model, (builder, element) -> {
            Consumer<CodeBuilder> body = element instanceof MethodModel method ? injector.bodyFor(method) : null;
            if (body != null) {
                MethodModel method = (MethodModel) element;
                builder.withMethodBody(
                        method.methodName(), method.methodType(), method.flags().flagsMask(), body);
            } else {
                builder.with(element);
            }
        });
        if (injector.checks != 1 || injector.grows != 1) {
            throw new IllegalStateException("the compiler of WebAssembly has changed: found " + injector.checks
                    + " methods checkInterruption and " + injector.grows + " methods memoryGrow, expected one each");
        }
        return result;
    }

    private @Nullable Consumer<CodeBuilder> bodyFor(MethodModel method) {
        MethodTypeDesc type = method.methodTypeSymbol();
        if (method.methodName().equalsString("checkInterruption") && type.equals(CHECK)) {
            checks++;
            return code -> code.invokestatic(METER, "tick", CHECK).return_();
        }
        if (method.methodName().equalsString("memoryGrow") && type.equals(GROW)) {
            grows++;
            return code ->
                    code.iload(0).aload(1).invokestatic(METER, "grow", GROW).ireturn();
        }
        return null;
    }
}
