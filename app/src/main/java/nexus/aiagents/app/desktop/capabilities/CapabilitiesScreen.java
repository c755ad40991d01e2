package nexus.aiagents.app.desktop.capabilities;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.value.ObservableStringValue;
import javafx.geometry.Orientation;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.SplitPane;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyCodeCombination;
import javafx.scene.input.KeyCombination;
import javafx.scene.input.MouseButton;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import nexus.aiagents.app.desktop.parts.LiveScreen;
import nexus.aiagents.app.desktop.parts.Words;
import nexus.aiagents.app.desktop.shell.Action;
import nexus.aiagents.app.desktop.shell.ActionButton;
import nexus.aiagents.app.desktop.shell.Screen;
import nexus.aiagents.app.desktop.shell.Workspace;
import nexus.aiagents.engine.control.Command;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.view.AgentView;
import nexus.aiagents.engine.view.AgentView.GrantView;
import nexus.aiagents.engine.view.ProjectView;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.Ikon;
import org.kordamp.ikonli.feather.Feather;

/// What every agent may do, what it makes of that, what it was denied, and what it asks for.
public final class CapabilitiesScreen extends LiveScreen {
    private static final String NOTHING_REMOVED = "No grant was removed here.";

    private final AskCards asks;
    private final GrantMatrix matrix = new GrantMatrix();
    private final GrantList list = new GrantList(this::remove);
    private final Label summary = new Label();
    private final Label heading = new Label();
    /// What was taken out, the latest first: every rule of one name.
    private final Deque<List<Command.AddGrant>> removed = new ArrayDeque<>();
    private final ReadOnlyStringWrapper whyNoRemoval = new ReadOnlyStringWrapper("Select a grant that was never used.");
    private final ReadOnlyStringWrapper whyNoUndo = new ReadOnlyStringWrapper(NOTHING_REMOVED);
    private final Action removeUnused = action(
            "capabilities.remove", "Remove unused grant", Feather.TRASH_2, null, whyNoRemoval, this::removeSelected);
    private final Action undo = action(
            "capabilities.undo",
            "Put the grant back",
            Feather.CORNER_UP_LEFT,
            new KeyCodeCombination(KeyCode.Z, KeyCombination.SHORTCUT_DOWN),
            whyNoUndo,
            this::putBack);
    private @Nullable String wanted;

    public CapabilitiesScreen(Workspace workspace) {
        super(workspace);
        this.asks = new AskCards(workspace);
    }

    private static Action action(
            String id,
            String title,
            Ikon icon,
            @Nullable KeyCombination shortcut,
            ObservableStringValue whyDisabled,
            Runnable run) {
        return new Action(id, title, icon, shortcut, whyDisabled, run);
    }

    @Override
    protected Node build() {
        summary.getStyleClass().add("muted");
        Region gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        HBox bar = new HBox(8, summary, gap, ActionButton.whileEnabled(undo, "small"));
        bar.setAlignment(Pos.CENTER_LEFT);
        bar.getStyleClass().add("screen-bar");
        matrix.getSelectionModel().selectedItemProperty().addListener((_, _, now) -> showAgent(now));
        matrix.setOnMouseClicked(e -> {
            AgentView selected = matrix.getSelectionModel().getSelectedItem();
            if (e.getButton() == MouseButton.PRIMARY && e.getClickCount() == 2 && selected != null) {
                workspace.show(Screen.AGENT, selected.name());
            }
        });
        list.getSelectionModel().selectedItemProperty().addListener((_, _, now) -> whyNoRemoval.set(whyNot(now)));
        list.setOnKeyPressed(e -> {
            if (e.getCode() == KeyCode.DELETE) {
                removeUnused.fire();
                e.consume();
            }
        });
        heading.getStyleClass().add("eyebrow");
        HBox listBar = new HBox(heading);
        listBar.setAlignment(Pos.CENTER_LEFT);
        listBar.getStyleClass().add("grants-heading");
        VBox.setVgrow(list, Priority.ALWAYS);
        SplitPane split = new SplitPane(matrix, new VBox(listBar, list));
        split.setOrientation(Orientation.VERTICAL);
        split.setDividerPositions(0.5);
        workspace.viewState().split("capabilities.split", split);
        VBox.setVgrow(split, Priority.ALWAYS);
        return new VBox(bar, asks, split);
    }

