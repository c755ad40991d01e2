package nexus.aiagents.app.desktop.agent;

import java.util.List;
import java.util.function.Function;
import javafx.beans.binding.Bindings;
import javafx.beans.property.ReadOnlyObjectWrapper;
import nexus.aiagents.app.desktop.shell.Action;
import nexus.aiagents.app.desktop.shell.Workspace;
import nexus.aiagents.engine.control.Command;
import nexus.aiagents.engine.view.ScheduleView;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.feather.Feather;

/// What can be done to the schedule of the selected agent. JavaFX thread.
final class ScheduleActions {
    final List<Action> all;
    private final Workspace workspace;
    private final ReadOnlyObjectWrapper<ScheduleView> schedule = new ReadOnlyObjectWrapper<>();

    ScheduleActions(Workspace workspace) {
        this.workspace = workspace;
        all = List.of(
                action("runNow", "Run schedule now", Feather.CLOCK, _ -> "", Command.RunScheduleNow::new),
                action(
                        "pauseSchedule",
                        "Pause schedule",
                        Feather.PAUSE,
                        s -> s.paused() ? "The schedule is paused." : "",
                        Command.PauseSchedule::new),
                action(
                        "resumeSchedule",
                        "Resume schedule",
                        Feather.PLAY,
                        s -> s.paused() ? "" : "The schedule is not paused.",
                        Command.ResumeSchedule::new));
    }

    void show(@Nullable ScheduleView now) {
        schedule.set(now);
    }

    private Action action(
            String id, String title, Feather icon, Function<ScheduleView, String> why, Function<String, Command> act) {
        return new Action(
                "agent." + id,
                title,
                icon,
                null,
                Bindings.createStringBinding(
                        () -> schedule.get() == null ? "The agent has no schedule." : why.apply(schedule.get()),
                        schedule),
                () -> workspace.send(act.apply(schedule.get().id())));
    }
}
