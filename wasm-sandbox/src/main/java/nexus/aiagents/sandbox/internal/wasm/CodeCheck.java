package nexus.aiagents.sandbox.internal.wasm;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.ConstantDynamicEntry;
import java.lang.classfile.constantpool.InvokeDynamicEntry;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.classfile.constantpool.MethodHandleEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.reflect.AccessFlag;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarInputStream;
import nexus.aiagents.sandbox.internal.metering.Arithmetic;
import nexus.aiagents.sandbox.internal.metering.BulkMemory;
import nexus.aiagents.sandbox.internal.metering.BulkTable;
import nexus.aiagents.sandbox.internal.metering.MeteredThread;
import nexus.aiagents.sandbox.internal.metering.Nans;

/// Looks at compiled code before it is loaded, wherever it comes from: it may name only what computing
/// needs, so it has no way to files, processes, reflection or the rest of the app, whoever made it.
/// That it keeps to the types it names is for the JVM's verifier.
final class CodeCheck {
    private static final String OWN = "run/endive/$gen/CompiledMachine";
    private static final Set<String> PACKAGES = Set.of("run/endive/runtime/", "run/endive/wasm/");
    private static final String ARITHMETIC = Arithmetic.class.getName().replace('.', '/');
    private static final String BULK = BulkMemory.class.getName().replace('.', '/');
    private static final String TABLE = BulkTable.class.getName().replace('.', '/');
    private static final String NANS = Nans.class.getName().replace('.', '/');
    private static final String METER = MeteredThread.class.getName().replace('.', '/');

    /// Numbers only.
    private static final Set<String> CLASSES = Set.of(
            "java/lang/Boolean",
            "java/lang/Byte",
            "java/lang/Short",
            "java/lang/Integer",
            "java/lang/Long",
            "java/lang/Float",
            "java/lang/Double",
            "java/lang/Math",
            "java/lang/StrictMath");

    /// Of classes that offer more than is wanted.
    private static final Set<String> MEMBERS = Set.of(
            "java/lang/Object.<init>",
            "java/lang/String.format",
            "java/lang/System.getProperty",
            "java/lang/Thread.currentThread",
            "java/lang/Thread.isInterrupted",
            "java/util/Arrays.fill",
            "java/util/List.get",
            METER + ".tick",
            METER + ".spend",
            METER + ".grow",
            METER + ".enter",
            METER + ".leave",
            BULK + ".copy",
            BULK + ".fill",
            NANS + ".canonical",
            TABLE + ".fill",
            TABLE + ".requireInside",
            ARITHMETIC + ".copysign",
            ARITHMETIC + ".toFloat",
            ARITHMETIC + ".toDouble");

    private CodeCheck() {}

    /// @throws IllegalStateException if it names anything else
    static void check(byte[] jar) {
        try (JarInputStream in = new JarInputStream(new ByteArrayInputStream(jar))) {
            for (JarEntry entry = in.getNextJarEntry(); entry != null; entry = in.getNextJarEntry()) {
                if (entry.getName().endsWith(".class")) {
                    check(ClassFile.of().parse(in.readAllBytes()));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException("compiled code is no class file", e);
        }
    }

    private static void check(ClassModel model) {
        String name = model.thisClass().asInternalName();
        if (!name.startsWith(OWN)) {
            throw refused("a class of its own, " + name);
        }
        if (model.methods().stream().anyMatch(method -> method.flags().has(AccessFlag.NATIVE))) {
            throw refused("a native method");
        }
        for (PoolEntry entry : model.constantPool()) {
            switch (entry) {
                case InvokeDynamicEntry _, ConstantDynamicEntry _, MethodHandleEntry _ ->
                    throw refused("a method that is found while it runs");
                case MemberRefEntry member -> {
                    String owner = member.owner().asInternalName();
                    if (!isOpen(owner)
                            && !MEMBERS.contains(owner + "." + member.name().stringValue())) {
                        throw refused(owner + "." + member.name().stringValue());
                    }
                }
                case ClassEntry type -> {
                    if (!isKnown(type.asInternalName())) {
                        throw refused(type.asInternalName());
                    }
                }
                default -> {}
            }
        }
    }

    private static boolean isOpen(String owner) {
        return owner.startsWith(OWN)
                || CLASSES.contains(owner)
                || PACKAGES.stream().anyMatch(owner::startsWith);
    }

    private static boolean isKnown(String type) {
        String element = type.substring(type.lastIndexOf('[') + 1);
        boolean array = type.startsWith("[");
        String name = array && element.startsWith("L") ? element.substring(1, element.length() - 1) : element;
        return array && element.length() == 1
                || isOpen(name)
                || name.equals("java/lang/Throwable")
                || name.equals("java/lang/StackOverflowError")
                || MEMBERS.stream().anyMatch(member -> member.startsWith(name + "."));
    }

    private static IllegalStateException refused(String what) {
        return new IllegalStateException(
                "compiled code names " + BinaryReader.shown(what) + ", which no program needs");
    }
}
