package nexus.aiagents.sandbox.internal.metering;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodTransform;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Makes compiled WebAssembly count. The compiler copies a class of helpers, `…Shaded`, beside the code it
/// makes, calls `checkInterruption` there at each call and back-edge, and other helpers for instructions
/// whose work depends on an operand; this puts calls of {@link MeteredThread} into their bodies. That leans
/// on names internal to the compiler, so anything but exactly one method of each is an error.
public final class FuelInjector {
    /// Of everything that is put into compiled code.
    public static final int VERSION = 9;

    public static final String TARGET_SUFFIX = "Shaded";

    private static final ClassDesc METER = ClassDesc.of(MeteredThread.class.getName());
    private static final ClassDesc MEMORY = ClassDesc.of("run.endive.runtime.Memory");
    private static final ClassDesc INSTANCE = ClassDesc.of("run.endive.runtime.Instance");
    private static final ClassDesc INT = ConstantDescs.CD_int;
    private static final MethodTypeDesc CHECK = MethodTypeDesc.of(ConstantDescs.CD_void);
    private static final MethodTypeDesc SPEND = MethodTypeDesc.of(ConstantDescs.CD_void, INT);
    private static final MethodTypeDesc GROW = MethodTypeDesc.of(INT, INT, MEMORY);

    private static final String CHECK_NAME = "checkInterruption";
    private static final String GROW_NAME = "memoryGrow";
    private static final String COPY_NAME = "memoryCopy";
    private static final String FILL_NAME = "memoryFill";
    private static final String COPY_TABLE_NAME = "tableCopy";
    private static final String FILL_TABLE_NAME = "tableFillRef";
    private static final ClassDesc BULK_TABLE = ClassDesc.of(BulkTable.class.getName());
    private static final MethodTypeDesc FILL_TABLE =
            MethodTypeDesc.of(ConstantDescs.CD_void, INT, ConstantDescs.CD_Object, INT, INT, INSTANCE);
    private static final ClassDesc BULK_MEMORY = ClassDesc.of(BulkMemory.class.getName());
    private static final MethodTypeDesc COPY = MethodTypeDesc.of(ConstantDescs.CD_void, INT, INT, INT, MEMORY);
    private static final MethodTypeDesc FILL =
            MethodTypeDesc.of(ConstantDescs.CD_void, INT, ConstantDescs.CD_byte, INT, MEMORY);

    private record Bulk(MethodTypeDesc type, int sizeAt, int unitsShift) {
        static Bulk of(int sizeAt, int unitsShift, ClassDesc... parameters) {
            return new Bulk(MethodTypeDesc.of(ConstantDescs.CD_void, parameters), sizeAt, unitsShift);
        }
    }

    private static final int BYTES_A_TICK_SHIFT = 6;
    private static final int ELEMENTS_A_TICK_SHIFT = 3;

    /// Ticks of the largest segment and the largest table there can be: whatever asks for more traps.
    private static final int MOST_TICKS = 1 << 18;

    private static final ClassDesc MATH = ClassDesc.of("java.lang.Math");
    private static final MethodTypeDesc MIN = MethodTypeDesc.of(INT, INT, INT);

    /// Helpers that move as much as their parameter at `sizeAt` says.
    private static final Map<String, Bulk> BULK = Map.of(
            "memoryInit",
            Bulk.of(2, BYTES_A_TICK_SHIFT, INT, INT, INT, INT, MEMORY),
            "tableFill",
            Bulk.of(2, ELEMENTS_A_TICK_SHIFT, INT, INT, INT, INT, INSTANCE),
            COPY_TABLE_NAME,
            Bulk.of(2, ELEMENTS_A_TICK_SHIFT, INT, INT, INT, INT, INT, INSTANCE),
            "tableInit",
            Bulk.of(2, ELEMENTS_A_TICK_SHIFT, INT, INT, INT, INT, INT, INSTANCE));

    private final Set<String> found = new HashSet<>();

    private FuelInjector() {}

    /// @param shaded the class file of the helpers
    /// @throws CompilerChanged if the compiler's output does not look as expected
    public static byte[] inject(byte[] shaded) {
        FuelInjector injector = new FuelInjector();
        ClassFile classFile = ClassFile.of();
        ClassModel model = classFile.parse(shaded);
        byte[] result = classFile.transformClass(model, (builder, element) -> {
            if (!(element instanceof MethodModel method)) {
                builder.with(element);
                return;
            }
            Consumer<CodeBuilder> instead = injector.bodyFor(method);
            Bulk bulk = BULK.get(method.methodName().stringValue());
            if (instead != null) {
                builder.withMethodBody(
                        method.methodName(), method.methodType(), method.flags().flagsMask(), instead);
            } else if (bulk != null && injector.is(method, method.methodName().stringValue(), bulk.type())) {
                builder.transformMethod(
                        method,
                        MethodTransform.transformingCode(
                                new Prologue(code -> before(method.methodName().stringValue(), bulk, code))));
            } else {
                builder.with(element);
            }
        });
        Set<String> expected = new HashSet<>(BULK.keySet());
        expected.add(CHECK_NAME);
        expected.addAll(Set.of(GROW_NAME, COPY_NAME, FILL_NAME, FILL_TABLE_NAME));
        expected.removeAll(injector.found);
        if (!expected.isEmpty()) {
            throw new CompilerChanged("it has no " + expected);
        }
        return result;
    }

    private static void before(String name, Bulk bulk, CodeBuilder code) {
        if (name.equals(COPY_TABLE_NAME)) {
            code.iload(0)
                    .iload(1)
                    .iload(2)
                    .iload(3)
                    .iload(4)
                    .aload(5)
                    .invokestatic(BULK_TABLE, "requireInside", bulk.type());
        }
        code.iload(bulk.sizeAt())
                .loadConstant(bulk.unitsShift())
                .iushr()
                .loadConstant(MOST_TICKS)
                .invokestatic(MATH, "min", MIN)
                .invokestatic(METER, "spend", SPEND);
    }

    private @Nullable Consumer<CodeBuilder> bodyFor(MethodModel method) {
        if (is(method, CHECK_NAME, CHECK)) {
            return code -> code.invokestatic(METER, "tick", CHECK).return_();
        }
        if (is(method, GROW_NAME, GROW)) {
            return code ->
                    code.iload(0).aload(1).invokestatic(METER, "grow", GROW).ireturn();
        }
        if (is(method, COPY_NAME, COPY)) {
            return code -> inPieces(code, "copy", COPY);
        }
        if (is(method, FILL_NAME, FILL)) {
            return code -> inPieces(code, "fill", FILL);
        }
        if (is(method, FILL_TABLE_NAME, FILL_TABLE)) {
            return code -> code.iload(0)
                    .aload(1)
                    .iload(2)
                    .iload(3)
                    .aload(4)
                    .invokestatic(BULK_TABLE, "fill", FILL_TABLE)
                    .return_();
        }
        return null;
    }

    private static void inPieces(CodeBuilder code, String name, MethodTypeDesc type) {
        code.iload(0)
                .iload(1)
                .iload(2)
                .aload(3)
                .invokestatic(BULK_MEMORY, name, type)
                .return_();
    }

    private boolean is(MethodModel method, String name, MethodTypeDesc type) {
        boolean same = method.methodName().equalsString(name)
                && method.methodTypeSymbol().equals(type);
        if (same && !found.add(name)) {
            throw new CompilerChanged("it has two " + name);
        }
        return same;
    }
}
