package nexus.aiagents.engine.workflow;

import static nexus.aiagents.engine.workflow.Draft.WHOLE;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.ExitReason;
import nexus.aiagents.engine.journal.ExitReason.Kind;
import nexus.aiagents.engine.project.SagaSpec.RetrySpec;
import nexus.aiagents.engine.project.WorkflowSpec.OnError;
import nexus.aiagents.engine.project.WorkflowSpec.OnUnknown;
import nexus.aiagents.engine.project.WorkflowSpec.StepSpec;
import nexus.aiagents.engine.workflow.WorkflowState.Failure;
import nexus.aiagents.engine.workflow.WorkflowState.Fan;
import nexus.aiagents.engine.workflow.WorkflowState.Phase;
import nexus.aiagents.engine.workflow.WorkflowState.Status;
import nexus.aiagents.engine.workflow.WorkflowState.Step;
import nexus.aiagents.engine.workflow.WorkflowState.Task;
import org.jspecify.annotations.Nullable;

/// How steps begin and what becomes of them.
final class Forward {
    private static final Set<Kind> UNKNOWABLE = Set.of(Kind.TIMEOUT, Kind.KILLED, Kind.STUCK, Kind.SHUTDOWN);
    private static final Set<Kind> HOPELESS = Set.of(Kind.BUDGET, Kind.UNTRUSTED);

    final Ends ends;
    private final Draft draft;

    Forward(Draft draft) {
        this.draft = draft;
        this.ends = new Ends(draft, this);
    }

    // ---- what comes next

    void advance() {
        if (draft.suspended || draft.phase == Phase.ENDED) {
            return;
        }
        for (int i : draft.graph.order()) {
            if (draft.mayBegin()) {
                progress(i);
            }
            if (draft.status(i) == Status.RUNNING && draft.at(i).fan() != null) {
                ends.settleItems(i);
            }
        }
        ends.settle();
    }

    private void progress(int i) {
        Step step = draft.at(i);
        switch (step.status()) {
            case PENDING -> {
                if (!step.task().asked()
                        && draft.graph.needs(i).stream()
                                .allMatch(n -> draft.status(n).isOver())) {
                    consider(i);
                }
            }
            case WAITING -> {
                if (draft.now >= step.task().due()) {
                    begin(i, WHOLE, String.valueOf(step.task().input()), StepTransition.DUE);
                }
            }
            case RUNNING -> {
                if (step.fan() != null) {
                    beginItems(i);
                }
            }
            case APPROVAL, DONE, FAILED, UNKNOWN, ASKING, SKIPPED -> {}
        }
    }

    private void consider(int i) {
        List<Integer> needs = draft.graph.needs(i);
        if (!draft.run.workflow().chain()
                && !needs.isEmpty()
                && needs.stream().allMatch(n -> draft.at(n).isLeftOut())) {
            skip(i, WorkflowMachine.NEEDS_SKIPPED);
        } else if (draft.at(i).fan() != null) {
            askOrBeginAll(i);
        } else {
            draft.put(i, WHOLE, draft.at(i).task().asked(true));
            draft.effects.add(new WorkflowEffect.ResolveStep(i, draft.at(i).given()));
        }
    }

    private void skip(int i, String why) {
        draft.note(new EngineEvent.StepSkipped(draft.run.runId(), draft.spec(i).name(), why));
        draft.move(i, WHOLE, draft.at(i).task().to(Status.SKIPPED), StepTransition.LEFT_OUT);
        draft.set(i, draft.at(i).withSkipped(why));
    }

    // ---- what was asked to be evaluated

    void conditionFalse(int i) {
        if (isAwaited(i, WHOLE)) {
            skip(i, WorkflowMachine.CONDITION);
        }
    }

    void inputReady(int i, int item, String input) {
        if (!isAwaited(i, item)) {
            return;
        }
        if (item == WHOLE && mustAsk(i)) {
            askApproval(i, input);
        } else {
            begin(i, item, input, StepTransition.READY);
        }
    }

    void itemsReady(int i, List<String> items) {
        if (!isAwaited(i, WHOLE)) {
            return;
        }
        draft.set(i, draft.at(i).with(Fan.of(items)));
        askOrBeginAll(i);
    }

    private void askOrBeginAll(int i) {
        if (mustAsk(i)) {
            askApproval(i, WorkflowMachine.list(draft.fan(i).items()));
        } else {
            beginAll(i);
        }
    }

    void broken(int i, int item, ExitReason reason) {
        if (isAwaited(i, item)) {
            Task task = draft.task(i, item);
            draft.noteFailed(i, item, task == null ? 1 : task.attempt() + 1, reason, 0);
            over(i, item, reason, StepTransition.BAD_INPUT);
        }
    }

