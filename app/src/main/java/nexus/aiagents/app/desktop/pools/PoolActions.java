package nexus.aiagents.app.desktop.pools;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import javafx.beans.binding.Bindings;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import nexus.aiagents.app.desktop.shell.Action;
import nexus.aiagents.app.desktop.shell.Workspace;
import nexus.aiagents.engine.control.Command;
import nexus.aiagents.engine.view.ProjectView.PoolView;
import nexus.aiagents.engine.view.ProjectView.QueueView;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.feather.Feather;

/// What can be done to the selected pool. JavaFX thread.
final class PoolActions {
    final Action drain;
    final Action resume;
    final Action more;
    final Action fewer;
    final Action automatic;

    private final Workspace workspace;
    private final ReadOnlyObjectWrapper<PoolView> pool = new ReadOnlyObjectWrapper<>();

    PoolActions(Workspace workspace) {
        this.workspace = workspace;
        drain = action(
                "pools.drain",
                "Drain",
                Feather.PAUSE,
                queue -> isOpen(queue) ? "" : "It takes no new jobs already.",
                p -> workspace.send(new Command.DrainPool(p.name())));
        resume = action(
                "pools.resume",
                "Resume",
                Feather.PLAY,
                queue -> isOpen(queue) ? "It takes jobs already." : "",
                p -> workspace.send(new Command.ResumePool(p.name())));
        more = action("pools.more", "Add a worker", Feather.PLUS, PoolActions::whyNotMore, p -> scale(p, 1));
        fewer = action("pools.fewer", "Remove a worker", Feather.MINUS, PoolActions::whyNotFewer, p -> scale(p, -1));
        automatic = action(
                "pools.automatic",
                "Follow the queue",
                Feather.REFRESH_CW,
                PoolActions::whyNotAutomatic,
                p -> workspace.send(new Command.ScalePool(p.name(), null)));
    }

    List<Action> all() {
        return List.of(drain, resume, more, fewer, automatic);
    }

    /// The newest view of the selected pool, null: none is selected.
    void show(@Nullable PoolView now) {
        pool.set(now);
    }

    ReadOnlyObjectProperty<PoolView> pool() {
        return pool.getReadOnlyProperty();
    }

    void scaleTo(int workers) {
        PoolView now = pool.get();
        if (now != null && now.queue() != null && now.queue().workers() != workers) {
            workspace.send(new Command.ScalePool(now.name(), workers));
        }
    }

    private void scale(PoolView view, int by) {
        QueueView queue = view.queue();
        if (queue != null) {
            scaleTo(queue.workers() + by);
        }
    }

    static boolean isOpen(QueueView queue) {
        return queue.state().equals("open") || queue.state().equals("closed");
    }

    private static String whyNotMore(QueueView queue) {
        return queue.workers() < queue.max() ? "" : "It has its " + queue.max() + " workers already: max says so.";
    }

    private static String whyNotFewer(QueueView queue) {
        return queue.workers() > queue.min() ? "" : "It has no more than its " + queue.min() + " workers: min says so.";
    }

    private static String whyNotAutomatic(QueueView queue) {
        if (!queue.automatic()) {
            return "It has no min and max to scale between by itself.";
        }
        return queue.byHand() ? "" : "Its workers follow the queue already.";
    }

    private Action action(
            String id, String title, Feather icon, Function<QueueView, String> why, Consumer<PoolView> act) {
        var reason = Bindings.createStringBinding(
                () -> {
                    PoolView now = pool.get();
                    if (now == null) {
                        return "Select a pool first.";
                    }
                    QueueView queue = now.queue();
                    return queue == null
                            ? now.name() + " has no queue: its members decide together."
                            : why.apply(queue);
                },
                pool);
        return new Action(id, title, icon, null, reason, () -> act.accept(pool.get()));
    }
}
