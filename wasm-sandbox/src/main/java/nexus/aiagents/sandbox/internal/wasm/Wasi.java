package nexus.aiagents.sandbox.internal.wasm;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import run.endive.runtime.HostFunction;
import run.endive.runtime.Instance;

/// WASI preview 1 with three streams, a clock and random numbers, all of them the host's own, and without
/// files: there is no preopened folder, so no path can be opened.
public final class Wasi {
    private static final int OK = 0;
    private static final int BADF = 8;
    private static final int INVAL = 28;
    private static final int NOSYS = 52;
    private static final int SPIPE = 70;

    private static final int MAX_VECTORS = 1024;
    private static final int MAX_RANDOM = 65_536;
    private static final int CHUNK = 65_536;

    /// Every function of preview 1 that only answers an error here, with its parameters.
    private static final Map<String, String> NOT_SUPPORTED = Map.ofEntries(
            Map.entry("fd_advise", "iIIi"),
            Map.entry("fd_allocate", "iII"),
            Map.entry("fd_datasync", "i"),
            Map.entry("fd_fdstat_set_rights", "iII"),
            Map.entry("fd_filestat_set_size", "iI"),
            Map.entry("fd_filestat_set_times", "iIIi"),
            Map.entry("fd_pread", "iiiIi"),
            Map.entry("fd_pwrite", "iiiIi"),
            Map.entry("fd_readdir", "iiiIi"),
            Map.entry("fd_renumber", "ii"),
            Map.entry("fd_sync", "i"),
            Map.entry("path_create_directory", "iii"),
            Map.entry("path_filestat_get", "iiiii"),
            Map.entry("path_filestat_set_times", "iiiiIIi"),
            Map.entry("path_link", "iiiiiii"),
            Map.entry("path_open", "iiiiiIIii"),
            Map.entry("path_readlink", "iiiiii"),
            Map.entry("path_remove_directory", "iii"),
            Map.entry("path_rename", "iiiiii"),
            Map.entry("path_symlink", "iiiii"),
            Map.entry("path_unlink_file", "iii"),
            Map.entry("proc_raise", "i"),
            Map.entry("sock_accept", "iii"),
            Map.entry("sock_recv", "iiiiii"),
            Map.entry("sock_send", "iiiii"),
            Map.entry("sock_shutdown", "ii"));

    /// What stands behind the streams, the clock and the dice.
    public interface World {
        byte[] stdin();

        void stdout(byte[] bytes);

        void stderr(byte[] bytes);

        long nowNanos();

        byte[] random(int length);

        void sleep(long nanos);
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
    private int stdinAt;

    public Wasi(World world, List<String> arguments, Map<String, String> environment) {
        this.world = world;
        this.arguments = arguments.stream().map(Wasi::zeroTerminated).toList();
        this.environment = environment.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(e -> zeroTerminated(e.getKey() + "=" + e.getValue()))
                .toList();
    }

    private static byte[] zeroTerminated(String text) {
        return (text.replace('\0', ' ') + '\0').getBytes(StandardCharsets.UTF_8);
    }

    /// The functions of the instance that `wasi` answers when one is called.
    public static List<HostFunction> functions(Supplier<Wasi> wasi) {
        HostFunctions functions = new HostFunctions("wasi_snapshot_preview1");
        functions
                .add("args_get", "ii", 'i', (in, a) -> putStrings(in, wasi.get().arguments, a))
                .add("args_sizes_get", "ii", 'i', (in, a) -> putSizes(in, wasi.get().arguments, a))
                .add("environ_get", "ii", 'i', (in, a) -> putStrings(in, wasi.get().environment, a))
                .add("environ_sizes_get", "ii", 'i', (in, a) -> putSizes(in, wasi.get().environment, a))
                .add("clock_res_get", "ii", 'i', (in, a) -> putLong(in, (int) a[1], 1_000_000))
                .add(
                        "clock_time_get",
                        "iIi",
                        'i',
                        (in, a) -> putLong(in, (int) a[2], wasi.get().world.nowNanos()))
                .add("random_get", "ii", 'i', (in, a) -> wasi.get().random(in, a))
                .add("fd_close", "i", 'i', (_, a) -> isStream(a[0]) ? OK : BADF)
                .add("fd_fdstat_get", "ii", 'i', Wasi::fdstat)
                .add("fd_fdstat_set_flags", "ii", 'i', (_, a) -> isStream(a[0]) ? OK : BADF)
                .add("fd_filestat_get", "ii", 'i', Wasi::filestat)
                .add("fd_prestat_get", "ii", 'i', (_, _) -> BADF)
                .add("fd_prestat_dir_name", "iii", 'i', (_, _) -> BADF)
                .add("fd_read", "iiii", 'i', (in, a) -> wasi.get().read(in, a))
                .add("fd_seek", "iIii", 'i', (_, a) -> isStream(a[0]) ? SPIPE : BADF)
                .add("fd_tell", "ii", 'i', (_, a) -> isStream(a[0]) ? SPIPE : BADF)
                .add("fd_write", "iiii", 'i', (in, a) -> wasi.get().write(in, a))
                .add(
                        "poll_oneoff",
                        "iiii",
                        'i',
                        (in, a) -> WasiPoll.poll(wasi.get().world, new GuestMemory(in.memory()), a))
                .add("sched_yield", "", 'i', (_, _) -> OK)
                .addSilent("proc_exit", "i", (_, a) -> {
                    throw new Exit((int) a[0]);
                });
        NOT_SUPPORTED.forEach((name, parameters) ->
                functions.add(name, parameters, 'i', (_, _) -> name.startsWith("path_") ? BADF : NOSYS));
        return functions.list();
    }