    private boolean isAwaited(int i, int item) {
        Task task = draft.task(i, item);
        if (task == null || task.status() != Status.PENDING || !task.asked()) {
            return false;
        }
        if (draft.mayBegin() && (item == WHOLE || draft.fan(i).broken() == null)) {
            return true;
        }
        draft.put(i, item, task.asked(false));
        if (item != WHOLE) {
            draft.leave(i, item);
            Fan fan = draft.fan(i);
            draft.set(i, draft.at(i).with(fan.withNext(Math.min(fan.next(), item))));
        }
        return false;
    }

    private boolean mustAsk(int i) {
        return draft.spec(i).approval() && !draft.at(i).approved();
    }

    private void askApproval(int i, String input) {
        draft.note(
                new EngineEvent.ApprovalAsked(draft.run.runId(), draft.spec(i).name(), input));
        draft.move(i, WHOLE, draft.at(i).task().withInput(input).to(Status.APPROVAL), StepTransition.ASKED);
    }

    // ---- beginning

    private void begin(int i, int item, String input, String why) {
        StepSpec spec = draft.spec(i);
        Task before = draft.task(i, item);
        if (before == null) {
            throw new IllegalStateException("no item " + item);
        }
        boolean limited = draft.isNested(i) && spec.timeout() != null;
        long until = limited ? draft.now + WorkflowMachine.millis(spec.timeout()) : 0;
        Task task = before.running(input, until);
        draft.move(i, item, task, why);
        if (item == WHOLE) {
            began(i);
        }
        String key = draft.run.key(draft.slot(i, item), draft.at(i).round(), input);
        draft.note(new EngineEvent.StepStarted(
                draft.run.runId(),
                draft.slot(i, item),
                task.attempt(),
                spec.target().name(),
                key,
                input,
                null));
        draft.effects.add(new WorkflowEffect.Call(
                i, item, task.attempt(), key, input, draft.isNested(i) ? null : spec.timeout()));
    }

    private void began(int i) {
        if (draft.at(i).since() == 0) {
            draft.set(i, draft.at(i).withSince(draft.now));
        }
    }

    private void beginAll(int i) {
        StepSpec spec = draft.spec(i);
        Task task = draft.at(i).task().withInput(null);
        draft.move(
                i,
                WHOLE,
                new Task(Status.RUNNING, task.attempt() + 1, 0, null, null, 0, null, false),
                StepTransition.READY);
        began(i);
        String items = WorkflowMachine.list(draft.fan(i).items());
        String key = draft.run.key(spec.name(), draft.at(i).round(), items);
        draft.note(new EngineEvent.StepStarted(
                draft.run.runId(),
                spec.name(),
                task.attempt() + 1,
                spec.target().name(),
                key,
                items,
                null));
        beginItems(i);
    }

    private void beginItems(int i) {
        for (int item : draft.fan(i).active()) {
            Task task = draft.fan(i).tasks().get(item);
            if (draft.mayBegin()
                    && draft.fan(i).broken() == null
                    && task.status() == Status.WAITING
                    && draft.now >= task.due()) {
                begin(i, item, String.valueOf(task.input()), StepTransition.DUE);
            }
        }
        int places = draft.spec(i).concurrency();
        while (draft.mayBegin()) {
            Fan fan = draft.fan(i);
            int item = fan.next();
            if (fan.broken() != null
                    || fan.active().size() >= places
                    || item >= fan.items().size()) {
                return;
            }
            if (fan.tasks().get(item).status() != Status.PENDING) {
                draft.set(i, draft.at(i).with(fan.withNext(item + 1)));
                continue;
            }
            List<Integer> active = new ArrayList<>(fan.active());
            active.add(item);
            draft.set(i, draft.at(i).with(fan.withNext(item + 1).withActive(active)));
            if (draft.spec(i).input() == null) {
                begin(i, item, fan.items().get(item), StepTransition.READY);
            } else {
                draft.put(i, item, fan.tasks().get(item).asked(true));
                draft.effects.add(
                        new WorkflowEffect.ResolveItem(i, item, fan.items().get(item)));
            }
        }
    }

    // ---- outcomes

    void returned(int i, int item, int attempt, String output) {
        Task task = draft.task(i, item);
        if (task == null || !isRunning(task, attempt)) {
            return;
        }
        draft.note(new EngineEvent.StepDone(draft.run.runId(), draft.slot(i, item), attempt, output));
        draft.move(i, item, task.done(output), StepTransition.RETURNED);
        if (item != WHOLE) {
            draft.leave(i, item);
        }
    }

