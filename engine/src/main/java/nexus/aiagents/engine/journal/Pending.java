package nexus.aiagents.engine.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A batch on its way to the writer, encoded by its caller.
///
/// @param removal the entries up to this checkpoint leave the store, null: none do
/// @param async whether strangers hang on to `done`: their code must not run on the writer
/// @param urgent whether someone waits for it; what is not waits a moment for something that is
record Pending(
        List<EngineEvent> events,
        List<byte[]> json,
        Map<String, byte @Nullable []> state,
        @Nullable Checkpoint removal,
        CompletableFuture<List<JournalEntry>> done,
        boolean async,
        boolean urgent) {

    /// Xodus does not split a value over files.
    static final int MAX_VALUE_BYTES = 4 << 20;

    private static final Executor VIRTUAL = task -> {
        var _ = Thread.startVirtualThread(task);
    };

    static Pending nothing() {
        return new Pending(List.of(), List.of(), Map.of(), null, new CompletableFuture<>(), false, true);
    }

    static Pending removal(Checkpoint upTo) {
        return new Pending(List.of(), List.of(), Map.of(), upTo, new CompletableFuture<>(), false, true);
    }

    /// @throws StoreException if a value is too large
    static Pending of(Journal.Batch batch, String statePrefix, boolean async) {
        List<EngineEvent> events = List.copyOf(batch.events());
        List<byte[]> json =
                events.stream().map(e -> EventJson.write(e).getBytes(UTF_8)).toList();
        Map<String, byte @Nullable []> state = new LinkedHashMap<>();
        batch.state()
                .forEach((key, text) ->
                        state.put(statePrefix + key, text == null ? null : EntryCodec.encodeState(key, text)));
        int largest = Stream.concat(json.stream(), state.values().stream())
                .mapToInt(b -> b == null ? 0 : b.length)
                .max()
                .orElse(0);
        if (largest > MAX_VALUE_BYTES) {
            throw new StoreException(
                    "store-too-large",
                    "one value of " + largest + " bytes is more than the store takes at once (" + MAX_VALUE_BYTES
                            + "): keep large data in a file");
        }
        return new Pending(events, json, state, null, new CompletableFuture<>(), async, true);
    }

    Pending notUrgent() {
        return new Pending(events, json, state, removal, done, async, false);
    }

    /// Whether nothing of it has to be written: it only waits for what is before it.
    boolean isEmpty() {
        return events.isEmpty() && state.isEmpty() && removal == null;
    }

    void completed(List<JournalEntry> entries) {
        if (async) {
            VIRTUAL.execute(() -> done.complete(entries));
        } else {
            done.complete(entries);
        }
    }

    void failed(StoreException why) {
        if (async) {
            VIRTUAL.execute(() -> done.completeExceptionally(why));
        } else {
            done.completeExceptionally(why);
        }
    }
}
