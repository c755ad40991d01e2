package nexus.aiagents.engine.pool;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.ExitReason;
import nexus.aiagents.engine.journal.ExitReason.Kind;
import nexus.aiagents.engine.pool.QueueState.Blocked;
import nexus.aiagents.engine.pool.QueueState.Job;
import nexus.aiagents.engine.pool.QueueState.Mode;
import nexus.aiagents.engine.project.PoolSpec;
import nexus.aiagents.engine.project.PoolSpec.QueueSpec;
import nexus.aiagents.engine.project.SagaSpec.RetrySpec;
import org.jspecify.annotations.Nullable;

/// The working copy of one decision of a queue.
final class QueueTurn {
    private final PoolSpec pool;
    private final QueueSpec queue;
    private final long now;
    private final Crew crew;
    private final Backlog backlog;
    private final Map<Integer, Job> atWork;
    private final List<QueueEffect> effects = new ArrayList<>();
    private Mode mode;
    private boolean open;
    private boolean pinned;
    private long nextSeq;
    private long scaledAt;
    private PoolMachine.@Nullable Refusal refused;

    QueueTurn(PoolSpec pool, QueueState state, long now) {
        this.pool = pool;
        this.queue = Objects.requireNonNull(pool.queue());
        this.now = now;
        this.mode = state.mode();
        this.open = state.open();
        this.pinned = state.pinned();
        this.backlog = new Backlog(state);
        this.atWork = new TreeMap<>(state.atWork());
        this.nextSeq = state.nextSeq();
        this.scaledAt = state.scaledAt();
        this.crew = new Crew(pool.strategy(), state, atWork.keySet(), now);
    }

    QueueMachine.Decision decision() {
        return new QueueMachine.Decision(state(), List.copyOf(effects), refused);
    }

    private QueueState state() {
        return new QueueState(
                mode,
                open,
                crew.target(),
                pinned,
                crew.workers(),
                backlog.waiting(),
                backlog.delayed(),
                Map.copyOf(atWork),
                backlog.blocked(),
                crew.cursor(),
                crew.seed(),
                nextSeq,
                scaledAt);
    }

    void handle(QueueEvent event) {
        switch (event) {
            case QueueEvent.Open _ -> begin();
            case QueueEvent.Close _ -> close();
            case QueueEvent.Kill _ -> kill();
            case QueueEvent.Reconfigured _ -> reconfigured();
            case QueueEvent.Tick _ -> tick();
            case QueueEvent.Submit e -> submit(e.id(), e.inputJson(), e.by());
            case QueueEvent.Returned e -> returned(e);
            case QueueEvent.Ended e -> ended(e);
            case QueueEvent.Broke e -> {
                close();
                ended(e.job());
            }
            case QueueEvent.CancelJob e -> cancel(e.id());
            case QueueEvent.Scale e -> scale(e.workers());
            case QueueEvent.Drain _ -> drain();
            case QueueEvent.Resume _ -> resume();
        }
        if (refused == null) {
            settle();
        }
    }

    /// What follows from any change: work for who is free, room for who waits for it, the end of a drain.
    private void settle() {
        if (open) {
            startAll();
        }
        while (backlog.isAnyBlocked() && hasRoom()) {
            Blocked next = backlog.nextBlocked();
            accept(next.id(), next.inputJson(), next.by());
        }
        if (mode == Mode.DRAINING && backlog.size() == 0 && atWork.isEmpty()) {
            mode = Mode.DRAINED;
            note(new EngineEvent.PoolDrained(pool.name()));
        }
    }

    // ---- the queue itself

    private void begin() {
        if (open) {
            return;
        }
        open = true;
        clamp();
        crew.arrive();
        List<Job> found = backlog.takeWaiting();
        note(new EngineEvent.PoolOpened(pool.name(), crew.target(), found.size()));
        found.forEach(this::takeUp);
    }

    private void takeUp(Job job) {
        if (job.started()) {
            cutShort(job, "the process ended while it was at work");
        } else if (job.readyAt() > now) {
            backlog.delay(job);
        } else {
            backlog.add(job);
        }
    }

    /// What it did is not known. It is started again with the same key, but not for ever.
    private void cutShort(Job job, String why) {
        note(new EngineEvent.PoolJobUnknown(job.id(), pool.name(), job.attempt(), why));
        Job again = job.cutShort(now);
        if (again.interrupted() >= QueueMachine.MAX_INTERRUPTIONS) {
            String message = "it was cut short " + again.interrupted()
                    + " times, so it is not started again; what it did is not known";
            finish(job.id(), "failed", null, ExitReason.error("unknown", message));
        } else {
            backlog.add(again);
            effects.add(new QueueEffect.Keep(again));
        }
    }

