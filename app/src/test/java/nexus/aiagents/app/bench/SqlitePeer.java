package nexus.aiagents.app.bench;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

/// What someone would write by hand: a table of entries and one of states in SQLite, every transaction
/// durable before it is answered. Writers take turns on one connection, which is faster than many
/// connections that lock each other out.
final class SqlitePeer implements AutoCloseable {
    private final Connection connection;
    private final PreparedStatement entry;
    private final PreparedStatement state;
    private final ReentrantLock turn = new ReentrantLock(true);
    private final AtomicInteger runs = new AtomicInteger();

    SqlitePeer(Path file) throws SQLException {
        connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        try (Statement set = connection.createStatement()) {
            set.execute("PRAGMA journal_mode=WAL");
            set.execute("PRAGMA synchronous=FULL");
            set.execute("CREATE TABLE entry (seq INTEGER PRIMARY KEY, at INTEGER, hash BLOB, json BLOB)");
            set.execute("CREATE TABLE state (key TEXT PRIMARY KEY, value BLOB)");
        }
        connection.setAutoCommit(false);
        entry = connection.prepareStatement("INSERT INTO entry (at, hash, json) VALUES (?, ?, ?)");
        state = connection.prepareStatement("INSERT OR REPLACE INTO state (key, value) VALUES (?, ?)");
    }

    /// Writes these transactions `times` times, by so many writers at once.
    void write(List<List<byte[]>> transactions, int writers, int times) throws Exception {
        AtomicInteger left = new AtomicInteger(times);
        try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < writers; i++) {
                all.add(pool.submit((Callable<Void>) () -> {
                    while (left.getAndDecrement() > 0) {
                        String run = "run-" + runs.incrementAndGet();
                        for (List<byte[]> transaction : transactions) {
                            commit(run, transaction);
                        }
                    }
                    return null;
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
        }
    }

    private void commit(String run, List<byte[]> rows) throws SQLException {
        turn.lock();
        try {
            for (byte[] json : rows) {
                entry.setLong(1, System.currentTimeMillis());
                entry.setBytes(2, new byte[32]);
                entry.setBytes(3, json);
                entry.executeUpdate();
            }
            state.setString(1, run);
            state.setBytes(2, rows.getLast());
            state.executeUpdate();
            connection.commit();
        } finally {
            turn.unlock();
        }
    }

    @Override
    public void close() throws SQLException {
        entry.close();
        state.close();
        connection.close();
    }
}
