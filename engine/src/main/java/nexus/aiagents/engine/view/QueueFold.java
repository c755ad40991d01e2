package nexus.aiagents.engine.view;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.project.PoolSpec;
import nexus.aiagents.engine.view.ProjectView.QueueView;
import nexus.aiagents.engine.view.ProjectView.WorkerView;
import org.jspecify.annotations.Nullable;

/// What the events say about the queue of one pool so far. Confined to {@link ViewFold}.
final class QueueFold {
    private static final int WAITS_KEPT = 500;

    private final Map<String, Instant> waiting = new LinkedHashMap<>();
    private final Map<String, Integer> atWork = new LinkedHashMap<>();
    private final TreeMap<Integer, Worker> crew = new TreeMap<>();
    private final Deque<Long> waits = new ArrayDeque<>();
    private String mode = "open";
    private boolean open;
    private @Nullable Instant openedAt;
    private int workers = -1;
    private boolean byHand;
    private long done;
    private long failed;
    private long dropped;
    private long refused;

    private static final class Worker {
        private @Nullable String job;
        private Instant since = Instant.EPOCH;
        private long jobs;
        private long busyMillis;

        void rest(Instant at) {
            if (job != null) {
                busyMillis += Math.max(0, Duration.between(since, at).toMillis());
                jobs++;
            }
            job = null;
        }
    }

    void opened(Instant at, EngineEvent.PoolOpened e) {
        open = true;
        openedAt = at;
        workers = e.workers();
        crew.clear();
    }

    void closed() {
        open = false;
    }

    /// The process ended: nobody works any more.
    void processEnded(Instant at) {
        open = false;
        atWork.keySet().forEach(job -> waiting.putIfAbsent(job, at));
        atWork.clear();
        crew.clear();
    }

    void mode(String now) {
        mode = now;
    }

    void scaled(EngineEvent.PoolScaled e) {
        workers = e.to();
        crew.entrySet().removeIf(entry -> entry.getKey() >= workers && entry.getValue().job == null);
    }

    void pinned(boolean now) {
        byHand = now;
    }

    void refused() {
        refused++;
    }

    void accepted(Instant at, String job) {
        waiting.put(job, at);
    }

    void started(Instant at, EngineEvent.PoolJobStarted e) {
        waiting.remove(e.runId());
        atWork.put(e.runId(), e.worker());
        waits.addLast(e.waitedMillis());
        if (waits.size() > WAITS_KEPT) {
            waits.removeFirst();
        }
        Worker worker = crew.computeIfAbsent(e.worker(), _ -> new Worker());
        worker.job = e.runId();
        worker.since = at;
    }

    void attemptFailed(Instant at, EngineEvent.PoolJobFailed e) {
        rest(at, e.runId());
        if (e.retryAtEpochMillis() > 0) {
            waiting.put(e.runId(), Instant.ofEpochMilli(e.retryAtEpochMillis()));
        }
    }

    void cutShort(Instant at, String job) {
        rest(at, job);
        waiting.put(job, at);
    }

    void ended(Instant at, EngineEvent.RunEnded e) {
        rest(at, e.runId());
        waiting.remove(e.runId());
        switch (e.state()) {
            case "done" -> done++;
            case "failed" -> failed++;
            default -> {}
        }
        if (e.reason() != null && e.reason().code().equals("dropped")) {
            dropped++;
        }
    }

    private void rest(Instant at, String job) {
        Integer index = atWork.remove(job);
        if (index == null) {
            return;
        }
        Worker worker = crew.get(index);
        if (worker != null) {
            worker.rest(at);
            if (index >= target()) {
                crew.remove(index);
            }
        }
    }

    private int target() {
        return workers < 0 ? Integer.MAX_VALUE : workers;
    }

    QueueView view(PoolSpec pool, PoolSpec.QueueSpec queue, Instant now) {
        int wanted = workers < 0 ? queue.start() : workers;
        Instant oldest = waiting.values().stream().min(Instant::compareTo).orElse(now);
        List<Long> sorted = waits.stream().sorted().toList();
        return new QueueView(
                open || !mode.equals("open") ? mode : "closed",
                queue.min(),
                queue.max(),
                wanted,
                queue.automatic(),
                byHand,
                waiting.size(),
                queue.limit(),
                SupervisorFold.dashed(queue.onFull()),
                Math.max(0, Duration.between(oldest, now).toMillis()),
                quantile(sorted, 50),
                quantile(sorted, 95),
                done,
                failed,
                dropped,
                refused,
                crew(pool, open ? wanted : 0, now));
    }

    private static long quantile(List<Long> sorted, int percent) {
        return sorted.isEmpty() ? 0 : sorted.get(Math.min(sorted.size() - 1, sorted.size() * percent / 100));
    }

    private List<WorkerView> crew(PoolSpec pool, int wanted, Instant now) {
        List<WorkerView> views = new ArrayList<>();
        int last = crew.isEmpty() ? wanted : Math.max(wanted, crew.lastKey() + 1);
        for (int index = 0; index < last; index++) {
            Worker worker = crew.get(index);
            if (worker != null || index < wanted) {
                String agent = pool.members().get(index % pool.members().size());
                views.add(
                        worker == null
                                ? new WorkerView(index, agent, null, 0, 0)
                                : new WorkerView(index, agent, worker.job, worker.jobs, load(worker, now)));
            }
        }
        return views;
    }

    private int load(Worker worker, Instant now) {
        Instant since = openedAt;
        long all = since == null ? 0 : Duration.between(since, now).toMillis();
        long busy = worker.busyMillis
                + (worker.job == null
                        ? 0
                        : Math.max(0, Duration.between(worker.since, now).toMillis()));
        return all <= 0 ? 0 : (int) Math.min(100, busy * 100 / all);
    }
}
