package nexus.aiagents.sandbox.internal.wasi;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import nexus.aiagents.sandbox.HostCall.Disk;
import org.jspecify.annotations.Nullable;

/// The functions `fd_*`.
final class FdCalls {
    private static final int APPEND = 1;
    private static final int SYNC = 2 | 8 | 16;
    private static final int ALL_FLAGS = 31;
    private static final int ATIM = 1;
    private static final int ATIM_NOW = 2;
    private static final int MTIM = 4;
    private static final int MTIM_NOW = 8;
    private static final int MAX_ADVICE = 5;
    private static final int READ_AHEAD = 64 << 10;
    /// Of all files together; so little that it is not counted as memory of the program.
    private static final int MAX_AHEAD = 1 << 20;
    private static final int STREAM_CHUNK = 64 << 10;
    private static final int DIRENT_BYTES = 24;

    private final Wasi wasi;
    private final Descriptors descriptors;
    private final DiskPort disk;
    private int ahead;

    FdCalls(Wasi wasi, Descriptors descriptors, DiskPort disk) {
        this.wasi = wasi;
        this.descriptors = descriptors;
        this.disk = disk;
    }

    static void add(Wasi.Functions to) {
        to.add("fd_advise", "iIIi", (w, _, a) -> w.files().advise(a));
        to.add("fd_allocate", "iII", (w, _, a) -> w.files().allocate(a));
        to.add("fd_close", "i", (w, _, a) -> w.files().close(a));
        to.add("fd_datasync", "i", (w, _, a) -> w.files().sync(a, Rights.FD_DATASYNC));
        to.add("fd_fdstat_get", "ii", (w, m, a) -> w.files().fdstat(m, a));
        to.add("fd_fdstat_set_flags", "ii", (w, _, a) -> w.files().setFlags(a));
        to.add(
                "fd_fdstat_set_rights",
                "iII",
                (w, _, a) -> w.descriptors().get(a[0]).restrict(a[1], a[2]));
        to.add("fd_filestat_get", "ii", (w, m, a) -> w.files().filestat(m, a));
        to.add("fd_filestat_set_size", "iI", (w, _, a) -> w.files().setSize(a));
        to.add("fd_filestat_set_times", "iIIi", (w, _, a) -> w.files().setTimes(a));
        to.add("fd_pread", "iiiIi", (w, m, a) -> w.files().pread(m, a));
        to.add("fd_prestat_get", "ii", (w, m, a) -> w.files().prestat(m, a));
        to.add("fd_prestat_dir_name", "iii", (w, m, a) -> w.files().prestatName(m, a));
        to.add("fd_pwrite", "iiiIi", (w, m, a) -> w.files().pwrite(m, a));
        to.add("fd_read", "iiii", (w, m, a) -> w.files().read(m, a));
        to.add("fd_readdir", "iiiIi", (w, m, a) -> w.files().readdir(m, a));
        to.add("fd_renumber", "ii", (w, _, a) -> w.files().renumber(a));
        to.add("fd_seek", "iIii", (w, m, a) -> w.files().seek(m, a));
        to.add("fd_sync", "i", (w, _, a) -> w.files().sync(a, Rights.FD_SYNC));
        to.add(
                "fd_tell",
                "ii",
                (w, m, a) -> m.writeLong(
                        (int) a[1], w.descriptors().file(a[0], Rights.FD_TELL).position()));
        to.add("fd_write", "iiii", (w, m, a) -> w.files().write(m, a));
    }

    static void requireFlags(int flags) throws Errno.Failed {
        if ((flags & ~ALL_FLAGS) != 0) {
            throw new Errno.Failed(Errno.INVAL);
        }
    }

    private static long notNegative(long number) throws Errno.Failed {
        if (number < 0) {
            throw new Errno.Failed(Errno.INVAL);
        }
        return number;
    }

    private void advise(long[] a) throws Errno.Failed {
        descriptors.file(a[0], Rights.FD_ADVISE);
        notNegative(a[1]);
        notNegative(a[2]);
        if (Integer.compareUnsigned((int) a[3], MAX_ADVICE) > 0) {
            throw new Errno.Failed(Errno.INVAL);
        }
    }

    private void allocate(long[] a) throws Errno.Failed {
        Descriptor.OpenFile file = descriptors.file(a[0], Rights.FD_ALLOCATE);
        long end = notNegative(a[1]) + notNegative(a[2]);
        if (a[2] == 0) {
            throw new Errno.Failed(Errno.INVAL);
        }
        if (end < 0) {
            throw new Errno.Failed(Errno.FBIG);
        }
        if (end > disk.stat(file.handle(), "", false).size()) {
            resize(file, end);
        }
    }

