package nexus.aiagents.sandbox.internal.worker;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import nexus.aiagents.sandbox.ProgramRejected;
import nexus.aiagents.sandbox.WorkerListener.Purpose;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One worker process, seen from the app. Thread-safe.
final class Worker {
    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);
    private static final Duration READY_WITHIN = Duration.ofSeconds(60);
    private static final Duration STOP_WITHIN = Duration.ofSeconds(2);
    /// Beats that may fail to come, one a second, before a worker counts as hung.
    private static final int SILENT_BEATS = 30;

    private static final int KEPT_STDERR = 2_000;

    private static final Wire<ToWorker> OUT = new Wire<>(ToWorker.class);
    private static final Wire<FromWorker> IN = new Wire<>(FromWorker.class);

    /// Hears of the end of a worker, once.
    interface Ended {
        /// Before its runs end: whoever starts them again then finds noted how it ended.
        ///
        /// @param wanted the app told it to end
        /// @return what is to be told once they have ended
        Runnable ended(Worker worker, boolean wanted, String why, int runs);
    }

    private final Process process;
    private final Frames pipe;
    private final Ended listener;
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    private final Map<Long, RemoteRun> runs = new ConcurrentHashMap<>();
    private final Map<Long, CompletableFuture<byte @Nullable []>> requests = new ConcurrentHashMap<>();
    private final Map<Long, CompletableFuture<byte @Nullable []>> loaded = new ConcurrentHashMap<>();
    private final AtomicLong requestNumbers = new AtomicLong();
    private final AtomicBoolean ending = new AtomicBoolean();

    /// Why it is killed; null: it is not.
    private volatile @Nullable String killing;

    private final StringBuilder stderr = new StringBuilder();
    private volatile boolean silent;
    private volatile boolean gone;
    private int silentBeats;

    private Worker(Process process, Ended listener) {
        this.process = process;
        this.listener = listener;
        this.pipe = new Frames(
                new BufferedInputStream(process.getInputStream(), 64 << 10),
                Frames.MAX_FROM_WORKER,
                process.getOutputStream(),
                Frames.MAX_TO_WORKER);
    }

    /// @throws WorkerGone if the system starts no process
    static Worker start(Purpose purpose, long heapBytes, Ended listener) throws WorkerGone {
        Process process;
        try {
            process = WorkerProcess.start(purpose, heapBytes);
        } catch (IOException e) {
            throw new WorkerGone("no worker process can be started: " + e.getMessage());
        }
        return listening(process, listener);
    }

    static Worker listening(Process process, Ended listener) {
        Worker worker = new Worker(process, listener);
        Thread.ofPlatform().daemon().name("worker " + process.pid() + " stderr").start(worker::drainStderr);
        Thread.ofPlatform().daemon().name("worker " + process.pid()).start(worker::listen);
        return worker;
    }

    long pid() {
        return process.pid();
    }

    boolean isGone() {
        return gone;
    }

    /// Whether it ever came up: one that did not says nothing about programs.
    boolean cameUp() {
        return ready.isDone() && !ready.isCompletedExceptionally();
    }

    void awaitReady() throws WorkerGone, InterruptedException {
        try {
            ready.get(READY_WITHIN.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            die("it did not come up within " + READY_WITHIN.toSeconds() + " seconds");
            throw new WorkerGone("a worker process did not come up");
        } catch (ExecutionException e) {
            throw gone(e);
        }
    }

    /// Has a module compiled.
    ///
    /// @throws TimeoutException if that takes longer than `limit`
    byte[] compile(byte[] module, Duration limit)
            throws WorkerGone, ProgramRejected, InterruptedException, TimeoutException {
        long request = requestNumbers.incrementAndGet();
        CompletableFuture<byte @Nullable []> answer = request(request);
        send(new ToWorker.Compile(request, module));
        byte[] code = await(answer, limit);
        if (code == null) {
            die("it broke the protocol: no code");
            throw new WorkerGone("a worker broke the protocol");
        }
        return code;
    }

    /// Loads a program unless that was done.
    void load(RemoteProgram program, Duration limit)
            throws WorkerGone, ProgramRejected, InterruptedException, TimeoutException {
        CompletableFuture<byte @Nullable []> answer = loaded.computeIfAbsent(program.id(), id -> {
            long request = requestNumbers.incrementAndGet();
            CompletableFuture<byte @Nullable []> fresh = request(request);
            post(new ToWorker.Load(request, id, program.source(), program.code()));
            return fresh;
        });
        try {
            await(answer, limit);
        } catch (ProgramRejected | TimeoutException e) {
            loaded.remove(program.id(), answer); // the next one may find more room
            throw e;
        }
    }

    void forget(long program) {
        if (loaded.remove(program) != null) {
            post(new ToWorker.Forget(program));
        }
    }

    private CompletableFuture<byte @Nullable []> request(long number) {
        CompletableFuture<byte @Nullable []> answer = new CompletableFuture<>();
        requests.put(number, answer);
        if (gone) {
            answer.completeExceptionally(new WorkerGone("the worker process has ended"));
        }
        return answer;
    }

    private static byte @Nullable [] await(CompletableFuture<byte @Nullable []> answer, Duration limit)
            throws WorkerGone, ProgramRejected, InterruptedException, TimeoutException {
        try {
            return answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ProgramRejected rejected) {
                throw rejected;
            }
            throw gone(e);
        }
    }

    private static WorkerGone gone(ExecutionException e) {
        return e.getCause() instanceof WorkerGone why
                ? new WorkerGone(String.valueOf(why.getMessage()))
                : new WorkerGone("the worker process has ended");
    }

    /// Runs a program that is loaded.
    void start(RemoteRun run, RemoteProgram program) throws WorkerGone {
        runs.put(run.id(), run);
        if (gone) {
            throw new WorkerGone("the worker process has ended");
        }
        if (run.hasEnded()) {
            runs.remove(run.id());
            return;
        }
        boolean sent = send(new ToWorker.Start(
                run.id(),
                program.id(),
                run.invocation().inputJson(),
                run.invocation().contextJson(),
                run.invocation().env(),
                run.invocation().limits(),
                run.invocation().hostCalls().timePasses()));
        if (!sent) {
            runs.remove(run.id());
            run.died("its input is larger than the " + (Frames.MAX_TO_WORKER >> 20) + " MB that a worker takes");
            return;
        }
        run.begun(this);
    }

    /// Writes on this thread.
    ///
    /// @return false if it is too large for the pipe
    boolean send(ToWorker message) {
        try {
            return pipe.write(OUT.write(message));
        } catch (IOException e) {
            LOG.debug("worker {} reads no more", pid(), e); // whoever listens to it learns why
            return true;
        }
    }

    /// The same without waiting for the worker to read.
    void post(ToWorker message) {
        Thread.ofVirtual().name("to worker " + pid()).start(() -> send(message));
    }

    private void listen() {
        String why;
        try {
            byte[] frame = pipe.read();
            while (frame != null) {
                silent = false;
                handle(read(frame));
                frame = pipe.read();
            }
            why = "";
        } catch (IOException e) {
            why = "";
        } catch (JvmBroke e) {
            synchronized (stderr) {
                stderr.insert(0, e.getMessage());
            }
            why = "";
        } catch (BadFrame e) {
            broken(e);
            return;
        } catch (RuntimeException | Error e) {
            LOG.error("worker {}", pid(), e);
            why = "its messages could not be handled: " + e;
        }
        die(why);
    }

    private static FromWorker read(byte[] frame) throws BadFrame {
        boolean mayBeLarge = IN.isOf(FromWorker.Ended.class, frame) || IN.isOf(FromWorker.Done.class, frame);
        if (frame.length > Frames.MAX_CALL && !mayBeLarge) {
            throw new BadFrame("a frame of " + frame.length + " bytes that is neither an output nor code");
        }
        return IN.read(frame);
    }

    private void broken(BadFrame how) {
        die("it broke the protocol: " + how.getMessage());
    }

    private void handle(FromWorker message) throws BadFrame {
        switch (message) {
            case FromWorker.Ready(int protocol) -> {
                if (protocol != Workplace.PROTOCOL || !ready.complete(null)) {
                    throw new BadFrame("protocol " + protocol);
                }
            }
            case FromWorker.Alive() -> LOG.trace("worker {} is alive", pid());
            case FromWorker.Used(long run, var usage) -> {
                RemoteRun known = runs.get(run);
                if (known != null) {
                    known.used(usage); // else it ended a moment ago
                }
            }
            case FromWorker.Done(long request, byte[] code) -> answered(request).complete(code);
            case FromWorker.Rejected r ->
                answered(r.request())
                        .completeExceptionally(
                                new ProgramRejected(r.code(), r.message(), r.file(), r.line(), r.column()));
            case FromWorker.Called(long run, long call, var usage, var what) ->
                hosted(run).called(call, usage, what, this);
            case FromWorker.Ended(long run, var outcome) -> {
                hosted(run).ended(outcome, () -> runs.remove(run), this::broken);
            }
        }
    }

    private CompletableFuture<byte @Nullable []> answered(long request) throws BadFrame {
        CompletableFuture<byte @Nullable []> answer = requests.remove(request);
        if (answer == null) {
            throw new BadFrame("an answer to nothing");
        }
        return answer;
    }

    private RemoteRun hosted(long run) throws BadFrame {
        RemoteRun known = runs.get(run);
        if (known == null) {
            throw new BadFrame("a run that it does not host");
        }
        return known;
    }

    private void drainStderr() {
        try (InputStream in = process.getErrorStream()) {
            byte[] some = new byte[1_000];
            for (int n = in.read(some); n >= 0; n = in.read(some)) {
                String text = new String(some, 0, n, StandardCharsets.UTF_8);
                LOG.debug("worker {}: {}", pid(), text);
                synchronized (stderr) {
                    stderr.append(text, 0, Math.min(text.length(), Math.max(0, KEPT_STDERR - stderr.length())));
                }
            }
        } catch (IOException e) {
            LOG.debug("worker {} has closed its stderr", pid(), e);
        }
    }

    /// Called once a second: a worker that says nothing for long hangs.
    synchronized void beat() {
        if (silent) {
            silentBeats++;
        } else {
            silentBeats = 0;
        }
        silent = true;
        if (silentBeats >= SILENT_BEATS) {
            die("it said nothing for " + SILENT_BEATS + " seconds");
        }
    }

    void giveUpUnlessGone(RemoteRun run) {
        if (runs.containsValue(run)) {
            die("it did not stop a run");
        }
    }

    int runs() {
        return runs.size();
    }

    /// Ends it because nobody needs it any more.
    void retire(String why) {
        end(true, why);
    }

    /// Ends it at once. Where somebody else is at it already, their work is waited for: the process is
    /// no more.
    void kill(String why) {
        killing = why;
        process.destroyForcibly();
        end(true, why);
        try {
            process.waitFor(STOP_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void die(String why) {
        end(false, why);
    }

    private void end(boolean toldTo, String reason) {
        if (!ending.compareAndSet(false, true)) {
            return;
        }
        String killed = killing;
        boolean seenFirst = killed != null && reason.isEmpty(); // by the one who reads its pipe
        boolean wanted = toldTo || seenFirst;
        String why = killed != null && seenFirst ? killed : reason;
        String known = exit(wanted, why);
        gone = true;
        String message = "the worker process " + pid() + " that it ran in ended: " + known;
        WorkerGone cause = new WorkerGone(message);
        Runnable tell = listener.ended(this, wanted, known, runs.size());
        ready.completeExceptionally(cause);
        requests.values().forEach(request -> request.completeExceptionally(cause));
        runs.values().forEach(run -> run.died(message));
        runs.clear();
        tell.run();
    }

    /// Makes sure that the process is no more.
    private String exit(boolean wanted, String why) {
        boolean over = false;
        try {
            if (wanted) {
                process.getOutputStream().close(); // it ends by itself
            }
            over = (wanted || why.isEmpty()) && process.waitFor(STOP_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
            if (!over) {
                process.destroyForcibly().waitFor(STOP_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (IOException e) {
            process.destroyForcibly();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        if (!why.isEmpty()) {
            return why;
        }
        return over ? ExitStatus.describe(process.exitValue()) + said() : "it closed its pipe";
    }

    /// The first thing it said when it broke.
    private String said() {
        synchronized (stderr) {
            return stderr.toString()
                    .lines()
                    .map(line -> line.replaceAll("\\p{Cntrl}", " ")
                            .replaceFirst("^[# ]+", "")
                            .strip())
                    .filter(line -> !line.isEmpty())
                    .limit(3)
                    .reduce((a, b) -> a + " " + b)
                    .map(line -> ": " + line)
                    .orElse("");
        }
    }
}
