package nexus.aiagents.sandbox.internal.jit;

import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.reflect.AccessFlag;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassTooLargeException;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodTooLargeException;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.analysis.AnalyzerException;
import org.objectweb.asm.tree.analysis.BasicValue;
import org.objectweb.asm.tree.analysis.Frame;

/// Replaces methods that are too large for the JVM's just-in-time compiler by several that are not.
///
/// HotSpot never compiles a method of more than 8,000 bytes of bytecode, unless it is told so for the whole
/// JVM. The loop of an interpreter such as QuickJS is one function of WebAssembly and becomes one
/// method, seven times as large, which therefore stays interpreted for ever; so does any large function
/// of a module. What the code computes and every call that it makes stay the same, those that count
/// fuel too.
public final class MethodSplitter {
    public static final int VERSION = 4;

    /// Beyond it the JVM compiles nothing.
    public static final int HUGE = 8_000;

    /// Bytes of code times its locals and operands, beyond which looking at a method takes too much memory.
    private static final long MOST_WORK = 60_000_000;

    private MethodSplitter() {}

    /// @param classFile static methods that use references only as parameters, as they come out of the
    ///     compiler
    /// @return class files by internal name: the class itself, and one more for each method that was split
    /// @throws IllegalStateException if a method does not look as expected
    public static Map<String, byte[]> split(byte[] classFile) {
        return split(classFile, Rule.ALL, Map.of());
    }

    /// The same for code that anybody may have written: what can not be split stays whole, and slow.
    ///
    /// @param goOn asked before each method; when it says no the others stay whole
    public static Map<String, byte[]> splitWhatCanBe(byte[] classFile, Sizes sizes, BooleanSupplier goOn) {
        return split(classFile, new Rule(sizes, goOn, false), Map.of());
    }

    /// The same with methods that are too large for a class file (64 KB) in place of those of that name.
    ///
    /// @throws Unsplittable if one of them can not be taken apart
    public static Map<String, byte[]> splitWhatCanBe(
            byte[] classFile, Sizes sizes, BooleanSupplier goOn, Map<String, MethodNode> instead) {
        return split(classFile, new Rule(sizes, goOn, false), instead);
    }

    /// Finds out how many locals and operands it needs, and takes out what is never reached, which nobody
    /// who looks for calls should find: who writes a class file takes it out too.
    ///
    /// @throws Unsplittable if that takes too much memory
    public static void measure(MethodNode method) {
        try {
            AbstractInsnNode[] code = method.instructions.toArray();
            Frame<BasicValue>[] reached = FlowGraph.frames("measured", method);
            for (int i = 0; i < code.length; i++) {
                if (reached[i] == null && code[i].getOpcode() >= 0) {
                    method.instructions.remove(code[i]);
                }
            }
        } catch (AnalyzerException | IllegalStateException e) {
            throw new Unsplittable(method.name, e);
        }
    }

    /// A method that neither fits into a class file nor could be split.
    public static final class Unsplittable extends IllegalStateException {
        private static final long serialVersionUID = 1;

        Unsplittable(String method, Exception cause) {
            super("the method " + method + " can not be split", cause);
        }
    }

    /// @param strict whether it is an error if a method can not be split
    private record Rule(Sizes sizes, BooleanSupplier goOn, boolean strict) {
        static final Rule ALL = new Rule(Sizes.OF_THE_JVM, () -> true, true);
    }

    private static Map<String, byte[]> split(byte[] classFile, Rule rule, Map<String, MethodNode> instead) {
        Set<String> huge = hugeMethods(classFile, rule.sizes().most());
        ClassReader reader = new ClassReader(classFile);
        String owner = reader.getClassName();
        if (huge.isEmpty() && instead.isEmpty()) {
            return Map.of(owner, classFile);
        }
        Map<String, byte[]> classes = new LinkedHashMap<>();
        ClassWriter out = new ClassWriter(reader, 0);
        reader.accept(
                new ClassVisitor(Opcodes.ASM9, out) {
                    @Override
                    public MethodVisitor visitMethod(
                            int access,
                            String name,
                            String descriptor,
                            @Nullable String signature,
                            String @Nullable [] thrown) {
                        MethodVisitor target = super.visitMethod(access, name, descriptor, signature, thrown);
                        @Nullable MethodNode larger = instead.get(name);
                        if (larger != null) {
                            return new Exchange(owner, larger, target, classes, rule.sizes());
                        }
                        return huge.contains(name)
                                ? new Collector(owner, access, name, descriptor, target, classes, rule)
                                : target;
                    }
                },
                0);
        classes.put(owner, out.toByteArray());
        return classes;
    }

