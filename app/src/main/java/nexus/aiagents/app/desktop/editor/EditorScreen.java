package nexus.aiagents.app.desktop.editor;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javafx.animation.Animation;
import javafx.animation.PauseTransition;
import javafx.beans.binding.Bindings;
import javafx.beans.value.ObservableStringValue;
import javafx.geometry.Orientation;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.SplitPane;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyCodeCombination;
import javafx.scene.input.KeyCombination;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import javafx.util.Duration;
import nexus.aiagents.app.desktop.editor.form.FormBeside;
import nexus.aiagents.app.desktop.fx.Every;
import nexus.aiagents.app.desktop.shell.Action;
import nexus.aiagents.app.desktop.shell.Notification;
import nexus.aiagents.app.desktop.shell.Screen;
import nexus.aiagents.app.desktop.shell.Workspace;
import nexus.aiagents.engine.ScriptCheck;
import nexus.aiagents.engine.control.Command;
import nexus.aiagents.engine.project.Analysis;
import nexus.aiagents.engine.project.Diagnostic;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.Ikon;
import org.kordamp.ikonli.feather.Feather;

/// The project's files, with what is wrong in them shown while one types.
public final class EditorScreen implements Screen {
    private static final String MAIN = "nexus.yaml";
    private static final java.time.Duration LOOK_AT_DISK = java.time.Duration.ofSeconds(1);
    private static final Duration KEEP_UNSAVED = Duration.seconds(1);
    private static final Pattern PLACE = Pattern.compile("(.*?)(?::(\\d+))?(?::(\\d+))?");

    private final Workspace workspace;
    private final OpenFiles files;
    private final LiveDiagnostics diagnostics;
    private final Assist assist;
    private final Navigation navigation;
    private final FormBeside form;
    private final FileTree tree = new FileTree(name -> open(name, _ -> {}));
    private final ProblemsPanel problems = new ProblemsPanel(this::jump, this::fix);
    private final FindBar find = new FindBar();
    private final Label nothing = new Label("Open a project to edit its files.");
    private final Every disk = new Every(LOOK_AT_DISK, this::lookAtDisk);
    private final PauseTransition keeping = new PauseTransition(KEEP_UNSAVED);
    private final Recovery recovery;
    private final OpenTabs openTabs;
    private final List<Action> actions;
    private @Nullable Path folder;
    /// What was not saved before is in the open files again; until then nothing newer is kept in its place.
    private boolean recovered;

    public EditorScreen(Workspace workspace) {
        this.workspace = workspace;
        files = new OpenFiles(workspace, this::opened, this::changed, this::written);
        diagnostics = new LiveDiagnostics(workspace.background(), workspace.language(), files::unsaved, files::scripts);
        recovery = new Recovery(workspace.folders().data().resolve("unsaved"));
        keeping.setOnFinished(_ -> keepUnsaved());
        assist = new Assist(workspace, files::unsaved);
        navigation = new Navigation(workspace, files::unsaved, this::open);
        form = new FormBeside(workspace, FileTree::list);
        files.tabs().getSelectionModel().selectedItemProperty().addListener((_, _, _) -> followFront());
        actions = makeActions();
        diagnostics.analysis().addListener((_, _, now) -> show(now));
        workspace.folder().addListener((_, _, now) -> follow(now));
        openTabs = new OpenTabs(workspace, files, this::open);
        workspace.viewState().follow("editor.closed", tree::close);
        tree.onClosed(closed -> workspace.viewState().put("editor.closed", closed));
        follow(workspace.folder().get());
    }

    @Override
    public String id() {
        return EDITOR;
    }

    @Override
    public String title() {
        return "Editor";
    }

    @Override
    public Ikon icon() {
        return Feather.EDIT_3;
    }

    @Override
    public List<Action> actions() {
        return actions;
    }

    @Override
    public Node content() {
        Label head = new Label("Files");
        head.getStyleClass().add("strong");
        head.setMaxWidth(Double.MAX_VALUE);
        VBox left = new VBox(head, tree);
        head.getStyleClass().add("panel-head");
        left.getStyleClass().add("file-panel");
        left.setMinWidth(140);
        VBox.setVgrow(tree, Priority.ALWAYS);
        nothing.getStyleClass().add("muted");
        nothing.visibleProperty().bind(Bindings.isEmpty(files.tabs().getTabs()));
        StackPane middle = new StackPane(files.tabs(), nothing, find);
        find.setMaxSize(Region.USE_PREF_SIZE, Region.USE_PREF_SIZE);
        StackPane.setAlignment(find, Pos.TOP_RIGHT);
        StackPane.setAlignment(nothing, Pos.CENTER);
        SplitPane down = new SplitPane(middle, problems);
        down.setOrientation(Orientation.VERTICAL);
        down.setDividerPositions(0.78);
        SplitPane.setResizableWithParent(problems, false);
        SplitPane across = new SplitPane(left, form.beside(down));
        across.setDividerPositions(0.22);
        SplitPane.setResizableWithParent(left, false);
        across.getStyleClass().add("editor");
        workspace.viewState().split("editor.files", across);
        workspace.viewState().split("editor.problems", down);
        return across;
    }

