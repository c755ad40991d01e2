package nexus.aiagents.sandbox.internal.worker;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.TreeMap;
import nexus.aiagents.sandbox.Invocation;
import nexus.aiagents.sandbox.PreparedProgram;
import nexus.aiagents.sandbox.Program;
import nexus.aiagents.sandbox.Run;
import org.jspecify.annotations.Nullable;

/// A program that runs in workers. Each loads it before its first run of it. Thread-safe.
///
/// @param code of a WebAssembly module
/// @param hash of what it is, whoever prepared it
record RemoteProgram(WorkerPool pool, long id, Program source, byte @Nullable [] code, String hash)
        implements PreparedProgram {

    RemoteProgram(WorkerPool pool, long id, Program source, byte @Nullable [] code) {
        this(pool, id, source, code, hash(source));
    }

    private static String hash(Program source) {
        MessageDigest digest = sha256();
        switch (source) {
            case Program.WasmModule module -> digest.update(module.bytes());
            case Program.Script script -> {
                update(digest, script.entry());
                new TreeMap<>(script.files()).forEach((file, text) -> {
                    update(digest, file);
                    update(digest, text);
                });
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static void update(MessageDigest digest, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        digest.update(ByteBuffer.allocate(4).putInt(bytes.length).flip());
        digest.update(bytes);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    @Override
    public String name() {
        return source.name();
    }

    @Override
    public void awaitReady() throws InterruptedException {
        pool.awaitReady(this);
    }

    @Override
    public Run start(Invocation invocation) {
        return pool.start(this, invocation);
    }
}
