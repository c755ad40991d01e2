package nexus.aiagents.engine.run;

import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import nexus.aiagents.engine.agent.AgentCalls;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.control.CommandResult.Refused;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.Journal;
import nexus.aiagents.engine.journal.RunRecord;
import nexus.aiagents.engine.pool.Bringer;
import nexus.aiagents.engine.pool.PoolEvent;
import nexus.aiagents.engine.pool.PoolRun;
import nexus.aiagents.engine.pool.PoolState;
import nexus.aiagents.engine.project.AgentSpec;
import nexus.aiagents.engine.project.Pinned;
import nexus.aiagents.engine.project.PoolSpec;
import nexus.aiagents.engine.project.SagaSpec;
import nexus.aiagents.engine.project.Similar;
import nexus.aiagents.engine.project.WorkflowSpec;
import nexus.aiagents.engine.saga.SagaEvent;
import nexus.aiagents.engine.saga.SagaRun;
import nexus.aiagents.engine.saga.SagaState;
import nexus.aiagents.engine.supervise.AgentLauncher;
import nexus.aiagents.engine.workflow.WorkflowEvent;
import nexus.aiagents.engine.workflow.WorkflowRun;
import nexus.aiagents.engine.workflow.WorkflowState;
import org.jspecify.annotations.Nullable;

/// Runs whose every step is in the journal before it is taken. One virtual thread per run.
public final class DurableRuns implements Runs {
    private static final Duration TAKEN_UP_WITHIN = Duration.ofSeconds(5);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(2);

    private final RunContext context;
    private final RandomGenerator random;
    private final Map<String, RunWorker<?>> workers = new ConcurrentHashMap<>();
    private final Nesting nesting;
    private final Queues queues;
    private final GoingBack back;
    private final TakingUp takingUp;
    private volatile Duration closeGrace = Duration.ZERO;
    private volatile boolean closing;

    /// @param random makes run ids unique, and waits differ
    /// @param env    the host's variables
    public DurableRuns(
            Journal journal,
            AgentCalls calls,
            Clock clock,
            RandomGenerator random,
            UnaryOperator<@Nullable String> env) {
        this.nesting = new Nesting(this, journal);
        this.context = new RunContext(journal, calls, clock, random, nesting, env, this::ended);
        this.random = random;
        this.queues = new Queues(context);
        this.back = new GoingBack(this, context);
        this.takingUp = new TakingUp(this, context);
    }

    @Override
    public void configure(Collection<PoolSpec> pools, Set<String> supervised) {
        queues.configure(pools, supervised);
    }

    @Override
    public AgentLauncher.LiveAgent launchPool(String pool, Consumer<AgentLauncher.Exit> onExit)
            throws AgentLauncher.StartFailed, InterruptedException {
        return queues.launch(pool, onExit);
    }

    /// A job that is a step of another run; one that is there already is only waited for.
    CompletionStage<CommandResult> bring(PoolSpec pool, String id, String inputJson, Bringer by) {
        return queues.submit(pool, id, inputJson, by);
    }

    private void ended(String runId) {
        workers.remove(runId);
        nesting.ended(runId);
        if (closing) {
            nesting.closed(runId);
        }
    }

    @Override
    public CompletionStage<CommandResult> startAgent(AgentSpec agent, String inputJson) {
        return start(inputJson, (id, now) -> {
            StoredRun.AgentRun run = new StoredRun.AgentRun(id, agent.name(), inputJson, now);
            AgentWorker worker = new AgentWorker(run, context, RunJson.write(StoredRun.of(run)));
            return begin(worker, new AgentWorker.Event.Begin(Definitions.started(run, agent)));
        });
    }

    @Override
    public CompletionStage<CommandResult> startSaga(SagaSpec saga, Pinned pinned, String inputJson) {
        return start(inputJson, (id, now) -> {
            SagaRun run = new SagaRun(id, saga, inputJson, pinned, List.of(), now);
            return begin(
                    worker(run, SagaState.initial(run), List.of(Definitions.started(run, null, null, null))),
                    new SagaEvent.Begin());
        });
    }

    /// A worker of a run of which nothing is stored.
    SagaWorker worker(SagaRun run, SagaState state, List<EngineEvent> first) {
        return new SagaWorker(run, state, context, RunJson.write(StoredRun.of(run)), first);
    }