    @Override
    public void shown() {
        lookAtDisk();
        disk.play();
        if (folder != null && files.all().isEmpty() && !openTabs.any()) {
            open(MAIN, _ -> {});
        }
        EditorFile front = files.front();
        if (front != null) {
            front.area().requestFocus();
        }
    }

    @Override
    public void hidden() {
        disk.stop();
    }

    /// `file`, `file:line` or `file:line:column`, counted from 0.
    @Override
    public void select(String selection) {
        Matcher place = PLACE.matcher(selection);
        if (place.matches()) {
            String line = place.group(2);
            String column = place.group(3);
            open(place.group(1), file -> {
                if (line != null) {
                    file.jump(Integer.parseInt(line), column == null ? 0 : Integer.parseInt(column));
                }
            });
        }
    }

    @Override
    public @Nullable String unsaved() {
        Set<String> names = files.unsaved().keySet();
        return names.isEmpty() ? null : "Not saved: " + String.join(", ", names) + ".";
    }

    @Override
    public void discardUnsaved() {
        keeping.stop();
        if (folder != null) {
            recovery.forget(folder);
        }
    }

    private void keepUnsaved() {
        if (folder != null && recovered) {
            recovery.keep(folder, files.unsaved());
        }
    }

    private void bringBack(Path project, Map<String, String> texts) {
        if (!project.equals(folder)) {
            return;
        }
        recovered = true;
        if (texts.isEmpty()) {
            return;
        }
        texts.forEach((name, text) -> open(name, file -> file.recover(text)));
        workspace
                .notifications()
                .post(
                        Notification.Kind.INFO,
                        "Unsaved changes were brought back",
                        "The app ended before they were saved: " + String.join(", ", texts.keySet())
                                + ". Undo takes them away again.",
                        EDITOR,
                        texts.keySet().iterator().next());
    }

    // ---- what happens

    private void follow(@Nullable Path now) {
        if (java.util.Objects.equals(now, folder)) {
            return;
        }
        folder = now;
        keeping.stop();
        recovered = false;
        files.closeAll();
        find.close();
        tree.show(List.of());
        nothing.setText(now == null ? "Open a project to edit its files." : "Choose a file on the left.");
        diagnostics.follow(now);
        lookAtDisk();
        if (now != null) {
            workspace
                    .background()
                    .quietly(_ -> recovery.read(now), texts -> bringBack(now, texts), _ -> bringBack(now, Map.of()));
        }
    }

    private void open(String name, Consumer<EditorFile> then) {
        Path project = folder;
        if (project != null) {
            files.open(project, name, file -> {
                tree.select(name);
                then.accept(file);
            });
        }
    }

    private void followFront() {
        EditorFile front = files.front();
        form.follow(front == null ? null : front.forForm());
    }

    private void opened(EditorFile file) {
        assist.attach(file);
        navigation.attach(file);
        file.diagnostics(diagnostics.analysis().get().diagnostics());
        if (ScriptCheck.isScript(file.name())) {
            diagnostics.check();
        }
    }

    private void changed() {
        diagnostics.check();
        mark(diagnostics.analysis().get());
        if (keeping.getStatus() != Animation.Status.RUNNING) {
            keeping.playFromStart();
        }
    }

    private void show(Analysis analysis) {
        problems.show(analysis.diagnostics());
        form.show(analysis);
        for (EditorFile file : files.all()) {
            file.diagnostics(analysis.diagnostics());
        }
        mark(analysis);
    }

    private void mark(Analysis analysis) {
        Set<String> broken = analysis.diagnostics().stream()
                .filter(Diagnostic::isError)
                .map(d -> d.at().file())
                .collect(Collectors.toSet());
        tree.mark(broken::contains, files::isDirty);
    }

    private void lookAtDisk() {
        Path project = folder;
        if (project == null) {
            return;
        }
        files.compareWithDisk();
        workspace
                .background()
                .quietly(
                        _ -> FileTree.list(project),
                        found -> {
                            if (project.equals(folder)) {
                                tree.show(found);
                            }
                        },
                        e -> tree.show(List.of()));
    }

