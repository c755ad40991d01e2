package nexus.aiagents.app.desktop.editor;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javafx.beans.Observable;
import javafx.beans.binding.Bindings;
import javafx.geometry.Insets;
import javafx.geometry.Orientation;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.SplitPane;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import nexus.aiagents.app.desktop.editor.form.FormBeside;
import nexus.aiagents.app.desktop.fx.Every;
import nexus.aiagents.app.desktop.parts.EmptyState;
import nexus.aiagents.app.desktop.shell.Action;
import nexus.aiagents.app.desktop.shell.Screen;
import nexus.aiagents.app.desktop.shell.Workspace;
import nexus.aiagents.engine.ScriptCheck;
import nexus.aiagents.engine.project.Analysis;
import nexus.aiagents.engine.project.Diagnostic;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.Ikon;
import org.kordamp.ikonli.feather.Feather;

/// The project's files, with what is wrong in them shown while one types.
public final class EditorScreen implements Screen {
    private static final String MAIN = "nexus.yaml";
    private static final java.time.Duration LOOK_AT_DISK = java.time.Duration.ofSeconds(1);
    /// The files and the form beside it give way first.
    private static final double ROOM_FOR_TEXT = 320;
    private static final Pattern PLACE = Pattern.compile("(.*?)(?::(\\d+))?(?::(\\d+))?");

    private final Workspace workspace;
    private final OpenFiles files;
    private final LiveDiagnostics diagnostics;
    private final ApplyLive live;
    private final StackPane texts = new StackPane();
    /// The texts with the form beside them, or what has the room of both.
    private final StackPane stage = new StackPane();
    private final DifferenceView difference;
    private final Assist assist;
    private final Navigation navigation;
    private final FormBeside form;
    private final FileTree tree = new FileTree(name -> open(name, _ -> {}));
    private final ProblemsPanel problems = new ProblemsPanel(this::jump, this::fix);
    private final FindBar find = new FindBar();
    private final Label nothing = new Label("Choose a file on the left.");
    private final EmptyState noProject;
    private final Every disk = new Every(LOOK_AT_DISK, this::lookAtDisk);
    private final UnsavedTexts unsaved;
    private final OpenTabs openTabs;
    private final List<Action> actions;
    private @Nullable Path folder;

    public EditorScreen(Workspace workspace) {
        this.workspace = workspace;
        noProject = EmptyState.noProject(workspace, EDITOR, "Open a project to edit its files.");
        files = new OpenFiles(workspace, this::opened, this::changed, () -> live().saved(), () -> live().notice());
        live = new ApplyLive(workspace, files);
        difference = new DifferenceView(workspace, live, stage, this::select, this::focusText);
        diagnostics = new LiveDiagnostics(workspace.background(), workspace.language(), files::unsaved, files::scripts);
        unsaved = new UnsavedTexts(
                workspace,
                "unsaved",
                new UnsavedTexts.Owner(EDITOR, "", files::unsaved, files::bases),
                this::bringBack);
        assist = new Assist(workspace, files::unsaved);
        navigation = new Navigation(workspace, files::unsaved, this::open);
        form = new FormBeside(workspace, ProjectListing::list);
        files.tabs().getSelectionModel().selectedItemProperty().addListener((_, _, _) -> followFront());
        actions = new EditorActions(files)
                .files(find)
                .assist(assist)
                .problems(
                        diagnostics,
                        new ProblemWalk(() -> diagnostics.analysis().get().diagnostics(), files::front, this::jump))
                .names(navigation)
                .live(difference, live)
                .and(form.action())
                .all();
        problems.keys(action("editor.next-problem"), action("editor.fix"));
        diagnostics
                .analysis()
                .addListener((Observable _) -> show(diagnostics.analysis().get()));
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
        nothing.visibleProperty()
                .bind(Bindings.isEmpty(files.tabs().getTabs())
                        .and(workspace.folder().isNotNull()));
        noProject.visibleProperty().bind(workspace.folder().isNull());
        texts.getChildren().addAll(0, List.of(files.tabs(), nothing, noProject, find));
        texts.setMinWidth(ROOM_FOR_TEXT);
        stage.getChildren().addFirst(form.beside(texts, difference.shownProperty()));
        VBox.setVgrow(stage, Priority.ALWAYS);
        VBox middle = new VBox(new ApplyBar(live, difference::show), stage);
        find.setMaxSize(Region.USE_PREF_SIZE, Region.USE_PREF_SIZE);
        StackPane.setAlignment(find, Pos.TOP_RIGHT);
        StackPane.setMargin(find, new Insets(0, 24, 0, 8));
        StackPane.setAlignment(nothing, Pos.CENTER);
        SplitPane down = new SplitPane(middle, problems);
        down.setOrientation(Orientation.VERTICAL);
        down.setDividerPositions(0.78);
        SplitPane.setResizableWithParent(problems, false);
        SplitPane across = new SplitPane(left, down);
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
        live.notice();
        disk.play();
        if (folder != null && files.all().isEmpty() && !openTabs.any()) {
            open(MAIN, _ -> {});
        }
        if (!difference.isShown()) {
            focusText();
        }
    }

    private Action action(String id) {
        return actions.stream().filter(a -> a.id().equals(id)).findFirst().orElseThrow();
    }

    private ApplyLive live() {
        return live;
    }

    private void focusText() {
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
        unsaved.discard();
    }

    private void bringBack(String name, String text, @Nullable String base) {
        Path project = folder;
        if (project != null) {
            files.openAgain(project, name, base == null ? "" : base, file -> {
                tree.select(name);
                if (!file.saved().stamp().isGone()) {
                    file.basedOn(base == null ? file.saved().text() : base);
                }
                file.recover(text);
            });
        }
    }

    // ---- what happens

    private void follow(@Nullable Path now) {
        if (java.util.Objects.equals(now, folder)) {
            return;
        }
        folder = now;
        unsaved.follow(now);
        files.closeAll();
        find.close();
        difference.hide();
        live.forget();
        tree.show(List.of());
        diagnostics.follow(now);
        lookAtDisk();
    }

    private void open(String name, Consumer<EditorFile> then) {
        Path project = folder;
        if (project != null) {
            difference.hide();
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
        compareWithRunning();
        unsaved.changed();
    }

    private void show(Analysis analysis) {
        problems.show(analysis.diagnostics(), folder != null);
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
        tree.mark(broken, files.unsaved().keySet());
    }

    /// While somebody looks at it.
    private void compareWithRunning() {
        if (difference.isShown() || live.pending().get() != null) {
            live.compare();
        }
    }

    private void lookAtDisk() {
        Path project = folder;
        if (project == null) {
            return;
        }
        files.compareWithDisk();
        compareWithRunning();
        workspace
                .background()
                .quietly(
                        _ -> ProjectListing.list(project),
                        found -> {
                            if (project.equals(folder)) {
                                tree.show(found);
                            }
                        },
                        e -> tree.show(List.of()));
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
}
