package nexus.aiagents.sandbox.internal.wasi;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Set;
import nexus.aiagents.sandbox.HostCall.Disk;
import nexus.aiagents.sandbox.HostCall.Disk.Open.How;

/// The functions `path_*`. Paths are walked by the host: here they are only read and counted.
final class PathCalls {
    private static final int MAX_PATH = 4096;
    private static final int FOLLOW = 1;
    private static final int CREAT = 1;
    private static final int DIRECTORY = 2;
    private static final int EXCL = 4;
    private static final int TRUNC = 8;

    private final Wasi wasi;
    private final Descriptors descriptors;
    private final DiskPort disk;

    PathCalls(Wasi wasi, Descriptors descriptors, DiskPort disk) {
        this.wasi = wasi;
        this.descriptors = descriptors;
        this.disk = disk;
    }

    static void add(Wasi.Functions to) {
        to.add("path_create_directory", "iii", (w, m, a) -> w.paths().createDirectory(m, a));
        to.add("path_filestat_get", "iiiii", (w, m, a) -> w.paths().filestat(m, a));
        to.add("path_filestat_set_times", "iiiiIIi", (w, m, a) -> w.paths().setTimes(m, a));
        to.add("path_link", "iiiiiii", (w, m, a) -> w.paths().link(m, a));
        to.add("path_open", "iiiiiIIii", (w, m, a) -> w.paths().open(m, a));
        to.add("path_readlink", "iiiiii", (w, m, a) -> w.paths().readLink(m, a));
        to.add("path_remove_directory", "iii", (w, m, a) -> w.paths().remove(m, a, Rights.PATH_REMOVE_DIRECTORY, true));
        to.add("path_rename", "iiiiii", (w, m, a) -> w.paths().rename(m, a));
        to.add("path_symlink", "iiiii", (w, m, a) -> w.paths().symlink(m, a));
        to.add("path_unlink_file", "iii", (w, m, a) -> w.paths().remove(m, a, Rights.PATH_UNLINK_FILE, false));
    }

    private static String path(GuestMemory memory, long pointer, long length) throws Errno.Failed {
        memory.require((int) pointer, (int) length);
        if (Integer.compareUnsigned((int) length, MAX_PATH) > 0) {
            throw new Errno.Failed(Errno.NAMETOOLONG);
        }
        byte[] bytes = memory.read((int) pointer, (int) length);
        String path;
        try {
            path = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new Errno.Failed(Errno.ILSEQ);
        }
        if (path.indexOf('\0') >= 0) {
            throw new Errno.Failed(Errno.INVAL);
        }
        if (path.isEmpty()) {
            throw new Errno.Failed(Errno.NOENT);
        }
        return path;
    }

    private static boolean follow(long flags) throws Errno.Failed {
        if ((flags & ~FOLLOW) != 0) {
            throw new Errno.Failed(Errno.INVAL);
        }
        return flags == FOLLOW;
    }

    private void open(GuestMemory memory, long[] a) throws Errno.Failed {
        int flags = (int) a[4];
        int status = (int) a[7];
        long rights = a[5];
        long inheriting = a[6];
        Descriptor.Folder from = descriptors.folder(a[0], Rights.PATH_OPEN);
        String path = path(memory, a[2], a[3]);
        boolean follow = follow(a[1]);
        FdCalls.requireFlags(status);
        if ((flags & ~(CREAT | DIRECTORY | EXCL | TRUNC)) != 0) {
            throw new Errno.Failed(Errno.INVAL);
        }
        from.require(((flags & CREAT) != 0 ? Rights.PATH_CREATE_FILE : 0)
                | ((flags & TRUNC) != 0 ? Rights.PATH_FILESTAT_SET_SIZE : 0));
        if (((rights | inheriting) & ~from.inheriting()) != 0) {
            throw new Errno.Failed(Errno.NOTCAPABLE);
        }
        memory.require((int) a[8], 4);
        descriptors.requireRoom();
        Set<How> how = how(flags, follow, (rights & Rights.FD_WRITE) != 0);
        boolean changes = how.contains(How.WRITE) || how.contains(How.CREATE) || how.contains(How.TRUNCATE);
        Disk.Open call = new Disk.Open(from.handle(), path, how);
        DiskPort.Stat opened = DiskPort.Stat.of(changes ? disk.change(call, from.mount()) : disk.ask(call));
        if (how.contains(How.TRUNCATE)) {
            wasi.files().forgetAhead();
        }
        Descriptor made = opened.type() == Descriptor.DIRECTORY
                ? new Descriptor.Folder(
                        opened.handle(), from.mount(), rights & Rights.FOLDER, inheriting, status, false)
                : new Descriptor.OpenFile(opened.handle(), from.mount(), rights & Rights.FILE, inheriting, status);
        memory.writeInt((int) a[8], descriptors.add(made));
    }

