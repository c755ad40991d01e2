package nexus.aiagents.engine.run;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import nexus.aiagents.engine.agent.AgentCalls;
import nexus.aiagents.engine.agent.AgentCalls.Result;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.ExitReason;
import nexus.aiagents.engine.pool.Bringer;
import nexus.aiagents.engine.pool.PoolMachine;
import nexus.aiagents.engine.pool.QueueEffect;
import nexus.aiagents.engine.pool.QueueEvent;
import nexus.aiagents.engine.pool.QueueMachine;
import nexus.aiagents.engine.pool.QueueState;
import nexus.aiagents.engine.project.PoolSpec;
import nexus.aiagents.engine.supervise.AgentLauncher;
import org.jspecify.annotations.Nullable;

/// Carries out what a queue's machine decides: the single writer of one pool and of all its jobs, for
/// as long as the project is open. What outlives it is stored under `pool/NAME`, and each unfinished
/// job under `pool-job/NAME/ID`.
final class QueueWorker extends RunWorker<QueueEvent> {
    static final String HEAD = "pool/";
    static final String JOB = "pool-job/";

    private static final int TOGETHER = 64;

    private final Map<String, CompletableFuture<CommandResult>> bringers = new ConcurrentHashMap<>();
    private final Set<String> jobs = ConcurrentHashMap.newKeySet();
    private final CompletableFuture<Void> gone;
    private final Consumer<String> jobOver;
    private @Nullable KeptQueue arriving;
    private volatile @Nullable KeptQueue keeper;
    private long opened;
    private volatile PoolSpec pool;
    private QueueState state;
    private QueueState.@Nullable Kept kept;

    private QueueWorker(
            PoolSpec pool,
            QueueState state,
            RunContext context,
            CompletableFuture<Void> gone,
            Consumer<String> jobOver) {
        super(HEAD + pool.name(), context, null);
        this.pool = pool;
        this.state = state;
        this.gone = gone;
        this.jobOver = jobOver;
        state.waiting().forEach(job -> jobs.add(job.id()));
        var _ = gone.thenRun(this::gone);
    }

    /// @param jobs as they were stored, by id
    static QueueWorker of(PoolSpec pool, QueueState state, RunContext context) {
        CompletableFuture<Void> gone = new CompletableFuture<>();
        RunContext own = new RunContext(
                context.journal(),
                context.calls(),
                context.clock(),
                context.random(),
                context.nested(),
                context.env(),
                _ -> gone.complete(null));
        return new QueueWorker(pool, state, own, gone, context.over());
    }

    PoolSpec pool() {
        return pool;
    }

    boolean has(String job) {
        return jobs.contains(job);
    }

    /// One that is there already is not taken twice. Completes when the job is durable, or is not
    /// taken; where the queue is full and says `block`, that may be a while.
    CompletableFuture<CommandResult> submit(String id, String inputJson, Bringer by) {
        if (jobs.contains(id)) {
            return CompletableFuture.completedFuture(new CommandResult.RunStarted(id));
        }
        CompletableFuture<CommandResult> answer = new CompletableFuture<>();
        bringers.put(id, answer);
        post(new QueueEvent.Submit(id, inputJson, by));
        if (gone.isDone()) {
            refuseBringers();
        }
        return answer;
    }

    private void gone() {
        refuseBringers();
        KeptQueue kept = keeper;
        if (kept != null) {
            kept.workerGone(isClosing());
        }
    }

