package nexus.aiagents.sandbox.internal.script;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import nexus.aiagents.sandbox.internal.jit.MethodSplitter;
import org.jspecify.annotations.Nullable;
import run.endive.compiler.Cache;
import run.endive.compiler.InterpreterFallback;
import run.endive.compiler.MachineFactoryCompiler;
import run.endive.wasm.Parser;

/// Makes what the sandbox ships of swc out of the module that its makers publish: the code as classes
/// of the JVM, and the module without the code.
///
/// To take a newer swc: replace `swc.wasm` beside the tests by what `wasm.js` of the npm package
/// `@swc/wasm-typescript` holds, run this class in the folder of the module, and run the tests.
final class SwcBuild {
    /// One function is larger than a method of the JVM may be: it is interpreted.
    private static final int INTERPRETED = 61;

    private static final int CODE_SECTION = 10;
    private static final int CUSTOM_SECTION = 0;
    private static final int HEADER = 8;

    private SwcBuild() {}

    static byte[] wasm() throws IOException {
        try (InputStream in = SwcBuild.class.getResourceAsStream("swc.wasm")) {
            return in.readAllBytes();
        }
    }

    static Map<String, byte[]> classes(byte[] wasm) throws IOException {
        byte[][] compiled = new byte[1][];
        MachineFactoryCompiler.builder(Parser.parse(wasm))
                .withInterpreterFallback(InterpreterFallback.SILENT)
                .withCache(new Cache() {
                    @Override
                    public byte @Nullable [] get(String key) {
                        return compiled[0];
                    }

                    @Override
                    public void putIfAbsent(String key, byte[] jar) {
                        compiled[0] = jar;
                    }
                })
                .compile();
        Map<String, byte[]> classes = new TreeMap<>();
        TypeScript.classes(compiled[0])
                .forEach((name, bytes) -> classes.putAll(
                        name.contains("FuncGroup_") ? MethodSplitter.split(bytes) : Map.of(name, bytes)));
        return classes;
    }

    /// The module with a trap for the body of each function that is compiled.
    static byte[] head(byte[] wasm) {
        ByteBuffer in = ByteBuffer.wrap(wasm).position(HEADER);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(wasm, 0, HEADER);
        int imported = Parser.parse(wasm).importSection().importCount();
        while (in.hasRemaining()) {
            int id = in.get();
            byte[] section = new byte[leb(in)];
            in.get(section);
            if (id != CUSTOM_SECTION) {
                byte[] kept = id == CODE_SECTION ? withoutBodies(section, INTERPRETED - imported) : section;
                out.write(id);
                writeLeb(out, kept.length);
                out.writeBytes(kept);
            }
        }
        return out.toByteArray();
    }

    private static byte[] withoutBodies(byte[] section, int keep) {
        ByteBuffer in = ByteBuffer.wrap(section);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int count = leb(in);
        writeLeb(out, count);
        for (int i = 0; i < count; i++) {
            byte[] body = new byte[leb(in)];
            in.get(body);
            byte[] kept = i == keep ? body : new byte[] {0, 0, 0x0b};
            writeLeb(out, kept.length);
            out.writeBytes(kept);
        }
        return out.toByteArray();
    }

    private static int leb(ByteBuffer in) {
        int value = 0;
        for (int shift = 0; ; shift += 7) {
            int next = in.get();
            value |= (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }

    private static void writeLeb(ByteArrayOutputStream out, int value) {
        int left = value;
        while (left >>> 7 != 0) {
            out.write(left & 0x7f | 0x80);
            left >>>= 7;
        }
        out.write(left);
    }

    private static byte[] jar(Map<String, byte[]> classes) {
        ByteArrayOutputStream result = new ByteArrayOutputStream();
        try (JarOutputStream out = new JarOutputStream(result)) {
            out.setLevel(9);
            for (Map.Entry<String, byte[]> each : classes.entrySet()) {
                JarEntry entry = new JarEntry(each.getKey() + ".class");
                entry.setLastModifiedTime(FileTime.fromMillis(0));
                out.putNextEntry(entry);
                out.write(each.getValue());
                out.closeEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return result.toByteArray();
    }

    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of("src/main/resources/nexus/aiagents/sandbox/internal/script");
        Files.write(folder.resolve(TypeScript.CODE), jar(classes(wasm())));
        Files.write(folder.resolve(TypeScript.MODULE), head(wasm()));
    }
}