    private static Set<String> hugeMethods(byte[] classFile, int most) {
        Set<String> names = new HashSet<>();
        for (MethodModel method : ClassFile.of().parse(classFile).methods()) {
            Optional<CodeAttribute> code = method.findAttribute(Attributes.code());
            if (code.isPresent()
                    && code.get().codeLength() > most
                    && (long) code.get().codeLength()
                                    * (code.get().maxLocals() + code.get().maxStack())
                            <= MOST_WORK
                    && method.flags().has(AccessFlag.STATIC)
                    && code.get().exceptionHandlers().isEmpty()) {
                names.add(method.methodName().stringValue());
            }
        }
        return names;
    }

    /// @param code what the method does
    /// @param target where the call of what replaces it goes
    /// @return its class file
    private static byte[] replace(String owner, MethodNode code, MethodVisitor target, Sizes sizes)
            throws AnalyzerException {
        String split = owner + "$" + code.name;
        FlowGraph graph = new FlowGraph(owner, code, sizes);
        byte[] made = new SplitWriter(split, code, graph, new SplitPlan(graph, sizes)).write();
        target.visitCode();
        int slot = 0;
        for (Type parameter : Type.getArgumentTypes(code.desc)) {
            target.visitVarInsn(parameter.getOpcode(Opcodes.ILOAD), slot);
            slot += parameter.getSize();
        }
        Type returned = Type.getReturnType(code.desc);
        target.visitMethodInsn(Opcodes.INVOKESTATIC, split, SplitWriter.DRIVER, code.desc, false);
        target.visitInsn(returned.getOpcode(Opcodes.IRETURN));
        target.visitMaxs(Math.max(slot, returned.getSize()), slot);
        target.visitEnd();
        return made;
    }

    /// Takes in one large method and writes the call of what replaces it.
    private static final class Collector extends MethodNode {
        private final String owner;
        private final MethodVisitor target;
        private final Map<String, byte[]> classes;
        private final Rule rule;

        Collector(
                String owner,
                int access,
                String name,
                String descriptor,
                MethodVisitor target,
                Map<String, byte[]> classes,
                Rule rule) {
            super(Opcodes.ASM9, access, name, descriptor, null, null);
            this.owner = owner;
            this.target = target;
            this.classes = classes;
            this.rule = rule;
        }

        @Override
        public void visitEnd() {
            if (!rule.goOn().getAsBoolean()) {
                accept(target);
                return;
            }
            try {
                classes.put(owner + "$" + name, replace(owner, this, target, rule.sizes()));
            } catch (AnalyzerException | IllegalStateException | MethodTooLargeException | ClassTooLargeException e) {
                if (rule.strict()) {
                    throw new IllegalStateException("the method " + name + " does not look as expected", e);
                }
                accept(target);
            }
        }
    }

    /// Passes over what is there and writes the call of something else.
    private static final class Exchange extends MethodVisitor {
        private final String owner;
        private final MethodNode code;
        private final MethodVisitor target;
        private final Map<String, byte[]> classes;
        private final Sizes sizes;

        Exchange(String owner, MethodNode code, MethodVisitor target, Map<String, byte[]> classes, Sizes sizes) {
            super(Opcodes.ASM9);
            this.owner = owner;
            this.code = code;
            this.target = target;
            this.classes = classes;
            this.sizes = sizes;
        }

        @Override
        public void visitEnd() {
            try {
                classes.put(owner + "$" + code.name, replace(owner, code, target, sizes));
            } catch (AnalyzerException | IllegalStateException | MethodTooLargeException | ClassTooLargeException e) {
                throw new Unsplittable(code.name, e);
            }
        }
    }
}