    private void setSize(long[] a) throws Errno.Failed {
        resize(descriptors.file(a[0], Rights.FD_FILESTAT_SET_SIZE), notNegative(a[1]));
    }

    private void resize(Descriptor.OpenFile file, long size) throws Errno.Failed {
        disk.change(new Disk.Resize(file.handle(), size), file.mount());
        forgetAhead();
    }

    /// After a change everything that was read ahead may be wrong: two descriptors can mean one file.
    void forgetAhead() {
        descriptors.files().forEach(Descriptor.OpenFile::forget);
        ahead = 0;
    }

    private void close(long[] a) throws Errno.Failed {
        closed(descriptors.remove(a[0]));
    }

    private void closed(Descriptor descriptor) throws Errno.Failed {
        switch (descriptor) {
            case Descriptor.Stream _ -> {}
            case Descriptor.OpenFile file -> {
                ahead -= file.forget();
                disk.ask(new Disk.Close(file.handle()));
            }
            case Descriptor.Folder folder -> {
                wasi.world().hold(-size(folder.entries()));
                disk.ask(new Disk.Close(folder.handle()));
            }
        }
    }

    private void renumber(long[] a) throws Errno.Failed {
        Descriptor moved = descriptors.get(a[0]);
        Descriptor replaced = descriptors.renumber(a[0], a[1]);
        if (replaced != moved) {
            closed(replaced);
        }
    }

    private void sync(long[] a, long right) throws Errno.Failed {
        Descriptor descriptor = descriptors.get(a[0]);
        descriptor.require(right);
        if (descriptor instanceof Descriptor.OnDisk onDisk) {
            disk.ask(new Disk.Sync(onDisk.handle()));
        }
    }

    private void fdstat(GuestMemory memory, long[] a) throws Errno.Failed {
        Descriptor descriptor = descriptors.get(a[0]);
        ByteBuffer stat = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
        stat.put(0, (byte) descriptor.fileType());
        stat.putShort(2, (short) descriptor.flags());
        stat.putLong(8, descriptor.rights());
        stat.putLong(16, descriptor.inheriting());
        memory.write((int) a[1], stat.array());
    }

    private void setFlags(long[] a) throws Errno.Failed {
        Descriptor descriptor = descriptors.get(a[0]);
        descriptor.require(Rights.FD_FDSTAT_SET_FLAGS);
        requireFlags((int) a[1]);
        descriptor.setFlags((int) a[1]);
    }

    private void filestat(GuestMemory memory, long[] a) throws Errno.Failed {
        Descriptor descriptor = descriptors.get(a[0]);
        descriptor.require(Rights.FD_FILESTAT_GET);
        if (descriptor instanceof Descriptor.OnDisk onDisk) {
            writeStat(memory, (int) a[1], disk.stat(onDisk.handle(), "", false), onDisk.mount());
        } else {
            byte[] stat = new byte[64];
            stat[16] = (byte) descriptor.fileType();
            memory.write((int) a[1], stat);
        }
    }

    static void writeStat(GuestMemory memory, int pointer, DiskPort.Stat stat, Descriptor.Mount mount) {
        ByteBuffer bytes = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(0, mount.number());
        bytes.putLong(8, stat.inode());
        bytes.put(16, (byte) stat.type());
        bytes.putLong(24, stat.links());
        bytes.putLong(32, stat.size());
        bytes.putLong(40, stat.accessed());
        bytes.putLong(48, stat.modified());
        bytes.putLong(56, stat.changed());
        memory.write(pointer, bytes.array());
    }

    /// Null stays as it is.
    record Times(@Nullable Long accessed, @Nullable Long modified) {}

    Times times(long accessed, long modified, int flags) throws Errno.Failed {
        boolean twice =
                (flags & (ATIM | ATIM_NOW)) == (ATIM | ATIM_NOW) || (flags & (MTIM | MTIM_NOW)) == (MTIM | MTIM_NOW);
        if (twice || (flags & ~(ATIM | ATIM_NOW | MTIM | MTIM_NOW)) != 0) {
            throw new Errno.Failed(Errno.INVAL);
        }
        long now = (flags & (ATIM_NOW | MTIM_NOW)) != 0 ? wasi.world().nowNanos() : 0;
        return new Times(
                (flags & ATIM) != 0 ? Long.valueOf(accessed) : (flags & ATIM_NOW) != 0 ? Long.valueOf(now) : null,
                (flags & MTIM) != 0 ? Long.valueOf(modified) : (flags & MTIM_NOW) != 0 ? Long.valueOf(now) : null);
    }

