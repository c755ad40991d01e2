package nexus.aiagents.engine;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import nexus.aiagents.engine.journal.EventJson;
import tools.jackson.core.type.TypeReference;

/// The texts of the configuration that runs, by file, packed: they are asked for rarely, and those of a
/// large project are large. Thread-safe.
final class RunningTexts {
    private static final TypeReference<LinkedHashMap<String, String>> TEXTS = new TypeReference<>() {};

    private volatile byte[] packed;

    RunningTexts(Map<String, String> texts) {
        packed = pack(texts);
    }

    Map<String, String> get() {
        try (var in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
            return EventJson.mapper().readValue(in, TEXTS);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // it was packed here
        }
    }

    void set(Map<String, String> texts) {
        packed = pack(texts);
    }

    /// What was written into a file on the disk, and at once into what runs, is done here too. What else
    /// was edited in that file waits for a reload, so it is not the text of the disk that counts.
    synchronized void edit(String file, UnaryOperator<String> edit) {
        Map<String, String> texts = get();
        String before = texts.get(file);
        if (before == null) {
            return;
        }
        try {
            texts.put(file, edit.apply(before));
            set(texts);
        } catch (IllegalArgumentException _) {
            return; // it has no place there yet, and is shown as a difference until the next reload
        }
    }

    private static byte[] pack(Map<String, String> texts) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(bytes)) {
            out.write(EventJson.mapper().writeValueAsBytes(texts));
        } catch (IOException e) {
            throw new UncheckedIOException(e); // into memory
        }
        return bytes.toByteArray();
    }
}
