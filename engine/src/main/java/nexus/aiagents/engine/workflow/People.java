package nexus.aiagents.engine.workflow;

import static nexus.aiagents.engine.workflow.Draft.WHOLE;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.ExitReason;
import nexus.aiagents.engine.journal.ExitReason.Kind;
import nexus.aiagents.engine.project.Similar;
import nexus.aiagents.engine.project.WorkflowSpec.StepSpec;
import nexus.aiagents.engine.workflow.WorkflowState.Failure;
import nexus.aiagents.engine.workflow.WorkflowState.Fan;
import nexus.aiagents.engine.workflow.WorkflowState.Phase;
import nexus.aiagents.engine.workflow.WorkflowState.Status;
import nexus.aiagents.engine.workflow.WorkflowState.Step;
import nexus.aiagents.engine.workflow.WorkflowState.Task;
import org.jspecify.annotations.Nullable;

/// What people ask of a run.
final class People {
    private static final ExitReason CANCELLED = ExitReason.of(Kind.KILLED, "cancelled");

    private final Draft draft;
    private final Forward forward;

    People(Draft draft, Forward forward) {
        this.draft = draft;
        this.forward = forward;
    }

    void cancel() {
        if (draft.phase == Phase.ENDED || draft.cancelled) {
            draft.refuse("already", "run " + id() + " is being cancelled already");
            return;
        }
        goOn();
        draft.cancelled = true;
        forward.ends.stop(new Failure(null, CANCELLED), RunTransition.CANCELLED);
        draft.underWay((i, item) -> draft.effects.add(
                new WorkflowEffect.CancelCall(i, item, ExitReason.of(Kind.KILLED, "the run was cancelled"))));
    }

    // ---- pause

    void pause() {
        if (draft.pausedAt > 0 || draft.phase == Phase.ENDED) {
            draft.refuse("already", "run " + id() + (draft.pausedAt > 0 ? " is paused already" : " has ended already"));
            return;
        }
        draft.pausedAt = draft.now;
        draft.note(new EngineEvent.RunPaused(id()));
        tellNested(true);
    }

    void resume() {
        if (draft.pausedAt == 0) {
            draft.refuse("already", "run " + id() + " is not paused");
            return;
        }
        goOn();
    }

    /// The time of the pause does not count against any time-out.
    private void goOn() {
        if (draft.pausedAt == 0) {
            return;
        }
        long paused = draft.now - draft.pausedAt;
        draft.pausedAt = 0;
        draft.since += paused;
        for (int i = 0; i < draft.size(); i++) {
            if (draft.at(i).since() > 0) {
                draft.set(i, draft.at(i).withSince(draft.at(i).since() + paused));
            }
        }
        draft.underWay((i, item) -> {
            Task task = draft.task(i, item);
            if (task != null && task.due() > 0) {
                draft.put(i, item, task.due(task.due() + paused));
            }
        });
        draft.note(new EngineEvent.RunUnpaused(id()));
        tellNested(false);
    }

    private void tellNested(boolean paused) {
        draft.underWay((i, item) -> {
            if (draft.isNested(i)) {
                draft.effects.add(new WorkflowEffect.PauseNested(i, item, paused));
            }
        });
    }

    // ---- approval

    void approve(String name, @Nullable String comment) {
        int i = draft.graph.index(name);
        if (!asksForApproval(i, name)) {
            return;
        }
        draft.note(new EngineEvent.StepApproved(id(), name, comment));
        Task task = draft.at(i).task();
        String input = task.input();
        draft.move(i, WHOLE, task.withInput(null).to(Status.PENDING), StepTransition.APPROVED);
        draft.set(i, draft.at(i).withApproved());
        if (draft.at(i).fan() == null) {
            draft.set(i, draft.at(i).withGiven(input));
        }
    }

    void reject(String name, @Nullable String comment) {
        int i = draft.graph.index(name);
        if (!asksForApproval(i, name)) {
            return;
        }
        draft.note(new EngineEvent.StepRejected(id(), name, comment));
        String why = comment == null || comment.isBlank() ? "a person does not approve of it" : comment;
        ExitReason reason = ExitReason.error("rejected", why);
        draft.noteFailed(i, WHOLE, draft.at(i).task().attempt(), reason, 0);
        forward.over(i, WHOLE, reason, StepTransition.REJECTED);
    }

