package nexus.aiagents.app.desktop.shell;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// Keeps what {@link ViewState} holds, one JSON file a project: lists of strings by key. Thread-safe.
final class ViewStateFiles implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ViewStateFiles.class);
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    /// Far more than any window has; a file beyond it was not written by us.
    private static final long LARGEST = 1_000_000;

    private final Path folder;
    private final Map<Path, Map<String, List<String>>> pending = new ConcurrentHashMap<>();
    private final ExecutorService writer = Executors.newSingleThreadExecutor(
            Thread.ofVirtual().name("view-state").factory());

    ViewStateFiles(Path folder) {
        this.folder = folder;
    }

    /// What was kept of this project. What is missing, damaged or of another form is as if it had never
    /// been kept. Not on the JavaFX thread.
    Map<String, List<String>> read(Path project) {
        Path file = file(project);
        try {
            if (Files.isRegularFile(file) && Files.size(file) <= LARGEST) {
                return understood(JSON.readTree(Files.readString(file)));
            }
        } catch (IOException | JacksonException e) {
            LOG.warn("how the window looked could not be read from {}: {}", file, e.getMessage());
        }
        return Map.of();
    }

    private static Map<String, List<String>> understood(JsonNode root) {
        Map<String, List<String>> state = new TreeMap<>();
        root.properties().forEach(entry -> {
            List<String> values = new ArrayList<>();
            entry.getValue().values().forEach(v -> {
                if (v.isString()) {
                    values.add(v.stringValue());
                }
            });
            if (values.size() == entry.getValue().size() && entry.getValue().isArray()) {
                state.put(entry.getKey(), List.copyOf(values));
            }
        });
        return state;
    }

    /// Returns at once; only the newest of what waits for a project is written.
    void write(Path project, Map<String, List<String>> state) {
        if (pending.put(project, new TreeMap<>(state)) == null && !writer.isShutdown()) {
            writer.execute(() -> writeNewest(project));
        }
    }

    private void writeNewest(Path project) {
        Map<String, List<String>> state = pending.remove(project);
        if (state == null) {
            return;
        }
        Path file = file(project);
        try {
            SafeFile.replace(file, JSON.writeValueAsString(state));
        } catch (IOException e) {
            LOG.warn("how the window looks could not be kept in {}: {}", file, e.toString());
        }
    }

    private Path file(Path project) {
        String path = project.toAbsolutePath().normalize().toString();
        return folder.resolve(UUID.nameUUIDFromBytes(path.getBytes(StandardCharsets.UTF_8)) + ".json");
    }

    /// Waits, for a moment, until what was changed is in the files.
    @Override
    public void close() {
        writer.shutdown();
        try {
            if (!writer.awaitTermination(3, TimeUnit.SECONDS)) {
                LOG.warn("how the window looks was still being written when it closed");
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
