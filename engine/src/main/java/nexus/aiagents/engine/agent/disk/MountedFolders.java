package nexus.aiagents.engine.agent.disk;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import nexus.aiagents.sandbox.Grants;
import nexus.aiagents.sandbox.HostCall.Disk;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

/// The granted folders of one run and what it has open in them. Carries out {@link Disk} calls: under the
/// grants, never outside the folders, within the run's quota. Thread-safe; calls wait for each other.
public final class MountedFolders implements AutoCloseable {
    static final JsonMapper JSON = JsonMapper.shared();

    /// The granted folders have the handles 1, 2, 3 …
    private static final int MAX_OPEN = 128;

    /// A process has only so many descriptors, and the app needs some for itself.
    private static final Semaphore ALL_OPEN = new Semaphore(1_000);

    /// Calls at a time: each holds the folders open that its path leads through.
    static final Semaphore AT_WORK = new Semaphore(32);

    /// Renaming, and what Java offers by path only, one at a time in the whole process: then no program of
    /// ours can swap a folder under another one's feet between the check and the use.
    static final ReentrantLock NAMES = new ReentrantLock();

    private final List<MountRoot> mounts;
    private final @Nullable Hidden hidden;
    private final Map<Integer, Handle> open = new HashMap<>();
    private final FileWork files;
    private final NameWork names;
    private final ReentrantLock lock = new ReentrantLock();
    private int nextHandle;
    private volatile boolean closed;

    /// @param project no folder outside of it is reached, and its `.nexus` is not seen; null: no project
    /// @param quota  of the run
    public MountedFolders(List<Grants.Mount> mounts, @Nullable Path project, Quota quota) {
        this.mounts = mounts.stream()
                .map(mount -> MountRoot.of(mount, project))
                .filter(MountRoot::isFolder)
                .toList();
        this.hidden = project == null || mounts.isEmpty() ? null : Hidden.of(project.resolve(".nexus"));
        this.nextHandle = this.mounts.size() + 1;
        this.files = new FileWork(this, quota);
        this.names = new NameWork(this, quota);
    }

    /// Whether a name means something else to this system than a file of that name: a device, a stream of a
    /// file, a file whose name ends earlier.
    public static boolean isDeceptive(String name) {
        return OpenFolder.isDeceptive(name);
    }

    /// @return the JSON that the call answers
    public String call(Disk call) throws DiskFailure, InterruptedException {
        AT_WORK.acquire();
        try {
            return alone(call);
        } finally {
            AT_WORK.release();
        }
    }

    private String alone(Disk call) throws DiskFailure {
        lock.lock();
        try {
            if (closed) {
                throw new DiskFailure("bad-handle", "the run has ended");
            }
            return answer(call);
        } catch (IOException e) {
            throw DiskFailure.of(deniedWords(call), e);
        } catch (InvalidPathException e) {
            throw new DiskFailure("bad-input", "the path has characters that this system does not know");
        } catch (UnsupportedOperationException e) {
            throw new DiskFailure("not-supported", "this system can not do that");
        } finally {
            if (closed) {
                closeAll();
            }
            lock.unlock();
        }
    }

    private String answer(Disk call) throws IOException, DiskFailure {
        return switch (call) {
            case Disk.Mounts _ -> mounts();
            case Disk.Open c -> files.open(c);
            case Disk.Close c -> {
                close(c.handle());
                yield "null";
            }
            case Disk.Read c -> files.read(c);
            case Disk.Write c -> files.write(c);
            case Disk.Resize c -> files.resize(c);
            case Disk.Sync c -> files.sync(c);
            case Disk.Stat c -> names.stat(c);
            case Disk.SetTimes c -> names.setTimes(c);
            case Disk.List c -> names.list(c);
            case Disk.MakeFolder c -> names.makeFolder(c);
            case Disk.Remove c -> names.remove(c);
            case Disk.Rename c -> names.rename(c);
            case Disk.Link c -> names.link(c);
            case Disk.MakeSymlink c -> names.makeSymlink(c);
            case Disk.ReadLink c -> names.readLink(c);
        };
    }

    private String mounts() {
        ArrayNode all = JSON.createArrayNode();
        for (int i = 0; i < mounts.size(); i++) {
            MountRoot mount = mounts.get(i);
            all.addObject().put("handle", i + 1).put("path", mount.guest()).put("writable", mount.writable());
        }
        return all.toString();
    }

