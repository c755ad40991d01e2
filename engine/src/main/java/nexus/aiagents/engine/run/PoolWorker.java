package nexus.aiagents.engine.run;

import java.util.ArrayList;
import java.util.List;
import nexus.aiagents.engine.agent.AgentCalls;
import nexus.aiagents.engine.agent.AgentCalls.Result;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.ExitReason;
import nexus.aiagents.engine.pool.PoolEffect;
import nexus.aiagents.engine.pool.PoolEvent;
import nexus.aiagents.engine.pool.PoolMachine;
import nexus.aiagents.engine.pool.PoolRun;
import nexus.aiagents.engine.pool.PoolState;
import nexus.aiagents.engine.saga.SagaRun;
import org.jspecify.annotations.Nullable;

/// Carries out what a pool's machine decides.
final class PoolWorker extends RunWorker<PoolEvent> {
    private final PoolRun run;
    private PoolState state;
    private @Nullable EngineEvent started;

    /// @param started journalled with the first transition, null if it was before
    PoolWorker(
            PoolRun run,
            PoolState state,
            RunContext context,
            @Nullable String definition,
            @Nullable EngineEvent started) {
        super(run.runId(), context, definition);
        this.run = run;
        this.state = state;
        this.started = started;
    }

    @Override
    Turn decide(PoolEvent event, long now) {
        PoolMachine.Decision decision = PoolMachine.decide(run, state, event, now);
        state = decision.state();
        List<EngineEvent> events = new ArrayList<>();
        if (started != null) {
            events.add(started);
            started = null;
        }
        List<Runnable> after = new ArrayList<>();
        for (PoolEffect effect : decision.effects()) {
            switch (effect) {
                case PoolEffect.Note e -> events.add(e.event());
                case PoolEffect.Call e -> after.add(() -> callMember(e.member(), e.attempt()));
                case PoolEffect.CancelCall e -> after.add(() -> cancelCall(e.member(), e.reason()));
                case PoolEffect.End _ -> {}
            }
        }
        return new Turn(events, state.ended() ? null : RunJson.write(state), after, null);
    }

    private void callMember(int member, int attempt) {
        call(
                member,
                new AgentCalls.Request(
                        run.pool().members().get(member),
                        run.inputJson(),
                        runId,
                        "member-" + member,
                        attempt,
                        SagaRun.digest(runId + '\n' + member + '\n' + run.inputJson()),
                        List.of("pool/" + run.pool().name()),
                        null),
                result -> outcome(member, attempt, result));
    }

    private static PoolEvent outcome(int member, int attempt, Result result) {
        return switch (result) {
            case Result.Ended r -> new PoolEvent.Ended(member, attempt, r.reason());
            case Result.Returned r -> {
                String problem = RunJson.problem(r.outputJson());
                yield problem == null
                        ? new PoolEvent.Returned(member, attempt, r.outputJson())
                        : new PoolEvent.Ended(
                                member, attempt, ExitReason.error("bad-output", "its output is no JSON: " + problem));
            }
        };
    }

    @Override
    long nextTick() {
        return PoolMachine.nextTick(run, state);
    }

    @Override
    PoolEvent tick() {
        return new PoolEvent.Tick();
    }

    @Override
    PoolEvent suspend() {
        return new PoolEvent.Suspend();
    }
}
