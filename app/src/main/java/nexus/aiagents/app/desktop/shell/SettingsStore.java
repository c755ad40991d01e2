package nexus.aiagents.app.desktop.shell;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// Keeps {@link UserSettings} in a file: written to a temporary file beside it, then moved, off the JavaFX
/// thread, and only the newest of what waits.
public final class SettingsStore implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SettingsStore.class);
    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    private final Path file;
    private final ReadOnlyObjectWrapper<UserSettings> settings;
    private final AtomicReference<@Nullable UserSettings> pending = new AtomicReference<>();
    private final ExecutorService writer = Executors.newSingleThreadExecutor(
            Thread.ofVirtual().name("settings").factory());

    private SettingsStore(Path file, UserSettings loaded) {
        this.file = file;
        this.settings = new ReadOnlyObjectWrapper<>(loaded);
    }

    /// Reads the file, which may take a while. One that is missing or broken gives the defaults.
    public static SettingsStore load(Path file) {
        try {
            if (Files.isRegularFile(file)) {
                return new SettingsStore(file, JSON.readValue(Files.readString(file), UserSettings.class));
            }
        } catch (IOException | JacksonException e) {
            LOG.warn("the settings in {} could not be read, the defaults are used: {}", file, e.getMessage());
            keepAside(file);
        }
        return new SettingsStore(file, UserSettings.DEFAULT);
    }

    /// What a person wrote into it would be gone with the next change.
    private static void keepAside(Path file) {
        try {
            Files.copy(file, file.resolveSibling("settings.unreadable.json"), StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            LOG.warn("they could not be kept aside: {}", e.toString());
        }
    }

    public UserSettings get() {
        return settings.get();
    }

    public ReadOnlyObjectProperty<UserSettings> property() {
        return settings.getReadOnlyProperty();
    }

    /// JavaFX thread.
    public void update(UnaryOperator<UserSettings> change) {
        UserSettings changed = change.apply(settings.get());
        if (changed.equals(settings.get())) {
            return;
        }
        settings.set(changed);
        if (pending.getAndSet(changed) == null && !writer.isShutdown()) {
            writer.execute(this::write);
        }
    }

    private void write() {
        UserSettings newest = pending.getAndSet(null);
        if (newest == null) {
            return;
        }
        try {
            SafeFile.replace(file, JSON.writeValueAsString(newest));
        } catch (IOException e) {
            LOG.warn("the settings could not be written to {}: {}", file, e.toString());
        }
    }

    /// Waits, for a moment, until what was changed is in the file.
    @Override
    public void close() {
        writer.shutdown();
        try {
            if (!writer.awaitTermination(3, TimeUnit.SECONDS)) {
                LOG.warn("the settings were still being written when the window closed");
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
