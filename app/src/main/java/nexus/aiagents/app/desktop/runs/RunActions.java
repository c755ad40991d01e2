package nexus.aiagents.app.desktop.runs;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import javafx.beans.binding.Bindings;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.stage.Window;
import nexus.aiagents.app.desktop.parts.InputDialog;
import nexus.aiagents.app.desktop.shell.Action;
import nexus.aiagents.app.desktop.shell.Screen;
import nexus.aiagents.app.desktop.shell.Workspace;
import nexus.aiagents.engine.control.Command;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.view.ProjectView;
import nexus.aiagents.engine.view.RunView;
import nexus.aiagents.engine.view.RunView.State;
import nexus.aiagents.engine.view.RunView.StepState;
import nexus.aiagents.engine.view.RunView.StepView;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.feather.Feather;

/// What can be done to the selected run and its selected step. JavaFX thread.
final class RunActions {
    private static final String NO_STEP = "Select a step of a saga or workflow first.";

    final Action cancel;
    /// Other than to cancel it.
    final List<Action> ofRun;
    final List<Action> ofStep;

    private final Workspace workspace;
    private final ReadOnlyObjectProperty<RunView> run;
    private final ReadOnlyObjectProperty<StepView> step;
    private final Supplier<@Nullable Window> window;

    RunActions(
            Workspace workspace,
            ReadOnlyObjectProperty<RunView> run,
            ReadOnlyObjectProperty<StepView> step,
            Supplier<@Nullable Window> window) {
        this.workspace = workspace;
        this.run = run;
        this.step = step;
        this.window = window;
        cancel = command(
                "cancel",
                "Cancel run",
                Feather.X_CIRCLE,
                r -> r.state().isFinal() ? "The run is over." : "",
                r -> new Command.CancelRun(r.id()));
        ofRun = ofRun();
        ofStep = ofStep();
    }

    List<Action> all() {
        List<Action> all = new ArrayList<>(List.of(cancel));
        all.addAll(ofRun);
        all.addAll(ofStep);
        return all;
    }

    private List<Action> ofRun() {
        return List.of(
                command(
                        "retry",
                        "Retry",
                        Feather.ROTATE_CW,
                        RunActions::whyNotParked,
                        r -> new Command.RetryParked(r.id(), parkedStep(), null)),
                command(
                        "skip",
                        "Skip",
                        Feather.SKIP_FORWARD,
                        RunActions::whyNotParked,
                        r -> new Command.SkipParked(r.id(), parkedStep(), false)),
                command(
                        "resolve",
                        "Mark resolved",
                        Feather.CHECK,
                        RunActions::whyNotParked,
                        r -> new Command.SkipParked(r.id(), parkedStep(), true)),
                command("pause", "Pause", Feather.PAUSE, RunActions::whyNotPaused, r -> new Command.PauseRun(r.id())),
                command(
                        "resume",
                        "Resume",
                        Feather.PLAY,
                        r -> r.state() == State.PAUSED ? "" : "Only a paused run can be resumed.",
                        r -> new Command.ResumeRun(r.id())),
                action(
                        "parent",
                        "Open the run it is part of",
                        Feather.CORNER_LEFT_UP,
                        r -> r.parentRunId() == null ? "The run is no step of another." : "",
                        r -> workspace.show(Screen.RUNS, r.parentRunId())));
    }

    private List<Action> ofStep() {
        return List.of(
                action("approve", "Approve…", Feather.THUMBS_UP, this::whyNotWaiting, r -> {
                    String name = stepName();
                    commented("Approve " + name, why -> new Command.ApproveStep(r.id(), name, why));
                }),
                action("reject", "Reject…", Feather.THUMBS_DOWN, this::whyNotWaiting, r -> {
                    String name = stepName();
                    commented("Reject " + name, why -> new Command.RejectStep(r.id(), name, why));
                }),
                action(
                        "nested",
                        "Open its run",
                        Feather.CORNER_RIGHT_DOWN,
                        r -> nested(r) == null ? "The step has begun no run of its own." : "",
                        r -> workspace.show(Screen.RUNS, nested(r))),
                command(
                        "retryFrom",
                        "Retry from this step",
                        Feather.CORNER_LEFT_UP,
                        this::whyNotRetriedFrom,
                        r -> new Command.RetryFrom(r.id(), stepName(), null)),
                action("retryWith", "Edit input and retry…", Feather.EDIT_3, this::whyNotRetriedFrom, this::retryWith),
                command(
                        "fork",
                        "Fork from this step",
                        Feather.GIT_BRANCH,
                        this::whyNotForked,
                        r -> new Command.ForkRun(r.id(), stepName(), null)),
                action("forkWith", "Edit input and fork…", Feather.GIT_BRANCH, this::whyNotForked, this::forkWith));
    }

    private void commented(String act, Function<@Nullable String, Command> command) {
        new CommentDialog(window.get(), act).ask().ifPresent(why -> send(command.apply(why.isEmpty() ? null : why)));
    }

