package nexus.aiagents.app.desktop.runs;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import nexus.aiagents.engine.view.ProjectView;
import nexus.aiagents.engine.view.RunView;
import org.jspecify.annotations.Nullable;

/// The runs that pass the filters, newest first, and which of them is selected. JavaFX thread.
public final class RunsViewModel {
    /// What the list shows.
    public enum Filter {
        ALL("All runs", _ -> true),
        ACTIVE("Under way", r -> !r.state().isFinal()),
        PARKED("Needs you", r -> r.state() == RunView.State.PARKED || r.state() == RunView.State.WAITING),
        FAILED("Failed", r -> r.state() == RunView.State.FAILED),
        DONE("Done", r -> r.state() == RunView.State.DONE);

        private final String title;
        private final Predicate<RunView> keeps;

        Filter(String title, Predicate<RunView> keeps) {
            this.title = title;
            this.keeps = keeps;
        }

        public String title() {
            return title;
        }
    }

    private final ObservableList<RunView> runs = FXCollections.observableArrayList();
    private final ObjectProperty<Filter> filter = new SimpleObjectProperty<>(Filter.ALL);
    private final StringProperty text = new SimpleStringProperty("");
    private final ReadOnlyObjectWrapper<RunView> selected = new ReadOnlyObjectWrapper<>();
    private List<RunView> held = List.of();
    private List<RunView> all = List.of();
    /// What was fetched from the journal, because the snapshot does not hold it any more.
    private final Map<String, RunView> older = new LinkedHashMap<>();

    private @Nullable String wanted;

    public RunsViewModel() {
        filter.addListener((_, _, _) -> apply());
        text.addListener((_, _, _) -> apply());
    }

    public void show(@Nullable ProjectView view) {
        held = view == null ? List.of() : view.runs();
        if (view == null) {
            older.clear();
        }
        join();
    }

    /// Runs of long ago, shown behind the others until the project is closed.
    void also(List<RunView> fetched) {
        fetched.forEach(run -> older.put(run.id(), run));
        join();
    }

    private void join() {
        held.forEach(run -> older.remove(run.id()));
        all = older.isEmpty()
                ? held
                : Stream.concat(
                                held.stream(),
                                older.values().stream()
                                        .sorted(Comparator.comparing(RunView::startedAt)
                                                .reversed()))
                        .toList();
        apply();
    }

    /// Of all that is known, whatever the filter hides.
    Set<String> ids() {
        return all.stream().map(RunView::id).collect(Collectors.toSet());
    }

    /// One of all that is known, as it is now; null: none has that id.
    @Nullable
    RunView known(String runId) {
        return find(all, runId);
    }

    List<RunView> known() {
        return all;
    }

    /// Selects a run, also one that has yet to come; a filter that hides it is lifted.
    public void select(@Nullable String runId) {
        wanted = runId;
        if (runId != null && runs.stream().noneMatch(r -> r.id().equals(runId))) {
            filter.set(Filter.ALL);
            text.set("");
        }
        apply();
    }

    private void apply() {
        String typed = text.get().strip().toLowerCase(Locale.ROOT);
        List<RunView> kept = all.stream()
                .filter(filter.get().keeps)
                .filter(r -> typed.isEmpty()
                        || (r.name() + " " + r.id() + " " + r.kind() + " " + r.errorCode())
                                .toLowerCase(Locale.ROOT)
                                .contains(typed))
                .toList();
        if (!kept.equals(runs)) {
            merge(kept);
        }
        RunView now = find(kept, wanted);
        if (now == null && (wanted == null || find(all, wanted) != null)) {
            now = kept.isEmpty() ? null : kept.getFirst();
            wanted = now == null || find(all, wanted) != null ? wanted : now.id();
        } else if (now == null && selected.get() != null) {
            now = find(kept, selected.get().id());
        }
        selected.set(now);
    }

    private static @Nullable RunView find(List<RunView> runs, @Nullable String id) {
        return runs.stream().filter(r -> r.id().equals(id)).findFirst().orElse(null);
    }

    /// In place where only states changed, so that the list keeps its selection and its scroll.
    private void merge(List<RunView> kept) {
        boolean sameIds = kept.size() == runs.size();
        for (int i = 0; sameIds && i < kept.size(); i++) {
            sameIds = kept.get(i).id().equals(runs.get(i).id());
        }
        if (!sameIds) {
            runs.setAll(kept);
            return;
        }
        for (int i = 0; i < kept.size(); i++) {
            if (!kept.get(i).equals(runs.get(i))) {
                runs.set(i, kept.get(i));
            }
        }
    }

    public ObservableList<RunView> runs() {
        return runs;
    }

    /// Whether the project has any run at all.
    public boolean isEmpty() {
        return all.isEmpty();
    }

    public ObjectProperty<Filter> filter() {
        return filter;
    }

    public StringProperty text() {
        return text;
    }

    /// The selected run as it is now, null: none.
    public ReadOnlyObjectProperty<RunView> selected() {
        return selected.getReadOnlyProperty();
    }
}
