package nexus.aiagents.engine.agent.disk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import nexus.aiagents.sandbox.HostCall.Disk;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Looks at names, makes and changes them. For one thread.
final class NameWork {
    private static final int MAX_ENTRIES = 20_000;

    private final MountedFolders desk;
    private final Quota quota;

    NameWork(MountedFolders desk, Quota quota) {
        this.desk = desk;
        this.quota = quota;
    }

    String stat(Disk.Stat call) throws IOException, DiskFailure {
        ObjectNode answer = MountedFolders.JSON.createObjectNode();
        if (call.path().isEmpty()) {
            statItself(answer, desk.handle(call.handle()));
        } else {
            try (Walk walk = desk.walk(
                    desk.folder(call.handle()),
                    call.path(),
                    call.follow() || call.path().endsWith("/"))) {
                BasicFileAttributes found = existing(walk, call.path());
                requireFolderIfSaid(walk, found, call.path());
                Stats.put(answer, found, found.isDirectory() ? 0 : found.size(), walk.path());
            }
        }
        return answer.toString();
    }

    private static void statItself(ObjectNode answer, Handle handle) throws IOException {
        switch (handle) {
            case Handle.Folder folder ->
                Stats.put(answer, folder.open().stat(), 0, folder.open().path());
            case Handle.RegularFile file -> {
                Path place = file.place();
                Stats.put(answer, file.seen(), file.channel().size(), place);
            }
        }
    }

    private static BasicFileAttributes existing(Walk walk, String path) throws IOException, DiskFailure {
        BasicFileAttributes found = walk.found();
        if (found == null) {
            throw new DiskFailure("not-found", "'" + path + "' does not exist");
        }
        return found;
    }

    private static void requireFolderIfSaid(Walk walk, BasicFileAttributes found, String path) throws DiskFailure {
        if (walk.asFolder() && !found.isDirectory()) {
            throw new DiskFailure("not-a-folder", "'" + path + "' is not a folder");
        }
    }

    /// A path that leads to the folder it began in, or to one above a name, has no name to work on.
    private static String nameOf(Walk walk, String path) throws DiskFailure {
        if (walk.name().isEmpty()) {
            throw new DiskFailure("bad-input", "'" + path + "' ends in no name");
        }
        return walk.name();
    }

    String setTimes(Disk.SetTimes call) throws IOException, DiskFailure {
        Handle handle = desk.handle(call.handle());
        MountedFolders.requireWritable(handle);
        FileTime accessed = time(call.accessed());
        FileTime modified = time(call.modified());
        MountedFolders.NAMES.lock();
        try {
            if (!call.path().isEmpty()) {
                try (Walk walk = desk.walk(desk.folder(call.handle()), call.path(), call.follow())) {
                    BasicFileAttributes found = existing(walk, call.path());
                    requireFolderIfSaid(walk, found, call.path());
                    walk.folder().setTimes(walk.name(), accessed, modified);
                }
            } else if (handle instanceof Handle.Folder folder) {
                folder.open().setTimes("", accessed, modified);
            } else if (handle instanceof Handle.RegularFile file) {
                setTimes(file, accessed, modified);
            }
        } finally {
            MountedFolders.NAMES.unlock();
        }
        return "null";
    }

    private static void setTimes(Handle.RegularFile file, @Nullable FileTime accessed, @Nullable FileTime modified)
            throws IOException, DiskFailure {
        Path place = file.place();
        Path folder = place == null ? null : place.getParent();
        if (place == null || folder == null || !Objects.equals(folder.toRealPath(), folder)) {
            throw new DiskFailure("not-supported", "the file was moved since it was opened");
        }
        try (OpenFolder in = OpenFolder.root(folder)) {
            in.setTimes(String.valueOf(place.getFileName()), accessed, modified);
        }
    }

    private static @Nullable FileTime time(@Nullable Long nanos) {
        return nanos == null ? null : FileTime.from(nanos, TimeUnit.NANOSECONDS);
    }

    String list(Disk.List call) throws IOException, DiskFailure {
        Handle.Folder folder = desk.folder(call.folder());
        ArrayNode answer = MountedFolders.JSON.createArrayNode();
        for (Map.Entry<String, BasicFileAttributes> entry :
                folder.open().list(MAX_ENTRIES).entrySet()) {
            if (desk.isVisible(folder.open().path(entry.getKey()), entry.getValue())) {
                answer.addObject()
                        .put("name", entry.getKey())
                        .put("type", Stats.type(entry.getValue()))
                        .put(
                                "inode",
                                Stats.inode(entry.getValue(), folder.open().path(entry.getKey())));
            }
        }
        return answer.toString();
    }

    String makeFolder(Disk.MakeFolder call) throws IOException, DiskFailure {
        make(call.folder(), call.path(), true, Files::createDirectory, null);
        return "null";
    }

    private void make(
            int number, String path, boolean folder, OpenFolder.Maker maker, @Nullable BasicFileAttributes same)
            throws IOException, DiskFailure {
        Handle.Folder from = desk.folder(number);
        MountedFolders.requireWritable(from);
        MountedFolders.NAMES.lock();
        try (Walk walk = desk.walk(from, path, false)) {
            BasicFileAttributes found = walk.found();
            if (found != null && walk.asFolder() && !folder) {
                requireFolderIfSaid(walk, found, path);
            }
            if (found != null) {
                throw new DiskFailure("exists", "'" + path + "' is there already");
            }
            if (walk.asFolder() && !folder) {
                throw new DiskFailure("not-found", "'" + path + "' does not exist");
            }
            String name = nameOf(walk, path);
            quota.name();
            try (OpenFolder stage = from.mount().open()) {
                walk.folder().make(name, stage, maker, same);
            }
        } finally {
            MountedFolders.NAMES.unlock();
        }
    }

