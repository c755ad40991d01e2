package nexus.aiagents.app.desktop.parts;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import javafx.beans.binding.Bindings;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.value.ObservableStringValue;
import nexus.aiagents.app.desktop.shell.Action;
import nexus.aiagents.app.desktop.shell.ActionButton;
import nexus.aiagents.app.desktop.shell.Money;
import nexus.aiagents.app.desktop.shell.Screen;
import nexus.aiagents.app.desktop.shell.Workspace;
import nexus.aiagents.engine.control.Command;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.view.AgentView;
import nexus.aiagents.engine.view.AgentView.State;
import nexus.aiagents.engine.view.ProjectView;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.feather.Feather;

/// What can be done to the selected agent, and how far a stop has come. JavaFX thread.
public final class AgentActions {
    public final Action crash;
    /// Further trouble that can be made on purpose.
    public final List<Action> chaos;
    public final Action stop;
    public final Action start;
    public final Action restart;
    public final Action pause;
    public final Action resume;
    /// What the runaway guard stopped is no runaway.
    public final Action allow;
    public final Action open;

    private final Workspace workspace;
    private final ReadOnlyObjectWrapper<AgentView> agent = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyStringWrapper progress = new ReadOnlyStringWrapper("");
    private @Nullable Stop stopping;

    private record Stop(String agent, Instant at, long spentBefore) {}

    /// @param prefix of the actions' ids: the screen they stand on
    public AgentActions(Workspace workspace, String prefix) {
        this.workspace = workspace;
        crash = action(
                prefix + ".crash",
                "Crash this agent",
                Feather.ZAP,
                this::whyNotCrash,
                a -> workspace.send(new Command.CrashAgent(a.name())));
        chaos = List.of(
                action(
                        prefix + ".hang",
                        "Let it hang",
                        Feather.CLOCK,
                        this::whyNotCrash,
                        a -> workspace.send(new Command.HangAgent(a.name()))),
                action(
                        prefix + ".slow",
                        "Slow it down for a minute",
                        Feather.CLOUD_RAIN,
                        this::whyNotCrash,
                        a -> workspace.send(new Command.SlowAgent(a.name(), 2_000, 60_000))),
                action(
                        prefix + ".overspend",
                        "Use up its budget for a minute",
                        Feather.DOLLAR_SIGN,
                        this::whyNotOverspend,
                        a -> workspace.send(new Command.OverspendAgent(a.name(), 60_000))));
        stop = action(prefix + ".stop", "Stop", Feather.SQUARE, this::whyNotStop, this::stop);
        start = action(
                prefix + ".start",
                "Start",
                Feather.PLAY,
                AgentActions::whyNotStart,
                a -> workspace.send(new Command.StartAgent(a.name())));
        restart = action(
                prefix + ".restart",
                "Restart",
                Feather.ROTATE_CW,
                this::whyNotCrash,
                a -> workspace.send(new Command.RestartAgent(a.name())));
        pause = action(
                prefix + ".pause",
                "Pause",
                Feather.PAUSE,
                this::whyNotPause,
                a -> workspace.send(new Command.PauseAgent(a.name())));
        resume = action(
                prefix + ".resume",
                "Resume",
                Feather.PLAY,
                a -> a.state() == State.PAUSED ? "" : a.name() + " is not paused.",
                a -> workspace.send(new Command.ResumeAgent(a.name())));
        allow = action(
                prefix + ".allow",
                "Allow this",
                Feather.CHECK,
                a -> "runaway".equals(a.pausedBy()) ? "" : "The runaway guard does not hold " + a.name() + ".",
                a -> workspace.send(new Command.AllowRunaway(a.name())));
        open = action(
                prefix + ".logs", "Open logs", Feather.FILE_TEXT, _ -> "", a -> workspace.show(Screen.AGENT, a.name()));
    }

    public List<Action> all() {
        List<Action> all = new ArrayList<>(List.of(crash, stop, start, restart, pause, resume, allow, open));
        all.addAll(1, chaos);
        return all;
    }

