package nexus.aiagents.sandbox.internal.metering;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import nexus.aiagents.sandbox.HostAnswer;
import nexus.aiagents.sandbox.HostCall;
import nexus.aiagents.sandbox.HostCalls;
import nexus.aiagents.sandbox.Invocation;
import nexus.aiagents.sandbox.Limits;
import nexus.aiagents.sandbox.Outcome;
import nexus.aiagents.sandbox.Outcome.Usage;
import nexus.aiagents.sandbox.Run;
import org.jspecify.annotations.Nullable;
import run.endive.runtime.ByteArrayMemory;
import run.endive.runtime.Memory;
import run.endive.runtime.TableInstance;
import run.endive.runtime.TrapException;
import run.endive.wasm.WasmEngineException;
import run.endive.wasm.types.MemoryLimits;
import run.endive.wasm.types.Table;

/// One run of a program on a thread of its own, with everything that bounds it. What is not said to be for
/// any thread is for the thread of the run only.
public final class Execution implements Run {

    /// Native frames are larger than what is counted for them, and host functions run on the same stack.
    private static final long NATIVE_PER_COUNTED = 2;

    private static final long NATIVE_RESERVE = 1L << 20;

    private static final String TABLE_TOO_LARGE = "table-too-large";
    private static final int MAX_CODE = 100;
    private static final int MAX_MESSAGE = 8_000;

    /// The program. Returns how it ended, without usage; may throw what its traps throw.
    @FunctionalInterface
    public interface Body {
        Outcome run(Execution execution);
    }

    private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    private final Limits limits;
    private final Watchdog watchdog;
    private final HostCalls hostCalls;
    private final HostGateway gateway;
    private final Deadline deadline;
    private final MeteredThread thread;
    private final CpuLimit cpu;
    private final long startedAt = System.nanoTime();
    private volatile @Nullable Memory memory;
    private int tableElements;
    private boolean tableRefused;

    /// Guarded by `this`: the first reason to stop wins.
    private @Nullable Outcome verdict;

    private boolean begun;
    private boolean ended;

    private Execution(String name, Invocation invocation, Watchdog watchdog, long nativeStack, Body body) {
        this.watchdog = watchdog;
        limits = invocation.limits();
        hostCalls = invocation.hostCalls();
        gateway = new HostGateway(name, invocation.hostCalls(), limits, this::usage);
        deadline = new Deadline(watchdog.timer(), limits.wallTime(), () -> stop(new Outcome.TimedOut(Usage.NONE)));
        thread = new MeteredThread(() -> live(body), name, nativeStack, limits, watchdog.rooms());
        cpu = new CpuLimit(
                watchdog.timer(),
                thread,
                limits.cpuTime(),
                () -> stop(new Outcome.TimedOut(Outcome.Clock.CPU, Usage.NONE)));
    }

    public static Execution start(String name, Invocation invocation, Watchdog watchdog, Body body) {
        long nativeStack = (long) invocation.limits().stackBytes() * NATIVE_PER_COUNTED + NATIVE_RESERVE;
        return start(name, invocation, watchdog, nativeStack, body);
    }

    /// The same for a program that counts its stack itself, in memory of its own.
    ///
    /// @param nativeStack what the JVM needs for all of that; taken from the system as it is used
    public static Execution start(String name, Invocation invocation, Watchdog watchdog, long nativeStack, Body body) {
        Execution execution = new Execution(name, invocation, watchdog, nativeStack, body);
        watchdog.add(execution);
        execution.deadline.start();
        watchdog.rooms().enter(execution);
        return execution;
    }

    /// There is room for it now. Any thread.
    void begin() {
        synchronized (this) {
            begun = true;
        }
        if (isOver()) {
            finish(new Outcome.Cancelled(Usage.NONE)); // while it waited
            return;
        }
        try {
            cpu.start();
            thread.start();
        } catch (OutOfMemoryError e) {
            // The system has no thread left; a run that never began must still end.
            finish(new Outcome.OutOfMemory(Usage.NONE));
        }
    }

    private synchronized boolean isOver() {
        return verdict != null;
    }

    public Limits limits() {
        return limits;
    }

    /// Any thread.
    @Override
    public CompletionStage<Outcome> outcome() {
        return outcome.minimalCompletionStage();
    }

    /// Any thread.
    @Override
    public void cancel() {
        stop(new Outcome.Cancelled(Usage.NONE));
    }

