package nexus.aiagents.engine.replay;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import nexus.aiagents.engine.journal.EventJson;
import nexus.aiagents.engine.journal.ExitReason;
import nexus.aiagents.sandbox.HostAnswer;
import nexus.aiagents.sandbox.HostCall;
import nexus.aiagents.sandbox.HostCalls;
import nexus.aiagents.sandbox.Invocation;
import nexus.aiagents.sandbox.Isolation;
import nexus.aiagents.sandbox.Outcome;
import nexus.aiagents.sandbox.Sandbox;
import org.jspecify.annotations.Nullable;

/// Stands between a program and its host and remembers what passes. Nothing is written or turned into text
/// while the program runs. Thread-safe.
public final class Recorder implements HostCalls {

    /// Whose run it is.
    ///
    /// @param agent the name of the instance where it is one
    public record Subject(
            String id,
            String agent,
            @Nullable String runId,
            @Nullable String step,
            int attempt,
            Instant startedAt,
            Isolation isolation) {}

    private static final class Passed {
        private final HostCall call;
        private final Outcome.Usage usage;
        private final long atNanos;
        private @Nullable HostAnswer answer;
        private boolean interrupted;

        Passed(HostCall call, Outcome.Usage usage, long atNanos) {
            this.call = call;
            this.usage = usage;
            this.atNanos = atNanos;
        }
    }

    private final HostCalls host;
    private final Subject subject;
    private final ProgramId program;
    private final Map<String, String> secrets;
    private final long journalSeq;
    private final long maxCharacters;
    private final AtomicLong heldByAll;
    private final long maxHeldByAll;
    private final LongSupplier nanos;
    private final long began;
    private final List<Passed> passed = new ArrayList<>();
    private @Nullable Invocation invocation;
    private RecordedRun.@Nullable Cut cut;
    private long characters;
    private boolean closed;

    Recorder(
            HostCalls host,
            Subject subject,
            ProgramId program,
            Map<String, String> secrets,
            long journalSeq,
            long maxCharacters,
            AtomicLong heldByAll,
            long maxHeldByAll,
            LongSupplier nanos) {
        this.host = host;
        this.subject = subject;
        this.program = program;
        this.secrets = Map.copyOf(secrets);
        this.journalSeq = journalSeq;
        this.maxCharacters = maxCharacters;
        this.heldByAll = heldByAll;
        this.maxHeldByAll = maxHeldByAll;
        this.nanos = nanos;
        this.began = nanos.getAsLong();
    }

    /// What the program is about to be started with.
    public synchronized void starts(Invocation with) {
        invocation = with;
    }

    @Override
    public HostAnswer call(HostCall call) throws InterruptedException {
        return call(call, Outcome.Usage.NONE);
    }

    @Override
    public HostAnswer call(HostCall call, Outcome.Usage usage) throws InterruptedException {
        Passed entry = begin(call, usage);
        HostAnswer answer;
        try {
            answer = host.call(call, usage);
        } catch (InterruptedException e) {
            interrupted(entry);
            throw e;
        } catch (RuntimeException | Error e) {
            // The sandbox answers for its host that failed; a replay has to say the same.
            end(entry, hostError(call));
            throw e;
        }
        end(entry, answer);
        return answer;
    }

    @Override
    public boolean timePasses() {
        return host.timePasses();
    }

    @Override
    public void pause(long forNanos) throws InterruptedException {
        host.pause(forNanos);
    }

    private static HostAnswer hostError(HostCall call) {
        return new HostAnswer.Error(
                "host-error", "the host could not carry out a call of kind '" + call.kind() + "'", true);
    }

    private synchronized void interrupted(@Nullable Passed entry) {
        if (entry != null) {
            entry.interrupted = true;
        }
    }

    private @Nullable Passed begin(HostCall call, Outcome.Usage usage) {
        long at = nanos.getAsLong();
        synchronized (this) {
            if (cut != null || closed || !hold(length(call))) {
                return null;
            }
            Passed entry = new Passed(call, usage, at);
            passed.add(entry);
            return entry;
        }
    }

