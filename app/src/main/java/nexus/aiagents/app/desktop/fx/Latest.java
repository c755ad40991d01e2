package nexus.aiagents.app.desktop.fx;

import java.util.concurrent.atomic.AtomicReference;
import javafx.application.Platform;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import org.jspecify.annotations.Nullable;

/// A property that any thread may set. Values that arrive faster than the JavaFX thread takes them
/// replace each other, so a flood of them costs it one change.
public final class Latest<T> {
    private final ReadOnlyObjectWrapper<T> property = new ReadOnlyObjectWrapper<>();
    private final AtomicReference<@Nullable Box<T>> pending = new AtomicReference<>();

    /// Any thread. Null empties it.
    public void set(@Nullable T value) {
        if (pending.getAndSet(new Box<>(value)) == null) {
            Fx.later(this::take);
        }
    }

    /// JavaFX thread: at once, and what was pending is forgotten.
    ///
    /// @throws IllegalStateException on another thread, where listeners would change what a window shows
    public void setNow(@Nullable T value) {
        if (!Platform.isFxApplicationThread()) {
            throw new IllegalStateException("only on the JavaFX thread");
        }
        pending.set(null);
        property.set(value);
    }

    public ReadOnlyObjectProperty<T> property() {
        return property.getReadOnlyProperty();
    }

    private void take() {
        Box<T> box = pending.getAndSet(null);
        if (box != null) {
            property.set(box.value);
        }
    }

    private record Box<T>(@Nullable T value) {}
}
