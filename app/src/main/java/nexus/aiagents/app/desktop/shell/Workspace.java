package nexus.aiagents.app.desktop.shell;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BiConsumer;
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
import nexus.aiagents.engine.control.Command;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.control.EngineClient;
import nexus.aiagents.engine.project.LanguageService;
import nexus.aiagents.engine.secret.HostSecrets;
import nexus.aiagents.engine.view.ProjectView;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a screen gets: the open project and the services around it. JavaFX thread, where nothing else
/// is said.
public final class Workspace implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Workspace.class);

    private final ProjectConnector connector;
    private final FolderChooser chooser;
    private final UserFolders folders;
    private final SettingsStore settings;
    private final Theme theme;
    private final HostSecrets secrets;
    private final Clock clock;
    private final Background background = new Background();
    private final Notifications notifications;
    private final ViewState viewState;
    private final LanguageService language = new LanguageService();
    private final ExecutorService commands = Executors.newSingleThreadExecutor(
            Thread.ofVirtual().name("commands").factory());

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
    private final Clock shownClock = new Clock() {
        @Override
        public ZoneId getZone() {
            return clock.getZone();
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return clock.withZone(zone);
        }

        @Override
        public Instant instant() {
            ProjectView then = past.moment().get();
            return then == null ? clock.instant() : then.at();
        }
    };
    private boolean windowHidden;
    private BooleanSupplier leaveGuard = () -> true;
    private BiConsumer<String, @Nullable String> navigator = (_, _) -> {};
    private final Keymap keymap;
    private BiConsumer<String, List<Choice>> picker = (_, _) -> {};

    public Workspace(
            ProjectConnector connector,
            FolderChooser chooser,
            UserFolders folders,
            SettingsStore settings,
            Theme theme,
            HostSecrets secrets,
            Clock clock) {
        this.chooser = chooser;
        this.connector = connector;
        this.folders = folders;
        this.settings = settings;
        this.keymap = new Keymap(settings);
        this.theme = theme;
        this.secrets = secrets;
        this.clock = clock;
        this.notifications = new Notifications(clock);
        this.viewState = new ViewState(folders.config().resolve("projects"));
        past = new LookBack(
                background,
                client::get,
                e -> notifications.post(Notification.Kind.FAILED, "Could not look back", message(e)));
        outcome = new LastOutcome(settings);
        latest.property().addListener((_, before, now) -> {
            remember(before, now);
            showNewest();
        });
        past.moment().addListener((_, _, _) -> showNewest());
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

    /// Keys in the environment and the keychain; to be asked off the JavaFX thread. Any thread.
    public HostSecrets secrets() {
        return secrets;
    }

    // ---- what is open

    /// The folder of the project in front, also while it opens and when it could not be opened; null: none.
    public ReadOnlyObjectProperty<Path> folder() {
        return folder.getReadOnlyProperty();
    }

    /// The open project, null until one is open. Only {@link EngineClient#view()} may be called on the
    /// JavaFX thread: use {@link #submit} and {@link #background()} for the rest.
    public ReadOnlyObjectProperty<EngineClient> client() {
        return client.getReadOnlyProperty();
    }

    /// The snapshot that is shown, null until a project is open: the newest, or while somebody looks
    /// back the one of that moment.
    public ReadOnlyObjectProperty<ProjectView> view() {
        return shown.getReadOnlyProperty();
    }

    /// The newest snapshot, also while somebody looks back; null until a project is open.
    public ReadOnlyObjectProperty<ProjectView> live() {
        return latest.property();
    }

    /// The way to other moments.
    public LookBack past() {
        return past;
    }

    /// Begins to look back, at the newest entry.
    public void lookBack() {
        ProjectView newest = latest.property().get();
        if (newest != null) {
            past.begin(newest.seq());
        }
    }

    /// Looks at the moment after an entry of the journal, in all screens.
    public void lookBackTo(long seq) {
        ProjectView newest = latest.property().get();
        if (past.isActive()) {
            past.to(seq);
        } else if (newest != null) {
            past.begin(newest.seq(), seq);
        }
    }

    /// Why the project in {@link #folder()} is not open, null if it is or still opens.
    public ReadOnlyObjectProperty<CannotOpen> problem() {
        return problem.getReadOnlyProperty();
    }

    public ReadOnlyBooleanProperty opening() {
        return opening.getReadOnlyProperty();
    }

    /// Closes what is open and opens the project in `target`, in the background.
    public void open(Path target) {
        open(target, _ -> {});
    }

    /// @param then called once it is open
    public void open(Path target, Consumer<EngineClient> then) {
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

    /// Opens a project and brings to the front what was in front when it was closed.
    public void enter(Path target) {
        open(target, _ -> {
            List<String> screen = viewState.get("screen");
            show(screen.size() == 1 ? screen.getFirst() : Screen.SUPERVISORS, null);
        });
    }

    /// Enters the project that was open when the window was closed, if it is still there.
    public void enterLast() {
        String last = settings.get().open();
        if (last == null) {
            return;
        }
        Path target = Path.of(last);
        background.quietly(
                _ -> Files.isRegularFile(target.resolve("nexus.yaml")),
                there -> {
                    if (!there) {
                        settings.update(s -> s.withOpen(null));
                        notifications.post(
                                Notification.Kind.FAILED,
                                target.getFileName() + " is not where it was",
                                UserFolders.shown(last) + " has no nexus.yaml any more. Open it where it is now.");
                    } else if (folder.get() == null) {
                        enter(target);
                    }
                },
                e -> LOG.warn("the last project can not be looked for", e));
    }

    /// Closes the open project, in the background. Its agents stop.
    public void closeProject() {
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
                    e -> notifications.post(Notification.Kind.FAILED, "Could not close the project", message(e)));
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
        LiveView watched = live;
        if (watched != null) {
            watched.close();
            live = null;
        }
        EngineClient old = client.get();
        client.set(null);
        openEngine = null;
        return old;
    }

    private void take(EngineClient opened) {
        live = new LiveView(opened, latest, this::lost);
        live.setHidden(windowHidden);
        viewState.during(() -> client.set(opened)); // screens let go of the last project by it
        reopen(opened);
        Path path = folder.get();
        settings.update(s -> s.withRecent(new UserSettings.Recent(
                        path.toString(), path.getFileName().toString(), clock.instant(), null))
                .withOpen(path.toString()));
    }

    /// A team that was up when the project was last open comes up again, if the project says so.
    private void reopen(EngineClient opened) {
        ProjectView.LifecycleView lifecycle = opened.view().lifecycle();
        if (opened.isRemote() || !lifecycle.wasUp()) {
            return;
        }
        switch (lifecycle.onOpen()) {
            case "start" -> {
                notifications.post(
                        Notification.Kind.INFO,
                        "The team starts again",
                        "It was up when the project was last open, and the project says `onOpen: start`.");
                send(new Command.Up());
            }
            case "ask" ->
                notifications.post(
                        Notification.Kind.NEEDS_YOU,
                        "The team was up when the project was last open",
                        "Start team brings it up again. `project: {onOpen: start}` does so by itself.",
                        Screen.SUPERVISORS,
                        null);
            default -> {} // nothing, as the project says
        }
    }

    private void lost(RuntimeException e) {
        LOG.warn("the project can not be reached any more", e);
        EngineClient old = letGo();
        problem.set(new CannotOpen(
                "The project is gone",
                message(e),
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
                message(failure),
                "Try again; if it happens again, the log has the details.",
                List.of());
    }

    // ---- commands

    /// Sends a command to the open project. A refusal is shown to the person; the answer also comes here,
    /// on the JavaFX thread. It never completes exceptionally.
    public CompletableFuture<CommandResult> submit(Command command) {
        CompletableFuture<CommandResult> answer = new CompletableFuture<>();
        EngineClient target = client.get();
        if (target == null) {
            answered(command, new CommandResult.Refused("not-up", "No project is open."), answer);
            return answer;
        }
        if (past.isActive()) {
            answered(
                    command,
                    new CommandResult.Refused(
                            "in-the-past", "You are looking at the past. Go back to now, then do it."),
                    answer);
            return answer;
        }
        if (commands.isShutdown()) { // the window goes, and a field that was edited loses the focus by it
            answer.complete(new CommandResult.Refused("not-up", "The project is being closed."));
            return answer;
        }
        commands.execute(() -> {
            CompletionStage<CommandResult> sent;
            try {
                sent = target.submit(command, "desktop");
            } catch (RuntimeException e) {
                sent = CompletableFuture.failedFuture(e);
            }
            var _ = sent.handle((result, failure) -> {
                CommandResult told =
                        failure == null ? result : new CommandResult.Refused("store", message(unwrap(failure)));
                Fx.later(() -> answered(command, told, answer));
                return told;
            });
        });
        return answer;
    }

    /// The same for those who need no answer.
    public void send(Command command) {
        var _ = submit(command);
    }

    private void answered(Command command, CommandResult result, CompletableFuture<CommandResult> answer) {
        if (result instanceof CommandResult.Refused refused) {
            notifications.post(Notification.Kind.FAILED, "Could not " + Commands.describe(command), refused.message());
        }
        answer.complete(result);
    }

    private static Throwable unwrap(Throwable e) {
        return e instanceof CompletionException && e.getCause() != null ? e.getCause() : e;
    }

    private static String message(Throwable e) {
        String text = e.getMessage();
        return text == null || text.isBlank() ? e.getClass().getSimpleName() : text;
    }

    // ---- the rest of the window

    /// Brings a screen to the front.
    ///
    /// @param screenId  one of {@link Screen}'s names
    /// @param selection what it should select: a name or id, for the editor `file` or `file:line:column`
    ///     (0-based)
    public void show(String screenId, @Nullable String selection) {
        navigator.accept(screenId, selection);
    }

    public void setNavigator(BiConsumer<String, @Nullable String> navigator) {
        this.navigator = navigator;
    }

    /// Lets the person find one of these by typing.
    ///
    /// @param prompt what is asked: `Go to a block of this file`
    public void pick(String prompt, List<Choice> choices) {
        picker.accept(prompt, choices);
    }

    /// The actions that are always there, and their keys.
    public Keymap keymap() {
        return keymap;
    }

    void setPicker(BiConsumer<String, List<Choice>> picker) {
        this.picker = picker;
    }

    /// Asked before another project takes the place of this one.
    public void setLeaveGuard(BooleanSupplier mayLeave) {
        leaveGuard = mayLeave;
    }

    public void setWindowHidden(boolean hidden) {
        windowHidden = hidden;
        if (live != null) {
            live.setHidden(hidden);
        }
    }

    public Background background() {
        return background;
    }

    public Notifications notifications() {
        return notifications;
    }

    public LanguageService language() {
        return language;
    }

    /// How the window looks at the open project.
    public ViewState viewState() {
        return viewState;
    }

    public SettingsStore settings() {
        return settings;
    }

    public UserFolders folders() {
        return folders;
    }

    public FolderChooser chooser() {
        return chooser;
    }

    public Theme theme() {
        return theme;
    }

    /// Changes the theme and remembers it.
    public void chooseTheme(Theme.Choice choice) {
        theme.choose(choice);
        settings.update(s -> s.withTheme(choice));
    }

    /// The moment that is shown.
    public Clock clock() {
        return shownClock;
    }

    /// The process is being ended from outside: closes the open project and waits for it. Any thread.
    public void closeEngine() {
        EngineClient open = openEngine;
        if (open != null) {
            open.close();
        }
    }

    /// Closes the open project and waits for it. Any thread but the JavaFX thread, when the window is gone.
    @Override
    public void close() {
        EngineClient open = client.get();
        if (live != null) {
            live.close();
        }
        commands.shutdown();
        if (open != null) {
            open.close();
        }
        viewState.close();
        settings.close();
    }
}
