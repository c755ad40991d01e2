package nexus.aiagents.sandbox.internal.wasm;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.jar.JarEntry;
import java.util.jar.JarInputStream;
import java.util.jar.JarOutputStream;
import nexus.aiagents.sandbox.internal.metering.FuelInjector;
import nexus.aiagents.sandbox.internal.metering.StackInjector;
import org.jspecify.annotations.Nullable;
import run.endive.compiler.Cache;

/// The compiled code of one module as the compiler wants to keep and find it: what counts fuel and
/// stack is put in on the way. For one thread.
final class CompiledCode implements Cache {
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

    private static byte[] withFuel(byte[] compiled) {
        ByteArrayOutputStream result = new ByteArrayOutputStream();
        int injected = 0;
        StackInjector stack = new StackInjector();
        try (JarInputStream in = new JarInputStream(new ByteArrayInputStream(compiled));
                JarOutputStream out = new JarOutputStream(result)) {
            for (JarEntry entry = in.getNextJarEntry(); entry != null; entry = in.getNextJarEntry()) {
                byte[] bytes = in.readAllBytes();
                if (entry.getName().endsWith(FuelInjector.TARGET_SUFFIX + ".class")) {
                    bytes = FuelInjector.inject(bytes);
                    injected++;
                } else if (StackInjector.isTarget(entry.getName())) {
                    bytes = stack.inject(bytes);
                }
                out.putNextEntry(new JarEntry(entry.getName()));
                out.write(bytes);
                out.closeEntry();
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