    private static Set<How> how(int flags, boolean follow, boolean write) {
        Set<How> how = EnumSet.noneOf(How.class);
        if (follow) {
            how.add(How.FOLLOW);
        }
        if (write) {
            how.add(How.WRITE);
        }
        if ((flags & CREAT) != 0) {
            how.add(How.CREATE);
        }
        if ((flags & CREAT) != 0 && (flags & EXCL) != 0) {
            how.add(How.NEW);
        }
        if ((flags & TRUNC) != 0) {
            how.add(How.TRUNCATE);
        }
        if ((flags & DIRECTORY) != 0) {
            how.add(How.FOLDER);
        }
        return how;
    }

    private void createDirectory(GuestMemory memory, long[] a) throws Errno.Failed {
        Descriptor.Folder from = descriptors.folder(a[0], Rights.PATH_CREATE_DIRECTORY);
        disk.change(new Disk.MakeFolder(from.handle(), path(memory, a[1], a[2])), from.mount());
    }

    private void filestat(GuestMemory memory, long[] a) throws Errno.Failed {
        Descriptor.Folder from = descriptors.folder(a[0], Rights.PATH_FILESTAT_GET);
        String path = path(memory, a[2], a[3]);
        FdCalls.writeStat(memory, (int) a[4], disk.stat(from.handle(), path, follow(a[1])), from.mount());
    }

    private void setTimes(GuestMemory memory, long[] a) throws Errno.Failed {
        Descriptor.Folder from = descriptors.folder(a[0], Rights.PATH_FILESTAT_SET_TIMES);
        String path = path(memory, a[2], a[3]);
        FdCalls.Times times = wasi.files().times(a[4], a[5], (int) a[6]);
        disk.change(
                new Disk.SetTimes(from.handle(), path, follow(a[1]), times.accessed(), times.modified()), from.mount());
    }

    private void link(GuestMemory memory, long[] a) throws Errno.Failed {
        Descriptor.Folder from = descriptors.folder(a[0], Rights.PATH_LINK_SOURCE);
        Descriptor.Folder to = descriptors.folder(a[4], Rights.PATH_LINK_TARGET);
        if (a[1] != 0) {
            throw new Errno.Failed(Errno.INVAL); // a name for what a link points to, no system makes in one step
        }
        String path = path(memory, a[2], a[3]);
        String toPath = path(memory, a[5], a[6]);
        disk.change(new Disk.Link(from.handle(), path, to.handle(), toPath), from.mount(), to.mount());
    }

    private void readLink(GuestMemory memory, long[] a) throws Errno.Failed {
        Descriptor.Folder from = descriptors.folder(a[0], Rights.PATH_READLINK);
        String path = path(memory, a[1], a[2]);
        byte[] target =
                disk.ask(new Disk.ReadLink(from.handle(), path)).asString("").getBytes(StandardCharsets.UTF_8);
        int length = (int) Math.min(Integer.toUnsignedLong((int) a[4]), target.length);
        byte[] part = new byte[length];
        System.arraycopy(target, 0, part, 0, length);
        memory.write((int) a[3], part);
        memory.writeInt((int) a[5], length);
    }

    private void remove(GuestMemory memory, long[] a, long right, boolean folder) throws Errno.Failed {
        Descriptor.Folder from = descriptors.folder(a[0], right);
        disk.change(new Disk.Remove(from.handle(), path(memory, a[1], a[2]), folder), from.mount());
    }

    private void rename(GuestMemory memory, long[] a) throws Errno.Failed {
        Descriptor.Folder from = descriptors.folder(a[0], Rights.PATH_RENAME_SOURCE);
        Descriptor.Folder to = descriptors.folder(a[3], Rights.PATH_RENAME_TARGET);
        String path = path(memory, a[1], a[2]);
        String toPath = path(memory, a[4], a[5]);
        disk.change(new Disk.Rename(from.handle(), path, to.handle(), toPath), from.mount(), to.mount());
    }

    private void symlink(GuestMemory memory, long[] a) throws Errno.Failed {
        Descriptor.Folder from = descriptors.folder(a[2], Rights.PATH_SYMLINK);
        String target = path(memory, a[0], a[1]);
        disk.change(new Disk.MakeSymlink(target, from.handle(), path(memory, a[3], a[4])), from.mount());
    }
}