    /// The selected step or item if it waits for a person; null: the first that does.
    private @Nullable String parkedStep() {
        StepView selected = step.get();
        return selected == null || selected.parked() == null ? null : selected.name();
    }

    private void retryWith(RunView r) {
        String name = stepName();
        String meaning = r.kind().equals("workflow")
                ? "The step and all that use its output run again. What is done is kept; nothing is undone."
                : "What was done from there on is undone first; outputs before it are kept.";
        new InputDialog(window.get(), "Retry from " + name, meaning, "Retry with this input", input(r, name))
                .ask()
                .ifPresent(json -> send(new Command.RetryFrom(r.id(), name, json)));
    }

    private void forkWith(RunView r) {
        String name = stepName();
        new InputDialog(
                        window.get(),
                        "Fork from " + name,
                        "A new run takes over what was done before this step. This run stays as it is.",
                        "Fork with this input",
                        input(r, name))
                .ask()
                .ifPresent(json -> send(new Command.ForkRun(r.id(), name, json)));
    }

    private static String input(RunView run, String step) {
        return run.steps().stream()
                .filter(s -> s.name().equals(step) && s.inputJson() != null)
                .map(StepView::inputJson)
                .findFirst()
                .orElse("{}");
    }

    /// A run that comes of it is shown.
    private void send(Command command) {
        var _ = workspace.submit(command).thenAccept(result -> {
            if (result instanceof CommandResult.RunStarted(String runId)) {
                workspace.show(Screen.RUNS, runId);
            }
        });
    }

    /// The name of the selected step; of an item that of its step.
    private String stepName() {
        StepView selected = step.get();
        String name = selected == null ? "" : selected.name();
        return name.endsWith("]") && name.contains("[") ? name.substring(0, name.lastIndexOf('[')) : name;
    }

    /// The step that waits for approval; the first, if there are several.
    static String waiting(RunView run) {
        return run.steps().stream()
                .filter(s -> s.state() == StepState.WAITING)
                .map(StepView::name)
                .findFirst()
                .orElse("");
    }

    /// The newest run that the selected step, or an item of it, began; null: none.
    private @Nullable String nested(RunView of) {
        ProjectView view = workspace.view().get();
        StepView selected = step.get();
        if (view == null || selected == null) {
            return null;
        }
        return view.runs().stream()
                .filter(r -> of.id().equals(r.parentRunId()) && isBegunBy(selected, r.parentStep()))
                .map(RunView::id)
                .findFirst()
                .orElse(null);
    }

    private static boolean isBegunBy(StepView step, @Nullable String parentStep) {
        return parentStep != null
                && (parentStep.equals(step.name()) || step.items() != null && parentStep.startsWith(step.name() + "["));
    }

    private static String whyNotParked(RunView run) {
        return run.state() == State.PARKED ? "" : "Only a run that waits for you can go on like this.";
    }

    private String whyNotWaiting(RunView run) {
        if (run.state() != State.WAITING) {
            return "No step of this run waits for your approval.";
        }
        StepView selected = step.get();
        return selected != null && selected.state() == StepState.WAITING
                ? ""
                : "Select the step that waits: " + waiting(run) + ".";
    }

    private static String whyNotPaused(RunView run) {
        if (!hasSteps(run)) {
            return "Only a run of several steps can be paused.";
        }
        return run.state().isFinal() || run.state() == State.PAUSED ? "Nothing of it is under way." : "";
    }

    private static boolean hasSteps(RunView run) {
        return run.kind().equals("saga") || run.kind().equals("workflow");
    }

    private String whyNotForked(RunView run) {
        if (!hasSteps(run) || step.get() == null) {
            return NO_STEP;
        }
        return run.parentRunId() == null ? "" : "It is part of another run: fork that one.";
    }

    private String whyNotRetriedFrom(RunView run) {
        if (!hasSteps(run) || step.get() == null) {
            return NO_STEP;
        }
        if (run.parentRunId() != null) {
            return "It is part of another run: retry that one.";
        }
        boolean rests = run.state().isFinal() || run.state() == State.PARKED;
        boolean held = run.kind().equals("workflow") && (run.state() == State.WAITING || run.state() == State.PAUSED);
        return rests || held ? "" : "It is under way.";
    }

    private Action command(
            String id, String title, Feather icon, Function<RunView, String> why, Function<RunView, Command> act) {
        return action(id, title, icon, why, r -> send(act.apply(r)));
    }

    private Action action(String id, String title, Feather icon, Function<RunView, String> why, Consumer<RunView> act) {
        return new Action(
                "runs." + id,
                title,
                icon,
                null,
                Bindings.createStringBinding(
                        () -> run.get() == null ? "Select a run first." : why.apply(run.get()),
                        run,
                        step,
                        workspace.view()),
                () -> act.accept(run.get()));
    }
}