    private boolean asksForApproval(int i, String name) {
        if (i < 0) {
            draft.refuse("unknown-name", noStep(name));
            return false;
        }
        if (draft.status(i) != Status.APPROVAL || draft.phase != Phase.RUNNING) {
            draft.refuse("not-waiting", "step '" + name + "' of run " + id() + " does not wait for approval");
            return false;
        }
        return true;
    }

    // ---- parked

    /// @param item `WHOLE` for a step without items
    record Place(int step, int item) {}

    /// Those that wait for a person to say what becomes of their unknown effect, in order.
    private Stream<Place> parked() {
        return draft.phase == Phase.RUNNING
                ? IntStream.range(0, draft.size()).boxed().flatMap(this::parkedIn)
                : Stream.empty();
    }

    private Stream<Place> parkedIn(int i) {
        Fan fan = draft.at(i).fan();
        if (draft.status(i) == Status.ASKING) {
            return Stream.of(new Place(i, WHOLE));
        }
        return fan == null || draft.status(i) != Status.RUNNING
                ? Stream.empty()
                : fan.active().stream()
                        .filter(item -> fan.tasks().get(item).status() == Status.ASKING)
                        .sorted()
                        .map(item -> new Place(i, item));
    }

    boolean isParked() {
        return parked().findAny().isPresent();
    }

    void retryParked(@Nullable String name, @Nullable String input) {
        Place at = parkedOrRefused(name);
        Task task = at == null ? null : draft.task(at.step(), at.item());
        if (at == null || task == null) {
            return;
        }
        Task again = new Task(
                Status.WAITING,
                task.attempt(),
                0,
                input == null ? task.input() : input,
                null,
                draft.now,
                task.reason(),
                false);
        draft.move(at.step(), at.item(), again, StepTransition.PERSON_RETRIES);
    }

    void skipParked(@Nullable String name, boolean resolved) {
        Place at = parkedOrRefused(name);
        if (at != null) {
            String why = resolved ? "resolved-by-person" : "skipped-by-person";
            forward.leaveOut(at.step(), at.item(), why, null, StepTransition.PERSON_SKIPS);
        }
    }

    /// @param name of a step, or of an item of one: `translate[3]`; null: the first that waits
    private @Nullable Place parkedOrRefused(@Nullable String name) {
        List<Place> all = parked().toList();
        Place found = all.stream()
                .filter(at -> name == null || name.equals(draft.slot(at.step(), at.item())))
                .findFirst()
                .orElse(null);
        if (found != null) {
            return found;
        }
        if (all.isEmpty()) {
            draft.refuse("not-parked", "run " + id() + " does not wait for a person");
        } else {
            String waiting =
                    all.stream().map(at -> draft.slot(at.step(), at.item())).collect(Collectors.joining(", "));
            draft.refuse(
                    "not-parked", "step '" + name + "' of run " + id() + " does not wait for a person, but " + waiting);
        }
        return null;
    }

    // ---- going back

    void retryFrom(String name, @Nullable String input) {
        int from = draft.graph.index(name);
        if (from < 0) {
            draft.refuse("unknown-name", noStep(name));
            return;
        }
        if (draft.phase != Phase.ENDED && (draft.isUnderWay() || !waits())) {
            draft.refuse("under-way", "run " + id() + " is under way: wait for its end, or cancel it");
            return;
        }
        BitSet ancestors = draft.graph.ancestors(from);
        for (int i = 0; i < draft.size(); i++) {
            if (ancestors.get(i) && !draft.status(i).isOver()) {
                String state = draft.status(i).name().toLowerCase(Locale.ROOT);
                draft.refuse(
                        "undone",
                        "step '" + draft.spec(i).name() + "', which '" + name + "' needs, is " + state
                                + ": retry from '" + draft.spec(i).name() + "'");
                return;
            }
        }
        if (draft.pausedAt > 0) {
            draft.pausedAt = 0;
            draft.note(new EngineEvent.RunUnpaused(id()));
        }
        draft.note(new EngineEvent.RunReopened(id(), name));
        reopen(from, input);
    }

