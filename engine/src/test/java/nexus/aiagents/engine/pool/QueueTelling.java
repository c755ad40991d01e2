package nexus.aiagents.engine.pool;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.EngineEvent.RunEnded;
import nexus.aiagents.engine.journal.ExitReason;
import nexus.aiagents.engine.pool.QueueState.Job;
import nexus.aiagents.engine.project.PoolSpec;
import nexus.aiagents.engine.project.PoolSpec.OnFull;
import nexus.aiagents.engine.project.PoolSpec.QueueSpec;
import nexus.aiagents.engine.project.PoolSpec.Strategy;
import nexus.aiagents.engine.project.Position;
import nexus.aiagents.engine.project.SagaSpec.RetrySpec;

/// A queue whose agents, clock and store are the test's, and which keeps count of what must always hold.
final class QueueTelling {
    static final ExitReason NO = ExitReason.error("no", "it says no");

    /// Short ways to say what a queue is.
    record Rules(
            Strategy strategy, int min, int start, int max, boolean automatic, int limit, OnFull onFull, int attempts) {
        static Rules of(int workers) {
            return new Rules(Strategy.ROUND_ROBIN, 0, workers, 100, false, 100, OnFull.REJECT, 1);
        }

        static Rules between(int min, int max) {
            return new Rules(Strategy.ROUND_ROBIN, min, min, max, true, 1_000, OnFull.REJECT, 1);
        }

        Rules strategy(Strategy s) {
            return new Rules(s, min, start, max, automatic, limit, onFull, attempts);
        }

        Rules full(int n, OnFull what) {
            return new Rules(strategy, min, start, max, automatic, n, what, attempts);
        }

        Rules attempts(int n) {
            return new Rules(strategy, min, start, max, automatic, limit, onFull, n);
        }

        PoolSpec pool() {
            RetrySpec retry =
                    new RetrySpec(attempts, Duration.ofSeconds(1), 2, Duration.ofSeconds(10), 0, Set.of("never"));
            QueueSpec queue = new QueueSpec(
                    min,
                    start,
                    max,
                    automatic,
                    limit,
                    onFull,
                    Duration.ofSeconds(10),
                    retry,
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(5));
            return new PoolSpec(
                    "q",
                    List.of("w"),
                    strategy,
                    0,
                    null,
                    0,
                    PoolSpec.OnTie.FAIL,
                    null,
                    null,
                    queue,
                    new Position("nexus.yaml", 0, 0, 0, 0));
        }

        QueueTelling open() {
            return new QueueTelling(pool()).tell(new QueueEvent.Open());
        }
    }

    PoolSpec pool;
    QueueState state;
    long now = 1_000_000;
    PoolMachine.Refusal refused;
    /// What runs now: `JOB#ATTEMPT` → worker.
    final Map<String, Integer> calls = new LinkedHashMap<>();
    /// What a store would hold.
    final Map<String, Job> stored = new HashMap<>();
    final Map<String, String> answers = new LinkedHashMap<>();
    final Map<String, String> ends = new LinkedHashMap<>();
    final Map<String, Integer> returned = new HashMap<>();
    final List<String> started = new ArrayList<>();
    /// `FROM TO` of jobs, and `FROM TO EVENT` of the queue.
    final Set<String> jobWays = new HashSet<>();

    final Set<String> modeWays = new HashSet<>();
    final List<EngineEvent> notes = new ArrayList<>();

    QueueTelling(PoolSpec pool) {
        this.pool = pool;
        this.state = QueueState.initial(pool, 42);
    }

    QueueTelling tell(QueueEvent event) {
        Map<String, String> before = places();
        QueueState.Mode mode = state.mode();
        Map<String, String> ended = new HashMap<>(ends);
        decide(event);
        Map<String, String> after = places();
        ends.forEach((id, end) -> {
            if (!ended.containsKey(id)) {
                after.put(id, end);
            }
        });
        after.forEach((id, place) -> {
            String was = before.getOrDefault(id, "[*]");
            if (!was.equals(place)) {
                jobWays.add(was + " " + place);
            }
        });
        if (mode != state.mode()) {
            modeWays.add(mode + " " + state.mode() + " " + event.getClass().getSimpleName());
        }
        return this;
    }