    /// Any thread.
    @Override
    public void suspendTimeout() {
        deadline.suspend();
    }

    /// Any thread.
    @Override
    public void resumeTimeout() {
        deadline.resume();
    }

    /// Any thread.
    @Override
    public Usage usage() {
        Memory linear = memory;
        long bytes = thread.heldBytes() + bytes(linear);
        long millis = (System.nanoTime() - startedAt) / 1_000_000;
        return new Usage(limits.fuel() - thread.fuelLeft(), bytes, millis, gateway.calls());
    }

    private static long bytes(@Nullable Memory linear) {
        return linear == null ? 0 : (long) linear.pages() * Memory.PAGE_SIZE;
    }

    /// Makes the linear memory of the program.
    public Memory newMemory(MemoryLimits wanted) {
        long cap = Math.min(limits.memoryBytes() / Memory.PAGE_SIZE, Memory.RUNTIME_MAX_PAGES);
        if (wanted.initialPages() > cap) {
            throw outOfMemory();
        }
        thread.take((long) wanted.initialPages() * Memory.PAGE_SIZE);
        Memory made = new ByteArrayMemory(
                new MemoryLimits(wanted.initialPages(), (int) Math.min(cap, wanted.maximumPages())));
        memory = made;
        return made;
    }

    /// Makes a table of the program.
    public TableInstance newTable(Table table, int initialValue) {
        long wanted = table.limits().min();
        if (!addTableElements(wanted)) {
            throw fail(
                    TABLE_TOO_LARGE,
                    "the program begins with more table elements than the limit of " + limits.tableElements());
        }
        return new CappedTable(this, table, initialValue);
    }

    /// @return false if all tables together may not have so many more
    boolean addTableElements(long more) {
        if (tableElements + more > limits.tableElements()) {
            tableRefused = true;
            return false;
        }
        tableElements += (int) more;
        return true;
    }

    /// Counts memory that the host holds for the program; negative gives back.
    ///
    /// @return false if that is more than it may have
    public boolean hold(long bytes) {
        return thread.hold(bytes, bytes(memory));
    }

    /// Lets host functions that are shared by all runs find what belongs to this one.
    public void setGuest(Object guest) {
        thread.setGuest(guest);
    }

    /// What belongs to the run that this thread is at.
    public static <T> T guest(Class<T> type) {
        return type.cast(Objects.requireNonNull(MeteredThread.guest()));
    }

    /// Must be called first by every function that a program can call.
    public static void enterHost() {
        if (StackReserve.ensureSome() == 0) {
            throw new StackOverflowError();
        }
    }

    /// Must be called before anything that goes deeper than moving bytes about.
    public static void enterDeeply() {
        if (StackReserve.ensureMuch() == 0) {
            throw new StackOverflowError();
        }
    }

    /// Carries out a host call and waits for it.
    ///
    /// @return never a fatal error: that ends the run here
    public HostAnswer call(HostCall call) {
        enterDeeply();
        try {
            return call instanceof HostCall.Log log
                    ? settled(gateway.log(log.level(), log.message()))
                    : settled(gateway.call(call));
        } catch (InterruptedException e) {
            throw new ProgramStopped();
        }
    }

    private HostAnswer settled(HostAnswer answer) {
        if (answer instanceof HostAnswer.Error error && error.fatal()) {
            throw fail(error.code(), error.message());
        }
        if (thread.isHalted()) {
            throw new ProgramStopped();
        }
        return answer;
    }

    /// Ends the run as failed; the program cannot catch it.
    public ProgramStopped fail(String code, String message) {
        stop(new Outcome.Failed(code, message, "", Usage.NONE));
        return new ProgramStopped();
    }

    /// Ends the run for want of memory.
    public ProgramStopped outOfMemory() {
        stop(new Outcome.OutOfMemory(Usage.NONE));
        return new ProgramStopped();
    }

    /// Waits as the host has it; ends with the run.
    public void pause(long nanos) {
        enterDeeply();
        try {
            hostCalls.pause(nanos);
        } catch (InterruptedException e) {
            throw new ProgramStopped();
        }
    }

    /// Any thread.
    @Override
    public synchronized @Nullable String waitsFor() {
        return begun || ended
                ? null
                : "one of the " + watchdog.rooms().instances() + " runs that all programs together may have at a time";
    }

    public boolean hasGrowBeenRefused() {
        return thread.hasGrowBeenRefused();
    }

