package nexus.aiagents.engine.workflow;

import static nexus.aiagents.engine.workflow.Draft.WHOLE;

import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.ExitReason;
import nexus.aiagents.engine.journal.ExitReason.Kind;
import nexus.aiagents.engine.workflow.WorkflowState.Failure;
import nexus.aiagents.engine.workflow.WorkflowState.Fan;
import nexus.aiagents.engine.workflow.WorkflowState.Phase;
import nexus.aiagents.engine.workflow.WorkflowState.Status;
import nexus.aiagents.engine.workflow.WorkflowState.Task;
import org.jspecify.annotations.Nullable;

/// How a step with items, and a run, come to their end.
final class Ends {
    private final Draft draft;
    private final Forward forward;

    Ends(Draft draft, Forward forward) {
        this.draft = draft;
        this.forward = forward;
    }

    /// The first failure is the run's.
    void stop(Failure failure, String why) {
        if (draft.failure == null) {
            draft.failure = failure;
        }
        draft.enter(Phase.STOPPING, why);
    }

    /// Whether all items of a step are through.
    void settleItems(int i) {
        Fan fan = draft.fan(i);
        Task whole = draft.at(i).task();
        if (fan.broken() != null) {
            boolean waits = fan.active().stream()
                    .map(item -> fan.tasks().get(item))
                    .anyMatch(t -> t.status() == Status.RUNNING || t.status() == Status.PENDING);
            if (!waits) {
                fan.active().stream().sorted().forEach(giveUp(i));
                draft.noteFailed(i, WHOLE, whole.attempt(), fan.broken(), 0);
                forward.over(i, WHOLE, fan.broken(), StepTransition.ERROR);
            }
        } else if (fan.active().isEmpty() && firstPending(fan) == fan.items().size()) {
            allItemsOver(i, fan, whole);
        }
    }

    private static int firstPending(Fan fan) {
        int next = fan.next();
        while (next < fan.items().size() && fan.tasks().get(next).status() != Status.PENDING) {
            next++;
        }
        return next;
    }

    private void allItemsOver(int i, Fan fan, Task whole) {
        String output = fan.output();
        int bytes = output.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > WorkflowMachine.MAX_LIST_BYTES) {
            ExitReason reason = ExitReason.error(
                    "output-too-large",
                    "the outputs of all items, " + bytes + " bytes, are more than a run keeps ("
                            + WorkflowMachine.MAX_LIST_BYTES + "): write them to files and return their names");
            draft.noteFailed(i, WHOLE, whole.attempt(), reason, 0);
            forward.over(i, WHOLE, reason, StepTransition.ERROR);
            return;
        }
        draft.note(new EngineEvent.StepDone(draft.run.runId(), draft.spec(i).name(), whole.attempt(), output));
        draft.move(i, WHOLE, whole.done(output), StepTransition.RETURNED);
    }

    /// Whether the run is through.
    void settle() {
        if (draft.phase == Phase.STOPPING && !draft.isUnderWay()) {
            endStopped();
        } else if (draft.phase == Phase.RUNNING) {
            for (int i = 0; i < draft.size(); i++) {
                if (!draft.status(i).isOver()) {
                    return;
                }
            }
            if (draft.run.workflow().output() != null) {
                draft.effects.add(new WorkflowEffect.ResolveOutput());
            } else {
                end("done", lastOutput(), null, RunTransition.ALL_OVER);
            }
        }
    }

    private String lastOutput() {
        for (int i = draft.size() - 1; i >= 0; i--) {
            if (draft.status(i) == Status.DONE) {
                return String.valueOf(draft.at(i).output());
            }
        }
        return "null";
    }

    void outputReady(String output) {
        if (draft.phase == Phase.RUNNING) {
            end("done", output, null, RunTransition.ALL_OVER);
        }
    }

    void outputBroken(ExitReason reason) {
        if (draft.phase == Phase.RUNNING) {
            draft.failure = new Failure(null, reason);
            end("failed", null, draft.failure, RunTransition.BAD_OUTPUT);
        }
    }

    private void endStopped() {
        ExitReason why = ExitReason.of(Kind.KILLED, "the run stopped");
        for (int i = 0; i < draft.size(); i++) {
            Fan fan = draft.at(i).fan();
            if (fan != null && draft.status(i) == Status.RUNNING) {
                fan.active().stream().sorted().forEach(giveUp(i));
                draft.noteFailed(i, WHOLE, draft.at(i).task().attempt(), why, 0);
                draft.move(i, WHOLE, draft.at(i).task().failed(Status.FAILED, why, 0), StepTransition.RUN_STOPS);
            } else if (draft.status(i) == Status.WAITING) {
                giveUp(i).accept(WHOLE);
            }
        }
        end(draft.cancelled ? "cancelled" : "failed", null, draft.failure, RunTransition.AT_REST);
    }

    /// What waits to be tried again never is.
    private Consumer<Integer> giveUp(int i) {
        return item -> {
            Task task = draft.task(i, item);
            if (task != null && task.status() == Status.WAITING) {
                ExitReason last = task.reason() == null ? ExitReason.of(Kind.KILLED, "the run stopped") : task.reason();
                draft.noteFailed(i, item, task.attempt(), last, 0);
                draft.move(i, item, task.failed(Status.FAILED, last, 0), StepTransition.RUN_STOPS);
                if (item != WHOLE) {
                    draft.leave(i, item);
                }
            }
        };
    }

    private void end(String state, @Nullable String output, @Nullable Failure why, String transition) {
        draft.enter(Phase.ENDED, transition);
        draft.note(new EngineEvent.RunEnded(
                draft.run.runId(), state, output, why == null ? null : why.step(), why == null ? null : why.reason()));
        draft.effects.add(new WorkflowEffect.End());
    }
}
