package nexus.aiagents.engine.agent.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import nexus.aiagents.sandbox.Grants;
import org.jspecify.annotations.Nullable;

/// Whole files in what is granted, for programs that know no handles. A path begins with a grant's own name
/// and is gone along as {@link MountedFolders} does it: from an open folder to the next, and never out of
/// what is granted. Thread-safe.
public final class WholeFiles {
    public static final int MAX_BYTES = 5 << 20;
    private static final int MAX_NAMES = 10_000;
    private static final String ITSELF = ".";

    private final @Nullable Path project;
    private final Quota quota;

    /// @param project no file outside of it is reached, and its `.nexus` is not seen; null: no project
    /// @param quota   of the run
    public WholeFiles(@Nullable Path project, Quota quota) {
        this.project = project;
        this.quota = quota;
    }

    /// @param below what is granted, `.` for that itself
    private record Place(MountRoot root, String below) {}

    /// Does something where a path leads to.
    @FunctionalInterface
    private interface There<T> {
        T act(Walk walk) throws IOException, DiskFailure;
    }

    /// @throws DiskFailure also as `not-a-file` and `too-large`
    public byte[] read(List<Grants.Mount> granted, String path) throws DiskFailure, InterruptedException {
        return at(granted, path, false, true, walk -> {
            BasicFileAttributes found = existing(walk, path);
            requireFile(walk, found, path);
            Set<OpenOption> options = Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
            try (FileChannel in = walk.folder().openFile(walk.name(), options)) {
                requireFile(walk, walk.folder().stat(walk.name()), path);
                byte[] bytes = Channels.newInputStream(in).readNBytes(MAX_BYTES + 1);
                if (bytes.length > MAX_BYTES) {
                    throw tooLarge(path);
                }
                return bytes;
            }
        });
    }