    /// Opens it for a supervisor. One at a time: the next is begun when the one before has ended.
    ///
    /// @param onExit called once, when it has ended
    /// @return null if it can not be opened any more; `onExit` is not called then
    @Nullable
    KeptQueue keep(Consumer<AgentLauncher.Exit> onExit) throws InterruptedException {
        KeptQueue kept;
        CompletableFuture<CommandResult> open;
        synchronized (this) {
            opened++;
            kept = new KeptQueue(this, opened, onExit);
            arriving = kept;
            open = ask(new QueueEvent.Open(), new CommandResult.Done(""));
        }
        try {
            return open.get() instanceof CommandResult.Done ? kept : null;
        } catch (InterruptedException e) {
            kept.kill(ExitReason.of(ExitReason.Kind.KILLED, "it was given up while it was being opened"));
            throw e;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Where no supervisor has it open, or is about to.
    synchronized void openUnlessKept(boolean wanted) {
        if (!isKept()) {
            post(wanted ? new QueueEvent.Open() : new QueueEvent.Close());
        }
    }

    /// Whether a supervisor has it open.
    synchronized boolean isKept() {
        KeptQueue kept = keeper;
        return arriving != null || (kept != null && !kept.isOver());
    }

    private synchronized void arrived() {
        if (arriving != null) {
            keeper = arriving;
            arriving = null;
        }
    }

    private void refuseBringers() {
        bringers.keySet()
                .forEach(id -> answer(
                        id,
                        new CommandResult.Refused(
                                "not-up",
                                "pool '" + pool.name()
                                        + "' takes no jobs any more: the project is being closed, or its store"
                                        + " failed")));
    }

    /// On a thread of its own: what hangs on the answer may take its time, the queue may not.
    private void answer(String id, CommandResult result) {
        CompletableFuture<CommandResult> bringer = bringers.remove(id);
        if (bringer != null) {
            Thread.startVirtualThread(() -> bringer.complete(result));
        }
    }

    void reconfigure(PoolSpec changed) {
        pool = changed;
        post(new QueueEvent.Reconfigured());
    }

    @Override
    int together() {
        return TOGETHER;
    }

    @Override
    Turn decide(QueueEvent event, long now) {
        PoolSpec as = pool;
        if (event instanceof QueueEvent.Open) {
            arrived();
        }
        QueueMachine.Decision decision = QueueMachine.decide(as, state, event, now);
        state = decision.state();
        List<EngineEvent> events = new ArrayList<>();
        Map<String, @Nullable String> stored = new HashMap<>();
        List<Runnable> after = new ArrayList<>();
        for (QueueEffect effect : decision.effects()) {
            switch (effect) {
                case QueueEffect.Note e -> {
                    events.add(e.event());
                    if (e.event() instanceof EngineEvent.RunEnded end && RunIds.isNested(end.runId())) {
                        StoredRun.Result result = new StoredRun.Result(end.state(), end.outputJson(), end.reason());
                        stored.put(StoredRun.RESULT + end.runId(), RunJson.write(result));
                        after.add(() -> jobOver.accept(end.runId()));
                    }
                }
                case QueueEffect.Keep e -> {
                    jobs.add(e.job().id());
                    stored.put(key(as, e.job().id()), RunJson.write(e.job()));
                }
                case QueueEffect.Forget e -> {
                    jobs.remove(e.job());
                    stored.put(key(as, e.job()), null);
                }
                case QueueEffect.Start e -> after.add(() -> callAgent(as, e));
                case QueueEffect.CancelCall e -> after.add(() -> cancelCall(key(e.job(), e.attempt()), e.reason()));
                case QueueEffect.Accepted e -> after.add(() -> answer(e.job(), new CommandResult.RunStarted(e.job())));
                case QueueEffect.Refused e ->
                    after.add(() -> answer(e.job(), new CommandResult.Refused(e.code(), e.message())));
            }
        }
        KeptQueue open = keeper;
        if (open != null && event instanceof QueueEvent.Broke(QueueEvent.Ended job)) {
            after.add(() -> open.failed(job.reason()));
        }
        if (open != null && !state.open() && (state.atWork().isEmpty() || event instanceof QueueEvent.Kill)) {
            after.add(open::rests);
        }
        QueueState.Kept keep = state.kept();
        if (!keep.equals(kept)) {
            kept = keep;
            stored.put(HEAD + as.name(), RunJson.write(keep));
        }
        PoolMachine.Refusal refusal = decision.refused();
        return new Turn(
                events,
                stored,
                false,
                after,
                refusal == null ? null : new CommandResult.Refused(refusal.code(), refusal.message()));
    }

    private static String key(PoolSpec pool, String job) {
        return JOB + pool.name() + '/' + job;
    }

    private static String key(String job, int attempt) {
        return job + '#' + attempt;
    }

    private void callAgent(PoolSpec as, QueueEffect.Start start) {
        QueueState.Job job = start.job();
        call(
                key(job.id(), job.attempt()),
                context.calls()
                        .callInOwnPlace(new AgentCalls.Request(
                                start.agent(),
                                job.inputJson(),
                                job.id(),
                                "work",
                                job.attempt(),
                                QueueMachine.idempotencyKey(job),
                                budgets(as, job),
                                as.timeout())),
                result -> outcome(start.worker(), job, result));
    }

    private static List<String> budgets(PoolSpec as, QueueState.Job job) {
        List<String> budgets = new ArrayList<>(job.by().budgets());
        budgets.addFirst("pool/" + as.name());
        return budgets;
    }

    private QueueEvent outcome(int worker, QueueState.Job job, Result result) {
        return switch (RunJson.checked(result, RunJson.MAX_BYTES)) {
            case Result.Returned r -> new QueueEvent.Returned(worker, job.id(), job.attempt(), r.outputJson());
            case Result.Ended r -> {
                QueueEvent.Ended ended = new QueueEvent.Ended(worker, job.id(), job.attempt(), r.reason());
                // All its jobs would fail for that: better its supervisor decides, and they wait.
                yield isKept() && r.reason().kind() == ExitReason.Kind.UNTRUSTED ? new QueueEvent.Broke(ended) : ended;
            }
        };
    }

    @Override
    long nextTick() {
        return QueueMachine.nextTick(pool, state);
    }

    @Override
    QueueEvent tick() {
        return new QueueEvent.Tick();
    }

    @Override
    QueueEvent suspend() {
        return new QueueEvent.Close();
    }

    /// Wishes are about single jobs; see {@link Queues}.
    @Override
    @Nullable
    QueueEvent event(Wish wish) {
        return null;
    }
}