    void ended(int i, int item, int attempt, ExitReason why) {
        Task task = draft.task(i, item);
        if (task == null || !isRunning(task, attempt)) {
            return;
        }
        if (!draft.isNested(i) && UNKNOWABLE.contains(why.kind())) {
            unknown(i, item, why.message().isEmpty() ? why.code() : why.message(), why, false);
            return;
        }
        ExitReason reason = task.due() < 0
                ? ExitReason.of(
                        Kind.TIMEOUT,
                        "it took longer than "
                                + WorkflowMachine.words(draft.spec(i).timeout()))
                : why;
        boolean again = mayGoOn(i) && mayRetry(draft.spec(i).retry(), task.tries(), reason);
        long retryAt = again ? draft.now + delay(i, task) : 0;
        draft.noteFailed(i, item, attempt, reason, retryAt);
        if (again) {
            draft.move(i, item, task.failed(Status.WAITING, reason, retryAt), StepTransition.RETRY);
        } else {
            over(i, item, reason, StepTransition.ERROR);
        }
    }

    private static boolean isRunning(Task task, int attempt) {
        return task.status() == Status.RUNNING && task.attempt() == attempt;
    }

    private boolean mayGoOn(int i) {
        Fan fan = draft.at(i).fan();
        return draft.phase == Phase.RUNNING && !draft.at(i).cut() && (fan == null || fan.broken() == null);
    }

    private static boolean mayRetry(RetrySpec retry, int tries, ExitReason reason) {
        return tries < retry.attempts() && !retry.notOn().contains(reason.code()) && !HOPELESS.contains(reason.kind());
    }

    private long delay(int i, Task task) {
        return draft.spec(i).retry().waitMillis(task.tries(), draft.roll);
    }

    /// It failed for good, and that is noted.
    void over(int i, int item, ExitReason reason, String why) {
        Task task = draft.task(i, item);
        if (task == null) {
            return;
        }
        boolean tolerated = draft.spec(i).onError() == OnError.SKIP && draft.phase == Phase.RUNNING;
        if (tolerated) {
            leaveOut(i, item, "failed", reason, StepTransition.TOLERATED);
        } else {
            draft.move(i, item, task.failed(Status.FAILED, reason, 0), why);
            breakOff(i, item, reason);
        }
    }

    void leaveOut(int i, int item, String why, @Nullable ExitReason reason, String transition) {
        Task task = draft.task(i, item);
        if (task == null) {
            return;
        }
        draft.note(new EngineEvent.StepSkipped(draft.run.runId(), draft.slot(i, item), why));
        ExitReason kept = reason == null ? task.reason() : reason;
        Task skipped = kept == null ? task.to(Status.SKIPPED) : task.failed(Status.SKIPPED, kept, 0);
        draft.move(i, item, skipped, transition);
        if (item == WHOLE) {
            draft.set(i, draft.at(i).withSkipped(why));
        } else {
            draft.leave(i, item);
        }
    }

    private void breakOff(int i, int item, ExitReason reason) {
        if (item == WHOLE) {
            ends.stop(new Failure(draft.spec(i).name(), reason), RunTransition.FAILED);
            return;
        }
        draft.leave(i, item);
        Fan fan = draft.fan(i);
        draft.set(i, draft.at(i).with(fan.withBroken(fan.broken() == null ? reason : fan.broken())));
    }

    /// The effect may be there or not.
    void unknown(int i, int item, String why, ExitReason reason, boolean afterCrash) {
        StepSpec spec = draft.spec(i);
        Task task = draft.task(i, item);
        if (task == null) {
            return;
        }
        draft.note(new EngineEvent.StepUnknown(draft.run.runId(), draft.slot(i, item), task.attempt(), why));
        boolean goesOn = mayGoOn(i);
        boolean again = afterCrash || task.tries() < Math.max(2, spec.retry().attempts());
        if (goesOn && spec.idempotent() && again) {
            long due = draft.now + (afterCrash ? 0 : delay(i, task));
            draft.move(i, item, task.failed(Status.WAITING, reason, due), StepTransition.RETRY);
        } else if (goesOn && spec.onUnknown() == OnUnknown.ASK) {
            draft.move(i, item, task.failed(Status.ASKING, reason, 0), StepTransition.CUT_OFF);
            draft.note(new EngineEvent.RunParked(draft.run.runId(), draft.slot(i, item), "unknown"));
        } else if (draft.phase == Phase.RUNNING && spec.onError() == OnError.SKIP) {
            leaveOut(i, item, "unknown", reason, StepTransition.TOLERATED);
        } else {
            draft.move(i, item, task.failed(Status.UNKNOWN, reason, 0), StepTransition.CUT_OFF);
            breakOff(i, item, reason);
        }
    }
}
