package nexus.aiagents.sandbox.internal.wasi;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/// The descriptors of one program. The granted folders come behind the streams, as soon as somebody looks
/// for them: most programs never do.
final class Descriptors {
    static final int MAX_OPEN = 128;
    private static final int STREAMS = 3;

    private final TreeMap<Integer, Descriptor> open = new TreeMap<>();
    private final DiskPort disk;
    private boolean preopened;

    Descriptors(DiskPort disk) {
        this.disk = disk;
        for (int number = 0; number < STREAMS; number++) {
            open.put(number, new Descriptor.Stream(number));
        }
    }

    Descriptor get(long number) throws Errno.Failed {
        if ((int) number >= STREAMS) {
            preopen();
        }
        Descriptor found = open.get((int) number);
        if (found == null) {
            throw new Errno.Failed(Errno.BADF);
        }
        return found;
    }

    private void preopen() throws Errno.Failed {
        if (preopened) {
            return;
        }
        preopened = true;
        int number = STREAMS;
        for (DiskPort.Preopen each : disk.mounts()) {
            open.put(number++, new Descriptor.Folder(each.handle(), each.mount(), Rights.FOLDER, Rights.ALL, 0, true));
        }
    }

    Descriptor.Folder folder(long number, long rights) throws Errno.Failed {
        if (get(number) instanceof Descriptor.Folder folder) {
            folder.require(rights);
            return folder;
        }
        throw new Errno.Failed(Errno.NOTDIR);
    }

    Descriptor.OpenFile file(long number, long rights) throws Errno.Failed {
        return switch (get(number)) {
            case Descriptor.OpenFile file -> {
                file.require(rights);
                yield file;
            }
            case Descriptor.Folder _ -> throw new Errno.Failed(Errno.ISDIR);
            case Descriptor.Stream _ -> throw new Errno.Failed(Errno.SPIPE);
        };
    }

    void requireRoom() throws Errno.Failed {
        if (open.size() >= MAX_OPEN) {
            throw new Errno.Failed(Errno.MFILE);
        }
    }

    /// @return the lowest number that is free behind the streams
    int add(Descriptor descriptor) {
        int number = STREAMS;
        while (open.containsKey(number)) {
            number++;
        }
        open.put(number, descriptor);
        return number;
    }

    Descriptor remove(long number) throws Errno.Failed {
        Descriptor found = get(number);
        open.remove((int) number);
        return found;
    }

    /// @return what was open by the number `to` before
    Descriptor renumber(long from, long to) throws Errno.Failed {
        Descriptor replaced = get(to);
        open.put((int) to, get(from));
        if ((int) from != (int) to) {
            open.remove((int) from);
        }
        return replaced;
    }

    List<Descriptor.OpenFile> files() {
        List<Descriptor.OpenFile> files = new ArrayList<>();
        for (Descriptor each : open.values()) {
            if (each instanceof Descriptor.OpenFile file) {
                files.add(file);
            }
        }
        return files;
    }
}