    private synchronized void end(@Nullable Passed entry, HostAnswer answer) {
        if (entry == null || closed || cut != null) {
            return;
        }
        if (hold(length(answer))) {
            entry.answer = answer;
        } else {
            passed.removeLast(); // a call without its answer would look as if the run had ended there
        }
    }

    /// @return false if that is more than there is room for: from here on nothing is kept
    private boolean hold(long more) {
        if (characters + more > maxCharacters) {
            cut = new RecordedRun.Cut(answered(), "the run's record is full (maxRunSize)");
            return false;
        }
        if (heldByAll.addAndGet(more) > maxHeldByAll) {
            heldByAll.addAndGet(-more);
            cut = new RecordedRun.Cut(answered(), "the records of all runs under way took too much memory");
            return false;
        }
        characters += more;
        return true;
    }

    private int answered() {
        return passed.isEmpty() || passed.getLast().answer != null ? passed.size() : passed.size() - 1;
    }

    private static long length(HostCall call) {
        return 64L
                + switch (call) {
                    case HostCall.Log log -> log.message().length();
                    case HostCall.Now _ -> 0;
                    case HostCall.Random _ -> 0;
                    case HostCall.KvPut put ->
                        (long) put.key().length() + put.valueJson().length();
                    default -> call.toString().length();
                };
    }

    private static long length(HostAnswer answer) {
        return switch (answer) {
            case HostAnswer.Ok(String json) -> json.length();
            case HostAnswer.Error(String code, String message, boolean _) -> (long) code.length() + message.length();
        };
    }

    /// All of it as text, once the run is over. Calls that come yet are not in it.
    RecordedRun recorded(Outcome outcome, ExitReason exit) {
        synchronized (this) {
            closed = true;
        }
        Invocation with = invocation;
        if (with == null) {
            throw new IllegalStateException("it was never started");
        }
        Redactor redactor = new Redactor(secrets);
        List<RecordedCall> calls = new ArrayList<>(passed.size());
        for (Passed entry : passed) {
            if (entry.interrupted && entry.answer == null && !Ends.isStopped(outcome)) {
                entry.answer = hostError(entry.call); // the host interrupted itself, and the run went on with that
            }
            calls.add(text(calls.size() + 1, entry, redactor));
        }
        RecordedRun.End end = Ends.of(outcome, redactor).withExit(exit.code(), redactor.text(exit.message()));
        String input = redactor.json(with.inputJson());
        String context = redactor.json(with.contextJson());
        Map<String, String> env = redactor.env(new TreeMap<>(with.env()));
        return new RecordedRun(
                subject.id(),
                subject.agent(),
                subject.runId(),
                subject.step(),
                subject.attempt(),
                subject.startedAt(),
                program.name(),
                program.hash(),
                subject.isolation().name().toLowerCase(Locale.ROOT),
                Sandbox.fingerprint(),
                input,
                context,
                env,
                EventJson.mapper().writeValueAsString(with.limits()),
                journalSeq,
                redactor.used(),
                cut,
                end,
                calls);
    }

    private RecordedCall text(int number, Passed entry, Redactor redactor) {
        String call = Texts.name(entry.call);
        HostAnswer answer = entry.answer;
        return new RecordedCall(
                number,
                call,
                redactor.arguments(Texts.arguments(entry.call)),
                answer == null ? null : redactor.answer(entry.call, Texts.answer(answer)),
                entry.usage.fuel(),
                entry.usage.memoryBytes(),
                TimeUnit.NANOSECONDS.toMillis(entry.atNanos - began));
    }

    /// Lets go of what is remembered, whether it was written or not.
    void close() {
        synchronized (this) {
            closed = true;
            heldByAll.addAndGet(-characters);
            characters = 0;
        }
    }
}
