package nexus.aiagents.engine.supervise;

import static nexus.aiagents.engine.supervise.Child.Phase.BACKING_OFF;
import static nexus.aiagents.engine.supervise.Child.Phase.DOWN;
import static nexus.aiagents.engine.supervise.Child.Phase.FINISHED;
import static nexus.aiagents.engine.supervise.Child.Phase.GONE;
import static nexus.aiagents.engine.supervise.Child.Phase.HELD;
import static nexus.aiagents.engine.supervise.Child.Phase.STARTING;
import static nexus.aiagents.engine.supervise.Child.Phase.STOPPING;
import static nexus.aiagents.engine.supervise.Child.Phase.UP;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Every way a supervisor and a child of it can change. The reference page draws these tables, and over the
/// property tests each row is seen and nothing else.
final class Transitions {

    /// @param why in a few words, as the page says it
    record Row<S>(S from, S to, String why) {}

    static final List<Row<SupervisorState.Phase>> SUPERVISOR = supervisor();
    static final List<Row<Child.Phase>> CHILD = child();

    private static final Set<String> ALLOWED = allowed();

    private Transitions() {}

    private static Set<String> allowed() {
        Set<String> pairs = new HashSet<>();
        SUPERVISOR.forEach(row -> pairs.add(row.from() + ">" + row.to()));
        CHILD.forEach(row -> pairs.add("child " + row.from() + ">" + row.to()));
        return Set.copyOf(pairs);
    }

    static boolean allows(SupervisorState.Phase from, SupervisorState.Phase to) {
        return ALLOWED.contains(from + ">" + to);
    }

    static boolean allows(Child.Phase from, Child.Phase to) {
        return ALLOWED.contains("child " + from + ">" + to);
    }

    private static List<Row<SupervisorState.Phase>> supervisor() {
        SupervisorState.Phase stopped = SupervisorState.Phase.STOPPED;
        SupervisorState.Phase starting = SupervisorState.Phase.STARTING;
        SupervisorState.Phase running = SupervisorState.Phase.RUNNING;
        SupervisorState.Phase stopping = SupervisorState.Phase.STOPPING;
        return List.of(
                new Row<>(stopped, starting, "start"),
                new Row<>(starting, running, "every child is up"),
                new Row<>(starting, stopping, "a child did not start"),
                new Row<>(starting, stopping, "stop"),
                new Row<>(running, stopping, "stop"),
                new Row<>(running, stopping, "too many restarts"),
                new Row<>(running, stopping, "restarts too dear"),
                new Row<>(running, stopping, "auto-shutdown"),
                new Row<>(stopping, stopped, "every child is down"));
    }

    private static List<Row<Child.Phase>> child() {
        List<Row<Child.Phase>> rows = new ArrayList<>(List.of(
                new Row<>(DOWN, STARTING, "its turn"),
                new Row<>(STARTING, UP, "up"),
                new Row<>(STARTING, DOWN, "did not start"),
                new Row<>(UP, DOWN, "ended by itself"),
                new Row<>(STARTING, STOPPING, "to be stopped"),
                new Row<>(UP, STOPPING, "to be stopped"),
                new Row<>(STOPPING, DOWN, "stopped with its group"),
                new Row<>(STOPPING, BACKING_OFF, "stopped with its group"),
                new Row<>(STOPPING, HELD, "stopped by a person"),
                new Row<>(STOPPING, GONE, "temporary or deleted"),
                new Row<>(DOWN, BACKING_OFF, "back-off"),
                new Row<>(BACKING_OFF, DOWN, "time is up"),
                new Row<>(BACKING_OFF, DOWN, "start by a person"),
                new Row<>(DOWN, FINISHED, "transient and ended normally"),
                new Row<>(DOWN, GONE, "temporary or deleted"),
                new Row<>(DOWN, HELD, "no money or no trust"),
                new Row<>(DOWN, HELD, "start by a person failed"),
                new Row<>(DOWN, HELD, "stopped by a person")));
        rows.add(new Row<>(BACKING_OFF, HELD, "stopped by a person"));
        rows.add(new Row<>(FINISHED, HELD, "stopped by a person"));
        rows.add(new Row<>(HELD, DOWN, "start by a person"));
        rows.add(new Row<>(FINISHED, DOWN, "start by a person"));
        rows.add(new Row<>(FINISHED, DOWN, "its group restarts"));
        rows.add(new Row<>(FINISHED, DOWN, "the supervisor starts"));
        rows.add(new Row<>(GONE, DOWN, "start by a person"));
        rows.add(new Row<>(GONE, DOWN, "the supervisor starts"));
        rows.add(new Row<>(BACKING_OFF, DOWN, "the supervisor starts"));
        rows.add(new Row<>(HELD, GONE, "deleted"));
        rows.add(new Row<>(FINISHED, GONE, "deleted"));
        return List.copyOf(rows);
    }
}
