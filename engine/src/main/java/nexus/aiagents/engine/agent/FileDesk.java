package nexus.aiagents.engine.agent;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.Channels;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Base64;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import nexus.aiagents.engine.agent.disk.MountedFolders;
import nexus.aiagents.sandbox.Grants;
import nexus.aiagents.sandbox.HostCall;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;

/// Files of the granted folders. Paths are confined by where they really lead: a link that leaves its
/// grant, or a grant that leaves the project, is refused. Thread-safe.
final class FileDesk {
    private static final int MAX_BYTES = 5 << 20;
    private static final int MAX_NAMES = 10_000;

    private final Path project;
    private final Grants grants;

    FileDesk(Path project, Grants grants) {
        this.project = project.toAbsolutePath().normalize();
        this.grants = grants;
    }

    String read(HostCall.FileRead call) throws HostCallFailed {
        Path file = confined(call.path(), false);
        try {
            requireRegular(call.path(), file);
            try (ByteChannel in =
                    Files.newByteChannel(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
                byte[] bytes = Channels.newInputStream(in).readNBytes(MAX_BYTES + 1);
                if (bytes.length > MAX_BYTES) {
                    throw tooLarge(call.path());
                }
                return Json.text(
                        call.bytes()
                                ? Base64.getEncoder().encodeToString(bytes)
                                : StandardCharsets.UTF_8
                                        .newDecoder()
                                        .decode(ByteBuffer.wrap(bytes))
                                        .toString());
            }
        } catch (CharacterCodingException e) {
            throw new HostCallFailed("not-text", "'" + call.path() + "' is not UTF-8 text");
        } catch (IOException e) {
            throw failed("read", call.path(), e);
        }
    }

    /// All or nothing: whoever reads meanwhile sees the old text or the new.
    String write(HostCall.FileWrite call) throws HostCallFailed {
        byte[] bytes = call.bytes()
                ? HostCallFailed.base64("what is written", call.text())
                : call.text().getBytes(StandardCharsets.UTF_8);
        if (bytes.length > MAX_BYTES) {
            throw tooLarge(call.path());
        }
        Path file = confined(call.path(), true);
        Path folder = file.getParent();
        try {
            if (folder == null || Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
                throw new HostCallFailed("not-a-file", "'" + call.path() + "' is a folder");
            }
            Files.createDirectories(folder);
            confined(call.path(), true);
            Path fresh = Files.createTempFile(folder, ".write-", ".tmp");
            try {
                Files.write(fresh, bytes);
                Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(fresh);
            }
            return "null";
        } catch (IOException e) {
            throw failed("written", call.path(), e);
        }
    }

    String delete(HostCall.FileDelete call) throws HostCallFailed {
        Path file = confined(call.path(), true);
        try {
            if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
                throw new HostCallFailed("not-a-file", "'" + call.path() + "' is a folder; only files are deleted");
            }
            return Boolean.toString(Files.deleteIfExists(file));
        } catch (IOException e) {
            throw failed("deleted", call.path(), e);
        }
    }

    String list(HostCall.FileList call) throws HostCallFailed {
        Path folder = confined(call.path(), false);
        try (Stream<Path> entries = Files.list(folder)) {
            Set<String> names = new TreeSet<>();
            for (Path entry : (Iterable<Path>) entries.limit(MAX_NAMES)::iterator) {
                String name = entry.getFileName().toString();
                names.add(Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS) ? name + "/" : name);
            }
            ArrayNode array = Json.MAPPER.createArrayNode();
            names.forEach(array::add);
            return Json.write(array);
        } catch (IOException e) {
            throw failed("listed", call.path(), e);
        }
    }

    /// @return the path with every link on the way resolved, inside its grant; its last part may not
    ///     exist yet
    private Path confined(String path, boolean write) throws HostCallFailed {
        Path asked = asPath(path);
        Grants.Mount mount = mountOf(asked, write);
        if (mount == null) {
            throw leaves(path);
        }
        try {
            Path root = real(project);
            Path granted = real(mount.host());
            Path target = real(project.resolve(asked));
            boolean inside = granted.startsWith(root) && target.startsWith(granted);
            if (!inside || target.startsWith(root.resolve(".nexus"))) {
                throw leaves(path);
            }
            return target;
        } catch (IOException e) {
            throw failed("opened", path, e);
        }
    }

    private static Path asPath(String path) throws HostCallFailed {
        try {
            Path asked = Path.of(path).normalize();
            if (!asked.isAbsolute() && asked.getRoot() == null && !asked.startsWith("..")) {
                for (Path name : asked) {
                    if (MountedFolders.isDeceptive(name.toString())) {
                        throw new HostCallFailed("bad-input", "'" + name + "' is not a name of a file on this system");
                    }
                }
                return asked;
            }
        } catch (InvalidPathException e) {
            throw new HostCallFailed("bad-input", "'" + path.replace("\0", "\\0") + "' is not a path");
        }
        throw leaves(path);
    }

    private Grants.@Nullable Mount mountOf(Path asked, boolean write) {
        Path whole = project.resolve(asked).normalize();
        for (Grants.Mount mount : grants.files()) {
            if (whole.startsWith(mount.host().toAbsolutePath().normalize()) && (!write || mount.writable())) {
                return mount;
            }
        }
        return null;
    }

    /// Like {@link Path#toRealPath}, for paths whose last parts do not exist yet. A dangling link counts as
    /// leaving: what it will point to can not be known.
    private static Path real(Path path) throws IOException {
        try {
            return path.toRealPath();
        } catch (NoSuchFileException e) {
            Path parent = path.getParent();
            if (parent == null || Files.isSymbolicLink(path)) {
                throw e;
            }
            return real(parent).resolve(path.getFileName());
        }
    }

    private static void requireRegular(String path, Path file) throws HostCallFailed {
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS) && !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new HostCallFailed("not-a-file", "'" + path + "' is not a regular file");
        }
    }

    private static HostCallFailed leaves(String path) {
        return new HostCallFailed("not-granted", "'" + path + "' leads out of the granted folders");
    }

    private static HostCallFailed tooLarge(String path) {
        return new HostCallFailed("too-large", "'" + path + "' holds more than " + MAX_BYTES + " bytes");
    }

    private static HostCallFailed failed(String what, String path, IOException e) {
        String code = e instanceof NoSuchFileException ? "not-found" : "file-error";
        return new HostCallFailed(code, "'" + path + "' could not be " + what + ": " + Programs.describe(e));
    }
}
