package nexus.aiagents.sandbox.internal.worker;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import nexus.aiagents.sandbox.HostAnswer;
import nexus.aiagents.sandbox.HostCall;
import nexus.aiagents.sandbox.Invocation;
import nexus.aiagents.sandbox.Limits;
import nexus.aiagents.sandbox.Outcome;
import nexus.aiagents.sandbox.Outcome.Usage;
import nexus.aiagents.sandbox.Run;
import nexus.aiagents.sandbox.internal.metering.Deadline;
import nexus.aiagents.sandbox.internal.metering.HostGateway;
import nexus.aiagents.sandbox.internal.metering.Outputs;
import org.jspecify.annotations.Nullable;

/// The app's side of a run in a worker: keeps its time, carries out its host calls, and believes the worker
/// nothing that a run within its limits could not have done. Thread-safe.
final class RemoteRun implements Run {
    /// After which a run that was stopped has ended, whatever the worker says or does not say.
    private static final Duration STOPPED_WITHIN = Duration.ofMillis(90);
    /// After which a worker that does not stop a run is given up, and all its runs.
    private static final Duration GIVEN_UP_AFTER = Duration.ofSeconds(10);
    /// A worker counts by its own clock, and reports what it dropped.
    private static final int TOLERANCE = 2;

    private static final int REPORT_BYTES = 1_000;
    private static final int MAX_CODE = 101;
    private static final int MAX_TEXT = 8_001;

    private final long id;
    private final String name;
    private final Invocation invocation;
    private final ScheduledExecutorService timer;
    private final Deadline deadline;
    private final long startedAt = System.nanoTime();
    private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();

    // Guarded by this.
    private @Nullable Worker worker;
    private @Nullable Outcome verdict;
    private @Nullable Thread helper;
    private boolean ended;
    private boolean reported;
    private boolean fatal;
    private Usage used = Usage.NONE;
    private long calls;
    private double tokens;
    private long refilledAt = startedAt;
    private long logBytes;

    RemoteRun(long id, String name, Invocation invocation, ScheduledExecutorService timer) {
        this.id = id;
        this.name = name;
        this.invocation = invocation;
        this.timer = timer;
        this.tokens = (double) TOLERANCE * invocation.limits().hostCallsPerSecond() + TOLERANCE;
        this.deadline =
                new Deadline(timer, invocation.limits().wallTime(), () -> stop(new Outcome.TimedOut(Usage.NONE)));
    }

    long id() {
        return id;
    }

    Invocation invocation() {
        return invocation;
    }

    @Override
    public CompletionStage<Outcome> outcome() {
        return outcome.minimalCompletionStage();
    }

    @Override
    public void cancel() {
        stop(new Outcome.Cancelled(Usage.NONE));
    }

    @Override
    public synchronized Usage usage() {
        return used;
    }

    @Override
    public void suspendTimeout() {
        deadline.suspend();
    }

    @Override
    public void resumeTimeout() {
        deadline.resume();
    }

    @Override
    public synchronized OptionalLong workerPid() {
        return worker == null ? OptionalLong.empty() : OptionalLong.of(worker.pid());
    }

    @Override
    public synchronized @Nullable String waitsFor() {
        return worker == null && !ended ? "a worker process" : null;
    }

    synchronized boolean hasEnded() {
        return ended;
    }

    /// It runs there, and its time begins now.
    void begun(Worker place) {
        boolean stopped;
        synchronized (this) {
            worker = place;
            deadline.start();
            stopped = verdict != null;
        }
        if (stopped) {
            stop(place);
        }
    }