    private void close() {
        if (open) {
            open = false;
            note(new EngineEvent.PoolClosed(pool.name()));
        }
    }

    private void kill() {
        close();
        List<Job> later = backlog.takeWaiting();
        for (Map.Entry<Integer, Job> entry : atWork.entrySet()) {
            Job job = entry.getValue();
            if (!job.over()) {
                stop(entry, ExitReason.SHUTDOWN);
                cutShort(job, "the pool was stopped while it was at work");
            }
        }
        later.forEach(backlog::add);
    }

    /// Its worker is free when the call has really ended.
    private void stop(Map.Entry<Integer, Job> entry, ExitReason reason) {
        Job job = entry.getValue();
        effects.add(new QueueEffect.CancelCall(job.id(), job.attempt(), reason));
        entry.setValue(job.stopping());
    }

    private void reconfigured() {
        int before = crew.target();
        clamp();
        if (open) {
            crew.arrive();
        }
        if (before != crew.target()) {
            note(new EngineEvent.PoolScaled(pool.name(), before, crew.target(), "configuration"));
        }
    }

    private void clamp() {
        crew.aim(Math.clamp(crew.target(), queue.min(), queue.max()));
    }

    private void tick() {
        while (backlog.isAnyBlockedUntil(now)) {
            refuse(
                    backlog.nextBlocked().id(),
                    "queue-full",
                    "there was no room within " + queue.blockFor().toMillis() + " ms: " + full());
        }
        if (!open) {
            return;
        }
        backlog.wake(now);
        startAll();
        Scaling.Change change = Scaling.due(pool, state());
        if (change.at() <= now) {
            scaledAt = now;
            aim(change.target(), change.cause());
        }
    }

    private void aim(int target, String cause) {
        int before = crew.target();
        crew.aim(target);
        if (open) {
            crew.arrive();
        }
        note(new EngineEvent.PoolScaled(pool.name(), before, target, cause));
    }

    private void scale(@Nullable Integer workers) {
        if (workers == null) {
            if (!queue.automatic()) {
                refused = new PoolMachine.Refusal(
                        "bad-input",
                        "pool '" + pool.name()
                                + "' has no `min` and `max` to scale between by itself: say how many workers");
            } else {
                pin(false);
            }
        } else if (workers < queue.min() || workers > queue.max()) {
            refused = new PoolMachine.Refusal(
                    "bad-input",
                    queue.min() == queue.max()
                            ? "pool '" + pool.name() + "' has exactly its " + queue.max()
                                    + " named members; use `agent` with `min` and `max` to scale it"
                            : "pool '" + pool.name() + "' has " + queue.min() + " to " + queue.max() + " workers, not "
                                    + workers + "; `min` and `max` say so");
        } else {
            pin(true);
            if (workers != crew.target()) {
                aim(workers, "operator");
            }
        }
    }

    private void pin(boolean byHand) {
        if (pinned != byHand) {
            pinned = byHand;
            note(new EngineEvent.PoolPinned(pool.name(), byHand));
        }
    }

    private void drain() {
        if (mode != Mode.OPEN) {
            refused = new PoolMachine.Refusal("already", "pool '" + pool.name() + "' takes no new jobs already");
            return;
        }
        mode = Mode.DRAINING;
        note(new EngineEvent.PoolDraining(pool.name()));
        while (backlog.isAnyBlocked()) {
            refuse(backlog.nextBlocked().id(), "draining", drained());
        }
    }

    private void resume() {
        if (mode == Mode.OPEN) {
            refused = new PoolMachine.Refusal("already", "pool '" + pool.name() + "' takes jobs already");
            return;
        }
        mode = Mode.OPEN;
        note(new EngineEvent.PoolResumed(pool.name()));
    }

    // ---- jobs

    private void submit(String id, String inputJson, Bringer by) {
        if (mode != Mode.OPEN) {
            refuse(id, "draining", drained());
        } else if (!backlog.isAnyBlocked() && hasRoom()) {
            accept(id, inputJson, by);
        } else {
            switch (queue.onFull()) {
                case REJECT -> refuse(id, "queue-full", full());
                case BLOCK -> block(id, inputJson, by);
                case DROP_OLDEST -> dropOldest(id, inputJson, by);
            }
        }
    }

    private boolean hasRoom() {
        return backlog.size() < queue.limit() || (open && !backlog.isAnyWaiting() && crew.isAnyFree());
    }

