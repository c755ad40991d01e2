package nexus.aiagents.engine.schedule;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Predicate;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.control.CommandResult.Done;
import nexus.aiagents.engine.control.CommandResult.Refused;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.EngineEvent.ScheduleFired;
import nexus.aiagents.engine.journal.EngineEvent.SchedulePaused;
import nexus.aiagents.engine.journal.EngineEvent.ScheduleResumed;
import nexus.aiagents.engine.journal.EngineEvent.ScheduleSkipped;
import nexus.aiagents.engine.journal.EventJson;
import nexus.aiagents.engine.journal.Journal;
import nexus.aiagents.engine.journal.StoreException;
import nexus.aiagents.engine.project.ScheduleSpec;
import nexus.aiagents.engine.run.Alongside;
import nexus.aiagents.engine.schedule.ScheduleMachine.Skipped;
import nexus.aiagents.engine.schedule.ScheduleMachine.Step;
import nexus.aiagents.engine.view.ScheduleView;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Starts what is due while the project is up. That a time was decided, and the run that came of it,
/// are one transaction, so that no time is run twice, whenever the process dies. Thread-safe.
public final class Scheduler implements AutoCloseable {
    public static final String STATE_PREFIX = "schedule/";

    private static final Logger LOG = LoggerFactory.getLogger(Scheduler.class);
    /// Looks at the clock at least so often: it may be set, and a machine that slept does not tell.
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(15);
    /// After the store could not be written.
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final Journal journal;
    private final Clock clock;
    private final Function<ScheduleSpec, CommandResult> start;
    private final Predicate<String> isUnderWay;
    private final Set<String> watched = ConcurrentHashMap.newKeySet();
    private final Set<String> ended = ConcurrentHashMap.newKeySet();
    /// As they are stored; who only looks needs no lock.
    private final Map<String, ScheduleState> states = new ConcurrentHashMap<>();
    /// Held while something is decided and made durable.
    private final ReentrantLock lock = new ReentrantLock();
    private final Semaphore wake = new Semaphore(0);
    private volatile Map<String, ScheduleSpec> specs;
    private volatile boolean active;
    private volatile boolean closed;
    private @Nullable Thread thread;

    /// @param start      begins a run of it; waits until that is durable
    /// @param isUnderWay whether a run has begun and not ended
    public Scheduler(
            Map<String, ScheduleSpec> specs,
            Journal journal,
            Clock clock,
            Function<ScheduleSpec, CommandResult> start,
            Predicate<String> isUnderWay) {
        this.specs = specs;
        this.journal = journal;
        this.clock = clock;
        this.start = start;
        this.isUnderWay = isUnderWay;
    }

    /// The YAML changed.
    public void configure(Map<String, ScheduleSpec> changed) {
        specs = changed;
        wakeUp();
    }

    /// From now on what is due is started. Runs that were under way have to be known before. Does not
    /// block.
    public synchronized void activate() {
        active = true;
        if (thread == null && !closed) {
            thread = Thread.ofVirtual().name("schedules").start(this::run);
        }
        wakeUp();
    }

    /// The same without the thread, for who makes the passes.
    void watch() {
        active = true;
    }

    /// Nothing is started any more; times that pass from now on are missed.
    public void deactivate() {
        active = false;
    }

    /// Called for every entry, in order; does not block.
    public void apply(EngineEvent event) {
        if (!active) {
            return;
        }
        switch (event) {
            case ScheduleFired e -> watched.add(e.runId());
            case EngineEvent.RunEnded e
            when watched.remove(e.runId()) -> {
                ended.add(e.runId());
                wakeUp();
            }
            default -> {}
        }
    }

    private void wakeUp() {
        wake.release();
    }