    private void setTimes(long[] a) throws Errno.Failed {
        Descriptor descriptor = descriptors.get(a[0]);
        descriptor.require(Rights.FD_FILESTAT_SET_TIMES);
        if (!(descriptor instanceof Descriptor.OnDisk onDisk)) {
            throw new Errno.Failed(Errno.BADF);
        }
        Times times = times(a[1], a[2], (int) a[3]);
        disk.change(new Disk.SetTimes(onDisk.handle(), "", false, times.accessed(), times.modified()), onDisk.mount());
    }

    private void read(GuestMemory memory, long[] a) throws Errno.Failed {
        Descriptor descriptor = descriptors.get(a[0]);
        if (descriptor instanceof Descriptor.Stream stream) {
            stream.require(Rights.FD_READ);
            Vectors into = Vectors.read(memory, a[1], a[2], Disk.MAX_BYTES);
            byte[] part = wasi.stdin(into.total());
            into.fill(part);
            memory.writeInt((int) a[3], part.length);
            return;
        }
        Descriptor.OpenFile file = descriptors.file(a[0], Rights.FD_READ);
        Vectors into = Vectors.read(memory, a[1], a[2], Disk.MAX_BYTES);
        memory.require((int) a[3], 4);
        byte[] part = {};
        if (into.total() > 0) {
            part = file.aheadLeft() > 0 ? file.take(into.total()) : next(file, into.total());
        }
        into.fill(part);
        memory.writeInt((int) a[3], part.length);
    }

    /// Reads on, and for small reads some way ahead.
    private byte[] next(Descriptor.OpenFile file, int wanted) throws Errno.Failed {
        if (wanted >= READ_AHEAD) {
            byte[] bytes = disk.read(file.handle(), file.position(), wanted);
            file.setPosition(file.position() + bytes.length);
            return bytes;
        }
        byte[] bytes = disk.read(file.handle(), file.position(), READ_AHEAD);
        ahead += bytes.length - file.forget();
        if (ahead > MAX_AHEAD) {
            forgetAhead();
            ahead = bytes.length;
        }
        file.setAhead(bytes);
        return file.take(wanted);
    }

    private void pread(GuestMemory memory, long[] a) throws Errno.Failed {
        Descriptor.OpenFile file = descriptors.file(a[0], Rights.FD_READ | Rights.FD_SEEK);
        Vectors into = Vectors.read(memory, a[1], a[2], Disk.MAX_BYTES);
        memory.require((int) a[4], 4);
        byte[] part = disk.read(file.handle(), notNegative(a[3]), into.total());
        into.fill(part);
        memory.writeInt((int) a[4], part.length);
    }

    private void write(GuestMemory memory, long[] a) throws Errno.Failed {
        Descriptor descriptor = descriptors.get(a[0]);
        if (descriptor instanceof Descriptor.Stream stream) {
            stream.require(Rights.FD_WRITE);
            byte[] part = Vectors.read(memory, a[1], a[2], STREAM_CHUNK).gather();
            memory.require((int) a[3], 4);
            wasi.write(stream.number(), part);
            memory.writeInt((int) a[3], part.length);
            return;
        }
        Descriptor.OpenFile file = descriptors.file(a[0], Rights.FD_WRITE);
        byte[] part = Vectors.read(memory, a[1], a[2], Disk.MAX_BYTES).gather();
        memory.require((int) a[3], 4);
        boolean append = (file.flags() & APPEND) != 0;
        file.setPosition(written(file, append ? -1 : file.position(), part));
        memory.writeInt((int) a[3], part.length);
    }

    private long written(Descriptor.OpenFile file, long offset, byte[] bytes) throws Errno.Failed {
        long end = disk.write(file, offset, bytes);
        forgetAhead();
        if ((file.flags() & SYNC) != 0) {
            disk.ask(new Disk.Sync(file.handle()));
        }
        return end;
    }

    private void pwrite(GuestMemory memory, long[] a) throws Errno.Failed {
        Descriptor.OpenFile file = descriptors.file(a[0], Rights.FD_WRITE | Rights.FD_SEEK);
        byte[] part = Vectors.read(memory, a[1], a[2], Disk.MAX_BYTES).gather();
        memory.require((int) a[4], 4);
        boolean append = (file.flags() & APPEND) != 0;
        written(file, append ? -1 : notNegative(a[3]), part);
        memory.writeInt((int) a[4], part.length);
    }

