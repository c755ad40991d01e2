package nexus.aiagents.sandbox.internal.script;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Something that never changes and is dear to load, once for all sandboxes of this JVM: classes that are
/// loaded again would also be compiled again. What fails to load is tried again by who needs it next.
/// Thread-safe; nobody who waits for it keeps a carrier of virtual threads.
final class Once<T> {
    private final Supplier<T> load;
    private final ReentrantLock loading = new ReentrantLock();
    private volatile @Nullable T loaded;

    Once(Supplier<T> load) {
        this.load = load;
    }

    T get() {
        T known = loaded;
        if (known != null) {
            return known;
        }
        loading.lock();
        try {
            known = loaded;
            if (known == null) {
                known = load.get();
                loaded = known;
            }
            return known;
        } finally {
            loading.unlock();
        }
    }
}
