package nexus.aiagents.engine.saga;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.EngineEvent.RunEnded;
import nexus.aiagents.engine.journal.ExitReason;
import nexus.aiagents.engine.project.SagaSpec;
import nexus.aiagents.engine.saga.SagaEffect.CallAction;
import nexus.aiagents.engine.saga.SagaEffect.CallUndo;

/// A run, told event by event. `trace` says what it wanted done.
final class Telling {
    final SagaRun run;
    SagaState state;
    long now = 1_000_000;
    final List<String> trace = new ArrayList<>();
    final List<EngineEvent> notes = new ArrayList<>();
    final List<CallAction> actions = new ArrayList<>();
    final List<CallUndo> undos = new ArrayList<>();
    String refused;

    Telling(SagaSpec saga) {
        run = new SagaRun("r-1", saga, "{\"n\":1}", now);
        state = SagaState.initial(run);
        tell(new SagaEvent.Begin());
    }

    Telling tell(SagaEvent event) {
        SagaMachine.Decision decision = SagaMachine.decide(run, state, event, now, 0);
        state = decision.state();
        for (SagaEffect effect : decision.effects()) {
            switch (effect) {
                case SagaEffect.Note e -> notes.add(e.event());
                case SagaEffect.ResolveInput e -> trace.add("resolve " + name(e.step()));
                case CallAction e -> {
                    actions.add(e);
                    trace.add("do " + name(e.step()));
                }
                case CallUndo e -> {
                    undos.add(e);
                    trace.add("undo " + name(e.step()));
                }
                case SagaEffect.CancelCall e ->
                    trace.add("cancel "
                            + (isInGroup(e.step()) ? name(e.step()) : e.reason().code()));
                case SagaEffect.PauseNested e -> trace.add("pause " + name(e.step()) + " " + e.paused());
                case SagaEffect.Refused e -> refused = e.code();
                case SagaEffect.End _ -> trace.add("end " + end().state());
            }
        }
        return this;
    }

    private boolean isInGroup(int step) {
        return run.saga().steps().get(step).group() != null;
    }

    private String name(int step) {
        return run.saga().steps().get(step).name();
    }

    Telling returns() {
        CallAction call = actions.getLast();
        return tell(new SagaEvent.Returned(call.step(), call.attempt(), "\"" + name(call.step()) + "\""));
    }

    Telling ends(ExitReason reason) {
        CallAction call = actions.getLast();
        return tell(new SagaEvent.Ended(call.step(), call.attempt(), reason));
    }

    private CallAction call(String step) {
        return actions.stream()
                .filter(call -> name(call.step()).equals(step))
                .reduce((_, b) -> b)
                .orElseThrow();
    }

    Telling returns(String step) {
        CallAction call = call(step);
        return tell(new SagaEvent.Returned(call.step(), call.attempt(), "\"" + step + "\""));
    }

    Telling ends(String step, ExitReason reason) {
        CallAction call = call(step);
        return tell(new SagaEvent.Ended(call.step(), call.attempt(), reason));
    }

    Telling undone() {
        return tell(new SagaEvent.Undone(undos.getLast().step(), undos.getLast().attempt(), "null"));
    }

    Telling undoFails(ExitReason reason) {
        return tell(
                new SagaEvent.UndoFailed(undos.getLast().step(), undos.getLast().attempt(), reason));
    }

    Telling pass(Duration time) {
        now += time.toMillis();
        return SagaMachine.nextTick(run, state) <= now ? tell(new SagaEvent.Tick()) : this;
    }

    Telling crash() {
        return tell(new SagaEvent.Recover());
    }

    List<String> take() {
        List<String> taken = List.copyOf(trace);
        trace.clear();
        return taken;
    }

    RunEnded end() {
        return notes.stream()
                .filter(RunEnded.class::isInstance)
                .map(RunEnded.class::cast)
                .findFirst()
                .orElseThrow();
    }

    <T extends EngineEvent> T last(Class<T> type) {
        return notes.stream()
                .filter(type::isInstance)
                .map(type::cast)
                .reduce((_, b) -> b)
                .orElseThrow();
    }
}
