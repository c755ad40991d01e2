package nexus.aiagents.sandbox.internal.wasm;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.MethodModel;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarInputStream;
import java.util.jar.JarOutputStream;
import nexus.aiagents.sandbox.ProgramRejected;
import nexus.aiagents.sandbox.internal.jit.MethodSplitter;
import nexus.aiagents.sandbox.internal.jit.Sizes;
import nexus.aiagents.sandbox.internal.metering.CompilerChanged;
import nexus.aiagents.sandbox.internal.metering.FuelInjector;
import nexus.aiagents.sandbox.internal.metering.StackInjector;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.tree.MethodNode;
import run.endive.compiler.Cache;

/// The compiled code of one module as the compiler wants to keep and find it: what counts fuel and
/// stack is put in on the way. For one thread.
final class CompiledCode implements Cache {
    private static final String CLASS = ".class";

    /// A module that has more large functions than that computes the same without, only slower.
    private static final Duration SPLIT_WITHIN = Duration.ofSeconds(15);

    private byte @Nullable [] jar;
    private final @Nullable LargeFunctions large;
    private final Sizes sizes;

    private CompiledCode(byte @Nullable [] jar, @Nullable LargeFunctions large, Sizes sizes) {
        this.jar = jar;
        this.large = large;
        this.sizes = sizes;
    }

    /// @param jar has fuel in it
    static CompiledCode made(byte[] jar) {
        return new CompiledCode(jar, null, Sizes.OF_THE_JVM);
    }

    /// Compiles a module.
    ///
    /// @param large those of its functions that the compiler can not compile, and the module itself
    /// @return the compiler's jar with fuel put in
    static byte[] of(LargeFunctions large) throws ProgramRejected {
        return of(large, Sizes.OF_THE_JVM);
    }

    /// @param sizes of the methods that functions become
    static byte[] of(LargeFunctions large, Sizes sizes) throws ProgramRejected {
        CompiledCode code = new CompiledCode(null, large, sizes);
        WasmRuntime.machines(large.rest(), code);
        if (code.jar == null) {
            throw new IllegalStateException("the compiler kept nothing");
        }
        return code.jar;
    }

    @Override
    public byte @Nullable [] get(String key) {
        return jar;
    }

    @Override
    public void putIfAbsent(String key, byte[] compiled) {
        jar = withFuel(compiled);
    }

    private static void write(JarOutputStream out, String name, byte[] bytes) throws IOException {
        out.putNextEntry(new JarEntry(name));
        out.write(bytes);
        out.closeEntry();
    }

    private static Map<String, byte[]> read(byte[] jar) throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        try (JarInputStream in = new JarInputStream(new ByteArrayInputStream(jar))) {
            for (JarEntry entry = in.getNextJarEntry(); entry != null; entry = in.getNextJarEntry()) {
                entries.put(entry.getName(), in.readAllBytes());
            }
        }
        return entries;
    }

    private byte[] withFuel(byte[] compiled) {
        ByteArrayOutputStream result = new ByteArrayOutputStream();
        int injected = 0;
        StackInjector stack = new StackInjector();
        long until = System.nanoTime() + SPLIT_WITHIN.toNanos();
        try (JarOutputStream out = new JarOutputStream(result)) {
            Map<String, byte[]> entries = read(compiled);
            Groups groups = new Groups(large == null ? Map.of() : large.linked(classes(entries)), sizes, until);
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                byte[] bytes = entry.getValue();
                if (entry.getKey().endsWith(FuelInjector.TARGET_SUFFIX + CLASS)) {
                    write(out, entry.getKey(), FuelInjector.inject(bytes));
                    injected++;
                } else if (StackInjector.isTarget(entry.getKey())) {
                    for (Map.Entry<String, byte[]> each :
                            groups.split(stack.inject(bytes)).entrySet()) {
                        write(out, each.getKey() + CLASS, each.getValue());
                    }
                } else {
                    write(out, entry.getKey(), bytes);
                }
            }
            if (injected != 1 || stack.functions() == 0 && hasFunctions() || !groups.complete()) {
                throw new CompilerChanged("found " + injected + " classes of helpers, expected one, and "
                        + stack.functions() + " functions");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return result.toByteArray();
    }

    /// A module may be nothing but exports of what it imports.
    private boolean hasFunctions() {
        return large == null || large.countOfAll() > 0;
    }

    private static Map<String, byte[]> classes(Map<String, byte[]> entries) {
        Map<String, byte[]> classes = new HashMap<>();
        entries.forEach((name, bytes) -> {
            if (name.endsWith(CLASS)) {
                classes.put(name.substring(0, name.length() - CLASS.length()), bytes);
            }
        });
        return classes;
    }

    /// Takes functions apart, so that the JVM compiles what would be too large for it.
    private static final class Groups {
        private final Map<String, MethodNode> large;
        private final Sizes sizes;
        private final long until;
        private final Set<String> putBack = new HashSet<>();

        Groups(Map<String, MethodNode> large, Sizes sizes, long until) {
            this.large = large;
            this.sizes = sizes;
            this.until = until;
        }

        Map<String, byte[]> split(byte[] group) {
            Map<String, MethodNode> here = new HashMap<>();
            for (MethodModel method : ClassFile.of().parse(group).methods()) {
                String name = method.methodName().stringValue();
                MethodNode code = large.get(name);
                if (code != null) {
                    here.put(name, code);
                    putBack.add(name);
                }
            }
            return MethodSplitter.splitWhatCanBe(group, sizes, () -> System.nanoTime() < until, here);
        }

        boolean complete() {
            return putBack.equals(large.keySet());
        }
    }
}
