package nexus.aiagents.app.bench;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import nexus.aiagents.engine.Engine;
import nexus.aiagents.engine.control.Command;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.JournalEntry;

/// A project that is open for a measurement, and what it says.
final class Team implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 900;

    final Engine engine;
    private final Path folder;

    private Team(Path folder, Engine engine) {
        this.folder = folder;
        this.engine = engine;
    }

    static Team open(Path folder) throws Exception {
        try {
            return new Team(folder, Engine.open(folder, Engine.Options.RUN));
        } catch (Engine.ProjectHasErrors e) {
            throw new IllegalStateException(e.diagnostics().toString(), e);
        }
    }

    /// Every later event of this type, in order.
    <T extends EngineEvent> BlockingQueue<T> hear(Class<T> type) {
        BlockingQueue<T> heard = new LinkedBlockingQueue<>();
        long now = engine.view().seq();
        engine.follow(now, (JournalEntry entry) -> {
            if (type.isInstance(entry.event())) {
                heard.add(type.cast(entry.event()));
            }
        });
        return heard;
    }

    static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
        T event = queue.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (event == null) {
            throw new IllegalStateException("nothing happened for a quarter of an hour");
        }
        return event;
    }

    CommandResult submit(Command command) throws Exception {
        return engine.submit(command, "bench").toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    void done(Command command) throws Exception {
        if (submit(command) instanceof CommandResult.Refused refused) {
            throw new IllegalStateException(refused.message());
        }
    }

    @Override
    public void close() throws IOException {
        engine.close();
        delete(folder);
    }

    static void delete(Path folder) throws IOException {
        for (int i = 0; ; i++) {
            try {
                deleteOnce(folder);
                return;
            } catch (DirectoryNotEmptyException e) {
                if (i == 100) { // what writes into it behind our back ends in a moment
                    throw e;
                }
                LockSupport.parkNanos(10_000_000);
            }
        }
    }

    private static void deleteOnce(Path folder) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path dir, IOException e) throws IOException {
                Files.deleteIfExists(dir);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
