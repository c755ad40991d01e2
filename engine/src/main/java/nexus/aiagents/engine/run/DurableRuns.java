package nexus.aiagents.engine.run;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.random.RandomGenerator;
import nexus.aiagents.engine.agent.AgentCalls;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.control.CommandResult.Refused;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.Journal;
import nexus.aiagents.engine.pool.PoolEvent;
import nexus.aiagents.engine.pool.PoolRun;
import nexus.aiagents.engine.pool.PoolState;
import nexus.aiagents.engine.project.AgentSpec;
import nexus.aiagents.engine.project.PoolSpec;
import nexus.aiagents.engine.project.SagaSpec;
import nexus.aiagents.engine.saga.SagaEvent;
import nexus.aiagents.engine.saga.SagaRun;
import nexus.aiagents.engine.saga.SagaState;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/// Runs whose every step is in the journal before it is taken. One virtual thread per run.
public final class DurableRuns implements Runs {
    private static final Logger LOG = LoggerFactory.getLogger(DurableRuns.class);

    private final RunContext context;
    private final RandomGenerator random;
    private final Map<String, RunWorker<?>> workers = new ConcurrentHashMap<>();
    private volatile boolean closing;

    /// @param random makes run ids unique
    public DurableRuns(Journal journal, AgentCalls calls, Clock clock, RandomGenerator random) {
        this.context = new RunContext(journal, calls, clock, workers::remove);
        this.random = random;
    }

    @Override
    public CompletionStage<CommandResult> startAgent(AgentSpec agent, String inputJson) {
        return start(inputJson, (id, now) -> {
            StoredRun.AgentRun run = new StoredRun.AgentRun(id, agent.name(), inputJson, now);
            AgentWorker worker = new AgentWorker(run, context, RunJson.write(new StoredRun(run, null, null)));
            EngineEvent started = started(id, "agent", agent.name(), agent.hash(), agent, inputJson);
            return begin(worker, new AgentWorker.Event.Begin(started));
        });
    }

    @Override
    public CompletionStage<CommandResult> startSaga(SagaSpec saga, String inputJson) {
        return start(inputJson, (id, now) -> {
            SagaRun run = new SagaRun(id, saga, inputJson, now);
            SagaWorker worker = new SagaWorker(
                    run,
                    SagaState.initial(run),
                    context,
                    RunJson.write(new StoredRun(null, run, null)),
                    started(id, "saga", saga.name(), saga.hash(), saga, inputJson));
            return begin(worker, new SagaEvent.Begin());
        });
    }

    @Override
    public CompletionStage<CommandResult> startPool(PoolSpec pool, String inputJson) {
        return start(inputJson, (id, now) -> {
            PoolRun run = new PoolRun(id, pool, inputJson, now);
            String definition = RunJson.write(pool);
            PoolWorker worker = new PoolWorker(
                    run,
                    PoolState.initial(run),
                    context,
                    RunJson.write(new StoredRun(null, null, run)),
                    started(id, "pool", pool.name(), SagaRun.digest(definition), pool, inputJson));
            return begin(worker, new PoolEvent.Begin());
        });
    }

    private static EngineEvent started(
            String id, String kind, String name, String hash, Object definition, String inputJson) {
        return new EngineEvent.RunStarted(id, kind, name, hash, RunJson.write(definition), inputJson);
    }

    private CompletionStage<CommandResult> start(
            String inputJson, BiFunction<String, Long, CompletionStage<CommandResult>> starter) {
        String problem = RunJson.inputProblem(inputJson);
        if (problem != null) {
            return refused("bad-input", problem);
        }
        if (closing) {
            return refused("not-up", "the project is being closed");
        }
        long now = context.clock().millis();
        return starter.apply(RunIds.next(now, random), now);
    }

    private <E> CompletionStage<CommandResult> begin(RunWorker<E> worker, E begin) {
        workers.put(worker.runId, worker);
        CompletionStage<CommandResult> answer = worker.ask(begin, new CommandResult.RunStarted(worker.runId));
        worker.start();
        closeIfLate(worker);
        return answer;
    }

    /// A run that was put in while closing went through the others would be left open.
    private void closeIfLate(RunWorker<?> worker) {
        if (closing) {
            worker.close();
        }
    }