    private Map<String, String> places() {
        Map<String, String> places = new HashMap<>();
        state.atWork().values().stream().filter(job -> !job.over()).forEach(job -> places.put(job.id(), "working"));
        state.waiting()
                .forEach(job -> places.put(
                        job.id(),
                        job.started() ? "working" : !state.open() && job.readyAt() > now ? "delayed" : "waiting"));
        state.delayed().forEach(job -> places.put(job.id(), "delayed"));
        return places;
    }

    private void decide(QueueEvent event) {
        QueueMachine.Decision decision = QueueMachine.decide(pool, state, event, now);
        state = decision.state();
        refused = decision.refused();
        for (QueueEffect effect : decision.effects()) {
            switch (effect) {
                case QueueEffect.Note e -> {
                    notes.add(e.event());
                    if (e.event() instanceof RunEnded end) {
                        String before = ends.put(end.runId(), end.state());
                        check(before == null, end.runId() + " ended twice");
                    }
                }
                case QueueEffect.Keep e -> {
                    check(!ends.containsKey(e.job().id()), e.job().id() + " is kept after its end");
                    stored.put(e.job().id(), e.job());
                }
                case QueueEffect.Forget e -> stored.remove(e.job());
                case QueueEffect.Start e -> {
                    check(!calls.containsValue(e.worker()), "worker " + e.worker() + " does two jobs at once");
                    check(stored.get(e.job().id()).started(), "it is started before that is kept");
                    calls.put(e.job().id() + "#" + e.job().attempt(), e.worker());
                    started.add(e.job().id() + ">" + e.worker());
                }
                case QueueEffect.CancelCall e ->
                    check(calls.containsKey(e.job() + "#" + e.attempt()), "what does not run is cancelled");
                case QueueEffect.Accepted e -> answers.put(e.job(), "accepted");
                case QueueEffect.Refused e -> answers.put(e.job(), e.code());
            }
        }
        check(calls.size() <= pool.queue().max(), calls.size() + " jobs at once");
        if (state.open()) {
            long staying = state.workers().stream().filter(w -> !w.leaving()).count();
            check(staying == state.target(), "the crew is as large as it is to be");
            check(
                    state.target() >= pool.queue().min()
                            && state.target() <= pool.queue().max(),
                    "within the bounds");
            boolean free = state.workers().stream()
                    .anyMatch(w -> !w.leaving() && !state.atWork().containsKey(w.index()));
            check(state.waiting().isEmpty() || !free, "a job waits though a worker is free");
        }
    }

    private void check(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what + "; " + state);
        }
    }

    QueueTelling submit(String... ids) {
        for (String id : ids) {
            tell(new QueueEvent.Submit(id, "{}", Bringer.NOBODY));
        }
        return this;
    }

    QueueTelling returns(String id) {
        String call = call(id);
        int worker = calls.remove(call);
        if (!state.atWork().get(worker).over()) {
            returned.merge(id, 1, Integer::sum);
        }
        return tell(new QueueEvent.Returned(worker, id, attempt(call), "1"));
    }

    QueueTelling fails(String id) {
        return fails(id, NO);
    }

    QueueTelling fails(String id, ExitReason reason) {
        String call = call(id);
        int worker = calls.remove(call);
        return tell(new QueueEvent.Ended(worker, id, attempt(call), reason));
    }

    private String call(String id) {
        return calls.keySet().stream()
                .filter(call -> call.startsWith(id + "#"))
                .findFirst()
                .orElseThrow(() -> new AssertionError(id + " is not at work"));
    }

    private static int attempt(String call) {
        return Integer.parseInt(call.substring(call.indexOf('#') + 1));
    }

    /// As after kill -9: what was running is gone, what was kept is found.
    QueueTelling dies() {
        calls.clear();
        state = QueueState.restored(pool, state.kept(), List.copyOf(stored.values()), 7);
        return this;
    }

    QueueTelling passes(Duration time) {
        long end = now + time.toMillis();
        for (int ticks = 0; ; ticks++) {
            check(ticks < 10_000, "the clock does not get on");
            long due = QueueMachine.nextTick(pool, state);
            if (due > end) {
                break;
            }
            now = Math.max(now, due);
            tell(new QueueEvent.Tick());
        }
        now = end;
        return this;
    }

    <T> List<T> all(Class<T> type) {
        return notes.stream().filter(type::isInstance).map(type::cast).toList();
    }

    int workers() {
        return (int) state.workers().stream().filter(w -> !w.leaving()).count();
    }
}