    /// Whether only a person lets it go on: nothing is under way, and nothing is tried again by itself.
    private boolean waits() {
        if (draft.pausedAt > 0) {
            return true;
        }
        boolean waits = isParked();
        for (int i = 0; i < draft.size(); i++) {
            Fan fan = draft.at(i).fan();
            boolean again = fan == null
                    ? draft.status(i) == Status.WAITING
                    : fan.active().stream()
                            .anyMatch(item -> fan.tasks().get(item).status() == Status.WAITING);
            if (again) {
                return false;
            }
            waits |= draft.status(i) == Status.APPROVAL;
        }
        return waits;
    }

    /// The step and all that use its output begin anew; of the others, those that are not done go on.
    void reopen(int from, @Nullable String input) {
        draft.enter(Phase.RUNNING, RunTransition.AGAIN);
        draft.failure = null;
        draft.cancelled = false;
        draft.since = draft.now;
        BitSet after = draft.graph.descendants(from);
        for (int i = 0; i < draft.size(); i++) {
            if (i == from) {
                again(i, input);
            } else if (after.get(i)) {
                anew(i, null);
            } else {
                goOn(i);
            }
        }
    }

    private void again(int i, @Nullable String input) {
        Status status = draft.status(i);
        if (draft.at(i).fan() != null && input == null && !status.isOver()) {
            keepItems(i, true);
        } else {
            anew(i, input);
        }
    }

    private void anew(int i, @Nullable String input) {
        Step step = draft.at(i);
        if (step.status() != Status.PENDING) {
            draft.move(i, WHOLE, step.task().reset(), StepTransition.AGAIN);
        }
        boolean newRound = step.status() == Status.DONE || step.fan() != null;
        int round = step.round() + (newRound ? 1 : 0);
        draft.set(i, new Step(draft.at(i).task(), null, 0, round, input, false, false, null));
    }

    /// A step that is not after the one to go on from: what was done stays done, and what may have been
    /// is not repeated unasked.
    private void goOn(int i) {
        Step step = draft.at(i);
        switch (step.status()) {
            case PENDING, DONE, SKIPPED, ASKING -> {}
            case UNKNOWN -> {
                ExitReason reason = step.task().reason();
                draft.move(
                        i,
                        WHOLE,
                        step.task().failed(Status.ASKING, reason == null ? CANCELLED : reason, 0),
                        StepTransition.AGAIN);
                draft.note(new EngineEvent.RunParked(id(), draft.slot(i, WHOLE), "unknown"));
            }
            case APPROVAL, RUNNING, WAITING, FAILED -> {
                if (step.fan() != null) {
                    keepItems(i, false);
                } else {
                    draft.move(i, WHOLE, step.task().reset(), StepTransition.AGAIN);
                    draft.set(i, new Step(draft.at(i).task(), null, 0, step.round(), step.given(), false, false, null));
                }
            }
        }
    }

    /// @param all items whose effect is unknown run again too: a person named this step
    private void keepItems(int i, boolean all) {
        Step step = draft.at(i);
        Fan fan = draft.fan(i);
        if (step.status() != Status.PENDING) {
            draft.move(i, WHOLE, step.task().reset(), StepTransition.AGAIN);
        }
        List<Integer> asking = new ArrayList<>();
        for (int item = 0; item < fan.items().size(); item++) {
            Task task = fan.tasks().get(item);
            boolean unknown = task.status() == Status.UNKNOWN || task.status() == Status.ASKING;
            if (unknown && !all && !draft.spec(i).idempotent()) {
                ask(i, item, task);
                asking.add(item);
            } else if (!task.status().isOver() && task.status() != Status.PENDING) {
                draft.move(i, item, task.reset(), StepTransition.AGAIN);
            }
        }
        Fan kept = new Fan(fan.items(), draft.fan(i).tasks(), 0, List.copyOf(asking), null);
        draft.set(i, new Step(draft.at(i).task(), kept, 0, step.round(), null, step.approved(), false, null));
    }

    private void ask(int i, int item, Task task) {
        if (task.status() == Status.UNKNOWN) {
            ExitReason reason = task.reason();
            draft.move(
                    i, item, task.failed(Status.ASKING, reason == null ? CANCELLED : reason, 0), StepTransition.AGAIN);
            draft.note(new EngineEvent.RunParked(id(), draft.slot(i, item), "unknown"));
        }
    }

    private String noStep(String name) {
        List<String> names =
                draft.run.workflow().steps().stream().map(StepSpec::name).toList();
        return Similar.lacks("run " + id(), "step", name, names);
    }

    private String id() {
        return draft.run.runId();
    }
}
