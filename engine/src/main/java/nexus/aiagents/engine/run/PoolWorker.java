package nexus.aiagents.engine.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import nexus.aiagents.engine.agent.AgentCalls;
import nexus.aiagents.engine.agent.AgentCalls.Result;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.pool.Bringer;
import nexus.aiagents.engine.pool.PoolEffect;
import nexus.aiagents.engine.pool.PoolEvent;
import nexus.aiagents.engine.pool.PoolMachine;
import nexus.aiagents.engine.pool.PoolRun;
import nexus.aiagents.engine.pool.PoolState;
import nexus.aiagents.engine.project.PoolSpec;
import nexus.aiagents.engine.saga.SagaRun;
import org.jspecify.annotations.Nullable;

/// Carries out what a pool's machine decides.
final class PoolWorker extends RunWorker<PoolEvent> {
    /// All votes are stored as one.
    private static final int ALL_VOTES_BYTES = 1024 * 1024;

    private static final String JUDGE = "judge";

    private final PoolRun run;
    /// Of the runs that this one is part of.
    private final List<String> budgets;

    private PoolState state;
    private @Nullable EngineEvent started;

    /// @param started journalled with the first transition, null if it was before
    PoolWorker(
            PoolRun run,
            PoolState state,
            List<String> budgets,
            RunContext context,
            @Nullable String definition,
            @Nullable EngineEvent started) {
        super(run.runId(), context, definition);
        this.run = run;
        this.state = state;
        this.budgets = Stream.concat(Stream.of("pool/" + run.pool().name()), budgets.stream())
                .toList();
        this.started = started;
    }

    PoolSpec pool() {
        return run.pool();
    }

    String inputJson() {
        return run.inputJson();
    }

    /// Whose step it is, for a queue that does it as a job.
    Bringer bringer() {
        List<String> around = budgets.subList(1, budgets.size()); // the first is the pool's own
        return started instanceof EngineEvent.RunStarted begun
                ? new Bringer(begun.parentRunId(), begun.parentStep(), around)
                : new Bringer(null, null, around);
    }

    /// Its members do not vote: it is a job, not a run of its own.
    boolean isForQueue() {
        return run.pool().queue() != null;
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
                case PoolEffect.CallJudge e -> after.add(() -> callJudge(e));
                case PoolEffect.CancelJudge e -> after.add(() -> cancelCall(JUDGE, e.reason()));
                case PoolEffect.End _ -> {}
            }
        }
        Map<String, @Nullable String> stored =
                state.ended() ? Map.of() : Map.of(StoredRun.STATE + runId, RunJson.write(state));
        PoolMachine.Refusal refusal = decision.refused();
        return new Turn(
                events,
                stored,
                state.ended(),
                after,
                refusal == null ? null : new CommandResult.Refused(refusal.code(), refusal.message()));
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
                        budgets,
                        null),
                result -> outcome(member, attempt, result));
    }

    private void callJudge(PoolEffect.CallJudge e) {
        call(
                JUDGE,
                new AgentCalls.Request(
                        e.agent(),
                        e.inputJson(),
                        runId,
                        JUDGE,
                        e.attempt(),
                        SagaRun.digest(runId + '\n' + JUDGE + '\n' + e.inputJson()),
                        budgets,
                        null),
                result -> switch (RunJson.checked(result, RunJson.MAX_BYTES)) {
                    case Result.Ended r -> new PoolEvent.JudgeEnded(e.attempt(), r.reason());
                    case Result.Returned r -> new PoolEvent.Judged(e.attempt(), r.outputJson());
                });
    }

    private PoolEvent outcome(int member, int attempt, Result result) {
        int share = Math.min(
                RunJson.MAX_BYTES, ALL_VOTES_BYTES / run.pool().members().size());
        return switch (RunJson.checked(result, share)) {
            case Result.Ended r -> new PoolEvent.Ended(member, attempt, r.reason());
            case Result.Returned r -> new PoolEvent.Returned(member, attempt, r.outputJson());
        };
    }

    @Override
    @Nullable
    PoolEvent event(Wish wish) {
        return wish instanceof Wish.Cancel ? new PoolEvent.Cancel() : null;
    }

    @Override
    CommandResult.Refused canNot(Wish wish) {
        return wish instanceof Wish.RetryParked || wish instanceof Wish.SkipParked
                ? new CommandResult.Refused(
                        "not-parked", "run " + runId + " is a pool's: naos pool decide picks one of its answers")
                : super.canNot(wish);
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
