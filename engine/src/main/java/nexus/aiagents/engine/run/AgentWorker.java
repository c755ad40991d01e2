package nexus.aiagents.engine.run;

import java.util.List;
import java.util.Map;
import nexus.aiagents.engine.agent.AgentCalls;
import nexus.aiagents.engine.agent.AgentCalls.Result;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.ExitReason;
import nexus.aiagents.engine.run.StoredRun.AgentRun;
import nexus.aiagents.engine.saga.SagaRun;
import org.jspecify.annotations.Nullable;

/// One call of one agent. It has nothing that could undo it and says not whether it may be tried again,
/// so a call that the end of the process cut short has failed as `interrupted`.
final class AgentWorker extends RunWorker<AgentWorker.Event> {

    sealed interface Event {
        record Begin(EngineEvent started) implements Event {}

        record Interrupted() implements Event {}

        record Ended(Result result) implements Event {}

        record Cancel() implements Event {}

        record Nothing() implements Event {}
    }

    private final AgentRun run;
    private boolean cancelled;

    AgentWorker(AgentRun run, RunContext context, @Nullable String definition) {
        super(run.runId(), context, definition);
        this.run = run;
    }

    @Override
    Turn decide(Event event, long now) {
        return switch (event) {
            case Event.Begin e -> goesOn(List.of(e.started()), List.of(this::callAgent));
            case Event.Interrupted _ ->
                over("failed", null, ExitReason.error("interrupted", "the process ended while the agent ran"));
            case Event.Ended e ->
                switch (RunJson.checked(e.result(), RunJson.MAX_BYTES)) {
                    case Result.Returned r -> over("done", r.outputJson(), null);
                    case Result.Ended r -> over(cancelled ? "cancelled" : "failed", null, r.reason());
                };
            case Event.Cancel _ -> cancel();
            case Event.Nothing _ -> goesOn(List.of(), List.of());
        };
    }

    private Turn cancel() {
        if (cancelled) {
            return new Turn(
                    List.of(),
                    Map.of(),
                    false,
                    List.of(),
                    new CommandResult.Refused("already", "run " + runId + " is being cancelled already"));
        }
        cancelled = true;
        return goesOn(
                List.of(),
                List.of(() -> cancelCall(runId, ExitReason.of(ExitReason.Kind.KILLED, "the run was cancelled"))));
    }

    private void callAgent() {
        call(
                runId,
                new AgentCalls.Request(
                        run.agent(),
                        run.inputJson(),
                        runId,
                        null,
                        1,
                        SagaRun.digest(runId + '\n' + run.inputJson()),
                        List.of(),
                        null),
                Event.Ended::new);
    }

    private Turn goesOn(List<EngineEvent> events, List<Runnable> after) {
        return new Turn(events, Map.of(StoredRun.STATE + runId, "{}"), false, after, null);
    }

    private Turn over(String state, @Nullable String output, @Nullable ExitReason reason) {
        return new Turn(
                List.of(new EngineEvent.RunEnded(runId, state, output, null, reason)), Map.of(), true, List.of(), null);
    }

    @Override
    @Nullable
    Event event(Wish wish) {
        return wish instanceof Wish.Cancel ? new Event.Cancel() : null;
    }

    @Override
    long nextTick() {
        return Long.MAX_VALUE;
    }

    @Override
    Event tick() {
        return new Event.Nothing();
    }

    @Override
    Event suspend() {
        return new Event.Nothing();
    }

    @Override
    Event interrupted() {
        return new Event.Interrupted();
    }
}
