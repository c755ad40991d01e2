package nexus.aiagents.sandbox.internal.wasi;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Something open, as the program holds it.
abstract sealed class Descriptor {
    static final int CHARACTER_DEVICE = 2;
    static final int DIRECTORY = 3;
    static final int REGULAR_FILE = 4;

    private long rights;
    private long inheriting;
    private int flags;

    private Descriptor(long rights, long inheriting, int flags) {
        this.rights = rights;
        this.inheriting = inheriting;
        this.flags = flags;
    }

    long rights() {
        return rights;
    }

    long inheriting() {
        return inheriting;
    }

    int flags() {
        return flags;
    }

    void setFlags(int flags) {
        this.flags = flags;
    }

    void require(long wanted) throws Errno.Failed {
        if ((rights & wanted) != wanted) {
            throw new Errno.Failed(Errno.NOTCAPABLE);
        }
    }

    /// Only gives up, never gains.
    void restrict(long fewerRights, long fewerInheriting) throws Errno.Failed {
        if ((fewerRights & ~rights) != 0 || (fewerInheriting & ~inheriting) != 0) {
            throw new Errno.Failed(Errno.NOTCAPABLE);
        }
        rights = fewerRights;
        inheriting = fewerInheriting;
    }

    abstract int fileType();

    /// One of the three streams.
    static final class Stream extends Descriptor {
        private final int number;

        Stream(int number) {
            super(number == 0 ? Rights.STDIN : Rights.STDOUT, 0, 0);
            this.number = number;
        }

        int number() {
            return number;
        }

        @Override
        int fileType() {
            return CHARACTER_DEVICE;
        }
    }

    /// What the host knows by a handle.
    abstract static sealed class OnDisk extends Descriptor {
        private final int handle;
        private final Mount mount;

        private OnDisk(int handle, Mount mount, long rights, long inheriting, int flags) {
            super(rights, inheriting, flags);
            this.handle = handle;
            this.mount = mount;
        }

        int handle() {
            return handle;
        }

        Mount mount() {
            return mount;
        }
    }

    /// @param number from 1; stands for the device in what is told of its files
    record Mount(int number, String path, boolean writable) {}

    static final class Folder extends OnDisk {
        private final boolean preopened;
        private @Nullable List<DiskPort.Entry> entries;

        Folder(int handle, Mount mount, long rights, long inheriting, int flags, boolean preopened) {
            super(handle, mount, rights, inheriting, flags);
            this.preopened = preopened;
        }

        boolean preopened() {
            return preopened;
        }

        /// What it held when it was last read from the beginning.
        @Nullable
        List<DiskPort.Entry> entries() {
            return entries;
        }

        void setEntries(@Nullable List<DiskPort.Entry> entries) {
            this.entries = entries;
        }

        @Override
        int fileType() {
            return DIRECTORY;
        }
    }

    static final class OpenFile extends OnDisk {
        private long position;
        private byte[] ahead = {};
        private int aheadUsed;

        OpenFile(int handle, Mount mount, long rights, long inheriting, int flags) {
            super(handle, mount, rights, inheriting, flags);
        }

        long position() {
            return position;
        }

        /// Forgets what was read ahead.
        void setPosition(long position) {
            this.position = position;
            forget();
        }

        /// What was read ahead from {@link #position()} on.
        int aheadLeft() {
            return ahead.length - aheadUsed;
        }

        void setAhead(byte[] bytes) {
            ahead = bytes;
            aheadUsed = 0;
        }

        /// Takes up to so many of the bytes that were read ahead.
        byte[] take(int most) {
            int length = Math.min(most, aheadLeft());
            byte[] part = new byte[length];
            System.arraycopy(ahead, aheadUsed, part, 0, length);
            aheadUsed += length;
            position += length;
            return part;
        }

        /// @return how many bytes that were
        int forget() {
            int held = ahead.length;
            ahead = new byte[0];
            aheadUsed = 0;
            return held;
        }

        @Override
        int fileType() {
            return REGULAR_FILE;
        }
    }
}