    private void seek(GuestMemory memory, long[] a) throws Errno.Failed {
        boolean tells = a[1] == 0 && a[2] == 1;
        Descriptor.OpenFile file = descriptors.file(a[0], tells ? 0 : Rights.FD_SEEK);
        if (tells && (file.rights() & (Rights.FD_SEEK | Rights.FD_TELL)) == 0) {
            throw new Errno.Failed(Errno.NOTCAPABLE);
        }
        long base = switch ((int) a[2]) {
            case 0 -> 0;
            case 1 -> file.position();
            case 2 -> disk.stat(file.handle(), "", false).size();
            default -> throw new Errno.Failed(Errno.INVAL);
        };
        long to = base + a[1];
        if (to < 0) {
            throw new Errno.Failed(Errno.INVAL); // before the beginning, or beyond 2^63
        }
        memory.writeLong((int) a[3], to);
        if (!tells) {
            ahead -= file.forget();
            file.setPosition(to);
        }
    }

    private Descriptor.Folder preopened(long number) throws Errno.Failed {
        if (descriptors.get(number) instanceof Descriptor.Folder folder && folder.preopened()) {
            return folder;
        }
        throw new Errno.Failed(Errno.BADF);
    }

    private void prestat(GuestMemory memory, long[] a) throws Errno.Failed {
        int length = name(preopened(a[0])).length;
        memory.writeLong((int) a[1], (long) length << 32); // the tag 0 is a folder
    }

    private static byte[] name(Descriptor.Folder folder) {
        return folder.mount().path().getBytes(StandardCharsets.UTF_8);
    }

    private void prestatName(GuestMemory memory, long[] a) throws Errno.Failed {
        byte[] name = name(preopened(a[0]));
        if (Integer.compareUnsigned((int) a[2], name.length) < 0) {
            throw new Errno.Failed(Errno.NAMETOOLONG);
        }
        memory.write((int) a[1], name);
    }

    /// A cookie is the place of an entry in what the folder held when it was read from the beginning.
    private void readdir(GuestMemory memory, long[] a) throws Errno.Failed {
        Descriptor.Folder folder = descriptors.folder(a[0], Rights.FD_READDIR);
        int room = (int) a[2];
        memory.require((int) a[1], room);
        long cookie = a[3];
        List<DiskPort.Entry> entries = folder.entries();
        if (cookie == 0 || entries == null) {
            entries = listed(folder);
        }
        int used = 0;
        for (long at = cookie; at >= 0 && at < entries.size() && Integer.compareUnsigned(used, room) < 0; at++) {
            byte[] entry = entry(entries.get((int) at), at + 1);
            int length = (int) Math.min(entry.length, Integer.toUnsignedLong(room) - Integer.toUnsignedLong(used));
            byte[] part = new byte[length];
            System.arraycopy(entry, 0, part, 0, length);
            memory.write((int) a[1] + used, part);
            used += length;
        }
        memory.writeInt((int) a[4], used);
    }

    private List<DiskPort.Entry> listed(Descriptor.Folder folder) throws Errno.Failed {
        wasi.world().hold(-size(folder.entries()));
        folder.setEntries(null);
        long self = disk.stat(folder.handle(), "", false).inode();
        List<DiskPort.Entry> entries = new ArrayList<>();
        // The folder above may lie outside of what is granted: nothing is told of it.
        entries.add(new DiskPort.Entry(".".getBytes(StandardCharsets.UTF_8), Descriptor.DIRECTORY, self));
        entries.add(new DiskPort.Entry("..".getBytes(StandardCharsets.UTF_8), Descriptor.DIRECTORY, self));
        entries.addAll(disk.list(folder.handle()));
        if (!wasi.world().hold(size(entries))) {
            throw new Errno.Failed(Errno.NOMEM);
        }
        folder.setEntries(entries);
        return entries;
    }

    private static long size(@Nullable List<DiskPort.Entry> entries) {
        return entries == null
                ? 0
                : entries.stream()
                        .mapToLong(e -> e.name().length + DIRENT_BYTES)
                        .sum();
    }

    private static byte[] entry(DiskPort.Entry entry, long next) {
        ByteBuffer bytes =
                ByteBuffer.allocate(DIRENT_BYTES + entry.name().length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(next);
        bytes.putLong(entry.inode());
        bytes.putInt(entry.name().length);
        bytes.putInt(entry.type());
        bytes.put(entry.name());
        return bytes.array();
    }
}
