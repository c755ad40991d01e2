package nexus.aiagents.sandbox.internal.worker;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import nexus.aiagents.sandbox.Capacity;
import nexus.aiagents.sandbox.HostAnswer;
import nexus.aiagents.sandbox.HostCall;
import nexus.aiagents.sandbox.Invocation;
import nexus.aiagents.sandbox.Outcome;
import nexus.aiagents.sandbox.PreparedProgram;
import nexus.aiagents.sandbox.Program;
import nexus.aiagents.sandbox.ProgramRejected;
import nexus.aiagents.sandbox.Run;
import nexus.aiagents.sandbox.internal.metering.PassedOn;
import nexus.aiagents.sandbox.internal.metering.Watchdog;
import nexus.aiagents.sandbox.internal.script.ScriptRuntime;
import nexus.aiagents.sandbox.internal.wasm.ModuleCompiler;
import nexus.aiagents.sandbox.internal.wasm.WasmRuntime;
import org.jspecify.annotations.Nullable;

/// The inside of a worker process: compiles, loads and runs what the app tells it to, and forwards every
/// host call. Touches no file and no network.
final class Workplace {
    static final int PROTOCOL = 1;
    static final Duration BEAT = Duration.ofMillis(500);
    /// The app has its eye on the clock: it knows when a host call waits for a person.
    private static final Duration NO_LIMIT = Duration.ofDays(3650);

    private final Frames pipe;
    private final Consumer<Throwable> broken;
    private final Wire<ToWorker> incoming = new Wire<>(ToWorker.class);
    private final Wire<FromWorker> outgoing = new Wire<>(FromWorker.class);
    private final Watchdog watchdog = new Watchdog(Capacity.ofThisProcess());
    private final Map<Long, PreparedProgram> programs = new ConcurrentHashMap<>();
    private final Map<Long, Guest> guests = new ConcurrentHashMap<>();
    private final ScriptRuntime scripts = new ScriptRuntime(watchdog);

    /// @param broken ends the process
    Workplace(Frames pipe, Consumer<Throwable> broken) {
        this.pipe = pipe;
        this.broken = broken;
    }

    /// Returns when the pipe is closed.
    void serve() throws IOException, BadFrame, JvmBroke {
        send(new FromWorker.Ready(PROTOCOL));
        Thread.ofPlatform().daemon().name("beat").start(this::beat);
        byte[] frame = pipe.read();
        while (frame != null) {
            handle(incoming.read(frame));
            frame = pipe.read();
        }
    }

    private void beat() {
        try {
            while (true) {
                Thread.sleep(BEAT);
                guests.forEach((id, guest) -> send(new FromWorker.Used(id, guest.usage())));
                send(new FromWorker.Alive());
            }
        } catch (InterruptedException | RuntimeException | Error e) {
            broken.accept(e);
        }
    }

    private void handle(ToWorker message) {
        switch (message) {
            case ToWorker.Compile(long request, byte[] module) -> prepare(request, () -> ModuleCompiler.here(module));
            case ToWorker.Load(long request, long program, Program source, byte[] code) ->
                prepare(request, () -> {
                    programs.put(program, load(source, code));
                    return null;
                });
            case ToWorker.Forget(long program) -> programs.remove(program);
            case ToWorker.Start start -> start(start);
            case ToWorker.Answer(long run, long call, HostAnswer answer) -> {
                Guest guest = guests.get(run);
                if (guest != null) {
                    guest.answer(call, answer);
                }
            }
            case ToWorker.Stop(long run) -> {
                Guest guest = guests.get(run);
                if (guest != null) {
                    guest.stop();
                }
            }
        }
    }

    private interface Preparing {
        byte @Nullable [] run() throws ProgramRejected;
    }