    String remove(Disk.Remove call) throws IOException, DiskFailure {
        Handle.Folder from = desk.folder(call.folder());
        MountedFolders.requireWritable(from);
        MountedFolders.NAMES.lock();
        try (Walk walk = desk.walk(from, call.path(), false)) {
            BasicFileAttributes found = existing(walk, call.path());
            boolean isFolder = found.isDirectory() && !found.isSymbolicLink();
            if (!call.emptyFolder() && isFolder) {
                throw new DiskFailure("is-a-folder", "'" + call.path() + "' is a folder");
            }
            if (!isFolder && (call.emptyFolder() || walk.asFolder())) {
                throw new DiskFailure("not-a-folder", "'" + call.path() + "' is not a folder");
            }
            if (found.isOther()) {
                throw new DiskFailure("special-file", "'" + call.path() + "' is neither a file nor a folder");
            }
            String name = nameOf(walk, call.path());
            if (isFolder) {
                walk.folder().removeFolder(name);
            } else {
                walk.folder().removeFile(name);
            }
        } finally {
            MountedFolders.NAMES.unlock();
        }
        return "null";
    }

    String rename(Disk.Rename call) throws IOException, DiskFailure {
        Handle.Folder from = desk.folder(call.folder());
        Handle.Folder to = desk.folder(call.toFolder());
        MountedFolders.requireWritable(from);
        MountedFolders.requireWritable(to);
        MountedFolders.NAMES.lock();
        try (Walk old = desk.walk(from, call.path(), false);
                Walk fresh = desk.walk(to, call.toPath(), false)) {
            BasicFileAttributes found = existing(old, call.path());
            requireFolderIfSaid(old, found, call.path());
            if (found.isOther()) {
                throw new DiskFailure("special-file", "'" + call.path() + "' is neither a file nor a folder");
            }
            boolean folder = found.isDirectory();
            if (fresh.asFolder() && !folder) {
                throw new DiskFailure("not-a-folder", "'" + call.path() + "' is not a folder");
            }
            requireReplaceable(folder, fresh.found(), call.toPath());
            old.folder().move(nameOf(old, call.path()), fresh.folder(), nameOf(fresh, call.toPath()));
        } finally {
            MountedFolders.NAMES.unlock();
        }
        return "null";
    }

    private static void requireReplaceable(boolean folder, @Nullable BasicFileAttributes target, String path)
            throws DiskFailure {
        if (target == null) {
            return;
        }
        if (target.isOther()) {
            throw new DiskFailure("special-file", "'" + path + "' is neither a file nor a folder");
        }
        if (folder && !target.isDirectory()) {
            throw new DiskFailure("not-a-folder", "'" + path + "' is not a folder");
        }
        if (!folder && target.isDirectory()) {
            throw new DiskFailure("is-a-folder", "'" + path + "' is a folder");
        }
    }

    /// Both folders have to be writable: a second name in a writable one would open a file for writing that
    /// is granted for reading only.
    String link(Disk.Link call) throws IOException, DiskFailure {
        Handle.Folder from = desk.folder(call.folder());
        MountedFolders.requireWritable(from);
        MountedFolders.NAMES.lock();
        try (Walk old = desk.walk(from, call.path(), false)) {
            BasicFileAttributes found = existing(old, call.path());
            requireFolderIfSaid(old, found, call.path());
            if (found.isDirectory()) {
                throw new DiskFailure("access-denied", "'" + call.path() + "' is a folder; those have one name");
            }
            if (found.isOther()) {
                throw new DiskFailure("special-file", "'" + call.path() + "' is neither a file nor a folder");
            }
            String name = nameOf(old, call.path());
            make(
                    call.toFolder(),
                    call.toPath(),
                    false,
                    at -> old.folder().byPath(in -> Files.createLink(at, in.resolve(name))),
                    found);
        } finally {
            MountedFolders.NAMES.unlock();
        }
        return "null";
    }

    /// Absolute targets are refused: they would lead out, and other programs would follow them.
    String makeSymlink(Disk.MakeSymlink call) throws IOException, DiskFailure {
        String target = call.target();
        if (target.startsWith("/") || Path.of(target).isAbsolute()) {
            throw DiskFailure.leaves(target);
        }
        if (target.isEmpty() || target.indexOf('\0') >= 0 || target.length() > Walk.MAX_PATH) {
            throw new DiskFailure(target.isEmpty() ? "not-found" : "bad-input", "the target of the link is no path");
        }
        make(call.folder(), call.path(), false, at -> Files.createSymbolicLink(at, Path.of(target)), null);
        return "null";
    }

    String readLink(Disk.ReadLink call) throws IOException, DiskFailure {
        try (Walk walk = desk.walk(desk.folder(call.folder()), call.path(), false)) {
            BasicFileAttributes found = existing(walk, call.path());
            if (!found.isSymbolicLink()) {
                throw new DiskFailure("bad-input", "'" + call.path() + "' is not a link");
            }
            String name = walk.name();
            Path target = walk.folder().byPath(in -> Files.readSymbolicLink(in.resolve(name)));
            return MountedFolders.JSON.writeValueAsString(
                    target.toString().replace(target.getFileSystem().getSeparator(), "/"));
        }
    }
}
