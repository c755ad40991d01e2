package nexus.aiagents.engine.agent.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A folder of the host, held open. What is in it is reached from the open folder by one name, never by
/// following a link, so nobody can put another folder in its place meanwhile. Systems that have no such
/// thing (Windows) get a check before and after instead, as everybody does for what Java offers by path
/// only. For one thread.
final class OpenFolder implements Closeable {
    private static final Path ITSELF = Path.of(".");
    private static final Set<String> DEVICES = Set.of(("con prn aux nul conin$ conout$"
                    + " com0 com1 com2 com3 com4 com5 com6 com7 com8 com9 com\u00b9 com\u00b2 com\u00b3"
                    + " lpt0 lpt1 lpt2 lpt3 lpt4 lpt5 lpt6 lpt7 lpt8 lpt9 lpt\u00b9 lpt\u00b2 lpt\u00b3")
            .split(" "));
    private static final boolean WINDOWS =
            System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("windows");

    private final Path path;
    private final DirectoryStream<Path> stream;
    private final @Nullable SecureDirectoryStream<Path> secure;

    private OpenFolder(Path path, DirectoryStream<Path> stream) {
        this.path = path;
        this.stream = stream;
        this.secure = stream instanceof SecureDirectoryStream<Path> s ? s : null;
    }

    /// @param real without links
    static OpenFolder root(Path real) throws IOException {
        return new OpenFolder(real, Files.newDirectoryStream(real));
    }

    /// Where it was when it was opened.
    Path path() {
        return path;
    }

    Path path(String name) {
        return path.resolve(name);
    }

    OpenFolder again() throws IOException {
        return secure == null ? root(path) : new OpenFolder(path, open(secure, ITSELF));
    }

    OpenFolder child(String name) throws IOException {
        Path child = path(name);
        if (secure != null) {
            return new OpenFolder(child, open(secure, Path.of(name)));
        }
        requireFolder(stat(name), name);
        OpenFolder opened = root(child);
        try {
            requireFolder(stat(name), name);
            return opened;
        } catch (IOException e) {
            opened.close();
            throw e;
        }
    }

