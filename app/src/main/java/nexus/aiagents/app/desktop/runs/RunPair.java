package nexus.aiagents.app.desktop.runs;

import java.util.List;
import java.util.function.BooleanSupplier;
import javafx.beans.binding.Bindings;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.collections.ListChangeListener;
import javafx.scene.control.ListView;
import javafx.scene.control.SelectionMode;
import nexus.aiagents.app.desktop.parts.Mark;
import nexus.aiagents.app.desktop.parts.Words;
import nexus.aiagents.app.desktop.shell.Action;
import nexus.aiagents.app.desktop.shell.Choice;
import nexus.aiagents.app.desktop.shell.Workspace;
import nexus.aiagents.engine.view.RunComparison;
import nexus.aiagents.engine.view.RunView;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.feather.Feather;

/// Which two runs are compared: those that are selected together in the list, or the selected one and one
/// that was picked. JavaFX thread.
final class RunPair {
    /// Compares the selected run with one that is picked.
    final Action compare;
    /// Back to one run.
    final Action end;

    private final Workspace workspace;
    private final RunsViewModel runs;
    private final ListView<RunView> list;
    private final ReadOnlyObjectWrapper<Ids> chosen = new ReadOnlyObjectWrapper<>();

    /// The older one first.
    record Ids(String first, String second) {}

    /// As they are now.
    record Pair(RunView first, RunView second) {}

    RunPair(Workspace workspace, RunsViewModel runs, ListView<RunView> list) {
        this.workspace = workspace;
        this.runs = runs;
        this.list = list;
        compare = new Action(
                "runs.compare",
                "Compare with…",
                Feather.COLUMNS,
                null,
                Bindings.createStringBinding(this::whyNot, runs.selected(), workspace.view()),
                this::pick);
        end = new Action(
                "runs.compareEnd",
                "Back to one run",
                Feather.X,
                null,
                Bindings.createStringBinding(() -> chosen.get() == null ? "No runs are being compared." : "", chosen),
                this::forget);
        list.getSelectionModel().setSelectionMode(SelectionMode.MULTIPLE);
    }

    /// @param busy the program selects, not a person
    void followList(BooleanSupplier busy) {
        list.getSelectionModel().getSelectedItems().addListener((ListChangeListener<RunView>) _ -> {
            if (!busy.getAsBoolean()) {
                selected(List.copyOf(list.getSelectionModel().getSelectedItems()));
            }
        });
    }

    private void selected(List<RunView> now) {
        if (now.size() == 2
                && RunComparison.whyNot(now.getFirst(), now.getLast()).isEmpty()) {
            choose(now.getFirst(), now.getLast());
        } else {
            forget();
        }
    }

    private void choose(RunView a, RunView b) {
        boolean inOrder = !a.startedAt().isAfter(b.startedAt());
        chosen.set(inOrder ? new Ids(a.id(), b.id()) : new Ids(b.id(), a.id()));
    }

    void forget() {
        chosen.set(null);
    }

    ReadOnlyObjectProperty<Ids> chosen() {
        return chosen.getReadOnlyProperty();
    }

    /// Null while one run alone is looked at.
    @Nullable
    Pair now() {
        Ids ids = chosen.get();
        RunView first = ids == null ? null : runs.known(ids.first());
        RunView second = ids == null ? null : runs.known(ids.second());
        return first == null || second == null ? null : new Pair(first, second);
    }

    private List<RunView> candidates(RunView with) {
        return runs.known().stream()
                .filter(run -> RunComparison.whyNot(with, run).isEmpty())
                .toList();
    }

    private String whyNot() {
        RunView run = runs.selected().get();
        if (run == null) {
            return "Select a run first.";
        }
        return candidates(run).isEmpty() ? run.name() + " has no other run." : "";
    }

    private void pick() {
        RunView run = runs.selected().get();
        if (run == null) {
            return;
        }
        var now = workspace.clock().instant();
        workspace.pick(
                "Compare " + run.name() + " of " + Words.time(run.startedAt(), now) + " with",
                candidates(run).stream()
                        .map(other -> Choice.to(
                                other.name() + " " + Words.time(other.startedAt(), now),
                                Mark.of(other.state()).text() + " · " + other.id(),
                                Feather.ACTIVITY,
                                () -> choose(run, other)))
                        .toList());
    }
}