    @Override
    public CompletionStage<CommandResult> cancel(String runId) {
        CommandResult done = new CommandResult.Done("run " + runId + " is being cancelled");
        return switch (workers.get(runId)) {
            case AgentWorker worker -> worker.ask(new AgentWorker.Event.Cancel(), done);
            case SagaWorker worker -> worker.ask(new SagaEvent.Cancel(), done);
            case PoolWorker worker -> worker.ask(new PoolEvent.Cancel(), done);
            case null, default -> unknown(runId);
        };
    }

    @Override
    public CompletionStage<CommandResult> retryParked(String runId, @Nullable String inputJson) {
        String problem = inputJson == null ? null : RunJson.inputProblem(inputJson);
        if (problem != null) {
            return refused("bad-input", problem);
        }
        return parked(runId, new SagaEvent.RetryParked(inputJson), "run " + runId + " tries again");
    }

    @Override
    public CompletionStage<CommandResult> skipParked(String runId, boolean resolved) {
        return parked(runId, new SagaEvent.SkipParked(resolved), "run " + runId + " goes on");
    }

    @Override
    public CompletionStage<CommandResult> decidePool(String runId, int choice) {
        return switch (workers.get(runId)) {
            case PoolWorker worker ->
                worker.ask(new PoolEvent.Pick(choice), new CommandResult.Done("run " + runId + " is decided"));
            case null -> unknown(runId);
            default -> refused("not-parked", "run " + runId + " is no decision of a pool");
        };
    }

    private CompletionStage<CommandResult> parked(String runId, SagaEvent event, String done) {
        return switch (workers.get(runId)) {
            case SagaWorker worker -> worker.ask(event, new CommandResult.Done(done));
            case null -> unknown(runId);
            case PoolWorker _ ->
                refused("not-parked", "run " + runId + " is a pool's: naos pool decide picks one of its answers");
            default -> refused("not-parked", "run " + runId + " does not wait for a person");
        };
    }

    private static CompletionStage<CommandResult> unknown(String runId) {
        return refused("unknown-name", "there is no unfinished run " + runId);
    }

    private static CompletionStage<CommandResult> refused(String code, String message) {
        return CompletableFuture.completedFuture(new Refused(code, message));
    }

    @Override
    public int recover() {
        Map<String, String> states = context.journal().states(StoredRun.STATE);
        Map<String, String> definitions = context.journal().states(StoredRun.DEFINITION);
        int count = 0;
        for (Map.Entry<String, String> entry : states.entrySet()) {
            String id = entry.getKey().substring(StoredRun.STATE.length());
            String definition = definitions.get(StoredRun.DEFINITION + id);
            if (closing || workers.containsKey(id)) {
                continue;
            }
            try {
                if (definition == null) {
                    throw new IllegalStateException("its definition is missing");
                }
                count += resume(RunJson.JSON.readValue(definition, StoredRun.class), entry.getValue()) ? 1 : 0;
            } catch (JacksonException | IllegalStateException e) {
                LOG.error("run {} can not be read and stays as it is", id, e);
                context.journal()
                        .commitAndWait(Journal.Batch.of(new EngineEvent.Notice(
                                "error", "run-unreadable", "Run " + id + " can not go on: " + e.getMessage())));
            }
        }
        return count;
    }

    /// @return whether it goes on by itself; a parked one goes on waiting
    private boolean resume(StoredRun stored, String state) {
        if (stored.saga() != null) {
            SagaState saga = SagaWorker.read(stored.saga(), state, context.journal());
            go(new SagaWorker(stored.saga(), saga, context, null, null), new SagaEvent.Recover());
            return saga.phase() != SagaState.Phase.PARKED;
        }
        if (stored.pool() != null) {
            PoolState pool = RunJson.JSON.readValue(state, PoolState.class);
            go(new PoolWorker(stored.pool(), pool, context, null, null), new PoolEvent.Recover());
            return pool.phase() != PoolState.Phase.ASKING;
        }
        if (stored.agent() != null) {
            go(new AgentWorker(stored.agent(), context, null), new AgentWorker.Event.Interrupted());
        } else {
            throw new IllegalStateException("its definition is empty");
        }
        return true;
    }

    private <E> void go(RunWorker<E> worker, E event) {
        workers.put(worker.runId, worker);
        worker.post(event);
        worker.start();
        closeIfLate(worker);
    }

    /// Waits until every run has ended or stopped for good.
    void awaitIdle() {
        List.copyOf(workers.values()).forEach(RunWorker::awaitEnd);
    }

    @Override
    public void close() {
        closing = true;
        List<RunWorker<?>> all = List.copyOf(workers.values());
        all.forEach(RunWorker::close);
        all.forEach(RunWorker::awaitEnd);
    }
}
