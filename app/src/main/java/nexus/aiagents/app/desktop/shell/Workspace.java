package nexus.aiagents.app.desktop.shell;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import nexus.aiagents.app.desktop.fx.Background;
import nexus.aiagents.app.desktop.fx.Fx;
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

    private final Chooser chooser;
    private final UserFolders folders;
    private final SettingsStore settings;
    private final Theme theme;
    private final HostSecrets secrets;
    private final Background background = new Background();
    private final Notifications notifications;
    private final ViewState viewState;
    private final LanguageService language = new LanguageService();
    private final Keymap keymap;
    private final ProjectInFront project;
    private final CommandSender commands;
    private final Clock shownClock;
    private BiConsumer<String, @Nullable String> navigator = (_, _) -> {};
    private BiConsumer<String, List<Choice>> picker = (_, _) -> {};

    public Workspace(
            ProjectConnector connector,
            Chooser chooser,
            UserFolders folders,
            SettingsStore settings,
            Theme theme,
            HostSecrets secrets,
            Clock clock) {
        this.chooser = chooser;
        this.folders = folders;
        this.settings = settings;
        this.keymap = new Keymap(settings);
        this.theme = theme;
        this.secrets = secrets;
        this.notifications = new Notifications(clock);
        this.viewState = new ViewState(folders.config().resolve("projects"));
        this.project =
                new ProjectInFront(connector, background, notifications, settings, viewState, clock, this::reopen);
        this.commands = new CommandSender(project, notifications);
        this.shownClock = new ShownClock(clock, project::moment);
    }

    /// Tells the time of what is shown.
    private static final class ShownClock extends Clock {
        private final Clock clock;
        private final Supplier<Instant> moment;

        ShownClock(Clock clock, Supplier<Instant> moment) {
            this.clock = clock;
            this.moment = moment;
        }

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
            return moment.get();
        }
    }

    /// Keys in the environment and the keychain; to be asked off the JavaFX thread. Any thread.
    public HostSecrets secrets() {
        return secrets;
    }

    // ---- what is open

    /// The folder of the project in front, also while it opens and when it could not be opened; null: none.
    public ReadOnlyObjectProperty<Path> folder() {
        return project.folder();
    }

    /// The open project, null until one is open. Only {@link EngineClient#view()} may be called on the
    /// JavaFX thread: use {@link #submit} and {@link #background()} for the rest.
    public ReadOnlyObjectProperty<EngineClient> client() {
        return project.client();
    }

    /// The snapshot that is shown, null until a project is open: the newest, or while somebody looks
    /// back the one of that moment.
    public ReadOnlyObjectProperty<ProjectView> view() {
        return project.shown();
    }

    /// The newest snapshot, also while somebody looks back; null until a project is open.
    public ReadOnlyObjectProperty<ProjectView> live() {
        return project.live();
    }

    /// The way to other moments.
    public LookBack past() {
        return project.past();
    }

    /// Begins to look back, at the newest entry.
    public void lookBack() {
        ProjectView newest = project.live().get();
        if (newest != null) {
            project.past().begin(newest.seq());
        }
    }

    /// Looks at the moment after an entry of the journal, in all screens.
    public void lookBackTo(long seq) {
        ProjectView newest = project.live().get();
        if (project.past().isActive()) {
            project.past().to(seq);
        } else if (newest != null) {
            project.past().begin(newest.seq(), seq);
        }
    }

    /// Why the project in {@link #folder()} is not open, null if it is or still opens.
    public ReadOnlyObjectProperty<CannotOpen> problem() {
        return project.problem();
    }

    public ReadOnlyBooleanProperty opening() {
        return project.opening();
    }

    /// Closes what is open and opens the project in `target`, in the background.
    public void open(Path target) {
        open(target, _ -> {});
    }

    /// @param then called once it is open
    public void open(Path target, Consumer<EngineClient> then) {
        project.open(target, then);
    }

    /// Opens a project and brings to the front what was in front when it was closed, other than Home.
    public void enter(Path target) {
        enter(target, false);
    }

    /// @param home whether Home may be the screen: who opens a project wants to see it
    private void enter(Path target, boolean home) {
        open(target, _ -> {
            List<String> screen = viewState.get("screen");
            boolean known = screen.size() == 1 && (home || !screen.getFirst().equals(Screen.HOME));
            show(known ? screen.getFirst() : Screen.SUPERVISORS, null);
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
                    } else if (project.folder().get() == null) {
                        enter(target, true);
                    }
                },
                e -> LOG.warn("the last project can not be looked for", e));
    }

    /// Closes the open project, in the background. Its agents stop.
    public void closeProject() {
        project.close();
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

    // ---- commands

    /// Sends a command to the open project. A refusal is shown to the person; the answer also comes here,
    /// on the JavaFX thread. It never completes exceptionally.
    public CompletableFuture<CommandResult> submit(Command command) {
        return commands.submit(command);
    }

    /// The same for those who need no answer.
    public void send(Command command) {
        var _ = submit(command);
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
        project.setLeaveGuard(mayLeave);
    }

    public void setWindowHidden(boolean hidden) {
        project.setWindowHidden(hidden);
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

    public Chooser chooser() {
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
        project.closeEngine();
    }

    /// Closes the open project and waits for it. Any thread but the JavaFX thread, when the window is gone.
    @Override
    public void close() {
        Fx.runAndWait(project::unwatch); // the screens let go of what they show
        EngineClient open = project.client().get();
        commands.close();
        if (open != null) {
            open.close();
        }
        viewState.close();
        settings.close();
    }
}
