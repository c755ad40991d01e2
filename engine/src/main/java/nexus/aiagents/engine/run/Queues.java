package nexus.aiagents.engine.run;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.control.CommandResult.Done;
import nexus.aiagents.engine.control.CommandResult.Refused;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.ExitReason;
import nexus.aiagents.engine.journal.Journal;
import nexus.aiagents.engine.pool.Bringer;
import nexus.aiagents.engine.pool.QueueEvent;
import nexus.aiagents.engine.pool.QueueState;
import nexus.aiagents.engine.project.PoolSpec;
import nexus.aiagents.engine.supervise.AgentLauncher;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/// The queues of the project's pools. Thread-safe.
final class Queues {
    private static final Logger LOG = LoggerFactory.getLogger(Queues.class);

    private final RunContext context;
    private final Map<String, QueueWorker> workers = new ConcurrentHashMap<>();
    private final Set<String> leaving = ConcurrentHashMap.newKeySet();
    private volatile Set<String> supervised = Set.of();
    private boolean opened;

    Queues(RunContext context) {
        this.context = context;
    }

    /// Follows these pools from now on: new ones are there at once, and open if the others are; changed
    /// ones go on with the jobs they have; jobs of those that are no more end, once no supervisor has
    /// it open any more.
    ///
    /// @param under those that a supervisor opens and closes; the others are open as long as the project is
    synchronized void configure(Collection<PoolSpec> pools, Set<String> under) {
        supervised = Set.copyOf(under);
        leaving.clear();
        Map<String, PoolSpec> now = new HashMap<>();
        pools.stream().filter(pool -> pool.queue() != null).forEach(pool -> now.put(pool.name(), pool));
        for (QueueWorker worker : List.copyOf(workers.values())) {
            if (!now.containsKey(worker.pool().name())) {
                leave(worker);
            }
        }
        now.forEach((name, pool) -> {
            QueueWorker worker = workers.get(name);
            if (worker == null) {
                begin(pool);
            } else if (!worker.pool().equals(pool)) {
                worker.reconfigure(pool);
            }
        });
        if (opened) {
            endOrphans();
            workers.values().forEach(this::openOrClose);
        }
    }

    private void leave(QueueWorker worker) {
        String name = worker.pool().name();
        if (worker.isKept()) {
            leaving.add(name); // its supervisor, which is to lose it too, stops it
            return;
        }
        worker.close(Duration.ZERO);
        worker.awaitEnd();
        workers.remove(name);
    }

    private void openOrClose(QueueWorker worker) {
        worker.openUnlessKept(!supervised.contains(worker.pool().name()));
    }

    /// For the supervisor whose child it is; see {@link AgentLauncher#launch}.
    AgentLauncher.LiveAgent launch(String pool, Consumer<AgentLauncher.Exit> onExit)
            throws AgentLauncher.StartFailed, InterruptedException {
        QueueWorker worker = leaving.contains(pool) ? null : workers.get(pool);
        if (worker == null) {
            throw new AgentLauncher.StartFailed(
                    ExitReason.error("unknown-pool", "there is no pool '" + pool + "' with a queue any more"));
        }
        KeptQueue kept = worker.keep(exit -> {
            closed(pool);
            onExit.accept(exit);
        });
        if (kept == null) {
            throw new AgentLauncher.StartFailed(ExitReason.SHUTDOWN);
        }
        return kept;
    }

    /// Its supervisor does not have it open any more.
    private synchronized void closed(String pool) {
        QueueWorker worker = workers.get(pool);
        if (worker == null) {
            return;
        }
        if (leaving.remove(pool)) {
            leave(worker);
            if (opened) {
                endOrphans();
            }
        } else if (opened && !supervised.contains(pool)) {
            openOrClose(worker);
        }
    }

    private void begin(PoolSpec pool) {
        QueueWorker worker = QueueWorker.of(pool, stored(pool), context);
        workers.put(pool.name(), worker);
        worker.start();
    }