    private static String whyNot(GrantList.@Nullable Row row) {
        if (row == null) {
            return "Select a grant that was never used.";
        }
        if (row.grant() == null) {
            return "That was denied: there is nothing to remove.";
        }
        return row.isUnused() ? "" : "That grant is in use: take it out of the YAML in the editor.";
    }

    @Override
    protected void projectChanged() {
        removed.clear();
        whyNoUndo.set(NOTHING_REMOVED);
    }

    @Override
    protected void update(ProjectView view) {
        asks.show(view);
        matrix.show(view.agents());
        String agent = wanted;
        if (agent != null || matrix.getSelectionModel().isEmpty()) {
            matrix.select(agent);
            wanted = null;
        }
        showAgent(matrix.getSelectionModel().getSelectedItem());
        summary.setText(summary(view));
    }

    private static String summary(ProjectView view) {
        List<GrantView> all = view.agents().stream()
                .flatMap(a -> a.grants().declared().stream())
                .toList();
        long unused = all.stream()
                .filter(g -> g.used() == 0 && !g.kind().equals("env"))
                .count();
        long denied = view.agents().stream()
                .flatMap(a -> a.grants().denied().stream())
                .mapToLong(AgentView.DenialView::count)
                .sum();
        long waiting = AskCards.waiting(view);
        return (waiting == 0 ? "" : Words.plural(waiting, "question") + " for you · ")
                + Words.plural(all.size(), "grant") + ", " + unused + " never used · "
                + Words.plural(denied, "call") + " denied";
    }

    private void showAgent(@Nullable AgentView agent) {
        list.show(agent);
        heading.setText(
                agent == null
                        ? ""
                        : "Grants of " + agent.name()
                                + (agent.grants().asks() ? " · what is not granted is asked for" : ""));
        whyNoRemoval.set(whyNot(list.getSelectionModel().getSelectedItem()));
    }

    private void removeSelected() {
        GrantList.Row row = list.getSelectionModel().getSelectedItem();
        if (row != null) {
            remove(row);
        }
    }

    private void remove(GrantList.Row row) {
        GrantView grant = row.grant();
        if (grant == null) {
            return;
        }
        List<Command.AddGrant> back = list.getItems().stream()
                .map(GrantList.Row::grant)
                .filter(Objects::nonNull)
                .filter(g -> g.kind().equals(grant.kind()) && g.name().equals(grant.name()))
                .map(g -> new Command.AddGrant(row.agent(), g.kind(), g.itemJson()))
                .toList();
        var _ = workspace
                .submit(new Command.RemoveGrant(row.agent(), grant.kind(), grant.name()))
                .thenAccept(result -> {
                    if (!(result instanceof CommandResult.Refused)) {
                        removed.push(back);
                        whyNoUndo.set("");
                    }
                });
    }

    private void putBack() {
        List<Command.AddGrant> last = removed.poll();
        if (last == null) {
            return;
        }
        whyNoUndo.set(removed.isEmpty() ? NOTHING_REMOVED : "");
        last.forEach(workspace::send);
    }

    @Override
    public void select(String selection) {
        wanted = selection;
        refresh();
    }

    @Override
    public @Nullable String selection() {
        AgentView agent = matrix.getSelectionModel().getSelectedItem();
        return agent == null ? null : agent.name();
    }

    @Override
    public List<Action> actions() {
        return List.of(removeUnused, undo);
    }

    @Override
    public String id() {
        return CAPABILITIES;
    }

    @Override
    public String title() {
        return "Capabilities";
    }

    @Override
    public Ikon icon() {
        return Feather.KEY;
    }
}
