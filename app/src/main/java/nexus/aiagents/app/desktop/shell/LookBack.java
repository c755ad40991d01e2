package nexus.aiagents.app.desktop.shell;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import nexus.aiagents.app.desktop.fx.Background;
import nexus.aiagents.engine.control.EngineClient;
import nexus.aiagents.engine.control.EngineClient.HistoryQuery;
import nexus.aiagents.engine.journal.JournalEntry;
import nexus.aiagents.engine.view.ProjectView;
import org.jspecify.annotations.Nullable;

/// Shows the project as it was after any entry of its journal, in all screens at once. While one moment is
/// looked up only the newest wish for another is kept. JavaFX thread.
public final class LookBack {
    /// What one wants to jump to.
    private static final Set<String> TURNS = Set.of(
            "AgentExited",
            "SupervisorRestarted",
            "SupervisorGaveUp",
            "RunStarted",
            "RunEnded",
            "RunParked",
            "AgentPaused",
            "AgentStuck",
            "BudgetAlert",
            "BudgetChanged",
            "TeamStarted",
            "TeamStopped");

    private final Background background;
    private final Supplier<@Nullable EngineClient> client;
    private final Consumer<Throwable> onFailure;
    private final ReadOnlyObjectWrapper<ProjectView> moment = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyObjectWrapper<Reach> reach = new ReadOnlyObjectWrapper<>();
    private boolean looking;
    private @Nullable Long wanted;
    private int visit;

    /// The entries that one can look back to.
    public record Reach(long first, long last) {}

    LookBack(Background background, Supplier<@Nullable EngineClient> client, Consumer<Throwable> onFailure) {
        this.background = background;
        this.client = client;
        this.onFailure = onFailure;
    }

    /// What is looked at, null: now.
    public ReadOnlyObjectProperty<ProjectView> moment() {
        return moment.getReadOnlyProperty();
    }

    /// Null while nobody looks back.
    public ReadOnlyObjectProperty<Reach> reach() {
        return reach.getReadOnlyProperty();
    }

    public boolean isActive() {
        return reach.get() != null;
    }

    /// Begins at the newest entry.
    void begin(long newest) {
        begin(newest, newest);
    }

    /// Begins at an entry.
    void begin(long newest, long at) {
        EngineClient engine = client.get();
        if (engine == null || isActive()) {
            return;
        }
        int mine = ++visit;
        background.quietly(
                _ -> engine.history(new HistoryQuery(0, 1, false, Set.of(), null, null)),
                first -> {
                    if (mine == visit) {
                        reach.set(
                                new Reach(first.isEmpty() ? 0 : first.getFirst().seq() - 1, newest));
                        to(at);
                    }
                },
                onFailure);
    }

    public void end() {
        visit++;
        wanted = null;
        looking = false;
        reach.set(null);
        moment.set(null);
    }

    /// Looks at the moment after an entry.
    public void to(long seq) {
        EngineClient engine = client.get();
        Reach bounds = reach.get();
        if (engine == null || bounds == null) {
            return;
        }
        wanted = Math.clamp(seq, bounds.first(), bounds.last());
        if (!looking) {
            look(engine);
        }
    }

    private void look(EngineClient engine) {
        Long next = wanted;
        if (next == null) {
            return;
        }
        wanted = null;
        looking = true;
        int mine = visit;
        background.quietly(
                _ -> engine.viewAt(next),
                then -> {
                    if (mine == visit) {
                        looking = false;
                        moment.set(then);
                        look(engine);
                    }
                },
                e -> {
                    if (mine == visit) {
                        looking = false;
                        onFailure.accept(e);
                    }
                });
    }

    /// To the next crash, restart, pause, alert, beginning or end of a run, or to the last one before.
    ///
    /// @param forward else back
    public void turn(boolean forward) {
        EngineClient engine = client.get();
        ProjectView now = moment.get();
        if (engine == null || now == null) {
            return;
        }
        int mine = visit;
        background.quietly(
                _ -> forward ? next(engine, now.seq()) : before(engine, now.seq(), now.at()),
                found -> {
                    if (mine == visit && !found.isEmpty()) {
                        to(found.getFirst().seq());
                    }
                },
                onFailure);
    }

    private static List<JournalEntry> next(EngineClient engine, long seq) {
        return engine.history(new HistoryQuery(seq, 1, false, TURNS, null, null));
    }

    /// Entries of the same moment are told apart by their number.
    private static List<JournalEntry> before(EngineClient engine, long seq, Instant at) {
        List<JournalEntry> found =
                engine.history(new HistoryQuery(0, 64, true, TURNS, null, null, null, at.plusMillis(1), null));
        return found.reversed().stream().filter(e -> e.seq() < seq).limit(1).toList();
    }
}
