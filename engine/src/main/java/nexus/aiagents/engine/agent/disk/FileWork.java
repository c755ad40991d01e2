package nexus.aiagents.engine.agent.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Base64;
import java.util.HashSet;
import java.util.Set;
import nexus.aiagents.sandbox.HostCall.Disk;
import nexus.aiagents.sandbox.HostCall.Disk.Open.How;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Opens files and moves bytes. For one thread.
final class FileWork {
    private static final int ATTEMPTS = 3;

    private final MountedFolders desk;
    private final Quota quota;

    FileWork(MountedFolders desk, Quota quota) {
        this.desk = desk;
        this.quota = quota;
    }

    String open(Disk.Open call) throws IOException, DiskFailure {
        Handle.Folder from = desk.folder(call.folder());
        Set<How> how = call.how();
        if (how.contains(How.WRITE) || how.contains(How.CREATE) || how.contains(How.TRUNCATE)) {
            MountedFolders.requireWritable(from);
        }
        desk.requireRoom();
        boolean follow = (how.contains(How.FOLLOW) || call.path().endsWith("/")) && !how.contains(How.NEW);
        try (Walk walk = desk.walk(from, call.path(), follow)) {
            return opened(from, call, walk);
        }
    }

    private String opened(Handle.Folder from, Disk.Open call, Walk walk) throws IOException, DiskFailure {
        Set<How> how = call.how();
        BasicFileAttributes found = walk.found();
        if (found == null && how.contains(How.CREATE) && !walk.asFolder() && !how.contains(How.FOLDER)) {
            quota.name();
        } else if (found == null) {
            throw new DiskFailure("not-found", "'" + call.path() + "' does not exist");
        } else if (how.contains(How.NEW)) {
            throw new DiskFailure("exists", "'" + call.path() + "' is there already");
        } else if (found.isSymbolicLink()) {
            throw new DiskFailure(
                    how.contains(How.FOLDER) ? "not-a-folder" : "link-loop", "'" + call.path() + "' is a link");
        } else if (found.isOther()) {
            throw new DiskFailure("special-file", "'" + call.path() + "' is neither a file nor a folder");
        } else if (found.isDirectory()) {
            return openedFolder(from, call, walk);
        } else if (walk.asFolder() || how.contains(How.FOLDER)) {
            throw new DiskFailure("not-a-folder", "'" + call.path() + "' is a file");
        }
        return openedFile(from, call, walk, found);
    }

    private String openedFolder(Handle.Folder from, Disk.Open call, Walk walk) throws IOException, DiskFailure {
        if (call.how().contains(How.WRITE) || call.how().contains(How.TRUNCATE)) {
            throw new DiskFailure("is-a-folder", "'" + call.path() + "' is a folder");
        }
        OpenFolder open = walk.name().isEmpty() ? walk.take() : walk.folder().child(walk.name());
        BasicFileAttributes stat = open.stat();
        int number = desk.keep(new Handle.Folder(from.mount(), guestPath(from, open.path()), open));
        ObjectNode answer = MountedFolders.JSON.createObjectNode().put("handle", number);
        Stats.put(answer, stat, 0, open.path());
        return answer.toString();
    }

    private String openedFile(Handle.Folder from, Disk.Open call, Walk walk, @Nullable BasicFileAttributes found)
            throws IOException, DiskFailure {
        boolean write = call.how().contains(How.WRITE) || call.how().contains(How.TRUNCATE);
        FileChannel channel = channel(walk, write, found == null);
        try {
            BasicFileAttributes seen = walk.folder().stat(walk.name());
            if (!seen.isRegularFile()) {
                throw new DiskFailure("special-file", "'" + call.path() + "' is not a file");
            }
            if (call.how().contains(How.TRUNCATE)) {
                channel.truncate(0);
            }
            Handle.RegularFile file = new Handle.RegularFile(
                    from.mount(), guestPath(from, walk.path()), channel, write || found == null, walk.path(), seen);
            ObjectNode answer = MountedFolders.JSON.createObjectNode().put("handle", desk.keep(file));
            Stats.put(answer, seen, channel.size(), walk.path());
            return answer.toString();
        } catch (IOException | DiskFailure e) {
            channel.close();
            throw e;
        }
    }