    private void accept(String id, String inputJson, Bringer by) {
        Job job = new Job(id, inputJson, nextSeq, 0, 0, now, false, false, by);
        nextSeq++;
        backlog.add(job);
        note(QueueMachine.accepted(pool, job));
        effects.add(new QueueEffect.Keep(job));
        effects.add(new QueueEffect.Accepted(id));
        if (open) {
            startAll();
        }
    }

    private void refuse(String id, String code, String message) {
        note(new EngineEvent.PoolJobRefused(pool.name(), code));
        effects.add(new QueueEffect.Refused(id, code, message));
    }

    private void block(String id, String inputJson, Bringer by) {
        if (backlog.callers() >= QueueMachine.MAX_BLOCKED) {
            refuse(id, "queue-full", backlog.callers() + " callers wait for room already: " + full());
        } else {
            backlog.block(new Blocked(id, inputJson, by, now + queue.blockFor().toMillis()));
        }
    }

    private void dropOldest(String id, String inputJson, Bringer by) {
        Job oldest = backlog.takeOldest();
        if (oldest == null) {
            refuse(id, "queue-full", full());
            return;
        }
        finish(
                oldest.id(),
                "failed",
                null,
                ExitReason.error("dropped", "it had waited longest when the queue was full, and made room for " + id));
        accept(id, inputJson, by);
    }

    private void startAll() {
        while (backlog.isAnyWaiting() && crew.isAnyFree()) {
            Job job = backlog.next().begun();
            int worker = crew.next();
            String agent = pool.members().get(worker % pool.members().size());
            atWork.put(worker, job);
            crew.took(worker);
            note(new EngineEvent.PoolJobStarted(
                    job.id(),
                    pool.name(),
                    worker,
                    agent,
                    job.attempt(),
                    QueueMachine.idempotencyKey(job),
                    Math.max(0, now - job.readyAt())));
            effects.add(new QueueEffect.Keep(job));
            effects.add(new QueueEffect.Start(worker, agent, job));
        }
    }

    private @Nullable Job done(int worker, String id, int attempt) {
        Job job = atWork.get(worker);
        if (job == null || !job.id().equals(id) || job.attempt() != attempt) {
            return null;
        }
        atWork.remove(worker);
        crew.finished(worker);
        return job;
    }

    private void returned(QueueEvent.Returned e) {
        Job job = done(e.worker(), e.job(), e.attempt());
        // One that was cut short may have come to its end all the same; if it has not been started
        // again, that counts.
        boolean counts = job != null && (!job.over() || backlog.remove(job.id(), job.attempt()));
        if (counts) {
            finish(e.job(), "done", e.outputJson(), null);
        }
    }

    private void ended(QueueEvent.Ended e) {
        Job job = done(e.worker(), e.job(), e.attempt());
        if (job == null || job.over()) {
            return;
        }
        RetrySpec retry = queue.retry();
        boolean again = job.attempt() < retry.attempts()
                && !retry.notOn().contains(e.reason().code());
        long at = again ? now + retry.waitMillis(job.attempt(), retry.jitter() == 0 ? 0 : crew.roll()) : 0;
        note(new EngineEvent.PoolJobFailed(job.id(), pool.name(), e.worker(), job.attempt(), e.reason(), at));
        if (again) {
            Job later = job.again(at);
            backlog.delay(later);
            effects.add(new QueueEffect.Keep(later));
        } else {
            finish(job.id(), "failed", null, e.reason());
        }
    }

    private void cancel(String id) {
        ExitReason reason = ExitReason.of(Kind.KILLED, "the job was cancelled");
        for (Map.Entry<Integer, Job> entry : atWork.entrySet()) {
            if (entry.getValue().id().equals(id) && !entry.getValue().over()) {
                stop(entry, reason);
                finish(id, "cancelled", null, reason);
                return;
            }
        }
        if (backlog.remove(id)) {
            finish(id, "cancelled", null, reason);
        } else {
            refused = new PoolMachine.Refusal("unknown-name", "pool '" + pool.name() + "' has no unfinished job " + id);
        }
    }

    private void finish(String id, String state, @Nullable String outputJson, @Nullable ExitReason reason) {
        note(new EngineEvent.RunEnded(id, state, outputJson, null, reason));
        effects.add(new QueueEffect.Forget(id));
    }

    private String full() {
        return "pool '" + pool.name() + "' has " + backlog.size()
                + " jobs waiting, and its limit is " + queue.limit()
                + ": try again later, raise `queue: {limit: …}`, or give it more workers";
    }

    private String drained() {
        return "pool '" + pool.name() + "' takes no new jobs; naos pool resume " + pool.name() + " opens it again";
    }

    private void note(EngineEvent event) {
        effects.add(new QueueEffect.Note(event));
    }
}