    /// Applies what was saved: to the running project, or by opening the one that could not be opened.
    private void written() {
        Path project = folder;
        if (project == null) {
            return;
        }
        workspace
                .background()
                .quietly(
                        _ -> workspace.language().analyze(project, Map.of()).hasErrors(),
                        broken -> {
                            if (workspace.client().get() == null) {
                                if (!broken && workspace.problem().get() != null) {
                                    workspace.open(project);
                                }
                            } else if (broken) {
                                workspace
                                        .notifications()
                                        .post(
                                                Notification.Kind.INFO,
                                                "Saved, not applied",
                                                "The running project keeps its configuration until the errors are mended.");
                            } else {
                                workspace.send(new Command.Reload());
                            }
                        },
                        e -> workspace
                                .notifications()
                                .post(
                                        Notification.Kind.FAILED,
                                        "Saved, but not checked",
                                        String.valueOf(e.getMessage())));
    }

    private void jump(Diagnostic d) {
        open(d.at().file(), file -> file.jump(d.at().line(), d.at().column()));
    }

    private void fix(Diagnostic d) {
        Diagnostic.QuickFix fix = d.fix();
        if (fix != null) {
            open(fix.at().file(), file -> file.replace(fix.at(), fix.text()));
        }
    }

    /// F8 and Shift+F8: the next problem after the caret, over all files.
    private void go(int step) {
        List<Diagnostic> all = diagnostics.analysis().get().diagnostics();
        if (all.isEmpty()) {
            return;
        }
        EditorFile front = files.front();
        String file = front == null ? "" : front.name();
        int line = front == null ? -1 : front.area().getCurrentParagraph();
        int column = front == null ? -1 : front.area().getCaretColumn();
        int next = step > 0 ? 0 : all.size() - 1;
        for (int i = step > 0 ? 0 : all.size() - 1; i >= 0 && i < all.size(); i += step) {
            Diagnostic d = all.get(i);
            boolean here = d.at().file().equals(file);
            int order = Integer.compare(d.at().line(), line);
            order = order == 0 ? Integer.compare(d.at().column(), column) : order;
            if (here && order * step > 0) {
                next = i;
                break;
            }
            boolean leftFile = i + step >= 0
                    && i + step < all.size()
                    && here
                    && !all.get(i + step).at().file().equals(file);
            if (leftFile) {
                next = i + step;
            }
        }
        jump(all.get(next));
    }

    // ---- actions

    private List<Action> makeActions() {
        ObservableStringValue noFile = Bindings.createStringBinding(
                () -> files.front() == null ? "No file is open." : "",
                files.tabs().getSelectionModel().selectedItemProperty());
        ObservableStringValue noYaml = Bindings.createStringBinding(
                () -> {
                    EditorFile front = files.front();
                    return front == null ? "No file is open." : front.isYaml() ? "" : "This is for YAML files.";
                },
                files.tabs().getSelectionModel().selectedItemProperty());
        ObservableStringValue noProblem = Bindings.createStringBinding(
                () -> diagnostics.analysis().get().diagnostics().isEmpty() ? "There are no problems." : "",
                diagnostics.analysis());
        List<Action> all = new ArrayList<>(List.of(
                new Action(
                        "editor.save",
                        "Save",
                        Feather.SAVE,
                        key(KeyCode.S),
                        noFile,
                        onFront(f -> files.save(f, false))),
                new Action(
                        "editor.save-all",
                        "Save all files",
                        Feather.SAVE,
                        new KeyCodeCombination(KeyCode.S, KeyCombination.SHORTCUT_DOWN, KeyCombination.SHIFT_DOWN),
                        noFile,
                        files::saveAll),
                new Action(
                        "editor.find",
                        "Find in file",
                        Feather.SEARCH,
                        key(KeyCode.F),
                        noFile,
                        onFront(f -> find.open(f.area()))),
                new Action(
                        "editor.complete",
                        "Complete",
                        Feather.LIST,
                        new KeyCodeCombination(KeyCode.SPACE, KeyCombination.CONTROL_DOWN),
                        noFile,
                        onFront(assist::complete)),
                new Action(
                        "editor.fix",
                        "Mend the problem here",
                        Feather.TOOL,
                        new KeyCodeCombination(KeyCode.ENTER, KeyCombination.ALT_DOWN),
                        noFile,
                        onFront(assist::fix)),
                new Action(
                        "editor.next-problem",
                        "Go to the next problem",
                        Feather.ARROW_DOWN,
                        new KeyCodeCombination(KeyCode.F8),
                        noProblem,
                        () -> go(1)),
                new Action(
                        "editor.previous-problem",
                        "Go to the previous problem",
                        Feather.ARROW_UP,
                        new KeyCodeCombination(KeyCode.F8, KeyCombination.SHIFT_DOWN),
                        noProblem,
                        () -> go(-1))));
        all.addAll(navigation.actions(noYaml, this::onFront));
        all.add(form.action());
        return List.copyOf(all);
    }

    private Runnable onFront(Consumer<EditorFile> work) {
        return () -> {
            EditorFile front = files.front();
            if (front != null) {
                work.accept(front);
            }
        };
    }

    private static KeyCombination key(KeyCode code) {
        return new KeyCodeCombination(code, KeyCombination.SHORTCUT_DOWN);
    }
}