    Handle handle(int number) throws IOException, DiskFailure {
        Handle found = open.get(number);
        if (found == null && number >= 1 && number <= mounts.size()) {
            MountRoot mount = mounts.get(number - 1);
            found = new Handle.Folder(mount, mount.guest(), mount.open());
            put(number, found);
        }
        if (found == null) {
            throw new DiskFailure("bad-handle", "there is nothing open by the number " + number);
        }
        return found;
    }

    Handle.Folder folder(int number) throws IOException, DiskFailure {
        if (handle(number) instanceof Handle.Folder folder) {
            return folder;
        }
        throw new DiskFailure("not-a-folder", "what is open by the number " + number + " is a file");
    }

    Walk walk(Handle.Folder from, String path, boolean follow) throws DiskFailure {
        return Walk.to(from.open(), path, follow, hidden);
    }

    boolean isVisible(Path path, BasicFileAttributes found) throws IOException {
        return hidden == null || !hidden.is(path, found);
    }

    static void requireWritable(Handle handle) throws DiskFailure {
        if (!handle.mount().writable()) {
            throw new DiskFailure(
                    DiskFailure.NOT_GRANTED, "'" + handle.mount().guest() + "' is granted for reading only");
        }
    }

    void requireRoom() throws DiskFailure {
        if (open.size() >= MAX_OPEN) {
            throw new DiskFailure("too-many-open", "at most " + MAX_OPEN + " files and folders can be open");
        }
    }

    /// @return its number
    int keep(Handle handle) throws DiskFailure {
        put(nextHandle, handle);
        return nextHandle++;
    }

    private void put(int number, Handle handle) throws DiskFailure {
        if (!ALL_OPEN.tryAcquire()) {
            Walk.closeQuietly(handle);
            throw new DiskFailure("too-many-open", "all programs together have too many files open");
        }
        open.put(number, handle);
    }

    private void close(int number) throws IOException, DiskFailure {
        Handle handle = open.remove(number);
        if (handle == null && (number < 1 || number > mounts.size())) {
            throw new DiskFailure("bad-handle", "there is nothing open by the number " + number);
        }
        if (handle != null) {
            ALL_OPEN.release();
            handle.close();
        }
    }

    /// What is worth writing down of a call before it is made, null if nothing is: what goes through an
    /// open file is told once, when it is closed.
    public @Nullable String describe(Disk call) {
        lock.lock();
        try {
            return words(call);
        } finally {
            lock.unlock();
        }
    }

    private @Nullable String words(Disk call) {
        return switch (call) {
            case Disk.Open c ->
                (c.how().contains(Disk.Open.How.WRITE) ? "open to write " : "open ") + at(c.folder(), c.path());
            case Disk.Close c -> open.get(c.handle()) instanceof Handle.RegularFile file ? file.traffic() : null;
            case Disk.List c -> "list " + at(c.folder(), "");
            case Disk.MakeFolder c -> "make folder " + at(c.folder(), c.path());
            case Disk.Remove c -> "remove " + at(c.folder(), c.path());
            case Disk.Rename c -> "rename " + at(c.folder(), c.path()) + " to " + at(c.toFolder(), c.toPath());
            case Disk.Link c -> "link " + at(c.folder(), c.path()) + " as " + at(c.toFolder(), c.toPath());
            case Disk.MakeSymlink c -> "link " + shown(c.target()) + " as " + at(c.folder(), c.path());
            case Disk.Resize c -> "resize " + at(c.handle(), "");
            case Disk.SetTimes c -> "set times of " + at(c.handle(), c.path());
            case Disk.Mounts _, Disk.Stat _, Disk.Read _, Disk.Write _, Disk.Sync _, Disk.ReadLink _ -> null;
        };
    }

    /// The names of the grants that the call works under.
    public Set<String> grantsOf(Disk call) {
        lock.lock();
        try {
            return mountsOf(call).stream().map(MountRoot::grant).collect(Collectors.toCollection(TreeSet::new));
        } finally {
            lock.unlock();
        }
    }

    /// The name of a grant to read that would have to be one to write for this call; null if there is none.
    public @Nullable String lackingToWrite(Disk call) {
        if (!changes(call)) {
            return null;
        }
        lock.lock();
        try {
            return mountsOf(call).stream()
                    .filter(mount -> !mount.writable())
                    .map(MountRoot::grant)
                    .findFirst()
                    .orElse(null);
        } finally {
            lock.unlock();
        }
    }

    /// The grant of this name is one to write from now on.
    public void allowWriting(String grant) {
        setWritable(grant, true);
    }

