package nexus.aiagents.engine.agent.disk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import nexus.aiagents.sandbox.Grants;
import org.jspecify.annotations.Nullable;

/// A granted folder under the name by which a program sees it.
///
/// @param guest absolute, without a slash at its end
/// @param within the real folder that it may not leave, null: anywhere
record MountRoot(
        String guest, Path host, boolean writable, @Nullable Path within) {

    static MountRoot of(Grants.Mount mount, @Nullable Path within) {
        String name = mount.guest().replace('\\', '/');
        while (name.startsWith("./")) {
            name = name.substring(2);
        }
        while (name.endsWith("/")) {
            name = name.substring(0, name.length() - 1);
        }
        String guest = name.startsWith("/") ? name : name.equals(".") || name.isEmpty() ? "/" : "/" + name;
        return new MountRoot(guest, mount.host().toAbsolutePath().normalize(), mount.writable(), within);
    }

    /// A granted file has no place here: only folders can be entered.
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
