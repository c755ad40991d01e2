package nexus.aiagents.sandbox.internal.wasm;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Properties;
import nexus.aiagents.sandbox.internal.jit.MethodSplitter;
import nexus.aiagents.sandbox.internal.metering.FuelInjector;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import run.endive.compiler.Cache;

/// Compiled code of modules in files of one folder, so that the next start need not compile. A file is a
/// seal and a jar. The seal is made of the jar, the module and all that made the code, with a key that is
/// not in the folder: a file that is damaged, forged, renamed or of another version counts as missing.
/// Several processes may use a folder. Thread-safe.
final class CodeCache {
    private static final Logger LOG = LoggerFactory.getLogger(CodeCache.class);
    static final String SUFFIX = ".code";
    private static final String UNFINISHED = ".code-tmp";
    private static final Duration KEPT_UNUSED = Duration.ofDays(30);
    private static final Duration KEPT_UNFINISHED = Duration.ofHours(1);
    static final long MOST_BYTES = 256L << 20;
    private static final int SEAL_BYTES = 32;

    /// Another version of any of these makes other code.
    private static final byte[] MADE_BY = ("nexus " + version(CodeCache.class) + " fuel " + FuelInjector.VERSION
                    + " split " + MethodSplitter.VERSION
                    + ", endive " + endive() + ", java " + Runtime.version())
            .getBytes(StandardCharsets.UTF_8);

    private final Path folder;
    private final CodeKey key;
    private final long mostBytes;

    CodeCache(Path folder, CodeKey key, long mostBytes) {
        this.folder = folder.toAbsolutePath();
        this.key = key;
        this.mostBytes = mostBytes;
        tidy();
    }

    private static String version(Class<?> of) {
        String version = of.getPackage().getImplementationVersion();
        return version == null ? "-" : version;
    }

    private static String endive() {
        try (InputStream in = Cache.class.getResourceAsStream("/META-INF/maven/run.endive/compiler/pom.properties")) {
            Properties properties = new Properties();
            if (in != null) {
                properties.load(in);
            }
            return properties.getProperty("version", "-");
        } catch (IOException e) {
            return "-";
        }
    }

    static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }

    private Path file(byte[] hash) {
        return folder.resolve(HexFormat.of().formatHex(hash) + SUFFIX);
    }

    /// @param hash of the module
    /// @return the jar, or null if there is none that can be trusted
    byte @Nullable [] read(byte[] hash) {
        Path file = file(hash);
        try {
            BasicFileAttributes attributes =
                    Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (attributes.isRegularFile() && attributes.size() > SEAL_BYTES && attributes.size() <= mostBytes) {
                byte[] stored = Files.readAllBytes(file);
                byte[] jar = Arrays.copyOfRange(stored, Math.min(SEAL_BYTES, stored.length), stored.length);
                if (MessageDigest.isEqual(key.seal(MADE_BY, hash, jar), Arrays.copyOf(stored, SEAL_BYTES))) {
                    touch(file);
                    return jar;
                }
            }
            LOG.debug("{} is damaged, or was not made here by this version: the module is compiled again", file);
        } catch (NoSuchFileException e) {
            LOG.debug("{} is not there yet", file);
        } catch (IOException e) {
            LOG.warn("compiled code in {} can not be read: {}", file, e.toString());
        }
        return null;
    }

    private static void touch(Path file) {
        try {
            Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
        } catch (IOException e) {
            LOG.debug("{} can not be marked as used: {}", file, e.toString());
        }
    }

    void write(byte[] hash, byte[] jar) {
        if (jar.length + SEAL_BYTES > mostBytes) {
            return;
        }
        try {
            Files.createDirectories(folder);
            Path unfinished = Files.createTempFile(folder, "", UNFINISHED);
            try {
                byte[] stored = Arrays.copyOf(key.seal(MADE_BY, hash, jar), SEAL_BYTES + jar.length);
                System.arraycopy(jar, 0, stored, SEAL_BYTES, jar.length);
                Files.write(unfinished, stored);
                Files.move(unfinished, file(hash), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(unfinished);
            }
            tidy();
        } catch (IOException e) {
            LOG.warn("compiled code can not be kept in {}: {}", folder, e.toString());
        }
    }

    /// Forgets what could not be loaded.
    void discard(byte[] hash) {
        try {
            Files.deleteIfExists(file(hash));
        } catch (IOException e) {
            LOG.warn("compiled code in {} can not be deleted: {}", folder, e.toString());
        }
    }

    private record Kept(Path file, long bytes, Instant used) {}

    /// Deletes what no program has needed for a month, what was used longest ago while all is too
    /// large, and what a process left unfinished.
    private void tidy() {
        Instant now = Instant.now();
        List<Kept> all = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*{" + SUFFIX + "," + UNFINISHED + "}")) {
            for (Path each : files) {
                BasicFileAttributes attributes =
                        Files.readAttributes(each, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
                Instant used = attributes.lastModifiedTime().toInstant();
                boolean unfinished = each.toString().endsWith(UNFINISHED);
                if (used.isBefore(now.minus(unfinished ? KEPT_UNFINISHED : KEPT_UNUSED))) {
                    Files.deleteIfExists(each);
                } else if (!unfinished) {
                    all.add(new Kept(each, attributes.size(), used));
                }
            }
            all.sort(Comparator.comparing(Kept::used));
            long total = all.stream().mapToLong(Kept::bytes).sum();
            for (Kept oldest : all) {
                if (total <= mostBytes) {
                    break;
                }
                Files.deleteIfExists(oldest.file());
                total -= oldest.bytes();
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            LOG.debug("{} is not there yet, or another process tidies it", folder);
        } catch (IOException | DirectoryIteratorException e) {
            LOG.warn("old compiled code in {} can not be deleted: {}", folder, e.toString());
        }
    }
}
