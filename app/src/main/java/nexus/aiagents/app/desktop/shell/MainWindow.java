package nexus.aiagents.app.desktop.shell;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.Scene;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyCodeCombination;
import javafx.scene.input.KeyCombination;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import javafx.stage.Window;
import nexus.aiagents.app.desktop.fx.Fx;
import nexus.aiagents.engine.view.ProjectView;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.feather.Feather;

/// The one window: rail, top bar, the screen in front, status bar, and what lies above them for a moment.
public final class MainWindow {
    private static final double NARROW = 1120;
    /// What happens within this time is told by one banner of the system.
    private static final java.time.Duration TOGETHER = java.time.Duration.ofMillis(1_500);

    private final Workspace workspace;
    private final List<Screen> screens;
    private final Map<String, Node> built = new HashMap<>();
    private final StackPane stage = new StackPane();
    private final CoreActions core;
    private final List<Action> navigation;
    private final Rail rail;
    private final TopBar topBar;
    private final StatusBar statusBar;
    private final Overlay overlay = new Overlay();
    private final QuickPick pick;
    private final NotificationViews notices;
    private final Scene scene;
    private final Action openPalette;
    private final Action openNotices;
    /// The screens whose selection has been brought back since the project was opened.
    private final Set<String> restored = new HashSet<>();
    private @Nullable Screen front;
    private boolean shortcutFired;

    public MainWindow(Workspace workspace, List<Screen> screens) {
        this.workspace = workspace;
        this.screens = List.copyOf(screens);
        core = new CoreActions(workspace);
        navigation = navigation();
        rail = new Rail(this.screens, navigation, s -> show(s, null));
        pick = new QuickPick(overlay);
        notices = new NotificationViews(workspace, overlay);
        openPalette = Action.always(
                "palette.open",
                "Search actions",
                Feather.SEARCH,
                new KeyCodeCombination(KeyCode.K, KeyCombination.SHORTCUT_DOWN),
                () -> pick.open(
                        "What do you want to do?",
                        everything().stream().map(Choice::of).toList()));
        openNotices =
                Action.always("notifications.open", "Show notifications", Feather.BELL, null, notices::openHistory);
        topBar = new TopBar(workspace, core, openPalette, openNotices);
        statusBar = new StatusBar(workspace);
        scene = new Scene(assemble(), 1280, 800);
        scene.widthProperty().subscribe(width -> rail.setCompact(width.doubleValue() < NARROW));
        WholeText.in(scene);
        workspace.theme().style(scene);
        workspace.setNavigator(this::show);
        workspace.setPicker(pick::open);
        workspace.setLeaveGuard(this::mayLeave);
        if (late().findAny().isEmpty()) {
            complete();
        }
    }

    private Stream<LateScreen> late() {
        return screens.stream()
                .filter(LateScreen.class::isInstance)
                .map(LateScreen.class::cast)
                .filter(screen -> !screen.isMade());
    }

    /// Makes the screens that are not made yet, one after the other so that the window stays awake
    /// meanwhile, and gives all actions their keys.
    ///
    /// @param then called when that is done
    public void complete(Runnable then) {
        late().findFirst()
                .ifPresentOrElse(
                        screen -> {
                            screen.made();
                            Fx.later(() -> complete(then));
                        },
                        () -> {
                            complete();
                            then.run();
                        });
    }

    private void complete() {
        bind(openPalette, openNotices);
        listen();
    }

    private StackPane assemble() {
        stage.getStyleClass().add("stage");
        stage.setMinSize(0, 0);
        BorderPane main = new BorderPane(stage);
        main.setTop(new VBox(topBar, new ProblemBanner(workspace)));
        main.setBottom(new VBox(new TimeBar(workspace.past()), statusBar));
        HBox.setHgrow(main, Priority.ALWAYS);
        main.setMinWidth(0);
        HBox frame = new HBox(rail, main);
        frame.getStyleClass().add("frame");
        StackPane root = new StackPane(frame, notices.cards(), overlay);
        StackPane.setAlignment(notices.cards(), Pos.BOTTOM_RIGHT);
        return root;
    }

    /// Gives all actions their keys, and those of the window theirs wherever the focus is.
    private void bind(Action... windows) {
        List<Action> everywhere = new ArrayList<>(core.all());
        everywhere.addAll(List.of(windows));
        everywhere.addAll(navigation);
        List<Keymap.Bound> all = new ArrayList<>();
        everywhere.forEach(action -> all.add(new Keymap.Bound(action, "")));
        screens.forEach(screen ->
                screen.actions().forEach(action -> all.add(new Keymap.Bound(action, screen.title()))));
        Runnable accelerate = () -> {
            scene.getAccelerators().clear(); // all are of these actions
            for (Action action : everywhere) {
                KeyCombination keys = action.shortcut();
                if (keys != null) {
                    scene.getAccelerators().putIfAbsent(keys, action::fire);
                }
            }
        };
        workspace.keymap().changes().addListener((_, _, _) -> accelerate.run());
        workspace.keymap().of(all);
    }

