package nexus.aiagents.sandbox.internal.jit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.roastedroot.quickjs4j.core.JavyPluginModule;
import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

class MethodSplitterTest {
    static final String FUNCTIONS = "JavyPluginModuleMachineFuncGroup_0.class";

    static byte[] quickJs() throws IOException {
        try (InputStream in = JavyPluginModule.class.getResourceAsStream(FUNCTIONS)) {
            return in.readAllBytes();
        }
    }

    static Stream<CodeAttribute> methods(byte[] classFile) {
        return ClassFile.of().parse(classFile).methods().stream()
                .map(MethodSplitterTest::code)
                .flatMap(Optional::stream);
    }

    static Optional<CodeAttribute> code(MethodModel method) {
        return method.findAttribute(Attributes.code());
    }

    static Map<String, Integer> calls(Stream<CodeAttribute> methods) {
        Map<String, Integer> calls = new TreeMap<>();
        methods.forEach(code -> code.elementStream().forEach(element -> {
            if (element instanceof InvokeInstruction call
                    && call.owner().asInternalName().contains("Shaded")) {
                calls.merge(call.name().stringValue(), 1, Integer::sum);
            }
        }));
        return calls;
    }

    @Test
    void no_method_of_the_engine_stays_too_large_for_the_jit() throws IOException {
        byte[] before = quickJs();
        assertTrue(methods(before).anyMatch(code -> code.codeLength() > 50_000));

        Map<String, byte[]> after = MethodSplitter.split(before);

        assertEquals(
                List.of(),
                after.values().stream()
                        .flatMap(MethodSplitterTest::methods)
                        .map(CodeAttribute::codeLength)
                        .filter(length -> length > MethodSplitter.HUGE)
                        .toList());
    }

    @Test
    void every_read_write_call_and_tick_is_there_as_often_as_before() throws IOException {
        byte[] before = quickJs();

        Map<String, byte[]> after = MethodSplitter.split(before);

        assertEquals(calls(methods(before)), calls(after.values().stream().flatMap(MethodSplitterTest::methods)));
    }

    /// An interpreter of a little language with a loop, a large switch and values kept on the stack
    /// over jumps, as large as the random seed makes it.
    private static byte[] interpreter(String name, long seed, int operations, int statements) {
        Random random = new Random(seed);
        ClassWriter out = new ClassWriter(ClassWriter.COMPUTE_FRAMES);
        out.visit(Opcodes.V11, Opcodes.ACC_PUBLIC, name, null, "java/lang/Object", null);
        MethodVisitor code = out.visitMethod(Opcodes.ACC_PUBLIC | Opcodes.ACC_STATIC, "run", "(IJDI)J", null, null);
        // 0: state (I), 1: sum (J), 3: real (D), 5: steps left (I), 6..: scratch
        code.visitCode();
        for (int i = 0; i < 4; i++) {
            code.visitInsn(Opcodes.LCONST_0);
            code.visitVarInsn(Opcodes.LSTORE, 10 + 2 * i);
        }
        Label loop = new Label();
        Label end = new Label();
        code.visitLabel(loop);
        code.visitVarInsn(Opcodes.ILOAD, 5);
        code.visitInsn(Opcodes.ICONST_M1);
        code.visitInsn(Opcodes.IADD);
        code.visitInsn(Opcodes.DUP);
        code.visitVarInsn(Opcodes.ISTORE, 5);
        code.visitJumpInsn(Opcodes.IFLT, end);
        Label[] cases = Stream.generate(Label::new).limit(operations).toArray(Label[]::new);
        code.visitVarInsn(Opcodes.ILOAD, 0);
        code.visitTableSwitchInsn(0, operations - 1, end, cases);
        for (int i = 0; i < operations; i++) {
            code.visitLabel(cases[i]);
            for (int k = random.nextInt(statements); k >= 0; k--) {
                statement(code, random);
            }
            code.visitVarInsn(Opcodes.LLOAD, 1);
            code.visitInsn(Opcodes.L2I);
            code.visitIntInsn(Opcodes.SIPUSH, 0x7fff);
            code.visitInsn(Opcodes.IAND);
            code.visitIntInsn(Opcodes.SIPUSH, operations + 1);
            code.visitInsn(Opcodes.IREM);
            code.visitVarInsn(Opcodes.ISTORE, 0);
            code.visitJumpInsn(
                    Opcodes.GOTO,
                    random.nextInt(8) == 0 && i + 1 < operations
                            ? cases[i + 1 + random.nextInt(operations - i - 1)]
                            : loop);
        }
        code.visitLabel(end);
        code.visitVarInsn(Opcodes.LLOAD, 1);
        code.visitVarInsn(Opcodes.DLOAD, 3);
        code.visitMethodInsn(Opcodes.INVOKESTATIC, "java/lang/Double", "doubleToLongBits", "(D)J", false);
        code.visitInsn(Opcodes.LXOR);
        code.visitInsn(Opcodes.LRETURN);
        code.visitMaxs(0, 0);
        code.visitEnd();
        out.visitEnd();
        return out.toByteArray();
    }