    /// Carries out one call with this grant to write, and what is opened by it stays open.
    public String callOnce(Disk call, String grant) throws DiskFailure, InterruptedException {
        setWritable(grant, true);
        try {
            return call(call);
        } finally {
            setWritable(grant, false);
        }
    }

    private void setWritable(String grant, boolean writable) {
        lock.lock();
        try {
            mounts.stream().filter(mount -> mount.grant().equals(grant)).forEach(mount -> mount.setWritable(writable));
        } finally {
            lock.unlock();
        }
    }

    private static boolean changes(Disk call) {
        return switch (call) {
            case Disk.Open c ->
                c.how().contains(Disk.Open.How.WRITE)
                        || c.how().contains(Disk.Open.How.CREATE)
                        || c.how().contains(Disk.Open.How.TRUNCATE);
            case Disk.SetTimes _, Disk.MakeFolder _, Disk.Remove _, Disk.Rename _, Disk.Link _, Disk.MakeSymlink _ ->
                true;
            // Through what was opened to be written.
            case Disk.Write _, Disk.Resize _ -> false;
            case Disk.Mounts _, Disk.Close _, Disk.Read _, Disk.Sync _, Disk.Stat _, Disk.List _, Disk.ReadLink _ ->
                false;
        };
    }

    private List<MountRoot> mountsOf(Disk call) {
        return switch (call) {
            case Disk.Mounts _ -> List.of();
            case Disk.Open c -> mountsOf(c.folder());
            case Disk.Close c -> mountsOf(c.handle());
            case Disk.Read c -> mountsOf(c.handle());
            case Disk.Write c -> mountsOf(c.handle());
            case Disk.Resize c -> mountsOf(c.handle());
            case Disk.Sync c -> mountsOf(c.handle());
            case Disk.Stat c -> mountsOf(c.handle());
            case Disk.SetTimes c -> mountsOf(c.handle());
            case Disk.List c -> mountsOf(c.folder());
            case Disk.MakeFolder c -> mountsOf(c.folder());
            case Disk.Remove c -> mountsOf(c.folder());
            case Disk.Rename c -> mountsOf(c.folder(), c.toFolder());
            case Disk.Link c -> mountsOf(c.folder(), c.toFolder());
            case Disk.MakeSymlink c -> mountsOf(c.folder());
            case Disk.ReadLink c -> mountsOf(c.folder());
        };
    }

    private List<MountRoot> mountsOf(int... handles) {
        List<MountRoot> found = new ArrayList<>();
        for (int number : handles) {
            Handle known = open.get(number);
            if (known != null) {
                found.add(known.mount());
            } else if (number >= 1 && number <= mounts.size()) {
                found.add(mounts.get(number - 1));
            }
        }
        return found;
    }

    /// What to write down of a call that was refused.
    public String describeDenied(Disk call) {
        lock.lock();
        try {
            return deniedWords(call);
        } finally {
            lock.unlock();
        }
    }

    private String deniedWords(Disk call) {
        String words = words(call);
        return words != null
                ? words
                : switch (call) {
                    case Disk.Stat c -> "look at " + at(c.handle(), c.path());
                    case Disk.ReadLink c -> "read link " + at(c.folder(), c.path());
                    case Disk.Write c -> "write " + at(c.handle(), "");
                    default -> "use a file";
                };
    }

    private String at(int folder, String path) {
        Handle known = open.get(folder);
        String from = known != null
                ? known.guestPath()
                : folder >= 1 && folder <= mounts.size()
                        ? mounts.get(folder - 1).guest()
                        : "?";
        return path.isEmpty() || path.equals(".") ? from : from + (from.endsWith("/") ? "" : "/") + shown(path);
    }

    private static String shown(String path) {
        String clean = path.replace('\0', ' ');
        return clean.length() <= 300 ? clean : clean.substring(0, 300) + "…";
    }

    /// Tells what went through files that the program left open.
    public void reportOpen(Consumer<String> report) {
        if (lock.tryLock()) {
            try {
                for (Handle handle : new ArrayList<>(open.values())) {
                    String traffic = handle instanceof Handle.RegularFile file ? file.traffic() : null;
                    if (traffic != null) {
                        report.accept(traffic);
                    }
                }
            } finally {
                lock.unlock();
            }
        }
    }

    /// Does not wait for a call that is under way: that one closes everything when it ends.
    @Override
    public void close() {
        closed = true;
        if (lock.tryLock()) {
            try {
                closeAll();
            } finally {
                lock.unlock();
            }
        }
    }

    private void closeAll() {
        ALL_OPEN.release(open.size());
        open.values().forEach(Walk::closeQuietly);
        open.clear();
    }
}
