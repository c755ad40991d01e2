package nexus.aiagents.engine.workflow;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.ObjIntConsumer;

/// A list of fixed size of which one element can be changed without copying the others, however many
/// there are. Immutable.
public final class Items<T> {
    private static final int CHUNK = 128;

    private final List<List<T>> chunks;
    private final int size;

    private Items(List<List<T>> chunks, int size) {
        this.chunks = chunks;
        this.size = size;
    }

    public static <T> Items<T> of(List<T> all) {
        List<List<T>> chunks = new ArrayList<>();
        for (int from = 0; from < all.size(); from += CHUNK) {
            chunks.add(List.copyOf(all.subList(from, Math.min(from + CHUNK, all.size()))));
        }
        return new Items<>(Collections.unmodifiableList(chunks), all.size());
    }

    static <T> Items<T> copies(int size, T each) {
        return of(Collections.nCopies(size, each));
    }

    public int size() {
        return size;
    }

    public T get(int i) {
        return chunks.get(i / CHUNK).get(i % CHUNK);
    }

    Items<T> with(int i, T value) {
        List<List<T>> next = new ArrayList<>(chunks);
        List<T> chunk = new ArrayList<>(chunks.get(i / CHUNK));
        chunk.set(i % CHUNK, value);
        next.set(i / CHUNK, Collections.unmodifiableList(chunk));
        return new Items<>(Collections.unmodifiableList(next), size);
    }

    /// Tells what is another than in a list of the same size that this one was made from.
    public void changes(Items<T> before, ObjIntConsumer<T> changed) {
        for (int c = 0; c < chunks.size(); c++) {
            if (chunks.get(c) == before.chunks.get(c)) {
                continue;
            }
            for (int i = c * CHUNK; i < Math.min(size, (c + 1) * CHUNK); i++) {
                if (get(i) != before.get(i)) {
                    changed.accept(get(i), i);
                }
            }
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Items<?> items && items.chunks.equals(chunks);
    }

    @Override
    public int hashCode() {
        return chunks.hashCode();
    }

    @Override
    public String toString() {
        return Arrays.toString(chunks.stream().flatMap(List::stream).toArray());
    }
}