    private void listen() {
        scene.addEventFilter(KeyEvent.KEY_TYPED, e -> {
            if (shortcutFired) { // its letter is not meant for a text field
                e.consume();
            } else if (e.getCharacter().equals("/") && Regions.toFilter(scene, stage)) {
                e.consume();
            }
        });
        scene.addEventFilter(KeyEvent.KEY_PRESSED, e -> {
            shortcutFired = false;
            if (e.getCode() == KeyCode.F6) {
                Regions.cycle(scene, List.of(rail, topBar, stage, statusBar), e.isShiftDown());
                e.consume();
            } else if (front != null) {
                shortcutFired = fireScreenAction(front, e);
            }
        });
        workspace.live().addListener((_, before, after) -> tell(before, after));
        // After the screens, which let go of what they showed of the last project.
        workspace.client().addListener((_, _, now) -> {
            if (now != null) {
                restored.clear();
                bringBackSelection();
            }
        });
        workspace.viewState().beforeLeaving(this::keepSelection);
        scene.windowProperty().flatMap(Window::showingProperty).addListener((_, _, showing) -> {
            if (Boolean.FALSE.equals(showing)) {
                workspace.viewState().capture();
            }
        });
    }

    private static boolean fireScreenAction(Screen screen, KeyEvent e) {
        for (Action action : screen.actions()) {
            if (action.shortcut() != null && action.shortcut().match(e)) {
                action.fire();
                e.consume();
                return true;
            }
        }
        return false;
    }

    private void tell(@Nullable ProjectView before, @Nullable ProjectView after) {
        if (before == null || after == null) {
            return;
        }
        for (Watch.Told told : Watch.between(before, after)) {
            workspace.notifications().post(told.kind(), told.title(), told.text(), told.screen(), told.selection());
        }
    }

    public Scene scene() {
        return scene;
    }

    /// Banners of the system while the window is not in front.
    public void tellBy(SystemBanner banner) {
        var _ = new Banners(
                workspace.notifications(),
                banner,
                () -> !workspace.settings().get().quiet() && !isInFront(),
                tell -> workspace
                        .background()
                        .quietly(
                                _ -> {
                                    Thread.sleep(TOGETHER);
                                    return true;
                                },
                                _ -> tell.run(),
                                _ -> {}));
    }

    private boolean isInFront() {
        Window window = scene.getWindow();
        return window != null && window.isShowing() && window.isFocused();
    }

    /// The screen in front.
    public @Nullable Screen front() {
        return front;
    }

    /// What closing would lose, a sentence; null if nothing.
    public @Nullable String unsaved() {
        return screens.stream()
                .map(Screen::unsaved)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    /// Whether what is unsaved may be lost; asks the person if there is any.
    public boolean mayLeave() {
        String lost = unsaved();
        boolean may = lost == null
                || Dialogs.confirm(scene.getWindow(), "Unsaved changes", lost, "Discard changes", "Keep editing");
        if (may) {
            screens.forEach(Screen::discardUnsaved);
        }
        return may;
    }

    public void show(String screenId, @Nullable String selection) {
        for (Screen screen : screens) {
            if (screen.id().equals(screenId)) {
                show(screen, selection);
                return;
            }
        }
    }

    private void show(Screen next, @Nullable String selection) {
        Node content = built.computeIfAbsent(next.id(), _ -> next.content());
        if (selection != null) {
            restored.add(next.id());
            next.select(selection);
        }
        rail.mark(next);
        Screen before = front;
        if (before == next) {
            return;
        }
        if (before != null) {
            keepSelection();
            before.hidden();
        }
        front = next;
        bringBackSelection();
        stage.getChildren().setAll(content);
        stage.applyCss(); // what scrolls has no children before, and could not be focused
        next.shown();
    }

    private void keepSelection() {
        Screen screen = front;
        if (screen != null && workspace.client().get() != null) {
            String selected = screen.selection();
            workspace.viewState().put("selected." + screen.id(), selected == null ? List.of() : List.of(selected));
            workspace.viewState().put("screen", List.of(screen.id()));
        }
    }

    /// What was selected in the screen in front when the project was open before, unless something else has
    /// been asked for meanwhile.
    private void bringBackSelection() {
        Screen screen = front;
        if (screen == null || workspace.client().get() == null || !restored.add(screen.id())) {
            return;
        }
        List<String> selected = workspace.viewState().get("selected." + screen.id());
        if (selected.size() == 1) {
            workspace.viewState().during(() -> screen.select(selected.getFirst()));
        }
    }

    private List<Action> everything() {
        List<Action> actions = new ArrayList<>();
        if (front != null) {
            actions.addAll(front.actions());
        }
        actions.addAll(core.all());
        actions.addAll(navigation);
        for (Screen screen : screens) {
            if (screen != front) {
                actions.addAll(screen.actions());
            }
        }
        ProjectView view = workspace.view().get();
        if (view != null) {
            view.agents()
                    .forEach(a -> actions.add(Action.always(
                            "agent." + a.name(),
                            "Show agent " + a.name(),
                            Feather.CPU,
                            null,
                            () -> show(Screen.AGENT, a.name()))));
        }
        return actions;
    }

    private List<Action> navigation() {
        List<Action> actions = new ArrayList<>();
        for (int i = 0; i < screens.size(); i++) {
            Screen screen = screens.get(i);
            actions.add(Action.always(
                    "go." + screen.id(),
                    "Go to " + screen.title(),
                    screen.icon(),
                    shortcut(i, screen),
                    () -> show(screen, null)));
        }
        return actions;
    }

    private static @Nullable KeyCombination shortcut(int index, Screen screen) {
        if (screen.id().equals(Screen.SETTINGS)) {
            return new KeyCodeCombination(KeyCode.COMMA, KeyCombination.SHORTCUT_DOWN);
        }
        KeyCode digit = index < 9 ? KeyCode.getKeyCode(String.valueOf(index + 1)) : null;
        return digit == null ? null : new KeyCodeCombination(digit, KeyCombination.SHORTCUT_DOWN);
    }
}