    /// The outcome of a program that returned `json`.
    public Outcome returned(String json) {
        Outcome problem = Outputs.problem(json, limits, () -> {
            if (thread.isHalted()) {
                throw new ProgramStopped();
            }
        });
        return problem == null ? new Outcome.Returned(json, Usage.NONE) : problem;
    }

    private void live(Body body) {
        Outcome end;
        try {
            end = body.run(this);
            gateway.reportDropped();
        } catch (Throwable t) {
            // Whatever a program provokes is its own end and nobody else's.
            end = classify(t);
        }
        finish(end);
    }

    private void finish(Outcome end) {
        deadline.close();
        cpu.close();
        Outcome last = settle(end);
        Usage used = usage();
        thread.giveBackAll();
        memory = null; // whoever keeps the run does not keep its memory
        watchdog.remove(this);
        watchdog.rooms().leave();
        outcome.complete(withUsage(last, used));
    }

    private synchronized Outcome settle(Outcome end) {
        ended = true;
        // The thread completes the stage: nobody behind it may find the flag that was meant for the
        // program.
        if (Thread.currentThread() == thread) {
            Thread.interrupted();
        }
        return verdict == null ? end : verdict;
    }

    private void stop(Outcome why) {
        synchronized (this) {
            if (ended || verdict != null) {
                return;
            }
            verdict = why;
            thread.halt();
            thread.interrupt();
            if (begun) {
                return;
            }
        }
        if (watchdog.rooms().forget(this)) {
            deadline.close();
            watchdog.remove(this);
            // Not on this thread: whoever waits for it could hold up the watchdog.
            Outcome last = withUsage(settle(why), usage());
            Thread.ofVirtual().start(() -> outcome.complete(last));
        }
    }

    private Outcome classify(Throwable t) {
        if (t instanceof ProgramStopped && thread.isOutOfFuel()) {
            return new Outcome.OutOfFuel(Usage.NONE);
        }
        if (t instanceof ProgramStopped && thread.hasStackBeenUsedUp()) {
            return new Outcome.Trapped(
                    "call stack exhausted: it is deeper than " + limits.stackBytes() + " bytes", Usage.NONE);
        }
        if (t instanceof ProgramStopped && thread.areRoomsFull()) {
            return new Outcome.Failed(
                    "sandbox-full",
                    "all programs together may have " + (watchdog.rooms().memoryBytes() >> 20)
                            + " MB of memory in this process, and that is used up; run fewer at a time",
                    "",
                    Usage.NONE);
        }
        if (t instanceof OutOfMemoryError) {
            return new Outcome.OutOfMemory(Usage.NONE);
        }
        if (t instanceof StackOverflowError) {
            return new Outcome.Trapped("call stack exhausted", Usage.NONE);
        }
        boolean trapped = t instanceof TrapException || t.getCause() instanceof TrapException;
        if (trapped && hasGrowBeenRefused()) {
            return new Outcome.OutOfMemory(Usage.NONE);
        }
        if (trapped && tableRefused) {
            return new Outcome.Failed(
                    TABLE_TOO_LARGE,
                    "the program needs more table elements than the limit of " + limits.tableElements(),
                    "",
                    Usage.NONE);
        }
        String message = t.getMessage() == null ? t.getClass().getSimpleName() : t.getMessage();
        return new Outcome.Trapped(
                t instanceof WasmEngineException ? message : t.getClass().getSimpleName() + ": " + message, Usage.NONE);
    }

    private static String bounded(String text, int max) {
        return text.length() <= max ? text : text.substring(0, max) + "…";
    }

    private static Outcome withUsage(Outcome outcome, Usage usage) {
        return switch (outcome) {
            case Outcome.Returned o -> new Outcome.Returned(o.outputJson(), usage);
            case Outcome.Failed o ->
                new Outcome.Failed(bounded(o.code(), MAX_CODE), bounded(o.message(), MAX_MESSAGE), o.place(), usage);
            case Outcome.Trapped o -> new Outcome.Trapped(o.message(), usage);
            case Outcome.OutOfFuel _ -> new Outcome.OutOfFuel(usage);
            case Outcome.OutOfMemory _ -> new Outcome.OutOfMemory(usage);
            case Outcome.TimedOut o -> new Outcome.TimedOut(o.clock(), usage);
            case Outcome.Cancelled _ -> new Outcome.Cancelled(usage);
            case Outcome.WorkerDied o -> new Outcome.WorkerDied(o.message(), usage);
        };
    }
}
