package nexus.aiagents.sandbox.internal.worker;

import java.lang.ref.Cleaner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import nexus.aiagents.sandbox.Invocation;
import nexus.aiagents.sandbox.Outcome;
import nexus.aiagents.sandbox.PreparedProgram;
import nexus.aiagents.sandbox.Program;
import nexus.aiagents.sandbox.ProgramRejected;
import nexus.aiagents.sandbox.WorkerListener;
import nexus.aiagents.sandbox.WorkerListener.Purpose;
import nexus.aiagents.sandbox.WorkerOptions;
import nexus.aiagents.sandbox.internal.wasm.ModuleCompiler;
import nexus.aiagents.sandbox.internal.worker.Places.Place;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The workers of one sandbox: some that run programs, one that compiles modules. Each starts when it is
/// needed and ends when it is not. Thread-safe.
public final class WorkerPool implements ModuleCompiler, AutoCloseable {
    private static final Duration LOADED_WITHIN = Duration.ofSeconds(90);
    private static final Duration BEYOND_ITS_OWN_LIMIT = Duration.ofSeconds(5);
    private static final Duration COMPILER_IDLE = Duration.ofSeconds(20);
    private static final Logger LOG = LoggerFactory.getLogger(WorkerPool.class);
    private static final Cleaner CLEANER = Cleaner.create();

    private volatile WorkerOptions options;
    private final WorkerListener listener;
    private final ScheduledThreadPoolExecutor timer;
    private final AtomicLong numbers = new AtomicLong();
    private final Set<RemoteRun> runs = ConcurrentHashMap.newKeySet();
    /// Whose process may still be there, also those that are just ended.
    private final Set<Worker> living = ConcurrentHashMap.newKeySet();
    private final ReentrantLock compiling = new ReentrantLock();
    private final ReentrantLock lock = new ReentrantLock();

    // Guarded by lock.
    private final Places places = new Places();

    private @Nullable Place compiler;
    private boolean closed;

    public WorkerPool(WorkerOptions options, WorkerListener listener) {
        this.options = options;
        this.listener = listener;
        timer = new ScheduledThreadPoolExecutor(
                1,
                Thread.ofPlatform().daemon().name("sandbox workers").factory(),
                new ThreadPoolExecutor.DiscardPolicy());
        timer.setRemoveOnCancelPolicy(true);
        var _ = timer.scheduleWithFixedDelay(this::look, 1, 1, TimeUnit.SECONDS);
    }

    /// Has a module compiled by a worker that does nothing else. One that takes too long, or breaks the
    /// process, is rejected.
    @Override
    public byte[] compile(byte[] module) throws ProgramRejected {
        compiling.lock();
        Place place = null;
        try {
            place = compiler();
            place.worker.awaitReady();
            return place.worker.compile(module, TIME.plus(BEYOND_ITS_OWN_LIMIT));
        } catch (ProgramRejected e) {
            if (e.code().equals("too-complex") && place != null) {
                dismiss(place, "a module took too much to compile"); // part of it may still be at it
            }
            throw e;
        } catch (TimeoutException e) {
            if (place != null) {
                dismiss(place, "a module took too long to compile");
            }
            throw ModuleCompiler.tooSlow();
        } catch (WorkerGone e) {
            throw new ProgramRejected(
                    "compiler-died",
                    "compiling the module broke the process that did it, so it can not be run (" + e.getMessage()
                            + ")");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            if (place != null) {
                dismiss(place, "nobody waits for what it compiles any more");
            }
            throw new ProgramRejected("interrupted", "preparing the program was interrupted");
        } finally {
            compiling.unlock();
            if (place != null) {
                release(place);
            }
        }
    }

    private Place compiler() throws WorkerGone {
        lock.lock();
        try {
            Place known = compiler;
            if (known == null || known.worker.isGone()) {
                known = started(Purpose.COMPILE);
                compiler = known;
            }
            known.take();
            return known;
        } finally {
            lock.unlock();
        }
    }

    private Place started(Purpose purpose) throws WorkerGone {
        if (closed) {
            throw new WorkerGone("the sandbox is closed");
        }
        Worker worker = Worker.start(
                purpose, options.heapBytes(), (ended, wanted, why, lost) -> ended(ended, purpose, wanted, why, lost));
        living.add(worker);
        if (worker.isGone()) {
            living.remove(worker);
        }
        listener.started(worker.pid(), purpose);
        return new Place(worker);
    }

    /// Workers that start from now on follow these.
    public void configure(WorkerOptions now) {
        options = now;
    }

    /// A program that was refused because it ended workers may run again.
    ///
    /// @param program the name that it was prepared by
    /// @return false if it was not refused
    public boolean pardon(String program) {
        lock.lock();
        try {
            return places.pardon(program);
        } finally {
            lock.unlock();
        }
    }

    /// Loads a program into a worker, to find out whether that works.
    ///
    /// @param code of a WebAssembly module
    public PreparedProgram prepare(Program source, byte @Nullable [] code) throws ProgramRejected {
        RemoteProgram program = new RemoteProgram(this, numbers.incrementAndGet(), source, code);
        try {
            load(program);
        } catch (WorkerGone e) {
            throw new ProgramRejected("worker-died", String.valueOf(e.getMessage()));
        } catch (TimeoutException e) {
            throw new ProgramRejected("too-complex", "it takes too long to load");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProgramRejected("interrupted", "preparing the program was interrupted");
        }
        long id = program.id();
        CLEANER.register(program, () -> forget(id));
        return program;
    }

