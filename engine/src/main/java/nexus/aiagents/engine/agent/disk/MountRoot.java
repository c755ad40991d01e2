package nexus.aiagents.engine.agent.disk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import nexus.aiagents.sandbox.Grants;
import org.jspecify.annotations.Nullable;

/// What is granted, a folder or a file, under the name by which a program sees it. For one thread at a
/// time.
final class MountRoot {
    private final String guest;
    private final String grant;
    private final Path host;
    private final @Nullable Path within;
    private boolean writable;

    /// @param guest absolute, without a slash at its end
    /// @param grant as the grant itself names it
    /// @param within the real folder that it may not leave, null: anywhere
    private MountRoot(String guest, String grant, Path host, boolean writable, @Nullable Path within) {
        this.guest = guest;
        this.grant = grant;
        this.host = host;
        this.writable = writable;
        this.within = within;
    }

    static MountRoot of(Grants.Mount mount, @Nullable Path within) {
        String name = mount.guest().replace('\\', '/');
        while (name.startsWith("./")) {
            name = name.substring(2);
        }
        while (name.endsWith("/")) {
            name = name.substring(0, name.length() - 1);
        }
        String guest = name.startsWith("/") ? name : name.equals(".") || name.isEmpty() ? "/" : "/" + name;
        return new MountRoot(guest, mount.guest(), mount.host().toAbsolutePath().normalize(), mount.writable(), within);
    }

    String guest() {
        return guest;
    }

    String grant() {
        return grant;
    }

    Path host() {
        return host;
    }

    boolean writable() {
        return writable;
    }

    /// A person allowed it meanwhile.
    void setWritable(boolean writable) {
        this.writable = writable;
    }

    /// Only folders can be entered.
    boolean isFolder() {
        return !Files.isRegularFile(host);
    }

    /// A writable folder that is missing is made.
    OpenFolder open() throws IOException, DiskFailure {
        try {
            Path real = real(host);
            if (within != null && !lies(real, within.toRealPath())) {
                throw DiskFailure.leaves(guest);
            }
            if (writable) {
                Files.createDirectories(real);
            }
            OpenFolder opened = OpenFolder.root(real);
            if (!host.toRealPath().equals(real)) {
                opened.close();
                throw DiskFailure.leaves(guest);
            }
            return opened;
        } catch (InvalidPathException e) {
            throw new DiskFailure("bad-input", "'" + guest + "' is not a path");
        }
    }

    /// A file and the folder that it lies in, which is closed with it.
    record OfFile(OpenFolder folder, String name) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            folder.close();
        }
    }

    /// For what is no folder: where it lies, or would.
    OfFile openParent() throws IOException, DiskFailure {
        Path real = real(host);
        Path folder = real.getParent();
        if (folder == null || within != null && !lies(real, within.toRealPath())) {
            throw DiskFailure.leaves(guest);
        }
        if (writable) {
            Files.createDirectories(folder);
        }
        OpenFolder opened = OpenFolder.root(folder);
        if (!folder.toRealPath().equals(folder)) {
            opened.close();
            throw DiskFailure.leaves(guest);
        }
        return new OfFile(opened, String.valueOf(real.getFileName()));
    }

    private static boolean lies(Path real, Path project) {
        return real.startsWith(project) && !real.startsWith(project.resolve(".nexus"));
    }

    private static Path real(Path path) throws IOException {
        try {
            return path.toRealPath();
        } catch (NoSuchFileException e) {
            Path parent = path.getParent();
            if (parent == null || Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
                throw e;
            }
            return real(parent).resolve(path.getFileName());
        }
    }

    String guestPath(String below) {
        return guest.equals("/") ? "/" + below : guest + "/" + below;
    }
}