    private void prepare(long request, Preparing work) {
        Thread.ofVirtual().name("prepare").start(() -> {
            FromWorker answer;
            try {
                answer = new FromWorker.Done(request, work.run());
            } catch (ProgramRejected e) {
                answer = rejected(request, e);
            } catch (RuntimeException | Error e) {
                answer = rejected(request, new ProgramRejected("invalid", "it can not be prepared: " + e));
            }
            if (!send(answer)) {
                send(rejected(request, new ProgramRejected("too-large", "its code is too large to be passed on")));
            }
        });
    }

    private static FromWorker rejected(long request, ProgramRejected e) {
        return new FromWorker.Rejected(
                request, e.code(), String.valueOf(e.getMessage()), e.file(), e.line(), e.column());
    }

    private PreparedProgram load(Program source, byte @Nullable [] code) throws ProgramRejected {
        return switch (source) {
            case Program.Script script -> scripts.prepare(script);
            case Program.WasmModule module -> {
                if (code == null) {
                    throw new IllegalStateException("a module comes with its code");
                }
                yield WasmRuntime.load(module, code, watchdog);
            }
        };
    }

    private void start(ToWorker.Start start) {
        PreparedProgram program = programs.get(start.program());
        if (program == null) {
            throw new IllegalStateException("program " + start.program() + " was not loaded");
        }
        Guest guest = new Guest(start.run(), start.timePasses());
        guests.put(start.run(), guest);
        guest.begin(program.start(new Invocation(
                start.inputJson(),
                start.contextJson(),
                start.env(),
                start.limits().withWallTime(NO_LIMIT),
                guest)));
    }

    /// @return false if it is too large: nothing was sent
    private boolean send(FromWorker message) {
        return send(outgoing.write(message));
    }

    private boolean send(byte[] frame) {
        try {
            return pipe.write(frame);
        } catch (IOException e) {
            // The app is gone, and so is this process as soon as it has read the end of the other pipe.
            return true;
        }
    }

    /// One run.
    private final class Guest implements PassedOn {
        private final long id;
        private final boolean timePasses;
        private final ReentrantLock lock = new ReentrantLock();
        private volatile @Nullable Run run;
        private long calls;
        private @Nullable CompletableFuture<HostAnswer> pending;

        Guest(long id, boolean timePasses) {
            this.id = id;
            this.timePasses = timePasses;
        }

        void begin(Run started) {
            run = started;
            started.outcome().whenComplete((outcome, _) -> {
                try {
                    guests.remove(id);
                    if (!send(new FromWorker.Ended(id, outcome))) {
                        throw new IllegalStateException("an end that is too large to be told");
                    }
                } catch (RuntimeException | Error e) {
                    broken.accept(e);
                }
            });
        }

        void stop() {
            Run now = run;
            if (now != null) {
                now.cancel();
            }
        }

        Outcome.Usage usage() {
            Run now = run;
            return now == null ? Outcome.Usage.NONE : now.usage();
        }

        @Override
        public boolean timePasses() {
            return timePasses;
        }

        @Override
        public HostAnswer call(HostCall call) throws InterruptedException {
            return call(call, Outcome.Usage.NONE);
        }

        @Override
        public HostAnswer call(HostCall call, Outcome.Usage until) throws InterruptedException {
            CompletableFuture<HostAnswer> answer = new CompletableFuture<>();
            long number;
            lock.lock();
            try {
                number = ++calls;
                pending = answer;
            } finally {
                lock.unlock();
            }
            byte[] frame = outgoing.write(new FromWorker.Called(id, number, until, call));
            if (frame.length > Frames.MAX_CALL) {
                return new HostAnswer.Error("too-large", "a host call may carry " + (Frames.MAX_CALL >> 20) + " MB");
            }
            send(frame);
            try {
                return answer.get();
            } catch (ExecutionException e) {
                throw new IllegalStateException(e); // it never completes exceptionally
            }
        }

        void answer(long call, HostAnswer answer) {
            CompletableFuture<HostAnswer> waiting = null;
            lock.lock();
            try {
                if (call == calls) {
                    waiting = pending;
                    pending = null;
                }
            } finally {
                lock.unlock();
            }
            if (waiting != null) {
                waiting.complete(answer);
            }
        }
    }
}
