package nexus.aiagents.sandbox.internal.wasm;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The secret of this person on this machine that compiled code is sealed with. Compiled code runs with the
/// rights of the app, and a project's folder may come from anywhere: only who can read the key can make
/// code that is loaded, and who can do that can already do whatever this person can.
public final class CodeKey {
    private static final Logger LOG = LoggerFactory.getLogger(CodeKey.class);
    private static final String FILE = "compiled-code.key";
    private static final int BYTES = 32;
    private static final String ALGORITHM = "HmacSHA256";
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");

    private final SecretKeySpec secret;

    private CodeKey(byte[] secret) {
        this.secret = new SecretKeySpec(secret, ALGORITHM);
    }

    /// The key of whoever runs this process, made if there is none.
    static CodeKey ofThisUser() {
        return in(folderOfThisUser());
    }

    /// Where the app keeps data of whoever runs this process.
    public static Path folderOfThisUser() {
        return folder(System.getProperty("os.name"), Path.of(System.getProperty("user.home")), System.getenv());
    }

    /// @return a key that nobody else has where the folder can not be used: nothing is loaded from earlier
    ///     processes then, which costs only time
    static CodeKey in(Path folder) {
        Path file = folder.resolve(FILE);
        try {
            Files.createDirectories(folder);
            if (Files.exists(file, LinkOption.NOFOLLOW_LINKS) && !isOurs(file)) {
                LOG.warn("{} could be read or changed by others: it is replaced", file);
                Files.delete(file);
            }
            return new CodeKey(readOrMake(file));
        } catch (IOException | UnsupportedOperationException | OverlappingFileLockException e) {
            LOG.warn("no key for compiled code can be kept in {}: {}", file, e.toString());
            return new CodeKey(random());
        }
    }

    /// Where the app keeps data of this person.
    static Path folder(String os, Path home, Map<String, String> environment) {
        String own = environment.getOrDefault("NEXUS_HOME", "");
        if (!own.isBlank()) {
            return Path.of(own, "data");
        }
        String name = os.toLowerCase(Locale.ROOT);
        if (name.contains("win")) {
            String local = environment.getOrDefault("LOCALAPPDATA", "");
            return (local.isBlank() ? home.resolve("AppData/Local") : Path.of(local)).resolve("Nexus OS");
        }
        if (name.contains("mac")) {
            return home.resolve("Library/Application Support/Nexus OS");
        }
        String data = environment.getOrDefault("XDG_DATA_HOME", "");
        return (data.isBlank() ? home.resolve(".local/share") : Path.of(data)).resolve("nexus-os");
    }

    /// On Windows the folder is closed to others by what it inherits from the person's own.
    private static boolean isOurs(Path file) throws IOException {
        if (!hasPermissions()) {
            return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
        }
        PosixFileAttributes attributes =
                Files.readAttributes(file, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        return attributes.isRegularFile() && OWNER_ONLY.containsAll(attributes.permissions());
    }

    private static boolean hasPermissions() {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    }

    /// Several processes may do this at once: who has the lock first makes the key.
    private static byte[] readOrMake(Path file) throws IOException {
        FileAttribute<?>[] attributes = hasPermissions()
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
                : new FileAttribute<?>[0];
        Set<StandardOpenOption> options =
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        synchronized (CodeKey.class) {
            try (FileChannel channel = FileChannel.open(file, options, attributes);
                    FileLock _ = channel.lock()) {
                ByteBuffer key = ByteBuffer.allocate(BYTES);
                while (key.hasRemaining() && channel.read(key, key.position()) > 0) {
                    continue;
                }
                if (!key.hasRemaining() && channel.size() == BYTES) {
                    return key.array();
                }
                byte[] made = random();
                ByteBuffer left = ByteBuffer.wrap(made);
                channel.truncate(0);
                while (left.hasRemaining()) {
                    channel.write(left, left.position());
                }
                channel.force(true);
                return made;
            }
        }
    }

    private static byte[] random() {
        byte[] bytes = new byte[BYTES];
        new SecureRandom().nextBytes(bytes);
        return bytes;
    }

    /// @param parts each counts with its length, so that none can pass for a piece of another
    byte[] seal(byte[]... parts) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(secret);
            for (byte[] part : parts) {
                mac.update(ByteBuffer.allocate(4).putInt(part.length).array());
                mac.update(part);
            }
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JVM has " + ALGORITHM, e);
        }
    }
}
