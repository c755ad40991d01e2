package nexus.aiagents.app.desktop.shell;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import nexus.aiagents.app.desktop.fx.Background;
import nexus.aiagents.app.desktop.fx.BackgroundTask;
import nexus.aiagents.app.desktop.fx.Fx;
import nexus.aiagents.app.desktop.fx.Latest;
import nexus.aiagents.app.desktop.fx.LiveView;
import nexus.aiagents.engine.control.EngineClient;
import nexus.aiagents.engine.view.ProjectView;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The project in front: opens and closes it, in the background, and follows it. JavaFX thread, where
/// nothing else is said.
final class ProjectInFront {
    private static final Logger LOG = LoggerFactory.getLogger(ProjectInFront.class);

    private final ProjectConnector connector;
    private final Background background;
    private final Notifications notifications;
    private final SettingsStore settings;
    private final ViewState viewState;
    private final Clock clock;
    private final Consumer<EngineClient> onOpened;
    private final ReadOnlyObjectWrapper<Path> folder = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyObjectWrapper<EngineClient> client = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyObjectWrapper<CannotOpen> problem = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyBooleanWrapper opening = new ReadOnlyBooleanWrapper();
    private final Latest<ProjectView> latest = new Latest<>();
    private final ReadOnlyObjectWrapper<ProjectView> shown = new ReadOnlyObjectWrapper<>();
    private final LookBack past;
    private final LastOutcome outcome;
    /// What {@link #client} holds, for who is not on the JavaFX thread.
    private volatile @Nullable EngineClient openEngine;
    private @Nullable LiveView live;
    private @Nullable BackgroundTask openingTask;
    private boolean windowHidden;
    private BooleanSupplier leaveGuard = () -> true;

    /// @param onOpened hears of every project that was opened, once the screens have it
    ProjectInFront(
            ProjectConnector connector,
            Background background,
            Notifications notifications,
            SettingsStore settings,
            ViewState viewState,
            Clock clock,
            Consumer<EngineClient> onOpened) {
        this.connector = connector;
        this.background = background;
        this.notifications = notifications;
        this.settings = settings;
        this.viewState = viewState;
        this.clock = clock;
        this.onOpened = onOpened;
        past = new LookBack(
                background,
                client::get,
                e -> notifications.post(Notification.Kind.FAILED, "Could not look back", Failures.message(e)));
        outcome = new LastOutcome(settings);
        latest.property().addListener((_, before, now) -> {
            remember(before, now);
            showNewest();
        });
        past.moment().addListener((_, _, _) -> showNewest());
    }

    ReadOnlyObjectProperty<Path> folder() {
        return folder.getReadOnlyProperty();
    }

    ReadOnlyObjectProperty<EngineClient> client() {
        return client.getReadOnlyProperty();
    }

    /// Why it is not open, null if it is or still opens.
    ReadOnlyObjectProperty<CannotOpen> problem() {
        return problem.getReadOnlyProperty();
    }

    ReadOnlyBooleanProperty opening() {
        return opening.getReadOnlyProperty();
    }

    /// The newest snapshot.
    ReadOnlyObjectProperty<ProjectView> live() {
        return latest.property();
    }

    /// The newest snapshot, or while somebody looks back the one of that moment.
    ReadOnlyObjectProperty<ProjectView> shown() {
        return shown.getReadOnlyProperty();
    }

    LookBack past() {
        return past;
    }

    /// The moment that is shown.
    Instant moment() {
        ProjectView then = past.moment().get();
        return then == null ? clock.instant() : then.at();
    }

    void setLeaveGuard(BooleanSupplier mayLeave) {
        leaveGuard = mayLeave;
    }

    void setWindowHidden(boolean hidden) {
        windowHidden = hidden;
        if (live != null) {
            live.setHidden(hidden);
        }
    }

    private void remember(@Nullable ProjectView before, @Nullable ProjectView now) {
        Path path = folder.get();
        if (path == null) {
            return;
        }
        if (now != null) {
            outcome.follow(path.toString(), now);
        } else if (before != null) {
            outcome.leave(path.toString(), before);
        }
    }

    private void showNewest() {
        ProjectView then = past.moment().get();
        shown.set(then == null ? latest.property().get() : then);
    }

    /// Closes what is open and opens the project in `target`.
    ///
    /// @param then called once it is open
    void open(Path target, Consumer<EngineClient> then) {
        Path absolute = target.toAbsolutePath().normalize();
        if (!absolute.equals(folder.get()) && !leaveGuard.getAsBoolean()) {
            return;
        }
        EngineClient old = letGo();
        folder.set(absolute);
        opening.set(true);
        openingTask = background.run(
                "Opening " + absolute.getFileName(),
                task -> {
                    if (old != null) {
                        old.close();
                    }
                    Map<String, List<String>> kept = viewState.read(absolute);
                    Fx.later(() -> {
                        if (!task.isCancelled() && absolute.equals(folder.get())) {
                            viewState.enter(absolute, kept);
                        }
                    });
                    EngineClient connected = connector.connect(absolute);
                    openEngine = connected;
                    return connected;
                },
                opened -> {
                    opening.set(false);
                    take(opened);
                    then.accept(opened);
                },
                failure -> {
                    opening.set(false);
                    problem.set(inWords(failure));
                });
    }

    /// Closes the open project, in the background. Its agents stop.
    void close() {
        if (!leaveGuard.getAsBoolean()) {
            return;
        }
        EngineClient old = letGo();
        settings.update(s -> s.withOpen(null));
        folder.set(null);
        if (old != null) {
            background.run(
                    "Closing the project",
                    _ -> {
                        old.close();
                        return "";
                    },
                    _ -> {},
                    e -> notifications.post(
                            Notification.Kind.FAILED, "Could not close the project", Failures.message(e)));
        }
    }

    private @Nullable EngineClient letGo() {
        viewState.leave();
        past.end();
        BackgroundTask task = openingTask;
        if (task != null && opening.get()) {
            task.cancel();
        }
        opening.set(false);
        problem.set(null);
        unwatch();
        EngineClient old = client.get();
        client.set(null);
        openEngine = null;
        return old;
    }

    private void take(EngineClient opened) {
        live = new LiveView(opened, latest, this::lost);
        live.setHidden(windowHidden);
        viewState.during(() -> client.set(opened)); // screens let go of the last project by it
        onOpened.accept(opened);
        Path path = folder.get();
        settings.update(s -> s.withRecent(new UserSettings.Recent(
                        path.toString(), path.getFileName().toString(), clock.instant(), null))
                .withOpen(path.toString()));
    }

    private void lost(RuntimeException e) {
        LOG.warn("the project can not be reached any more", e);
        EngineClient old = letGo();
        problem.set(new CannotOpen(
                "The project is gone",
                Failures.message(e),
                "The program that had it open has probably ended. Try again to open it here.",
                List.of()));
        if (old != null) {
            Thread.ofVirtual().start(old::close);
        }
    }

    private static CannotOpen inWords(Throwable failure) {
        if (failure instanceof CannotOpen known) {
            return known;
        }
        LOG.error("the project could not be opened", failure);
        return new CannotOpen(
                "The project could not be opened",
                Failures.message(failure),
                "Try again; if it happens again, the log has the details.",
                List.of());
    }

    /// Closes the engine and waits for it. Any thread.
    void closeEngine() {
        EngineClient open = openEngine;
        if (open != null) {
            open.close();
        }
    }

    /// Follows it no more; it stays open. JavaFX thread.
    void unwatch() {
        LiveView watched = live;
        if (watched != null) {
            watched.close();
            live = null;
        }
    }
}