    /// Somebody may make or remove the file between a look and the opening: then it is looked at again.
    private static FileChannel channel(Walk walk, boolean write, boolean missing) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                return walk.folder().openFile(walk.name(), options(write || missing, missing && attempt < ATTEMPTS));
            } catch (FileAlreadyExistsException e) {
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private static Set<OpenOption> options(boolean write, boolean create) {
        Set<OpenOption> options = new HashSet<>(Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
        if (write) {
            options.add(StandardOpenOption.WRITE);
        }
        if (create) {
            options.add(StandardOpenOption.CREATE_NEW);
        }
        return options;
    }

    /// How the program would name what lies there, without dots and links.
    private static String guestPath(Handle.Folder from, Path place) {
        String below = from.open().path().relativize(place).toString().replace('\\', '/');
        return below.isEmpty()
                ? from.guestPath()
                : from.guestPath() + (from.guestPath().endsWith("/") ? "" : "/") + below;
    }

    private Handle.RegularFile file(int number) throws IOException, DiskFailure {
        if (desk.handle(number) instanceof Handle.RegularFile file) {
            return file;
        }
        throw new DiskFailure("is-a-folder", "what is open by the number " + number + " is a folder");
    }

    private Handle.RegularFile writable(int number) throws IOException, DiskFailure {
        Handle.RegularFile file = file(number);
        if (!file.writable()) {
            MountedFolders.requireWritable(file);
            throw new DiskFailure("bad-handle", "'" + file.guestPath() + "' was opened for reading only");
        }
        return file;
    }

    String read(Disk.Read call) throws IOException, DiskFailure {
        Handle.RegularFile file = file(call.handle());
        if (call.offset() < 0 || call.bytes() < 0) {
            throw new DiskFailure("bad-input", "an offset or a length is negative");
        }
        long left = Math.max(0, file.channel().size() - call.offset());
        ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(left, Math.min(call.bytes(), Disk.MAX_BYTES)));
        long at = call.offset();
        while (bytes.hasRemaining()) {
            int got = file.channel().read(bytes, at);
            if (got < 0) {
                break;
            }
            at += got;
        }
        bytes.flip();
        file.wasRead(bytes.remaining());
        return "\"" + new String(Base64.getEncoder().encode(bytes).array(), StandardCharsets.ISO_8859_1) + "\"";
    }

    String write(Disk.Write call) throws IOException, DiskFailure {
        Handle.RegularFile file = writable(call.handle());
        byte[] bytes = decoded(call.base64());
        long size = file.channel().size();
        long at = call.offset() == -1 ? size : call.offset();
        if (at < 0 || bytes.length > Disk.MAX_BYTES) {
            throw new DiskFailure("bad-input", "an offset is negative, or there are too many bytes for one call");
        }
        quota.grow(file.folder(), size, bytes.length == 0 ? size : at + bytes.length);
        ByteBuffer left = ByteBuffer.wrap(bytes);
        while (left.hasRemaining()) {
            at += file.channel().write(left, at);
        }
        file.wasWritten(bytes.length);
        return Long.toString(at);
    }

    private static byte[] decoded(String base64) throws DiskFailure {
        if (base64.length() > Disk.MAX_BYTES / 3 * 4 + 8) {
            throw new DiskFailure("bad-input", "too many bytes for one call");
        }
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new DiskFailure("bad-input", "the bytes are not in base64");
        }
    }

    String resize(Disk.Resize call) throws IOException, DiskFailure {
        Handle.RegularFile file = writable(call.handle());
        long size = file.channel().size();
        quota.grow(file.folder(), size, call.bytes());
        if (call.bytes() < size) {
            file.channel().truncate(call.bytes());
        } else if (call.bytes() > size) {
            file.channel().write(ByteBuffer.allocate(1), call.bytes() - 1);
        }
        return "null";
    }

    String sync(Disk.Sync call) throws IOException, DiskFailure {
        if (desk.handle(call.handle()) instanceof Handle.RegularFile file && file.writable()) {
            file.channel().force(true);
        }
        return "null";
    }
}