    /// `sum` and `real` change in one of several ways; a choice leaves its value on the stack.
    private static void statement(MethodVisitor code, Random random) {
        int scratch = 10 + 2 * random.nextInt(4);
        switch (random.nextInt(3)) {
            case 0 -> {
                Label other = new Label();
                Label join = new Label();
                code.visitVarInsn(Opcodes.LLOAD, 1);
                code.visitVarInsn(Opcodes.LLOAD, scratch);
                code.visitVarInsn(Opcodes.ILOAD, 5);
                code.visitIntInsn(Opcodes.BIPUSH, random.nextInt(100));
                code.visitJumpInsn(Opcodes.IF_ICMPLT, other);
                code.visitLdcInsn(random.nextLong());
                code.visitJumpInsn(Opcodes.GOTO, join);
                code.visitLabel(other);
                code.visitLdcInsn(random.nextLong());
                code.visitLabel(join);
                code.visitInsn(Opcodes.LXOR);
                code.visitInsn(Opcodes.LADD);
                code.visitVarInsn(Opcodes.LSTORE, 1);
            }
            case 1 -> {
                code.visitVarInsn(Opcodes.LLOAD, 1);
                code.visitLdcInsn(random.nextLong() | 1);
                code.visitInsn(Opcodes.LMUL);
                code.visitVarInsn(Opcodes.LSTORE, scratch);
            }
            default -> {
                code.visitVarInsn(Opcodes.DLOAD, 3);
                code.visitVarInsn(Opcodes.LLOAD, scratch);
                code.visitInsn(Opcodes.L2D);
                code.visitInsn(Opcodes.DADD);
                code.visitVarInsn(Opcodes.DSTORE, 3);
            }
        }
    }

    private static final class Loader extends ClassLoader {
        private final Map<String, byte[]> classes;

        Loader(Map<String, byte[]> classes) {
            super(MethodSplitterTest.class.getClassLoader());
            this.classes = classes;
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            byte[] bytes = classes.get(name);
            if (bytes == null) {
                throw new ClassNotFoundException(name);
            }
            return defineClass(name, bytes, 0, bytes.length);
        }
    }

    private static MethodHandle load(Map<String, byte[]> classes, String name) throws ReflectiveOperationException {
        MethodType type = MethodType.methodType(long.class, int.class, long.class, double.class, int.class);
        return MethodHandles.publicLookup().findStatic(new Loader(classes).loadClass(name), "run", type);
    }

    @Test
    void what_was_split_computes_the_same_as_before() throws Throwable {
        for (int seed = 0; seed < 12; seed++) {
            int operations = 70 + new Random(seed).nextInt(100);
            byte[] before = interpreter("Toy", seed, operations, 30);
            Map<String, byte[]> after = new HashMap<>(MethodSplitter.split(before));
            MethodHandle expected = load(Map.of("Toy", before), "Toy");
            MethodHandle actual = load(after, "Toy");

            assertTrue(after.size() > 1, "seed " + seed + " makes too little code");
            for (int start = 0; start < 20; start++) {
                assertEquals(
                        (long) expected.invokeExact(start, 17L * start, 0.5, 500),
                        (long) actual.invokeExact(start, 17L * start, 0.5, 500),
                        "seed " + seed + ", start " + start);
            }
        }
    }

    /// The interpreter of .NET knows 675 operations.
    @Test
    void a_switch_too_wide_for_jumps_leads_to_the_same_places() throws Throwable {
        byte[] before = interpreter("Wide", 7, 700, 4);
        Map<String, byte[]> after = new HashMap<>(MethodSplitter.split(before));
        MethodHandle expected = load(Map.of("Wide", before), "Wide");
        MethodHandle actual = load(after, "Wide");

        assertEquals(
                List.of(),
                after.values().stream()
                        .flatMap(MethodSplitterTest::methods)
                        .map(CodeAttribute::codeLength)
                        .filter(length -> length > MethodSplitter.HUGE)
                        .toList());
        for (int start = -2; start < 720; start += 3) {
            assertEquals(
                    (long) expected.invokeExact(start, 17L * start, 0.5, 500),
                    (long) actual.invokeExact(start, 17L * start, 0.5, 500),
                    "start " + start);
        }
    }

    /// The class file has it as instructions that do nothing, and then throws what is not on the stack.
    @Test
    void code_that_is_never_reached_becomes_no_method_of_its_own() throws Throwable {
        ClassWriter out = new ClassWriter(ClassWriter.COMPUTE_FRAMES);
        out.visit(Opcodes.V11, Opcodes.ACC_PUBLIC, "Dead", null, "java/lang/Object", null);
        MethodVisitor code = out.visitMethod(Opcodes.ACC_PUBLIC | Opcodes.ACC_STATIC, "run", "(IJDI)J", null, null);
        code.visitCode();
        Label end = new Label();
        code.visitVarInsn(Opcodes.ILOAD, 0);
        code.visitJumpInsn(Opcodes.IFLT, end);
        code.visitVarInsn(Opcodes.LLOAD, 1);
        code.visitInsn(Opcodes.LRETURN);
        for (int i = 0; i < 100; i++) {
            code.visitInsn(Opcodes.LCONST_1);
            code.visitInsn(Opcodes.POP2);
        }
        code.visitLabel(end);
        code.visitInsn(Opcodes.LCONST_0);
        code.visitInsn(Opcodes.LRETURN);
        code.visitMaxs(0, 0);
        code.visitEnd();
        out.visitEnd();

        Map<String, byte[]> after = new HashMap<>(
                MethodSplitter.splitWhatCanBe(out.toByteArray(), new Sizes(50, 30, 0, 1_000, 400), () -> true));
        MethodHandle run = load(after, "Dead");

        assertEquals(2, after.size());
        assertEquals(0, (long) run.invokeExact(-1, 7L, 0.5, 1));
        assertEquals(7, (long) run.invokeExact(1, 7L, 0.5, 1));
    }

    @Test
    void a_class_without_large_methods_stays_as_it_is() {
        byte[] small = interpreter("Small", 1, 5, 30);

        assertEquals(Map.of("Small", small), MethodSplitter.split(small));
    }
}