    private void run() {
        try {
            while (!closed) {
                Duration wait;
                try {
                    wait = active ? pass() : LONGEST_WAIT;
                } catch (StoreException e) {
                    LOG.warn("what is due could not be started, because that could not be written: {}", e.getMessage());
                    wait = RETRY;
                }
                if (wake.tryAcquire(wait.toNanos(), TimeUnit.NANOSECONDS)) {
                    wake.drainPermits();
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// Starts what is due.
    ///
    /// @return how long there is nothing to do
    Duration pass() {
        Duration wait = LONGEST_WAIT;
        for (ScheduleSpec spec : specs.values()) {
            Instant next = advance(spec);
            Duration left = next == null ? LONGEST_WAIT : Duration.between(clock.instant(), next);
            wait = left.compareTo(wait) < 0 ? left : wait;
        }
        return wait.isNegative() ? Duration.ZERO : wait.plusMillis(1);
    }

    private @Nullable Instant advance(ScheduleSpec spec) {
        while (true) {
            lock.lock();
            try {
                ScheduleState before = current(spec);
                watched.addAll(before.running());
                ScheduleState last = stored(spec);
                if (active && (last == null || !last.times().equals(before.times()))) {
                    store(spec, before, List.of()); // what is missed counts from here
                }
                Step step = ScheduleMachine.step(spec, before, clock.instant());
                if (closed || !active || step.isNothing(before)) {
                    return step.next();
                }
                List<EngineEvent> events = new ArrayList<>();
                step.skipped().forEach(s -> events.add(skipped(spec, s)));
                Long planned = step.start();
                if (planned == null) {
                    store(spec, step.state(), events);
                    return step.next();
                }
                fire(spec, step.state(), planned, word(Objects.requireNonNull(step.cause())), events);
            } finally {
                lock.unlock();
            }
        }
    }

    private static EngineEvent skipped(ScheduleSpec spec, Skipped skipped) {
        return new ScheduleSkipped(spec.id(), skipped.planned(), skipped.count(), word(skipped.why()));
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// Under the lock. In one transaction: the run's beginning, and that this time is done with.
    private CommandResult fire(
            ScheduleSpec spec, ScheduleState state, long planned, String why, List<EngineEvent> events) {
        long now = clock.millis();
        Alongside together = runId -> {
            List<EngineEvent> all = new ArrayList<>(events);
            all.add(new ScheduleFired(spec.id(), runId, planned, why));
            return new Journal.Batch(all, saved(spec, state.ran(runId, planned, now)));
        };
        CommandResult result = together.with(() -> start.apply(spec));
        switch (result) {
            case CommandResult.RunStarted(String runId) -> states.put(spec.id(), state.ran(runId, planned, now));
            case Refused refused
            when refused.code().startsWith("store-") -> throw new StoreException(refused.code(), refused.message());
            case Refused refused when why.equals("person") -> {}
            case Refused refused -> {
                events.add(new ScheduleSkipped(spec.id(), planned, 1, "it could not be started: " + refused.message()));
                store(spec, state.decidedUpTo(planned, state.waiting(), 1), events);
            }
            case Done _, CommandResult.ChildAdded _ -> throw new IllegalStateException("no run came of it: " + result);
        }
        return result;
    }

    private void store(ScheduleSpec spec, ScheduleState state, List<EngineEvent> events) {
        journal.commitAndWait(new Journal.Batch(events, saved(spec, state)));
        states.put(spec.id(), state);
        ended.removeIf(
                run -> states.values().stream().noneMatch(s -> s.running().contains(run)));
    }

    private static Map<String, @Nullable String> saved(ScheduleSpec spec, ScheduleState state) {
        Map<String, @Nullable String> change = new HashMap<>();
        change.put(STATE_PREFIX + spec.id(), EventJson.mapper().writeValueAsString(state));
        return change;
    }

    private @Nullable ScheduleState stored(ScheduleSpec spec) {
        ScheduleState known = states.get(spec.id());
        String saved = known == null ? journal.state(STATE_PREFIX + spec.id()) : null;
        if (saved == null) {
            return known;
        }
        ScheduleState read = EventJson.mapper().readValue(saved, ScheduleState.class);
        ScheduleState raced = states.putIfAbsent(spec.id(), read);
        return raced == null ? read : raced;
    }

    /// Without the runs that have ended, and for the times that the YAML says now.
    private ScheduleState current(ScheduleSpec spec) {
        ScheduleState known = stored(spec);
        if (known == null) {
            return ScheduleState.fresh(spec.times(), clock.millis());
        }
        if (!known.times().equals(spec.times())) {
            known = known.changed(spec.times(), clock.millis());
        }
        List<String> running = known.running().stream()
                .filter(run -> !ended.contains(run) && isUnderWay.test(run))
                .toList();
        return running.size() == known.running().size() ? known : known.withRunning(running);
    }

    // ---- what a person asks for

    /// Whatever is under way, and whether the project is up or not.
    public CommandResult runNow(ScheduleSpec spec) {
        lock.lock();
        try {
            return fire(spec, current(spec), clock.millis(), "person", new ArrayList<>());
        } finally {
            lock.unlock();
        }
    }

    public CommandResult pause(ScheduleSpec spec) {
        return pausedIs(spec, true, new SchedulePaused(spec.id()));
    }

    public CommandResult resume(ScheduleSpec spec) {
        CommandResult result = pausedIs(spec, false, new ScheduleResumed(spec.id()));
        wakeUp();
        return result;
    }

    private CommandResult pausedIs(ScheduleSpec spec, boolean paused, EngineEvent event) {
        lock.lock();
        try {
            ScheduleState state = current(spec);
            if (state.paused() == paused) {
                return new Refused("already", "schedule " + spec.id() + (paused ? " is" : " is not") + " paused");
            }
            store(spec, state.pausedIs(paused, clock.millis()), List.of(event));
            return new Done("schedule " + spec.id() + (paused ? " is paused" : " goes on"));
        } finally {
            lock.unlock();
        }
    }

    // ---- what there is to see

    public List<ScheduleView> views() {
        return specs.values().stream().map(this::view).toList();
    }

    private ScheduleView view(ScheduleSpec spec) {
        ScheduleState state = current(spec);
        return new ScheduleView(
                spec.id(),
                spec.kind(),
                spec.name(),
                spec.cron().toString(),
                spec.zone().getId(),
                ScheduleSpec.word(spec.missed()),
                ScheduleSpec.word(spec.overlap()),
                active,
                state.paused(),
                state.paused() ? null : spec.cron().next(clock.instant(), spec.zone()),
                instant(state.lastPlanned()),
                instant(state.lastStarted()),
                state.lastRunId(),
                state.waiting().size(),
                state.running().size(),
                state.started(),
                state.skipped());
    }

    private static @Nullable Instant instant(@Nullable Long millis) {
        return millis == null ? null : Instant.ofEpochMilli(millis);
    }

    /// Starts nothing more. What it has started goes on.
    @Override
    public void close() {
        Thread running;
        synchronized (this) {
            active = false;
            closed = true;
            running = thread;
        }
        wakeUp();
        try {
            if (running != null && !running.join(Duration.ofSeconds(2))) {
                LOG.warn("the schedules did not end in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