    private static DirectoryStream<Path> open(SecureDirectoryStream<Path> from, Path name) throws IOException {
        return from.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS);
    }

    private static void requireFolder(BasicFileAttributes found, String name) throws IOException {
        if (!found.isDirectory() || found.isOther()) {
            throw new NotDirectoryException(name);
        }
    }

    BasicFileAttributes stat() throws IOException {
        if (secure != null) {
            return secure.getFileAttributeView(BasicFileAttributeView.class).readAttributes();
        }
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    BasicFileAttributes stat(String name) throws IOException {
        if (secure != null) {
            return secure.getFileAttributeView(Path.of(name), BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                    .readAttributes();
        }
        Path real = path(name).toRealPath(LinkOption.NOFOLLOW_LINKS);
        if (!String.valueOf(real.getFileName()).equalsIgnoreCase(name)) {
            throw new NoSuchFileException(name); // the short name of another file
        }
        return Files.readAttributes(real, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    @Nullable
    BasicFileAttributes statOrNull(String name) throws IOException {
        try {
            return stat(name);
        } catch (NoSuchFileException _) {
            return null;
        }
    }

    /// @param options must have `NOFOLLOW_LINKS`
    FileChannel openFile(String name, Set<OpenOption> options) throws IOException {
        return (FileChannel)
                (secure != null
                        ? secure.newByteChannel(Path.of(name), options)
                        : Files.newByteChannel(path(name), options));
    }

    /// @return names with what they are, sorted
    Map<String, BasicFileAttributes> list(int most) throws IOException, DiskFailure {
        Map<String, BasicFileAttributes> found = new TreeMap<>();
        try (OpenFolder fresh = again()) {
            for (Path entry : fresh.stream) {
                String name = String.valueOf(entry.getFileName());
                BasicFileAttributes attributes = fresh.statOrNull(name);
                if (attributes != null) {
                    found.put(name, attributes);
                }
                if (found.size() > most) {
                    throw new DiskFailure("too-large", "the folder has more than " + most + " entries");
                }
            }
        } catch (DirectoryIteratorException e) {
            throw Objects.requireNonNull(e.getCause());
        }
        return found;
    }

    void removeFile(String name) throws IOException {
        if (secure != null) {
            secure.deleteFile(Path.of(name));
        } else {
            Files.delete(path(name));
        }
    }

    void removeFolder(String name) throws IOException {
        if (secure != null) {
            secure.deleteDirectory(Path.of(name));
        } else {
            Files.delete(path(name));
        }
    }

    void move(String name, OpenFolder to, String toName) throws IOException {
        if (secure != null && to.secure != null) {
            secure.move(Path.of(name), to.secure, Path.of(toName));
        } else {
            Files.move(path(name), to.path(toName), StandardCopyOption.ATOMIC_MOVE);
        }
    }

    /// Makes what Java makes by path only. It is made in `stage` under a name of its own and moved here
    /// through the open folders: who puts another folder in the place of this one meanwhile gets nothing.
    ///
    /// @param stage a folder on the same disk that only its owner can replace
    /// @param same what the new name has to be a name of; null: something new
    /// @throws NoSuchFileException if it became the name of something else
    void make(String name, OpenFolder stage, Maker maker, @Nullable BasicFileAttributes same) throws IOException {
        if (secure == null) {
            byPath(in -> maker.make(in.resolve(name)));
            return;
        }
        String made = ".made-" + UUID.randomUUID();
        stage.byPath(in -> maker.make(in.resolve(made)));
        try {
            if (same != null && !Objects.equals(stage.stat(made).fileKey(), same.fileKey())) {
                throw new NoSuchFileException(name);
            }
            stage.move(made, this, name);
        } finally {
            stage.removeIfThere(made);
        }
    }

    /// Two names of one file are not moved onto each other: the first is still there then.
    private void removeIfThere(String name) throws IOException {
        BasicFileAttributes left = statOrNull(name);
        if (left != null && left.isDirectory()) {
            removeFolder(name);
        } else if (left != null) {
            removeFile(name);
        }
    }

    @FunctionalInterface
    interface Maker {
        Path make(Path at) throws IOException;
    }

    /// Does something that Java offers by path only.
    ///
    /// @throws NoSuchFileException if another folder has come in the place of this one, before or meanwhile
    <T> T byPath(ByPath<T> action) throws IOException {
        requireInPlace();
        T result = action.apply(path);
        requireInPlace();
        return result;
    }

    @FunctionalInterface
    interface ByPath<T> {
        T apply(Path folder) throws IOException;
    }

    void setTimes(String name, @Nullable FileTime accessed, @Nullable FileTime modified) throws IOException {
        if (name.isEmpty() && secure != null) {
            secure.getFileAttributeView(BasicFileAttributeView.class).setTimes(modified, accessed, null);
        } else if (secure != null && !stat(name).isSymbolicLink()) {
            secure.getFileAttributeView(Path.of(name), BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                    .setTimes(modified, accessed, null);
        } else {
            byPath(folder -> {
                Files.getFileAttributeView(
                                name.isEmpty() ? folder : folder.resolve(name),
                                BasicFileAttributeView.class,
                                LinkOption.NOFOLLOW_LINKS)
                        .setTimes(modified, accessed, null);
                return folder;
            });
        }
    }

    private void requireInPlace() throws IOException {
        if (!path.toRealPath().equals(path)
                || !Objects.equals(
                        Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                                .fileKey(),
                        stat().fileKey())) {
            throw new NoSuchFileException(path.toString());
        }
    }

    /// Names that mean something else to Windows than a file of that name.
    static boolean isDeceptive(String name) {
        return WINDOWS && isDeceptiveToWindows(name);
    }

    static boolean isDeceptiveToWindows(String name) {
        String stem = name.split("\\.", 2)[0].strip().toLowerCase(Locale.ROOT);
        return name.chars().anyMatch(c -> c < ' ' || "\\:*?\"<>|".indexOf(c) >= 0)
                || name.endsWith(".")
                || name.endsWith(" ")
                || DEVICES.contains(stem);
    }

    @Override
    public void close() throws IOException {
        stream.close();
    }
}
