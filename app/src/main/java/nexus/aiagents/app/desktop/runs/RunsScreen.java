package nexus.aiagents.app.desktop.runs;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javafx.beans.binding.Bindings;
import javafx.beans.value.ObservableStringValue;
import javafx.scene.Node;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.ListView;
import javafx.scene.control.TextField;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import javafx.util.StringConverter;
import nexus.aiagents.app.desktop.fx.Every;
import nexus.aiagents.app.desktop.parts.EmptyState;
import nexus.aiagents.app.desktop.parts.LiveScreen;
import nexus.aiagents.app.desktop.parts.RunDialog;
import nexus.aiagents.app.desktop.shell.Action;
import nexus.aiagents.app.desktop.shell.ActionButton;
import nexus.aiagents.app.desktop.shell.Screen;
import nexus.aiagents.app.desktop.shell.ViewState;
import nexus.aiagents.app.desktop.shell.Workspace;
import nexus.aiagents.engine.control.Command;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.view.ProjectView;
import nexus.aiagents.engine.view.ProjectView.SagaStepView;
import nexus.aiagents.engine.view.RunView;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.Ikon;
import org.kordamp.ikonli.feather.Feather;

/// Sagas, pool decisions and calls: the list of runs, and the one that is selected, step by step.
public final class RunsScreen extends LiveScreen {
    private final RunsViewModel runs = new RunsViewModel();
    private final ListView<RunView> list = new ListView<>(runs.runs());
    private final RunDetail detail;
    private final OlderRuns older;
    private final Every ticking = new Every(Duration.ofMillis(200), this::showSelected);
    private final StackPane middle = new StackPane();
    private final List<Action> actions = new ArrayList<>();
    private final Action runSaga;
    private final Action runWorkflow;
    private final Action edit;
    private final ActionButton sagaButton;
    private final ActionButton workflowButton;
    private final StackPane empty = new StackPane();
    private final BorderPane split = new BorderPane();
    private final RunPair pair;
    private final ComparePane comparing;
    private boolean following;
    private @Nullable Action offered;

    public RunsScreen(Workspace workspace) {
        super(workspace);
        detail = new RunDetail(workspace, runs.selected());
        older = new OlderRuns(workspace, runs);
        runSaga = new Action(
                "runs.saga",
                "Run saga…",
                Feather.PLAY,
                null,
                whyNot("saga", this::sagas),
                () -> ask("saga", sagas(), c -> new Command.RunSaga(c.name(), c.inputJson())));
        runWorkflow = new Action(
                "runs.workflow",
                "Run workflow…",
                Feather.PLAY,
                null,
                whyNot("workflow", this::workflows),
                () -> ask("workflow", workflows(), c -> new Command.RunWorkflow(c.name(), c.inputJson())));
        edit = Action.always(
                "runs.edit",
                "Open the editor",
                Feather.EDIT_3,
                null,
                () -> workspace.show(Screen.EDITOR, "nexus.yaml"));
        sagaButton = new ActionButton(runSaga);
        workflowButton = new ActionButton(runWorkflow);
        actions.add(runSaga);
        actions.add(runWorkflow);
        pair = new RunPair(workspace, runs, list);
        comparing = new ComparePane(pair.end);
        detail.offer(pair.compare);
        pair.chosen().addListener((_, _, _) -> showSelected());
        actions.addAll(List.of(pair.compare, pair.end));
        actions.addAll(detail.actions());
    }

    @Override
    protected Node build() {
        ComboBox<RunsViewModel.Filter> filter = new ComboBox<>();
        filter.setId("runs-filter");
        filter.setAccessibleText("Which runs");
        filter.getItems().setAll(RunsViewModel.Filter.values());
        filter.setConverter(new StringConverter<>() {
            @Override
            public String toString(RunsViewModel.Filter f) {
                return f == null ? "" : f.title();
            }

            @Override
            public RunsViewModel.Filter fromString(String title) {
                return RunsViewModel.Filter.ALL;
            }
        });
        filter.valueProperty().bindBidirectional(runs.filter());
        TextField text = new TextField();
        text.setId("runs-text");
        text.setPromptText("Filter by name, id or error");
        text.setAccessibleText("Filter the runs");
        text.setPrefWidth(232);
        text.textProperty().bindBidirectional(runs.text());
        text.setOnAction(_ -> older.search(text.getText()));
        workspace.viewState().text("runs.text", runs.text());
        workspace
                .viewState()
                .value("runs.filter", runs.filter(), Enum::name, ViewState.oneOf(RunsViewModel.Filter.values()));
        Region gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        HBox bar = new HBox(8, filter, text, gap, workflowButton, sagaButton);
        bar.getStyleClass().add("screen-bar");
        list.setId("runs-list");
        list.setAccessibleText("Runs");
        list.getStyleClass().addAll("side-list", "rich-list");
        list.setCellFactory(_ -> new RunCell(workspace.clock()));
        list.setPlaceholder(new Label("No run fits the filter. Enter looks among older ones."));
        list.getSelectionModel().selectedItemProperty().addListener((_, _, item) -> {
            if (item != null && !following) {
                runs.select(item.id());
            }
        });
        pair.followList(() -> following);
        runs.selected().addListener((_, _, _) -> followSelection());
        split.setCenter(detail);
        split.setLeft(list);
        middle.getChildren().setAll(split, empty);
        VBox.setVgrow(middle, Priority.ALWAYS);
        return new VBox(bar, middle);
    }