    @Override
    public CompletionStage<CommandResult> startWorkflow(WorkflowSpec workflow, Pinned pinned, String inputJson) {
        return start(inputJson, (id, now) -> {
            WorkflowRun run = new WorkflowRun(id, workflow, inputJson, pinned, List.of(), now);
            return begin(
                    worker(run, WorkflowState.initial(run), List.of(Definitions.started(run, null, null, null))),
                    new WorkflowEvent.Begin());
        });
    }

    /// A worker of a run of which nothing is stored.
    WorkflowWorker worker(WorkflowRun run, WorkflowState state, List<EngineEvent> first) {
        return new WorkflowWorker(run, state, context, RunJson.write(StoredRun.of(run)), first);
    }

    @Override
    public CompletionStage<CommandResult> startPool(PoolSpec pool, String inputJson) {
        if (pool.queue() != null) {
            return start(inputJson, (id, _) -> queues.submit(pool, id, inputJson, Bringer.NOBODY));
        }
        return start(inputJson, (id, now) -> {
            PoolRun run = new PoolRun(id, pool, inputJson, now);
            PoolWorker worker = new PoolWorker(
                    run,
                    PoolState.initial(run),
                    List.of(),
                    context,
                    RunJson.write(StoredRun.of(run, List.of())),
                    Definitions.started(run, null, null));
            return begin(worker, new PoolEvent.Begin());
        });
    }

