package nexus.aiagents.sandbox.internal.wasi;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import nexus.aiagents.sandbox.HostAnswer;
import nexus.aiagents.sandbox.HostCall;
import run.endive.runtime.HostFunction;
import run.endive.runtime.Instance;

/// WASI preview 1 for one program: three streams, a clock, random numbers and granted folders, all of
/// them the host's own. There are no sockets. Used by the thread of the run only.
public final class Wasi {
    private static final int RANDOM_CHUNK = 65_536;
    private static final int MAX_CLOCK = 3;
    private static final int REALTIME = 0;
    private static final long CLOCK_STEP = 1_000_000;

    /// What stands behind the streams, the clock, the dice and the folders.
    public interface World {
        byte[] stdin();

        void stdout(byte[] bytes);

        void stderr(byte[] bytes);

        long nowNanos();

        byte[] random(int length);

        void sleep(long nanos);

        /// Counts memory that is held for the program; negative gives back.
        ///
        /// @return false if that is more than it may have
        default boolean hold(long bytes) {
            return true;
        }

        default HostAnswer disk(HostCall.Disk call) {
            return call instanceof HostCall.Disk.Mounts
                    ? new HostAnswer.Ok("[]")
                    : new HostAnswer.Error("not-granted", "there are no files");
        }
    }

    /// The program called `proc_exit`.
    public static final class Exit extends Error {
        private final int status;

        Exit(int status) {
            super("exit " + status, null, false, false);
            this.status = status;
        }

        public int status() {
            return status;
        }
    }

    private final World world;
    private final List<byte[]> arguments;
    private final List<byte[]> environment;
    private final Descriptors descriptors;
    private final FdCalls files;
    private final PathCalls paths;
    private int stdinAt;
    private long latest;
    private long began = -1;

    public Wasi(World world, List<String> arguments, Map<String, String> environment) {
        this.world = world;
        this.arguments = arguments.stream().map(Wasi::zeroTerminated).toList();
        this.environment = environment.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(e -> zeroTerminated(e.getKey() + "=" + e.getValue()))
                .toList();
        DiskPort disk = new DiskPort(world);
        this.descriptors = new Descriptors(disk);
        this.files = new FdCalls(this, descriptors, disk);
        this.paths = new PathCalls(this, descriptors, disk);
    }

    private static byte[] zeroTerminated(String text) {
        return (text.replace('\0', ' ') + '\0').getBytes(StandardCharsets.UTF_8);
    }

    /// One function of preview 1.
    @FunctionalInterface
    interface Call {
        void run(Wasi wasi, GuestMemory memory, long[] arguments) throws Errno.Failed;
    }

    /// Collects functions that answer an error number.
    record Functions(HostFunctions all, Supplier<Wasi> wasi) {
        void add(String name, String parameters, Call call) {
            all.add(name, parameters, 'i', (in, a) -> number(in, a, call));
        }

        private long number(Instance instance, long[] arguments, Call call) {
            try {
                call.run(wasi.get(), new GuestMemory(instance.memory()), arguments);
                return Errno.OK;
            } catch (Errno.Failed e) {
                return e.number();
            }
        }
    }

    /// The functions of the instance that `wasi` answers when one is called.
    public static List<HostFunction> functions(Supplier<Wasi> wasi) {
        HostFunctions all = new HostFunctions("wasi_snapshot_preview1");
        Functions functions = new Functions(all, wasi);
        functions.add("args_get", "ii", (w, m, a) -> putStrings(m, w.arguments, a));
        functions.add("args_sizes_get", "ii", (w, m, a) -> putSizes(m, w.arguments, a));
        functions.add("environ_get", "ii", (w, m, a) -> putStrings(m, w.environment, a));
        functions.add("environ_sizes_get", "ii", (w, m, a) -> putSizes(m, w.environment, a));
        functions.add("clock_res_get", "ii", (w, m, a) -> {
            requireClock(a[0]);
            m.writeLong((int) a[1], CLOCK_STEP);
        });
        functions.add("clock_time_get", "iIi", (w, m, a) -> m.writeLong((int) a[2], w.time(a[0])));
        functions.add("random_get", "ii", (w, m, a) -> w.random(m, a));
        functions.add("poll_oneoff", "iiii", (w, m, a) -> new WasiPoll(w, m).poll(a));
        functions.add("sched_yield", "", (_, _, _) -> {});
        FdCalls.add(functions);
        PathCalls.add(functions);
        functions.add("sock_accept", "iii", (w, _, a) -> w.noSocket(a));
        functions.add("sock_recv", "iiiiii", (w, _, a) -> w.noSocket(a));
        functions.add("sock_send", "iiiii", (w, _, a) -> w.noSocket(a));
        functions.add("sock_shutdown", "ii", (w, _, a) -> w.noSocket(a));
        functions.add("proc_raise", "i", (_, _, _) -> {
            throw new Errno.Failed(Errno.NOSYS);
        });
        return all.addSilent("proc_exit", "i", (_, a) -> {
                    throw new Exit((int) a[0]);
                })
                .list();
    }

    private void noSocket(long[] a) throws Errno.Failed {
        descriptors.get(a[0]);
        throw new Errno.Failed(Errno.NOTSOCK);
    }

    private static void putStrings(GuestMemory memory, List<byte[]> strings, long[] a) {
        int pointers = (int) a[0];
        int bytes = (int) a[1];
        for (byte[] string : strings) {
            memory.writeInt(pointers, bytes);
            memory.write(bytes, string);
            pointers += 4;
            bytes += string.length;
        }
    }

    private static void putSizes(GuestMemory memory, List<byte[]> strings, long[] a) {
        memory.writeInt((int) a[0], strings.size());
        memory.writeInt((int) a[1], strings.stream().mapToInt(s -> s.length).sum());
    }

    private static void requireClock(long clock) throws Errno.Failed {
        if (clock < 0 || clock > MAX_CLOCK) {
            throw new Errno.Failed(Errno.INVAL);
        }
    }

    /// The clocks of the process count from its first look; the monotonic one never goes back, whatever
    /// happens to the host's.
    long time(long clock) throws Errno.Failed {
        requireClock(clock);
        long now = world.nowNanos();
        if (clock == REALTIME) {
            return now;
        }
        latest = Math.max(latest, now);
        if (began < 0) {
            began = latest;
        }
        return clock == 1 ? latest : latest - began;
    }

    private void random(GuestMemory memory, long[] a) {
        int pointer = (int) a[0];
        int left = (int) a[1];
        memory.require(pointer, left);
        while (left != 0) {
            int part = Integer.compareUnsigned(left, RANDOM_CHUNK) > 0 ? RANDOM_CHUNK : left;
            memory.write(pointer, world.random(part));
            pointer += part;
            left -= part;
        }
    }

    /// Takes up to so many bytes of the input.
    byte[] stdin(int most) {
        byte[] all = world.stdin();
        byte[] part = Arrays.copyOfRange(all, stdinAt, stdinAt + Math.min(most, all.length - stdinAt));
        stdinAt += part.length;
        return part;
    }

    int stdinLeft() {
        return world.stdin().length - stdinAt;
    }

    /// @param stream 1 is stdout, 2 stderr
    void write(int stream, byte[] bytes) {
        if (bytes.length > 0 && stream == 1) {
            world.stdout(bytes);
        } else if (bytes.length > 0) {
            world.stderr(bytes);
        }
    }

    World world() {
        return world;
    }

    Descriptors descriptors() {
        return descriptors;
    }

    FdCalls files() {
        return files;
    }

    PathCalls paths() {
        return paths;
    }
}