    /// A list whose rows were replaced forgets which of them were selected.
    private void markRows() {
        RunPair.Pair two = pair.now();
        RunView one = runs.selected().get();
        Set<String> wanted =
                two != null ? Set.of(two.first().id(), two.second().id()) : one == null ? Set.of() : Set.of(one.id());
        Set<String> marked = list.getSelectionModel().getSelectedItems().stream()
                .filter(Objects::nonNull)
                .map(RunView::id)
                .collect(Collectors.toSet());
        if (wanted.equals(marked)) {
            return;
        }
        list.getSelectionModel().clearSelection();
        for (int i = 0; i < runs.runs().size(); i++) {
            if (wanted.contains(runs.runs().get(i).id())) {
                list.getSelectionModel().select(i);
            }
        }
    }

    private void followSelection() {
        RunView wanted = runs.selected().get();
        following = true;
        if (wanted == null) {
            list.getSelectionModel().clearSelection();
        } else {
            for (int i = 0; i < runs.runs().size(); i++) {
                if (runs.runs().get(i).id().equals(wanted.id())) {
                    if (!list.getSelectionModel().isSelected(i)) {
                        list.getSelectionModel().clearAndSelect(i);
                    }
                    break;
                }
            }
        }
        following = false;
        showSelected();
    }

    private void showSelected() {
        RunView run = runs.selected().get();
        RunPair.Pair two = pair.now();
        Node wanted = two == null ? detail : comparing;
        if (split.getCenter() != wanted) {
            split.setCenter(wanted);
        }
        if (two != null) {
            comparing.show(two.first(), two.second(), workspace.clock().instant());
        }
        detail.show(run);
        if (run != null && !run.state().isFinal() && isSeen()) {
            ticking.play();
        } else {
            ticking.stop();
        }
    }

    /// A window that was closed needs no countdowns.
    private boolean isSeen() {
        return inFront()
                && middle.getScene() != null
                && middle.getScene().getWindow() != null
                && middle.getScene().getWindow().isShowing();
    }

    private ObservableStringValue whyNot(String kind, Supplier<List<RunDialog.Target>> targets) {
        return Bindings.createStringBinding(
                () -> workspace.view().get() == null
                        ? "Open a project first."
                        : targets.get().isEmpty() ? "The project has no " + kind + "." : "",
                workspace.view());
    }

    private List<RunDialog.Target> sagas() {
        ProjectView view = workspace.view().get();
        return view == null
                ? List.of()
                : view.sagas().stream()
                        .map(s -> RunDialog.Target.of(
                                view,
                                "saga",
                                s.name(),
                                s.steps().stream().map(SagaStepView::name).toList()))
                        .toList();
    }

    private List<RunDialog.Target> workflows() {
        ProjectView view = workspace.view().get();
        return view == null
                ? List.of()
                : view.workflows().stream()
                        .map(w -> RunDialog.Target.of(view, "workflow", w.name(), List.of()))
                        .toList();
    }

    private void ask(String kind, List<RunDialog.Target> targets, Function<RunDialog.Choice, Command> command) {
        RunView now = runs.selected().get();
        Optional<RunDialog.Choice> choice = new RunDialog(
                        middle.getScene() == null ? null : middle.getScene().getWindow(),
                        kind,
                        targets,
                        now == null ? null : now.name())
                .ask();
        choice.ifPresent(c -> {
            var _ = workspace.submit(command.apply(c)).thenAccept(result -> {
                if (result instanceof CommandResult.RunStarted started) {
                    runs.select(started.runId());
                }
            });
        });
    }

    @Override
    protected void update(ProjectView view) {
        boolean before = following;
        following = true; // rows that are replaced are not selected by a person
        runs.show(view);
        markRows();
        following = before;
        offer(view);
        middle.getChildren().getFirst().setVisible(!runs.isEmpty());
        middle.getChildren().getLast().setVisible(runs.isEmpty());
        showSelected();
    }

    /// A kind that the project does not have is not offered; the last button, what most come for,
    /// stands out.
    private void offer(ProjectView view) {
        boolean workflows = !view.workflows().isEmpty();
        boolean sagas = !view.sagas().isEmpty() || !workflows;
        for (ActionButton button : List.of(sagaButton, workflowButton)) {
            boolean offered = button == sagaButton ? sagas : workflows;
            button.setVisible(offered);
            button.setManaged(offered);
        }
        Action first = view.sagas().isEmpty() && !workflows ? edit : sagas ? runSaga : runWorkflow;
        if (first != offered) {
            offered = first;
            sagaButton.button().getStyleClass().remove("accent");
            workflowButton.button().getStyleClass().remove("accent");
            (sagas ? sagaButton : workflowButton).button().getStyleClass().add("accent");
            empty.getChildren()
                    .setAll(new EmptyState(
                            first == edit
                                    ? "Nothing has run yet, and the project has no saga or workflow to start."
                                    : "Nothing has run yet: start a " + (sagas ? "saga" : "workflow")
                                            + " to see it here.",
                            first));
        }
    }

    @Override
    protected void projectChanged() {
        detail.stopFeed();
        pair.forget();
        runs.select(null);
        runs.show(null);
    }

    /// @param selection a run's id, and behind a space the step of it
    @Override
    public void select(String selection) {
        int space = selection.indexOf(' ');
        String run = space < 0 ? selection : selection.substring(0, space);
        pair.forget();
        detail.want(run, space < 0 ? null : selection.substring(space + 1));
        runs.select(run);
        if (!runs.ids().contains(run)) {
            older.fetch(run);
        }
    }

    @Override
    public void hidden() {
        super.hidden();
        ticking.stop();
        detail.stopFeed();
    }

    @Override
    public @Nullable String selection() {
        RunView run = runs.selected().get();
        return run == null ? null : run.id();
    }

    @Override
    public List<Action> actions() {
        return actions;
    }

    @Override
    public String id() {
        return RUNS;
    }

    @Override
    public String title() {
        return "Runs";
    }

    @Override
    public Ikon icon() {
        return Feather.ACTIVITY;
    }
}