    CompletionStage<CommandResult> start(
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

    <E> CompletionStage<CommandResult> begin(RunWorker<E> worker, E begin) {
        return begin(worker, begin, new CommandResult.RunStarted(worker.runId));
    }

    <E> CompletionStage<CommandResult> begin(RunWorker<E> worker, E begin, CommandResult done) {
        if (workers.putIfAbsent(worker.runId, worker) != null) {
            return refused("already", "run " + worker.runId + " is under way already");
        }
        CompletionStage<CommandResult> answer = worker.ask(begin, done);
        worker.start();
        closeIfLate(worker);
        return answer;
    }

    /// A run that was put in while closing went through the others would be left open.
    private void closeIfLate(RunWorker<?> worker) {
        if (closing) {
            worker.close(closeGrace);
        }
    }

    // ---- wishes

    @Override
    public CompletionStage<CommandResult> cancel(String runId) {
        String done = "run " + runId + " is being cancelled";
        CompletionStage<CommandResult> job = queues.cancel(runId, new CommandResult.Done(done));
        return job == null ? wish(runId, new Wish.Cancel(), done) : job;
    }

    @Override
    public CompletionStage<CommandResult> pause(String runId) {
        return wish(runId, new Wish.Pause(), "run " + runId + " is paused; what is under way comes to its end");
    }

    @Override
    public CompletionStage<CommandResult> resume(String runId) {
        return wish(runId, new Wish.Resume(), "run " + runId + " goes on");
    }

    @Override
    public CompletionStage<CommandResult> approve(String runId, String step, @Nullable String comment) {
        return wish(runId, new Wish.Approve(step, comment), "step " + step + " of run " + runId + " is approved");
    }

    @Override
    public CompletionStage<CommandResult> reject(String runId, String step, @Nullable String comment) {
        return wish(runId, new Wish.Reject(step, comment), "step " + step + " of run " + runId + " is rejected");
    }

    @Override
    public CompletionStage<CommandResult> scalePool(String pool, @Nullable Integer workersWanted) {
        return queues.scale(pool, workersWanted);
    }

    @Override
    public CompletionStage<CommandResult> drainPool(String pool) {
        return queues.drain(pool);
    }

    @Override
    public CompletionStage<CommandResult> resumePool(String pool) {
        return queues.resume(pool);
    }

    @Override
    public CompletionStage<CommandResult> retryParked(String runId, @Nullable String step, @Nullable String inputJson) {
        return withInput(
                inputJson, () -> wish(runId, new Wish.RetryParked(step, inputJson), "run " + runId + " tries again"));
    }

    @Override
    public CompletionStage<CommandResult> skipParked(String runId, @Nullable String step, boolean resolved) {
        return wish(runId, new Wish.SkipParked(step, resolved), "run " + runId + " goes on");
    }

    @Override
    public CompletionStage<CommandResult> decidePool(String runId, int choice) {
        return switch (worker(runId)) {
            case PoolWorker worker ->
                worker.ask(new PoolEvent.Pick(choice), new CommandResult.Done("run " + runId + " is decided"));
            case null -> unknown(runId);
            default -> refused("not-parked", "run " + runId + " is no decision of a pool");
        };
    }

    private CompletionStage<CommandResult> withInput(
            @Nullable String inputJson, java.util.function.Supplier<CompletionStage<CommandResult>> then) {
        String problem = inputJson == null ? null : RunJson.inputProblem(inputJson);
        return problem == null ? then.get() : refused("bad-input", problem);
    }

    private CompletionStage<CommandResult> wish(String runId, Wish wish, String done) {
        RunWorker<?> worker = worker(runId);
        return worker == null ? unknown(runId) : worker.ask(wish, new CommandResult.Done(done));
    }

    /// Waits for a nested run that the run around it is about to take up: just after an opening it is not
    /// there yet, although everybody can see it.
    private @Nullable RunWorker<?> worker(String runId) {
        RunWorker<?> worker = workers.get(runId);
        long deadline = System.nanoTime() + TAKEN_UP_WITHIN.toNanos();
        while (worker == null && isToBeTakenUp(runId) && System.nanoTime() < deadline) {
            LockSupport.parkNanos(LOOK_AGAIN.toNanos());
            worker = workers.get(runId);
        }
        return worker;
    }

    private boolean isToBeTakenUp(String runId) {
        return !closing
                && RunIds.isNested(runId)
                && workers.containsKey(RunIds.rootOf(runId))
                && context.journal().state(StoredRun.STATE + runId) != null;
    }

    private CompletionStage<CommandResult> unknown(String runId) {
        RunRecord ended = context.journal().run(runId);
        return refused(
                "unknown-name",
                ended == null
                        ? Similar.unknown("unfinished run", runId, workers.keySet())
                        : "run " + runId + " has ended: " + ended.state()
                                + "; naos runs retry-from does one of its steps again");
    }

    static CompletionStage<CommandResult> refused(String code, String message) {
        return CompletableFuture.completedFuture(new Refused(code, message));
    }

    // ---- going back

    @Override
    public CompletionStage<CommandResult> retryFrom(String runId, String step, @Nullable String inputJson) {
        Wish wish = new Wish.RetryFrom(step, inputJson);
        String done = "run " + runId + " goes on from " + step;
        return withInput(inputJson, () -> {
            RunWorker<?> worker = workers.get(runId);
            return worker == null
                    ? back.reopen(runId, wish, done)
                    : worker.ask(wish, new CommandResult.Done(done))
                            .thenCompose(answer -> answer instanceof Refused && worker.hasEnded()
                                    ? back.reopen(runId, wish, done) // it came to its end at the same time
                                    : CompletableFuture.completedFuture(answer));
        });
    }

    @Override
    public CompletionStage<CommandResult> fork(String runId, String step, @Nullable String inputJson) {
        return withInput(inputJson, () -> back.fork(runId, step, inputJson));
    }

    // ---- the end of the process

    @Override
    public boolean isUnderWay(String runId) {
        return workers.containsKey(runId) || queues.has(runId);
    }

    @Override
    public int recover() {
        return takingUp.all() + queues.open();
    }

    /// Whether it has a worker.
    boolean isThere(String runId) {
        return workers.containsKey(runId);
    }

    <E> void go(RunWorker<E> worker, E event) {
        if (workers.putIfAbsent(worker.runId, worker) == null) {
            worker.post(event);
            worker.start();
            closeIfLate(worker);
        }
    }

    TakingUp takingUp() {
        return takingUp;
    }

    boolean isClosing() {
        return closing;
    }

    /// Waits until every run has ended or stopped for good.
    void awaitIdle() {
        while (!workers.isEmpty()) {
            List.copyOf(workers.values()).forEach(RunWorker::awaitEnd);
        }
    }

    @Override
    public void leave(Duration grace) {
        closeGrace = grace;
        closing = true;
        workers.values().forEach(worker -> worker.close(grace));
        queues.close(grace);
    }

    @Override
    public void close(Duration grace) {
        if (!closing) {
            leave(grace);
        }
        List.copyOf(workers.values()).forEach(RunWorker::awaitEnd);
        queues.awaitEnd();
    }
}
