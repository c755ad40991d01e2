package nexus.aiagents.engine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import nexus.aiagents.engine.journal.StoreException;
import nexus.aiagents.engine.project.WriteTrouble;

/// The folder of a project and what the engine keeps in its `.nexus`.
record ProjectFolder(Path root) {

    Path dotNexus() {
        return root.resolve(".nexus");
    }

    Path store() {
        return dotNexus().resolve("store");
    }

    /// Where old entries of the journal go by themselves.
    Path archive() {
        return dotNexus().resolve("archive");
    }

    /// What was folded from the journal; can be made anew.
    Path folds() {
        return store().resolve("folds");
    }

    /// What runs of programs asked of the world and were answered.
    Path records() {
        return dotNexus().resolve("records");
    }

    /// Whether it has the engine's own folder in it.
    boolean wasOpened() {
        return Files.isDirectory(dotNexus(), LinkOption.NOFOLLOW_LINKS);
    }

    Path cache() {
        return dotNexus().resolve("cache");
    }

    /// Makes `.nexus`, readable by its owner alone and ignored by Git.
    ///
    /// @throws StoreException if it can not be made
    void prepare() {
        Path folder = dotNexus();
        try {
            Files.createDirectories(folder);
            PosixFileAttributeView posix = Files.getFileAttributeView(folder, PosixFileAttributeView.class);
            if (posix != null) {
                posix.setPermissions(PosixFilePermissions.fromString("rwx------"));
            }
            Path ignore = folder.resolve(".gitignore");
            if (Files.notExists(ignore)) {
                Files.writeString(ignore, "*\n");
            }
        } catch (IOException | ReadOnlyFileSystemException e) {
            throw unusable(folder, e);
        }
    }

    static StoreException unusable(Path folder, Exception e) {
        String message = String.valueOf(e.getMessage());
        if (message.toLowerCase(Locale.ROOT).contains("no space")) {
            return new StoreException("store-full", "the disk with " + folder + " is full; make room on it", e);
        }
        boolean denied = e instanceof AccessDeniedException
                || e instanceof ReadOnlyFileSystemException
                || message.toLowerCase(Locale.ROOT).contains("read-only")
                || message.toLowerCase(Locale.ROOT).contains("not permitted"); // somebody else owns it
        return denied
                ? new StoreException(
                        "store-read-only",
                        "can not write to " + folder
                                + ": give yourself write permission, or copy the project to a folder of your own",
                        e)
                : new StoreException(
                        "store-broken",
                        e instanceof IOException io && !Files.isDirectory(folder)
                                ? WriteTrouble.of(folder, io)
                                : folder + " can not be used: " + message,
                        e);
    }

    String read(String file) throws IOException {
        return Files.readString(root.resolve(file), StandardCharsets.UTF_8);
    }

    /// Replaces a file of the project: whoever reads meanwhile, or after a crash, sees the old text or the
    /// new. A link stays a link, and permissions stay as they are.
    void replace(String file, String text) throws IOException {
        Path target = root.resolve(file).toRealPath();
        Path fresh = Files.createTempFile(target.getParent(), ".nexus-", ".tmp");
        try {
            Files.writeString(fresh, text, StandardCharsets.UTF_8);
            PosixFileAttributeView posix = Files.getFileAttributeView(fresh, PosixFileAttributeView.class);
            if (posix != null) {
                posix.setPermissions(Files.getPosixFilePermissions(target));
            }
            Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }
}
