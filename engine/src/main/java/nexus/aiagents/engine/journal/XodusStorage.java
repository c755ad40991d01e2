package nexus.aiagents.engine.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
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
import jetbrains.exodus.backup.BackupStrategy;
import jetbrains.exodus.backup.VirtualFileDescriptor;
import jetbrains.exodus.env.Cursor;
import jetbrains.exodus.env.Environment;
import jetbrains.exodus.env.EnvironmentConfig;
import jetbrains.exodus.env.Environments;
import jetbrains.exodus.env.Store;
import jetbrains.exodus.env.StoreConfig;
import jetbrains.exodus.env.Transaction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Two raw stores and an entity store in one Xodus environment.
final class XodusStorage implements Storage {
    private static final Logger LOG = LoggerFactory.getLogger(XodusStorage.class);
    private static final long CACHE_BYTES = 32L << 20;
    /// Xodus never splits a value over two files, so this bounds a value. Must not change for a store that
    /// exists.
    private static final long FILE_KILOBYTES = 8192;

    private final Environment env;
    private final Store journal;
    private final Store state;
    private final XodusThings things;

    private XodusStorage(Environment env) {
        this.env = env;
        this.things = new XodusThings(env);
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
    public void write(Change change) {
        if (change.things().stream().anyMatch(Thing::isNewOrMoved)) {
            things.write(change.things(), txn -> write(txn, change));
            return;
        }
        Transaction txn = env.beginExclusiveTransaction();
        try {
            write(txn, change);
            things.writeRecords(change.things(), txn);
            if (!txn.commit()) {
                throw new IllegalStateException("someone else writes to the store");
            }
        } finally {
            if (!txn.isFinished()) {
                txn.abort();
            }
        }
    }

    private void write(Transaction txn, Change change) {
        for (Row row : change.rows()) {
            journal.putRight(txn, key(row.seq()), new ArrayByteIterable(row.value()));
        }
        for (Map<String, byte @Nullable []> batch : change.values()) {
            batch.forEach((name, value) -> {
                if (value == null) {
                    state.delete(txn, key(name));
                } else {
                    state.put(txn, key(name), new ArrayByteIterable(value));
                }
            });
        }
        try (Cursor cursor = journal.openCursor(txn)) {
            while (change.removeUpTo() > 0 && cursor.getNext() && seq(cursor) <= change.removeUpTo()) {
                cursor.deleteCurrent();
            }
        }
    }

    @Override
    public List<Row> rows(long from, int max) {
        List<Row> found = new ArrayList<>(Math.clamp(max, 0, 1024));
        try {
            return reading(txn -> {
                try (Cursor cursor = journal.openCursor(txn)) {
                    boolean more = max > 0 && cursor.getSearchKeyRange(key(from)) != null;
                    while (more) {
                        found.add(row(cursor));
                        more = found.size() < max && cursor.getNext();
                    }
                }
                return found;
            });
        } catch (RuntimeException e) {
            if (found.isEmpty()) {
                throw e;
            }
            return found; // who goes on reading behind them hears of it
        }
    }

    @Override
    public @Nullable Row firstRow() {
        return env.computeInReadonlyTransaction(txn -> {
            try (Cursor cursor = journal.openCursor(txn)) {
                return cursor.getNext() ? row(cursor) : null;
            }
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
    public @Nullable String thing(String type, String id) {
        return things.find(type, id);
    }

    @Override
    public void things(Search search, Visitor visitor) {
        things.visit(search, visitor);
    }

    @Override
    public void copyTo(Files files) throws IOException {
        BackupStrategy copy = env.getBackupStrategy();
        try {
            copy.beforeBackup();
            for (VirtualFileDescriptor file : copy.getContents()) {
                // The log only grows, so what has been written by now is a consistent state.
                long length = Math.min(file.getFileSize(), copy.acceptFile(file));
                if (file.hasContent() && length > 0) {
                    try (InputStream in = BoundedInputStream.of(file.getInputStream(), length)) {
                        files.copy(file.getName(), in);
                    }
                }
            }
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("the database could not be copied", e);
        } finally {
            goOn(copy);
        }
    }

    private static void goOn(BackupStrategy copy) {
        try {
            copy.afterBackup();
        } catch (Exception e) {
            LOG.warn("the database was not told that its copy is made", e);
        }
    }

    @Override
    public void close() {
        things.close();
        if (env.isOpen()) {
            env.close();
        }
    }

    private <T> T reading(Function<Transaction, T> read) {
        return env.computeInReadonlyTransaction(read::apply);
    }

    private static Row row(Cursor cursor) {
        return new Row(seq(cursor), bytes(cursor.getValue()));
    }

    private static long seq(Cursor cursor) {
        return ByteBuffer.wrap(bytes(cursor.getKey())).getLong();
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
