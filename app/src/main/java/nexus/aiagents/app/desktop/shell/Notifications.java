package nexus.aiagents.app.desktop.shell;

import java.time.Clock;
import javafx.beans.property.ReadOnlyIntegerProperty;
import javafx.beans.property.ReadOnlyIntegerWrapper;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import org.jspecify.annotations.Nullable;

/// What was told to the person, newest first. JavaFX thread.
public final class Notifications {
    private static final int KEPT = 200;

    private final Clock clock;
    private final ObservableList<Notification> history = FXCollections.observableArrayList();
    private final ObservableList<Notification> readOnly = FXCollections.unmodifiableObservableList(history);
    private final ReadOnlyIntegerWrapper unread = new ReadOnlyIntegerWrapper();

    public Notifications(Clock clock) {
        this.clock = clock;
    }

    public void post(Notification.Kind kind, String title, String text) {
        post(kind, title, text, null, null);
    }

    /// The same message again, or the same of the same thing in other words, only raises the count of
    /// the last one.
    public void post(
            Notification.Kind kind, String title, String text, @Nullable String screen, @Nullable String selection) {
        Notification last = history.isEmpty() ? null : history.getFirst();
        boolean again = last != null
                && last.kind() == kind
                && last.title().equals(title)
                && (last.text().equals(text) || (selection != null && selection.equals(last.selection())));
        int count = again && last != null ? last.count() + 1 : 1;
        Notification notification = new Notification(kind, title, text, clock.instant(), screen, selection, count);
        if (again) {
            history.set(0, notification);
        } else {
            history.addFirst(notification);
            unread.set(unread.get() + 1);
        }
        if (history.size() > KEPT) {
            history.remove(KEPT, history.size());
        }
    }

    public ObservableList<Notification> history() {
        return readOnly;
    }

    public ReadOnlyIntegerProperty unread() {
        return unread.getReadOnlyProperty();
    }

    public void markRead() {
        unread.set(0);
    }

    public void clear() {
        history.clear();
        unread.set(0);
    }
}