    private QueueState stored(PoolSpec pool) {
        String head = context.journal().state(QueueWorker.HEAD + pool.name());
        List<QueueState.Job> jobs = new ArrayList<>();
        context.journal().states(QueueWorker.JOB + pool.name() + '/').forEach((key, json) -> {
            QueueState.Job job = read(key, json, QueueState.Job.class);
            if (job != null) {
                jobs.add(job);
            }
        });
        QueueState.Kept kept = head == null ? null : read(pool.name(), head, QueueState.Kept.class);
        return QueueState.restored(pool, kept, jobs, context.random().nextLong());
    }

    private static <T> @Nullable T read(String key, String json, Class<T> type) {
        try {
            return RunJson.JSON.readValue(json, type);
        } catch (JacksonException e) {
            LOG.error("{} can not be read and stays as it is", key, e);
            return null;
        }
    }

    /// Lets the workers work, but for those that wait for their supervisor.
    ///
    /// @return how many jobs there were
    synchronized int open() {
        opened = true;
        endOrphans();
        workers.values().stream()
                .filter(worker -> !supervised.contains(worker.pool().name()))
                .forEach(worker -> worker.post(new QueueEvent.Open()));
        return context.journal().states(QueueWorker.JOB).size();
    }

    /// Jobs of a pool that is no queue any more have nobody to work on them.
    private void endOrphans() {
        Map<String, @Nullable String> gone = new HashMap<>();
        List<EngineEvent> ends = new ArrayList<>();
        for (String key : context.journal().states(QueueWorker.JOB).keySet()) {
            String[] parts = key.split("/", 3);
            if (!workers.containsKey(parts[1])) {
                gone.put(key, null);
                ExitReason why = ExitReason.error("pool-removed", "pool '" + parts[1] + "' has no queue any more");
                ends.add(new EngineEvent.RunEnded(parts[2], "failed", null, null, why));
            }
        }
        if (!gone.isEmpty()) {
            context.journal().commitAndWait(new Journal.Batch(ends, gone));
        }
    }

    CompletionStage<CommandResult> submit(PoolSpec pool, String id, String inputJson, Bringer by) {
        QueueWorker worker = workers.get(pool.name());
        return worker == null ? noQueue(pool.name()) : worker.submit(id, inputJson, by);
    }

    boolean has(String job) {
        return workers.values().stream().anyMatch(worker -> worker.has(job));
    }

    /// @return null if no queue has this job
    @Nullable
    CompletionStage<CommandResult> cancel(String job, CommandResult done) {
        for (QueueWorker worker : workers.values()) {
            if (worker.has(job)) {
                return worker.ask(new QueueEvent.CancelJob(job), done);
            }
        }
        return null;
    }

    CompletionStage<CommandResult> scale(String pool, @Nullable Integer to) {
        String done = to == null
                ? "the workers of " + pool + " follow its queue"
                : pool + " has " + to + (to == 1 ? " worker" : " workers");
        return ask(pool, new QueueEvent.Scale(to), done);
    }

    CompletionStage<CommandResult> drain(String pool) {
        return ask(pool, new QueueEvent.Drain(), pool + " takes no new jobs and finishes those it has");
    }

    CompletionStage<CommandResult> resume(String pool) {
        return ask(pool, new QueueEvent.Resume(), pool + " takes jobs again");
    }

    private CompletionStage<CommandResult> ask(String pool, QueueEvent event, String done) {
        QueueWorker worker = workers.get(pool);
        return worker == null ? noQueue(pool) : worker.ask(event, new Done(done));
    }

    private static CompletionStage<CommandResult> noQueue(String pool) {
        return CompletableFuture.completedFuture(new Refused(
                "not-a-queue",
                "pool '" + pool + "' has no queue: all its members get the same work. A pool with `strategy: "
                        + "round-robin`, `least-busy` or `random` has one"));
    }

    /// @param grace as of {@link Runs#close(Duration)}
    void close(Duration grace) {
        workers.values().forEach(worker -> worker.close(grace));
    }

    void awaitEnd() {
        List.copyOf(workers.values()).forEach(RunWorker::awaitEnd);
    }
}
