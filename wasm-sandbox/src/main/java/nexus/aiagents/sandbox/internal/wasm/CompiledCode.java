package nexus.aiagents.sandbox.internal.wasm;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarInputStream;
import java.util.jar.JarOutputStream;
import nexus.aiagents.sandbox.internal.jit.MethodSplitter;
import nexus.aiagents.sandbox.internal.metering.FuelInjector;
import nexus.aiagents.sandbox.internal.metering.StackInjector;
import org.jspecify.annotations.Nullable;
import run.endive.compiler.Cache;

/// The compiled code of one module as the compiler wants to keep and find it: what counts fuel and
/// stack is put in on the way. For one thread.
final class CompiledCode implements Cache {
    /// A module that has more large functions than that computes the same without, only slower.
    private static final Duration SPLIT_WITHIN = Duration.ofSeconds(15);

    private byte @Nullable [] jar;

    /// @param jar has fuel in it; null: is still to be compiled
    CompiledCode(byte @Nullable [] jar) {
        this.jar = jar;
    }

    @Override
    public byte @Nullable [] get(String key) {
        return jar;
    }

    @Override
    public void putIfAbsent(String key, byte[] compiled) {
        jar = withFuel(compiled);
    }

    /// So that the JVM compiles what would be too large for it.
    private static Map<String, byte[]> split(byte[] group, long until) {
        return MethodSplitter.splitWhatCanBe(group, MethodSplitter.HUGE, () -> System.nanoTime() < until);
    }

    private static void write(JarOutputStream out, String name, byte[] bytes) throws IOException {
        out.putNextEntry(new JarEntry(name));
        out.write(bytes);
        out.closeEntry();
    }

    private static byte[] withFuel(byte[] compiled) {
        ByteArrayOutputStream result = new ByteArrayOutputStream();
        int injected = 0;
        StackInjector stack = new StackInjector();
        long until = System.nanoTime() + SPLIT_WITHIN.toNanos();
        try (JarInputStream in = new JarInputStream(new ByteArrayInputStream(compiled));
                JarOutputStream out = new JarOutputStream(result)) {
            for (JarEntry entry = in.getNextJarEntry(); entry != null; entry = in.getNextJarEntry()) {
                byte[] bytes = in.readAllBytes();
                if (entry.getName().endsWith(FuelInjector.TARGET_SUFFIX + ".class")) {
                    bytes = FuelInjector.inject(bytes);
                    injected++;
                } else if (StackInjector.isTarget(entry.getName())) {
                    for (Map.Entry<String, byte[]> each :
                            split(stack.inject(bytes), until).entrySet()) {
                        write(out, each.getKey() + ".class", each.getValue());
                    }
                    continue;
                }
                write(out, entry.getName(), bytes);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (injected != 1 || stack.functions() == 0) {
            throw new IllegalStateException("the compiler of WebAssembly has changed: found " + injected
                    + " classes of helpers, expected one, and " + stack.functions() + " functions");
        }
        return result.toByteArray();
    }
}