    private static boolean isStream(long descriptor) {
        return descriptor >= 0 && descriptor <= 2;
    }

    private static long putLong(Instance instance, int pointer, long value) {
        new GuestMemory(instance.memory()).writeLong(pointer, value);
        return OK;
    }

    private static long putStrings(Instance instance, List<byte[]> strings, long[] a) {
        GuestMemory memory = new GuestMemory(instance.memory());
        int pointers = (int) a[0];
        int bytes = (int) a[1];
        for (byte[] string : strings) {
            memory.writeInt(pointers, bytes);
            memory.write(bytes, string);
            pointers += 4;
            bytes += string.length;
        }
        return OK;
    }

    private static long putSizes(Instance instance, List<byte[]> strings, long[] a) {
        GuestMemory memory = new GuestMemory(instance.memory());
        memory.writeInt((int) a[0], strings.size());
        memory.writeInt((int) a[1], strings.stream().mapToInt(s -> s.length).sum());
        return OK;
    }

    private long random(Instance instance, long[] a) {
        if (Integer.compareUnsigned((int) a[1], MAX_RANDOM) > 0) {
            return INVAL;
        }
        new GuestMemory(instance.memory()).write((int) a[0], world.random((int) a[1]));
        return OK;
    }

    private static long fdstat(Instance instance, long[] a) {
        if (!isStream(a[0])) {
            return BADF;
        }
        byte[] stat = new byte[24];
        stat[0] = 2; // a character device
        stat[8] = (byte) (a[0] == 0 ? 0x02 : 0x40); // the right to read or to write
        new GuestMemory(instance.memory()).write((int) a[1], stat);
        return OK;
    }

    private static long filestat(Instance instance, long[] a) {
        if (!isStream(a[0])) {
            return BADF;
        }
        byte[] stat = new byte[64];
        stat[16] = 2;
        new GuestMemory(instance.memory()).write((int) a[1], stat);
        return OK;
    }

    private long read(Instance instance, long[] a) {
        if (a[0] != 0) {
            return BADF;
        }
        int vectors = (int) a[2];
        if (Integer.compareUnsigned(vectors, MAX_VECTORS) > 0) {
            return INVAL;
        }
        GuestMemory memory = new GuestMemory(instance.memory());
        byte[] stdin = world.stdin();
        int done = 0;
        for (int i = 0; i < vectors && stdinAt < stdin.length; i++) {
            int pointer = memory.readInt((int) a[1] + 8 * i);
            int wanted = memory.readInt((int) a[1] + 8 * i + 4);
            int length = (int) Math.min(Integer.toUnsignedLong(wanted), stdin.length - stdinAt);
            byte[] part = new byte[length];
            System.arraycopy(stdin, stdinAt, part, 0, length);
            memory.write(pointer, part);
            stdinAt += length;
            done += length;
        }
        memory.writeInt((int) a[3], done);
        return OK;
    }

    private long write(Instance instance, long[] a) {
        if (a[0] != 1 && a[0] != 2) {
            return BADF;
        }
        int vectors = (int) a[2];
        if (Integer.compareUnsigned(vectors, MAX_VECTORS) > 0) {
            return INVAL;
        }
        GuestMemory memory = new GuestMemory(instance.memory());
        for (int i = 0; i < vectors; i++) {
            int pointer = memory.readInt((int) a[1] + 8 * i);
            int length = memory.readInt((int) a[1] + 8 * i + 4);
            if (length != 0) {
                // Less than asked is a legal answer, and keeps what the host holds at a time small.
                byte[] part = memory.read(pointer, Integer.compareUnsigned(length, CHUNK) > 0 ? CHUNK : length);
                if (a[0] == 1) {
                    world.stdout(part);
                } else {
                    world.stderr(part);
                }
                memory.writeInt((int) a[3], part.length);
                return OK;
            }
        }
        memory.writeInt((int) a[3], 0);
        return OK;
    }
}
