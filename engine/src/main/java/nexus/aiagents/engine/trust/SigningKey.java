package nexus.aiagents.engine.trust;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The Ed25519 key of the person who runs this program. It is kept with the person's own data and not in a
/// project: a project's folder may come from anywhere. Thread-safe.
public final class SigningKey {
    /// Before a public key as text: `ed25519:BASE64`.
    static final String PREFIX = "ed25519:";

    private static final String ALGORITHM = "Ed25519";
    private static final String FILE = "signing.key";
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");
    /// What stands before the 32 bytes of the key in its X.509 form.
    private static final byte[] X509_HEAD = {0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00};

    private final Path folder;

    public SigningKey(Path folder) {
        this.folder = folder;
    }

    /// The key in the folder where this program keeps data of its person.
    public static SigningKey ofThisPerson() {
        return new SigningKey(
                folder(System.getProperty("os.name"), Path.of(System.getProperty("user.home")), System.getenv()));
    }

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

    /// As {@link #verify} takes it; null if this person has none yet.
    ///
    /// @throws IOException if there is one that can not be used
    public @Nullable String signer() throws IOException {
        KeyPair pair = read();
        return pair == null ? null : text(pair.getPublic());
    }

    /// @param signer who signed, as text
    record Signed(String signer, byte[] signature) {}

    /// Signs; makes the key if there is none.
    Signed sign(byte[] content) throws IOException {
        KeyPair known = read();
        KeyPair pair = known == null ? make() : known;
        try {
            Signature signature = Signature.getInstance(ALGORITHM);
            signature.initSign(pair.getPrivate());
            signature.update(content);
            return new Signed(text(pair.getPublic()), signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IOException("the key " + folder.resolve(FILE) + " can not sign", e);
        }
    }

    static boolean verify(String signer, byte[] content, byte[] signed) {
        try {
            byte[] raw = Base64.getUrlDecoder().decode(signer.substring(PREFIX.length()));
            byte[] x509 = Arrays.copyOf(X509_HEAD, X509_HEAD.length + raw.length);
            System.arraycopy(raw, 0, x509, X509_HEAD.length, raw.length);
            Signature signature = Signature.getInstance(ALGORITHM);
            signature.initVerify(KeyFactory.getInstance(ALGORITHM).generatePublic(new X509EncodedKeySpec(x509)));
            signature.update(content);
            return signature.verify(signed);
        } catch (GeneralSecurityException | IllegalArgumentException | IndexOutOfBoundsException _) {
            return false;
        }
    }

    private static String text(PublicKey key) {
        byte[] x509 = key.getEncoded();
        byte[] raw = Arrays.copyOfRange(x509, X509_HEAD.length, x509.length);
        return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(raw);
    }

    private synchronized @Nullable KeyPair read() throws IOException {
        Path file = folder.resolve(FILE);
        if (!Files.exists(file)) {
            return null;
        }
        if (hasPermissions() && !OWNER_ONLY.containsAll(Files.getPosixFilePermissions(file))) {
            throw new IOException(
                    file + " can be read or changed by others, so it proves nothing: `chmod 600` it if you"
                            + " are sure that nobody did, else delete it and sign anew");
        }
        String[] parts = Files.readString(file, StandardCharsets.US_ASCII).split("\n");
        try {
            KeyFactory keys = KeyFactory.getInstance(ALGORITHM);
            Base64.Decoder base64 = Base64.getDecoder();
            PrivateKey secret = keys.generatePrivate(new PKCS8EncodedKeySpec(base64.decode(parts[0])));
            return new KeyPair(keys.generatePublic(new X509EncodedKeySpec(base64.decode(parts[1]))), secret);
        } catch (GeneralSecurityException | IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new IOException(file + " is no signing key: delete it and sign anew", e);
        }
    }

    private synchronized KeyPair make() throws IOException {
        KeyPair pair;
        try {
            pair = KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IOException("this Java has no " + ALGORITHM, e);
        }
        Files.createDirectories(folder);
        Path file = folder.resolve(FILE);
        FileAttribute<?>[] attributes = hasPermissions()
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
                : new FileAttribute<?>[0]; // on Windows the folder is closed to others
        Base64.Encoder base64 = Base64.getEncoder();
        String text = base64.encodeToString(pair.getPrivate().getEncoded()) + "\n"
                + base64.encodeToString(pair.getPublic().getEncoded()) + "\n";
        try {
            Files.createFile(file, attributes);
            Files.writeString(file, text, StandardCharsets.US_ASCII, StandardOpenOption.WRITE);
            return pair;
        } catch (FileAlreadyExistsException e) {
            KeyPair other = read(); // another process was first
            if (other == null) {
                throw e;
            }
            return other;
        }
    }

    private static boolean hasPermissions() {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    }
}