    /// All or nothing: whoever reads meanwhile sees what was there or what is written. Folders that are
    /// missing on the way are made.
    public void write(List<Grants.Mount> granted, String path, byte[] content)
            throws DiskFailure, InterruptedException {
        if (content.length > MAX_BYTES) {
            throw tooLarge(path);
        }
        var _ = at(granted, path, true, true, walk -> {
            BasicFileAttributes found = walk.found();
            if (walk.name().isEmpty() || found != null) {
                requireFile(walk, found, path);
            }
            if (found == null) {
                quota.name();
            }
            quota.grow(walk.folder().path(), found == null ? 0 : found.size(), content.length);
            String fresh = ".write-"
                    + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong()) + ".tmp";
            try {
                fill(walk.folder(), fresh, content);
                walk.folder().move(fresh, walk.folder(), walk.name());
            } catch (IOException e) {
                removeQuietly(walk.folder(), fresh);
                throw e;
            }
            return walk;
        });
    }

    private static void fill(OpenFolder folder, String name, byte[] content) throws IOException {
        Set<OpenOption> options =
                Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW, LinkOption.NOFOLLOW_LINKS);
        try (FileChannel out = folder.openFile(name, options)) {
            ByteBuffer left = ByteBuffer.wrap(content);
            while (left.hasRemaining()) {
                out.write(left);
            }
        }
    }

    private static void removeQuietly(OpenFolder folder, String name) {
        try {
            folder.removeFile(name);
        } catch (IOException _) {
            // It was moved, or was never made.
        }
    }

    /// A link is removed itself, wherever it leads.
    ///
    /// @return whether there was one
    public boolean delete(List<Grants.Mount> granted, String path) throws DiskFailure, InterruptedException {
        try {
            return at(granted, path, true, false, walk -> {
                BasicFileAttributes found = walk.found();
                if (found == null) {
                    return false;
                }
                if (walk.name().isEmpty() || found.isDirectory()) {
                    throw new DiskFailure("not-a-file", "'" + path + "' is a folder; only files are deleted");
                }
                walk.folder().removeFile(walk.name());
                return true;
            });
        } catch (DiskFailure e) {
            if (e.code().equals("not-found")) {
                return false;
            }
            throw e;
        }
    }

    /// @return names, folders with a `/` behind them, sorted
    public List<String> list(List<Grants.Mount> granted, String path) throws DiskFailure, InterruptedException {
        return at(granted, path, false, true, walk -> {
            BasicFileAttributes found = existing(walk, path);
            if (!found.isDirectory()) {
                throw new DiskFailure("not-a-folder", "'" + path + "' is not a folder");
            }
            try (OpenFolder folder = walk.name().isEmpty()
                    ? walk.folder().again()
                    : walk.folder().child(walk.name())) {
                List<String> names = new ArrayList<>();
                for (Map.Entry<String, BasicFileAttributes> each :
                        folder.list(MAX_NAMES).entrySet()) {
                    if (isVisible(folder.path(each.getKey()), each.getValue())) {
                        names.add(each.getKey() + (each.getValue().isDirectory() ? "/" : ""));
                    }
                }
                return names;
            }
        });
    }

    private boolean isVisible(Path path, BasicFileAttributes found) throws IOException {
        Hidden hidden = hidden();
        return hidden == null || !hidden.is(path, found);
    }

    private @Nullable Hidden hidden() {
        return project == null ? null : Hidden.of(project.resolve(".nexus"));
    }

    private <T> T at(List<Grants.Mount> granted, String path, boolean write, boolean follow, There<T> action)
            throws DiskFailure, InterruptedException {
        MountedFolders.AT_WORK.acquire();
        try {
            Place place = place(granted, path, write);
            boolean makes = write && follow;
            if (!makes && Files.notExists(place.root().host(), LinkOption.NOFOLLOW_LINKS)) {
                throw new DiskFailure("not-found", "'" + path + "' does not exist");
            }
            if (place.below().equals(ITSELF) && !Files.isDirectory(place.root().host())) {
                try (MountRoot.OfFile file = place.root().openParent()) {
                    return act(file.folder(), file.name(), follow, action);
                }
            }
            try (OpenFolder root = place.root().open()) {
                if (makes) {
                    makeParents(root, place.below());
                }
                return act(root, place.below(), follow, action);
            }
        } catch (IOException e) {
            throw DiskFailure.of(path, e);
        } finally {
            MountedFolders.AT_WORK.release();
        }
    }

    private <T> T act(OpenFolder root, String below, boolean follow, There<T> action) throws IOException, DiskFailure {
        try (Walk walk = Walk.to(root, below, follow, hidden())) {
            return action.act(walk);
        }
    }

    private void makeParents(OpenFolder root, String below) throws IOException, DiskFailure {
        MountedFolders.NAMES.lock();
        try {
            for (int slash = below.indexOf('/'); slash > 0; slash = below.indexOf('/', slash + 1)) {
                try (Walk walk = Walk.to(root, below.substring(0, slash), true, hidden())) {
                    if (walk.found() == null) {
                        quota.name();
                        walk.folder().make(walk.name(), root, Files::createDirectory, null);
                    }
                }
            }
        } finally {
            MountedFolders.NAMES.unlock();
        }
    }

    private Place place(List<Grants.Mount> granted, String path, boolean write) throws DiskFailure {
        List<String> asked = names(path);
        Grants.Mount best = null;
        int length = -1;
        for (Grants.Mount mount : granted) {
            List<String> own = names(mount.guest().replace('\\', '/'));
            boolean covers =
                    own.size() <= asked.size() && asked.subList(0, own.size()).equals(own);
            if (covers && own.size() > length && (!write || mount.writable())) {
                best = mount;
                length = own.size();
            }
        }
        if (best == null || project != null && path.startsWith("/")) {
            throw new DiskFailure(DiskFailure.NOT_GRANTED, "'" + path + "' leads out of the granted folders");
        }
        List<String> below = asked.subList(length, asked.size());
        return new Place(MountRoot.of(best, project), below.isEmpty() ? ITSELF : String.join("/", below));
    }

    /// The names of a path, `..` taken back.
    private static List<String> names(String path) throws DiskFailure {
        List<String> names = new ArrayList<>();
        for (String name : path.split("/")) {
            if (name.indexOf('\0') >= 0) {
                throw new DiskFailure("bad-input", "a path has no zero characters");
            }
            if (name.equals("..")) {
                if (names.isEmpty()) {
                    throw new DiskFailure(DiskFailure.NOT_GRANTED, "'" + path + "' leads out of the granted folders");
                }
                names.removeLast();
            } else if (!name.isEmpty() && !name.equals(".")) {
                if (MountedFolders.isDeceptive(name)) {
                    throw new DiskFailure("bad-input", "'" + name + "' is not a name of a file on this system");
                }
                names.add(name);
            }
        }
        return names;
    }

    private static BasicFileAttributes existing(Walk walk, String path) throws IOException, DiskFailure {
        BasicFileAttributes found = walk.found();
        if (found == null) {
            throw new DiskFailure("not-found", "'" + path + "' does not exist");
        }
        return found;
    }

    private static void requireFile(Walk walk, @Nullable BasicFileAttributes found, String path) throws DiskFailure {
        if (walk.name().isEmpty() || found == null || !found.isRegularFile()) {
            throw new DiskFailure("not-a-file", "'" + path + "' is no file of the usual kind");
        }
    }

    private static DiskFailure tooLarge(String path) {
        return new DiskFailure("too-large", "'" + path + "' holds more than " + MAX_BYTES + " bytes");
    }
}
