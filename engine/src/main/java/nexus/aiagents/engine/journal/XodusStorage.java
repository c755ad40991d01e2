package nexus.aiagents.engine.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import jetbrains.exodus.ArrayByteIterable;
import jetbrains.exodus.ByteIterable;
import jetbrains.exodus.env.Cursor;
import jetbrains.exodus.env.Environment;
import jetbrains.exodus.env.EnvironmentConfig;
import jetbrains.exodus.env.Environments;
import jetbrains.exodus.env.Store;
import jetbrains.exodus.env.StoreConfig;
import jetbrains.exodus.env.Transaction;
import org.jspecify.annotations.Nullable;

/// Two raw stores in one Xodus environment.
final class XodusStorage implements Storage {
    private static final long CACHE_BYTES = 32L << 20;
    /// Xodus never splits a value over two files, so this bounds a value. Must not change for a store that
    /// exists.
    private static final long FILE_KILOBYTES = 8192;

    private final Environment env;
    private final Store journal;
    private final Store state;

    private XodusStorage(Environment env) {
        this.env = env;
        this.journal = env.computeInTransaction(t -> env.openStore("journal", StoreConfig.WITHOUT_DUPLICATES, t));
        this.state = env.computeInTransaction(t -> env.openStore("state", StoreConfig.WITHOUT_DUPLICATES, t));
    }

    /// Throws what Xodus throws: {@link StoreErrors} says what it means.
    static XodusStorage open(Path folder) {
        Environment env = Environments.newInstance(folder.toFile(), config());
        try {
            return new XodusStorage(env);
        } catch (RuntimeException e) {
            env.close();
            throw e;
        }
    }

    private static EnvironmentConfig config() {
        return new EnvironmentConfig()
                // Without it a commit is acknowledged before it is on the disk.
                .setLogDurableWrite(true)
                .setLogFileSize(FILE_KILOBYTES)
                .setMemoryUsage(CACHE_BYTES)
                .setLogCacheShared(false)
                .setLogLockTimeout(0)
                // Network and removable drives are the user's choice.
                .setLogAllowRemote(true)
                .setLogAllowRemovable(true)
                .setLogAllowRamDisk(true)
                .setEnvCloseForcedly(true)
                .setManagementEnabled(false);
    }

    @Override
    public void write(List<Row> rows, List<Map<String, byte @Nullable []>> values) {
        Transaction txn = env.beginExclusiveTransaction();
        try {
            for (Row row : rows) {
                journal.putRight(txn, key(row.seq()), new ArrayByteIterable(row.value()));
            }
            for (Map<String, byte @Nullable []> batch : values) {
                batch.forEach((name, value) -> {
                    if (value == null) {
                        state.delete(txn, key(name));
                    } else {
                        state.put(txn, key(name), new ArrayByteIterable(value));
                    }
                });
            }
            if (!txn.commit()) {
                throw new IllegalStateException("someone else writes to the store");
            }
        } finally {
            if (!txn.isFinished()) {
                txn.abort();
            }
        }
    }

    @Override
    public List<Row> rows(long from, int max) {
        return reading(txn -> {
            List<Row> found = new ArrayList<>(Math.min(max, 1024));
            try (Cursor cursor = journal.openCursor(txn)) {
                boolean more = max > 0 && cursor.getSearchKeyRange(key(from)) != null;
                while (more) {
                    found.add(row(cursor));
                    more = found.size() < max && cursor.getNext();
                }
            }
            return found;
        });
    }

    @Override
    public @Nullable Row lastRow() {
        return env.computeInReadonlyTransaction(txn -> {
            try (Cursor cursor = journal.openCursor(txn)) {
                return cursor.getLast() ? row(cursor) : null;
            }
        });
    }

    @Override
    public byte @Nullable [] value(String key) {
        return env.computeInReadonlyTransaction(txn -> {
            ByteIterable found = state.get(txn, key(key));
            return found == null ? null : bytes(found);
        });
    }

    @Override
    public Map<String, byte[]> values(String prefix) {
        return reading(txn -> {
            Map<String, byte[]> found = new LinkedHashMap<>();
            try (Cursor cursor = state.openCursor(txn)) {
                boolean more = cursor.getSearchKeyRange(key(prefix)) != null;
                while (more) {
                    String name = new String(bytes(cursor.getKey()), UTF_8);
                    if (!name.startsWith(prefix)) {
                        break;
                    }
                    found.put(name, bytes(cursor.getValue()));
                    more = cursor.getNext();
                }
            }
            return found;
        });
    }

    @Override
    public void close() {
        env.close();
    }

    private <T> T reading(Function<Transaction, T> read) {
        return env.computeInReadonlyTransaction(read::apply);
    }

    private static Row row(Cursor cursor) {
        return new Row(ByteBuffer.wrap(bytes(cursor.getKey())).getLong(), bytes(cursor.getValue()));
    }

    private static ArrayByteIterable key(long seq) {
        return new ArrayByteIterable(ByteBuffer.allocate(8).putLong(seq).array());
    }

    private static ArrayByteIterable key(String name) {
        return new ArrayByteIterable(name.getBytes(UTF_8));
    }

    private static byte[] bytes(ByteIterable value) {
        return Arrays.copyOf(value.getBytesUnsafe(), value.getLength());
    }
}
