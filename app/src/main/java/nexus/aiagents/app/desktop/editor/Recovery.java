package nexus.aiagents.app.desktop.editor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// Keeps what was typed and not saved, so that a crash of the app loses no more than about a second of
/// it. One file a project, readable by this person alone; it is gone when everything is saved or
/// discarded. Thread-safe.
final class Recovery {
    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);
    private static final JsonMapper JSON = new JsonMapper();

    private final Path folder;
    /// What is to be written, by project: the newest of each.
    private final Map<String, Kept> waiting = new ConcurrentHashMap<>();
    private final ExecutorService writer = Executors.newSingleThreadExecutor(
            Thread.ofVirtual().name("recovery").factory());

    /// @param texts by the file's name in the project
    /// @param bases what was on the disk when they were begun
    record Kept(String project, Map<String, String> texts, Map<String, String> bases) {
        static final Kept NOTHING = new Kept("", Map.of(), Map.of());

        Kept {
            texts = Map.copyOf(texts);
            bases = bases == null ? Map.of() : Map.copyOf(bases); // one of an earlier version has none
        }
    }

    Recovery(Path folder) {
        this.folder = folder;
    }

    /// Returns at once; only the newest of what waits is written.
    ///
    /// @param unsaved none: nothing is kept any more
    /// @param bases   what was on the disk when they were begun
    void keep(Path project, Map<String, String> unsaved, Map<String, String> bases) {
        String name = project.toString();
        if (waiting.put(name, new Kept(name, unsaved, bases)) == null) {
            writer.execute(() -> write(name));
        }
    }

    /// Keeps nothing of this project any more, and waits for a moment until that is so.
    void forget(Path project) {
        keep(project, Map.of(), Map.of());
        try {
            writer.submit(() -> {}).get(1, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("what was not saved may be offered again at the next start", e);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// What the app had not saved when it ended without a word. Not on the JavaFX thread.
    Kept read(Path project) {
        Path file = file(project.toString());
        try {
            if (Files.isRegularFile(file)) {
                Kept kept = JSON.readValue(Files.readString(file), Kept.class);
                return kept.project().equals(project.toString()) ? kept : Kept.NOTHING;
            }
        } catch (IOException | JacksonException e) {
            LOG.warn("what was not saved could not be read from {}: {}", file, e.getMessage());
        }
        return Kept.NOTHING;
    }

    private void write(String project) {
        Kept kept = waiting.remove(project);
        if (kept == null) {
            return;
        }
        Path file = file(kept.project());
        try {
            if (kept.texts().isEmpty()) {
                Files.deleteIfExists(file);
                return;
            }
            Files.createDirectories(folder);
            Path temporary = Files.createTempFile(folder, "unsaved", ".tmp"); // only its owner can read it
            Files.writeString(temporary, JSON.writeValueAsString(kept));
            Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            LOG.warn("what is not saved could not be kept in {}: {}", file, e.toString());
        }
    }

    private Path file(String project) {
        return folder.resolve(UUID.nameUUIDFromBytes(project.getBytes(StandardCharsets.UTF_8)) + ".json");
    }
}
