package nexus.aiagents.sandbox.internal.wasm;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.jar.JarEntry;
import java.util.jar.JarInputStream;
import java.util.jar.JarOutputStream;
import nexus.aiagents.sandbox.internal.metering.FuelInjector;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import run.endive.compiler.Cache;

/// The compiled code of one module, in memory and, if it has one, in a file of the cache folder: a
/// checksum, then the compiler's jar with fuel put in. A file that does not fit its checksum counts as
/// missing. For one thread.
final class CompiledCode implements Cache {
    private static final Logger LOG = LoggerFactory.getLogger(CompiledCode.class);
    static final String SUFFIX = ".code";
    private static final Duration KEPT_UNUSED = Duration.ofDays(30);
    private static final int SUM_BYTES = 32;

    private final @Nullable Path file;
    private byte @Nullable [] jar;

    CompiledCode(Path file) {
        this.file = file;
    }

    private CompiledCode() {
        file = null;
    }

    static CompiledCode inMemory() {
        return new CompiledCode();
    }

    static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }

    /// Deletes what no program has needed for a month.
    static void deleteUnused(Path folder) {
        Instant oldest = Instant.now().minus(KEPT_UNUSED);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
            for (Path each : files) {
                if (Files.getLastModifiedTime(each).toInstant().isBefore(oldest)) {
                    Files.deleteIfExists(each);
                }
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            LOG.debug("{} is not there yet", folder);
        } catch (IOException | DirectoryIteratorException e) {
            LOG.warn("old compiled code in {} can not be deleted: {}", folder, e.toString());
        }
    }

    boolean isThere() {
        return get("") != null;
    }

    /// Forgets what could not be loaded.
    void discard() {
        jar = null;
        if (file == null) {
            return;
        }
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.warn("compiled code in {} is damaged and can not be deleted: {}", file, e.toString());
        }
    }

    @Override
    public byte @Nullable [] get(String key) {
        if (jar == null && file != null) {
            jar = read(file);
        }
        return jar;
    }

    private static byte @Nullable [] read(Path file) {
        try {
            byte[] stored = Files.readAllBytes(file);
            if (stored.length > SUM_BYTES) {
                byte[] payload = Arrays.copyOfRange(stored, SUM_BYTES, stored.length);
                if (MessageDigest.isEqual(sha256(payload), Arrays.copyOf(stored, SUM_BYTES))) {
                    Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
                    return payload;
                }
            }
            LOG.warn("compiled code in {} is damaged; it is compiled again", file);
        } catch (NoSuchFileException e) {
            LOG.debug("{} is not there yet", file);
        } catch (IOException e) {
            LOG.warn("compiled code in {} can not be read: {}", file, e.toString());
        }
        return null;
    }

    @Override
    public void putIfAbsent(String key, byte[] compiled) {
        keep(withFuel(compiled));
    }

    /// @param metered has fuel in it
    void keep(byte[] metered) {
        jar = metered;
        if (file != null) {
            write(file, metered);
        }
    }

    private static void write(Path file, byte[] metered) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Path unfinished = Files.createTempFile(file.toAbsolutePath().getParent(), "compiled", ".tmp");
            try {
                ByteArrayOutputStream out = new ByteArrayOutputStream();
                out.writeBytes(sha256(metered));
                out.writeBytes(metered);
                Files.write(unfinished, out.toByteArray());
                Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(unfinished);
            }
        } catch (IOException e) {
            LOG.warn("compiled code can not be kept in {}: {}", file, e.toString());
        }
    }

    private static byte[] withFuel(byte[] compiled) {
        ByteArrayOutputStream result = new ByteArrayOutputStream();
        int injected = 0;
        try (JarInputStream in = new JarInputStream(new ByteArrayInputStream(compiled));
                JarOutputStream out = new JarOutputStream(result)) {
            for (JarEntry entry = in.getNextJarEntry(); entry != null; entry = in.getNextJarEntry()) {
                byte[] bytes = in.readAllBytes();
                if (entry.getName().endsWith(FuelInjector.TARGET_SUFFIX + ".class")) {
                    bytes = FuelInjector.inject(bytes);
                    injected++;
                }
                out.putNextEntry(new JarEntry(entry.getName()));
                out.write(bytes);
                out.closeEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (injected != 1) {
            throw new IllegalStateException(
                    "the compiler of WebAssembly has changed: found " + injected + " classes of helpers, expected one");
        }
        return result.toByteArray();
    }
}
