package nexus.aiagents.app.desktop.shell;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import javafx.collections.ListChangeListener;

/// Tells by a banner of the system what needs the person, failed or finished while the window is not in
/// front. What happens within a moment becomes one banner. JavaFX thread.
final class Banners {
    private static final int NAMED = 3;

    private final SystemBanner banner;
    private final BooleanSupplier wanted;
    private final List<Notification> waiting = new ArrayList<>();
    private final Consumer<Runnable> afterAMoment;

    /// @param wanted whether the window is not in front, and the person did not switch banners off
    /// @param afterAMoment does it a little later, on the JavaFX thread, also while nothing is drawn
    Banners(Notifications notifications, SystemBanner banner, BooleanSupplier wanted, Consumer<Runnable> afterAMoment) {
        this.afterAMoment = afterAMoment;
        this.banner = banner;
        this.wanted = wanted;
        notifications.history().addListener((ListChangeListener<Notification>) change -> {
            while (change.next()) {
                if (change.wasAdded() && change.getFrom() == 0) {
                    hear(change.getAddedSubList().getFirst());
                }
            }
        });
    }

    private void hear(Notification notification) {
        if (notification.kind() == Notification.Kind.INFO || notification.count() > 1 || !wanted.getAsBoolean()) {
            return;
        }
        waiting.add(notification);
        if (waiting.size() == 1) {
            afterAMoment.accept(this::tell);
        }
    }

    /// The person may have come back meanwhile, and sees it all.
    private void tell() {
        List<Notification> told = List.copyOf(waiting);
        waiting.clear();
        if (told.isEmpty() || !wanted.getAsBoolean()) {
            return;
        }
        if (told.size() == 1) {
            banner.show(told.getFirst().title(), told.getFirst().text());
            return;
        }
        String titles = told.stream().limit(NAMED).map(Notification::title).collect(Collectors.joining(", "));
        int more = told.size() - NAMED;
        banner.show(told.size() + " messages from your agents", titles + (more > 0 ? " and " + more + " more" : ""));
    }
}