    /// Buttons for them, except for `without`; what hardly ever can be done is there only while it can.
    public List<ActionButton> buttons(Action... without) {
        return all().stream()
                .filter(a -> !List.of(without).contains(a) && !chaos.contains(a))
                .map(a -> a == allow
                        ? ActionButton.whileEnabled(a, "accent")
                        : a == crash ? new ActionButton(a, "quiet-danger") : new ActionButton(a))
                .toList();
    }

    /// The newest view of the selected agent, null: none is selected.
    public void show(@Nullable AgentView now) {
        agent.set(now);
        Stop asked = stopping;
        if (asked == null) {
            return;
        }
        if (now == null || !now.name().equals(asked.agent())) {
            stopping = null;
            progress.set("");
        } else if (isDown(now)) {
            stopping = null;
            progress.set("Stopped after "
                    + Words.duration(
                            Duration.between(asked.at(), workspace.clock().instant())) + ", "
                    + Money.format(now.microDollars() - asked.spentBefore()) + " spent after the click");
        }
    }

    public ReadOnlyObjectProperty<AgentView> agent() {
        return agent.getReadOnlyProperty();
    }

    /// `Stopping…` from the click until it has stopped, then how long that took and what it cost; else
    /// empty.
    public ReadOnlyStringProperty progress() {
        return progress.getReadOnlyProperty();
    }

    /// Its state, or that it is stopping.
    public Mark mark(AgentView view) {
        Stop asked = stopping;
        return asked != null && asked.agent().equals(view.name()) && !isDown(view)
                ? new Mark(Mark.Shape.HALF, Tone.WARNING, "Stopping")
                : Mark.of(view);
    }

    private void stop(AgentView view) {
        Stop asked = new Stop(view.name(), workspace.clock().instant(), view.microDollars());
        stopping = asked;
        progress.set("Stopping…");
        var _ = workspace.submit(new Command.StopAgent(view.name())).thenAccept(result -> {
            if (result instanceof CommandResult.Refused && stopping == asked) {
                stopping = null;
                progress.set("");
            }
        });
    }

    private Action action(
            String id,
            String title,
            Feather icon,
            Function<AgentView, String> why,
            java.util.function.Consumer<AgentView> act) {
        ObservableStringValue reason = Bindings.createStringBinding(
                () -> agent.get() == null ? "Select an agent first." : why.apply(agent.get()), agent);
        return new Action(id, title, icon, null, reason, () -> act.accept(agent.get()));
    }

    private String whyNotCrash(AgentView a) {
        if (a.supervisor() == null && a.activeCalls() == 0) {
            return a.name() + " runs only while it is called.";
        }
        return isDown(a) || a.state() == State.BACKING_OFF ? a.name() + " is not running." : "";
    }

    private String whyNotStop(AgentView a) {
        Stop asked = stopping;
        if (asked != null && asked.agent().equals(a.name())) {
            return a.name() + " is stopping.";
        }
        return isDown(a) ? a.name() + " is not running." : "";
    }

    private String whyNotOverspend(AgentView a) {
        ProjectView view = workspace.view().get();
        boolean limited = view != null
                && view.budgets().stream()
                        .anyMatch(b -> b.id().equals("agent/" + a.name())
                                || b.scope().equals("project")
                                || (b.scope().equals("supervisor") && b.target().equals(a.supervisor())));
        return limited ? "" : a.name() + " has no budget.";
    }

    private static String whyNotStart(AgentView a) {
        if (a.supervisor() == null) {
            return a.name() + " is under no supervisor: it runs when it is called.";
        }
        return isDown(a) ? "" : a.name() + " is already up.";
    }

    private String whyNotPause(AgentView a) {
        return isDown(a) ? a.name() + " is not running." : a.state() == State.PAUSED ? a.name() + " is paused." : "";
    }

    private static boolean isDown(AgentView a) {
        return a.state() == State.STOPPED || a.state() == State.COMPLETED || a.state() == State.FAILED;
    }
}