    private void load(RemoteProgram program)
            throws WorkerGone, ProgramRejected, TimeoutException, InterruptedException {
        Place place = place(program);
        try {
            place.worker.awaitReady();
            place.worker.load(program, LOADED_WITHIN);
        } finally {
            leave(place, program, false);
        }
    }

    void awaitReady(RemoteProgram program) throws InterruptedException {
        try {
            load(program);
        } catch (WorkerGone | ProgramRejected | TimeoutException e) {
            LOG.debug("{} can not run just now", program.name(), e); // its run will say so
        }
    }

    private void forget(long program) {
        workers().forEach(worker -> worker.forget(program));
    }

    RemoteRun start(RemoteProgram program, Invocation invocation) {
        if (invocation.direct() != null) {
            throw new IllegalArgumentException("a program in a worker is an agent's");
        }
        RemoteRun run = new RemoteRun(numbers.incrementAndGet(), program.name(), invocation, timer);
        lock.lock();
        try {
            if (closed) {
                throw new IllegalStateException("the sandbox is closed");
            }
            runs.add(run);
        } finally {
            lock.unlock();
        }
        run.outcome().whenComplete((_, _) -> runs.remove(run));
        Thread.ofVirtual().name(program.name() + " start").start(() -> give(program, run));
        return run;
    }

    private void give(RemoteProgram program, RemoteRun run) {
        Place place = null;
        try {
            place = place(program);
            Place taken = place;
            run.outcome().whenComplete((_, _) -> leave(taken, program, true));
            place.worker.awaitReady();
            place.worker.load(program, LOADED_WITHIN);
            place.worker.start(run, program);
        } catch (WorkerGone e) {
            lost(run, String.valueOf(e.getMessage()));
        } catch (ProgramRejected e) {
            if (e.code().equals(Places.QUARANTINED)) {
                run.end(new Outcome.Failed(e.code(), String.valueOf(e.getMessage()), "", Outcome.Usage.NONE));
            } else {
                lost(run, "the program could not be loaded again: " + e.getMessage());
            }
        } catch (TimeoutException e) {
            lost(run, "loading the program again took too long");
        } catch (InterruptedException e) {
            lost(run, "starting it was interrupted");
        }
    }

    /// A run that found the pool closed on its way was cancelled, whoever of the two is first to say so.
    private void lost(RemoteRun run, String why) {
        boolean cancelled;
        lock.lock();
        try {
            cancelled = closed;
        } finally {
            lock.unlock();
        }
        if (cancelled) {
            run.cancelAtOnce();
        } else {
            run.died(why);
        }
    }

    private Place place(RemoteProgram program) throws WorkerGone, ProgramRejected {
        lock.lock();
        try {
            return places.enter(program, options, () -> started(Purpose.RUN));
        } finally {
            lock.unlock();
        }
    }

    private void leave(Place place, RemoteProgram program, boolean ran) {
        lock.lock();
        try {
            places.leave(place, program, ran);
        } finally {
            lock.unlock();
        }
    }

    private void release(Place place) {
        lock.lock();
        try {
            place.release();
        } finally {
            lock.unlock();
        }
    }

    private void dismiss(Place place, String why) {
        lock.lock();
        try {
            if (compiler == place) {
                compiler = null;
            }
        } finally {
            lock.unlock();
        }
        place.worker.kill(why);
    }

    /// Once a second.
    private void look() {
        List<Worker> idle = new ArrayList<>();
        lock.lock();
        try {
            Place known = compiler;
            if (known != null && known.isIdle(COMPILER_IDLE)) {
                compiler = null;
                idle.add(known.worker);
            }
            idle.addAll(places.takeIdle(options.idle()));
        } finally {
            lock.unlock();
        }
        idle.forEach(worker -> inBackground(() -> worker.retire("it was idle")));
        workers().forEach(worker -> inBackground(worker::beat));
    }

    private static void inBackground(Runnable task) {
        Thread.ofVirtual().start(task);
    }

    private List<Worker> workers() {
        lock.lock();
        try {
            List<Worker> all = new ArrayList<>(places.workers());
            if (compiler != null) {
                all.add(compiler.worker);
            }
            return all;
        } finally {
            lock.unlock();
        }
    }

    private Runnable ended(Worker worker, Purpose purpose, boolean wanted, String why, int lost) {
        living.remove(worker);
        Set<String> refused;
        lock.lock();
        try {
            refused = places.ended(worker, wanted);
            if (compiler != null && compiler.worker == worker) {
                compiler = null;
            }
        } finally {
            lock.unlock();
        }
        return () -> {
            listener.ended(worker.pid(), purpose, wanted, why, lost);
            refused.forEach(program -> listener.quarantined(program, why));
        };
    }

    /// Cancels what runs; no process is left.
    @Override
    public void close() {
        List<Worker> last;
        lock.lock();
        try {
            closed = true;
            last = List.copyOf(living);
            places.clear();
            compiler = null;
        } finally {
            lock.unlock();
        }
        runs.forEach(RemoteRun::cancelAtOnce);
        last.forEach(worker -> worker.kill("the sandbox is closed"));
        timer.shutdownNow();
    }
}