    private void stop(Outcome why) {
        Worker place;
        synchronized (this) {
            if (ended || verdict != null) {
                return;
            }
            verdict = why;
            place = worker;
            if (helper != null) {
                helper.interrupt();
            }
        }
        if (place == null) {
            end(why);
            return;
        }
        var _ = timer.schedule(() -> end(why), STOPPED_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
        stop(place);
    }

    private void stop(Worker place) {
        place.post(new ToWorker.Stop(id));
        var _ = timer.schedule(() -> place.giveUpUnlessGone(this), GIVEN_UP_AFTER.toMillis(), TimeUnit.MILLISECONDS);
    }

    /// The pool is closed: nobody waits for the worker.
    void cancelAtOnce() {
        end(new Outcome.Cancelled(Usage.NONE));
    }

    void used(Usage reported) {
        synchronized (this) {
            used = plausible(reported);
        }
    }

    /// What the worker says it used, within what it can have used.
    private Usage plausible(Usage reported) {
        Limits limits = invocation.limits();
        long millis = (System.nanoTime() - startedAt) / 1_000_000;
        return new Usage(
                Math.clamp(reported.fuel(), 0, limits.fuel()),
                Math.clamp(reported.memoryBytes(), 0, limits.memoryBytes()),
                Math.clamp(reported.millis(), 0, millis),
                Math.max(reported.hostCalls(), calls));
    }

    /// A host call has come from the worker.
    ///
    /// @throws BadFrame if no run within its limits could have made it
    void called(long number, Usage reported, HostCall call, Worker from) throws BadFrame {
        synchronized (this) {
            if (ended || verdict != null) {
                return; // it has not heard yet that it is over
            }
            check(call);
            Usage now = plausible(reported);
            used = now;
            calls++;
            helper = Thread.ofVirtual().name(name + " host call").unstarted(() -> carryOut(number, call, now, from));
            helper.start();
        }
    }

    private void check(HostCall call) throws BadFrame {
        if (helper != null || fatal) {
            throw new BadFrame("a host call of a run that " + (fatal ? "is over" : "waits for another one"));
        }
        Limits limits = invocation.limits();
        double rate = (double) TOLERANCE * limits.hostCallsPerSecond();
        long now = System.nanoTime();
        tokens = Math.min(rate + TOLERANCE, tokens + (now - refilledAt) / 1e9 * rate);
        refilledAt = now;
        if (tokens < 1) {
            throw new BadFrame("more host calls than a run may make");
        }
        tokens--;
        if (call instanceof HostCall.Log log) {
            logBytes += log.message().getBytes(StandardCharsets.UTF_8).length;
            if (logBytes > (long) limits.logBytes() + REPORT_BYTES) {
                throw new BadFrame("more log lines than a run may write");
            }
        }
    }

    private void carryOut(long number, HostCall call, Usage until, Worker from) {
        HostAnswer answer;
        try {
            answer = invocation.hostCalls().call(call, until);
        } catch (InterruptedException e) {
            if (isOver()) {
                return;
            }
            answer = HostGateway.failed(name, call, e);
        } catch (RuntimeException | Error e) {
            answer = HostGateway.failed(name, call, e);
        }
        synchronized (this) {
            helper = null;
            fatal = answer instanceof HostAnswer.Error error && error.fatal();
        }
        if (isOver()) {
            return;
        }
        from.send(new ToWorker.Answer(id, number, answer));
    }

    private synchronized boolean isOver() {
        return ended || verdict != null;
    }

    /// The worker says that it ended. What it returned may be large, so whether it is JSON is found out on
    /// another thread.
    ///
    /// @param done  it has ended
    /// @param wrong it cannot have ended so
    /// @throws BadFrame if it cannot have ended so
    void ended(Outcome reported, Runnable done, Consumer<BadFrame> wrong) throws BadFrame {
        if (reported instanceof Outcome.Returned returned) {
            Usage usage = report(returned);
            Thread.ofVirtual().name(name + " output").start(() -> {
                Outcome end = lookedAt(returned.outputJson(), usage);
                if (end == null) {
                    wrong.accept(new BadFrame("an output that no run can return"));
                } else {
                    end(end);
                    done.run();
                }
            });
        } else {
            ended(reported);
            done.run();
        }
    }

    private synchronized Usage report(Outcome.Returned returned) throws BadFrame {
        if (reported) {
            throw new BadFrame("two ends of one run");
        }
        reported = true;
        used = plausible(returned.usage());
        return used;
    }

    /// @return null if no run can return it
    private @Nullable Outcome lookedAt(String json, Usage usage) {
        try {
            Outcome problem = Outputs.problem(json, invocation.limits(), () -> {
                if (isOver()) {
                    throw new CancellationException();
                }
            });
            return problem == null ? new Outcome.Returned(json, usage) : null;
        } catch (CancellationException e) {
            return verdict();
        }
    }

    private synchronized Outcome verdict() {
        return verdict == null ? new Outcome.Cancelled(Usage.NONE) : verdict; // null: it has ended already
    }

    private void ended(Outcome reported) throws BadFrame {
        Outcome why;
        Usage usage;
        synchronized (this) {
            why = verdict;
            usage = plausible(reported.usage());
            used = usage;
        }
        switch (reported) {
            case Outcome.Returned _ -> throw new IllegalStateException("is looked at elsewhere");
            case Outcome.Failed o -> {
                if (o.code().length() > MAX_CODE
                        || o.message().length() > MAX_TEXT
                        || o.place().length() > MAX_TEXT) {
                    throw new BadFrame("a failure that is too long");
                }
                end(new Outcome.Failed(o.code(), o.message(), o.place(), usage));
            }
            case Outcome.Trapped o -> end(new Outcome.Trapped(shortened(o.message()), usage));
            case Outcome.OutOfFuel _ -> end(new Outcome.OutOfFuel(usage));
            case Outcome.OutOfMemory _ -> end(new Outcome.OutOfMemory(usage));
            case Outcome.Cancelled _ -> {
                if (why == null) {
                    throw new BadFrame("the end of a run that nobody stopped");
                }
                end(why);
            }
            case Outcome.TimedOut o when o.clock() == Outcome.Clock.CPU -> end(new Outcome.TimedOut(o.clock(), usage));
            case Outcome.TimedOut _, Outcome.WorkerDied _ -> throw new BadFrame("an end that only the app can know");
        }
    }

    private static String shortened(String text) {
        return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT);
    }

    void died(String message) {
        Outcome why;
        synchronized (this) {
            why = verdict == null ? new Outcome.WorkerDied(message, Usage.NONE) : verdict;
        }
        end(why);
    }

    /// Only the first end counts.
    void end(Outcome how) {
        Usage usage;
        synchronized (this) {
            if (ended) {
                return;
            }
            ended = true;
            usage = used;
            if (helper != null) {
                helper.interrupt();
            }
        }
        deadline.close();
        Outcome last = withUsage(how, usage);
        // Whoever waits for it may do anything then, and the caller has other runs to care for.
        Thread.ofVirtual().name(name + " end").start(() -> outcome.complete(last));
    }

    private static Outcome withUsage(Outcome outcome, Usage usage) {
        return switch (outcome) {
            case Outcome.TimedOut o -> new Outcome.TimedOut(o.clock(), usage);
            case Outcome.Cancelled _ -> new Outcome.Cancelled(usage);
            case Outcome.WorkerDied o -> new Outcome.WorkerDied(o.message(), usage);
            case Outcome.Returned _, Outcome.Failed _, Outcome.Trapped _, Outcome.OutOfFuel _, Outcome.OutOfMemory _ ->
                outcome;
        };
    }
}
