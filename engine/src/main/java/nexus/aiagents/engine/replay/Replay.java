package nexus.aiagents.engine.replay;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import nexus.aiagents.engine.journal.EventJson;
import nexus.aiagents.engine.replay.RecordedRun.End;
import nexus.aiagents.engine.replay.ReplayReport.Result;
import nexus.aiagents.engine.replay.ReplayedCall.Source;
import nexus.aiagents.sandbox.HostAnswer;
import nexus.aiagents.sandbox.HostCall;
import nexus.aiagents.sandbox.HostCalls;
import nexus.aiagents.sandbox.Invocation;
import nexus.aiagents.sandbox.Limits;
import nexus.aiagents.sandbox.Outcome;
import nexus.aiagents.sandbox.Run;
import nexus.aiagents.sandbox.Sandbox;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// One replay of one record. The program's calls come one at a time.
final class Replay implements HostCalls {
    private static final Duration NO_LIMIT = Duration.ofDays(365);
    private static final long SOME_FUEL = 10_000_000;
    private static final HostAnswer ENDED = new HostAnswer.Error("replay-ended", "the replay ends here", true);

    private final RecordedRun record;
    private final ReplayRequest request;
    private final Replayer.Observer observer;
    private final boolean sameSandbox;
    private final boolean edited;
    private final Tape tape;
    private final Redactor redactor = new Redactor(Map.of());
    private final List<ReplayedCall> seen = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private @Nullable Result result;
    private @Nullable Divergence divergence;

    /// @param edited its program is another one than then
    Replay(RecordedRun record, ReplayRequest request, boolean edited, Replayer.Observer observer) {
        this.edited = edited;
        this.record = record;
        this.request = request;
        this.observer = observer;
        this.sameSandbox = record.sandbox().equals(Sandbox.fingerprint());
        this.tape = new Tape(record, request.answers(), edited);
    }

    void note(String remark) {
        notes.add(remark);
    }

    /// @param program starts it
    ReplayReport run(Function<Invocation, Run> program) throws InterruptedException {
        long began = System.nanoTime();
        Run underWay =
                program.apply(new Invocation(record.inputJson(), record.contextJson(), record.env(), limits(), this));
        Outcome outcome;
        try {
            outcome = underWay.outcome().toCompletableFuture().get();
        } catch (InterruptedException e) {
            underWay.cancel();
            throw e;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e); // it never completes exceptionally
        }
        return report(outcome, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began));
    }

    /// Those of then, without those that depend on time: answers come at once now, and a person may look at
    /// each call as long as they like.
    private Limits limits() {
        ObjectNode json = EventJson.mapper().valueToTree(Limits.DEFAULT);
        if (Texts.read(record.limitsJson()) instanceof ObjectNode then) {
            then.properties().forEach(field -> {
                if (json.has(field.getKey())) {
                    json.set(field.getKey(), field.getValue());
                }
            });
        }
        json.put("hostCallsPerSecond", Limits.MOST_HOST_CALLS_PER_SECOND);
        Limits limits = EventJson.mapper()
                .treeToValue(json, Limits.class)
                .withWallTime(NO_LIMIT)
                .withCpuTime(NO_LIMIT);
        return record.end().isStopped() && request.answers().isEmpty() && !edited
                ? limits.withFuel(Math.min(limits.fuel(), fuelToTheStop()))
                : limits;
    }

    /// Ticks after which the program was at the place where it was stopped: at the tick that noticed it,
    /// which was counted, or where a call was answered and no tick came any more.
    private long fuelToTheStop() {
        long used = record.end().fuel();
        long lastCall = record.calls().isEmpty() ? 0 : record.calls().getLast().fuel();
        if (!sameSandbox) {
            return 2 * used + SOME_FUEL; // it was under way, and still is after that
        }
        return Math.max(1, used == lastCall ? used : used - 1);
    }

    /// The clock that it looks at after a wait is the recorded one.
    @Override
    public boolean timePasses() {
        return false;
    }

    @Override
    public HostAnswer call(HostCall call) {
        return call(call, Outcome.Usage.NONE);
    }

    @Override
    public HostAnswer call(HostCall call, Outcome.Usage usage) {
        String name = Texts.name(call);
        String arguments = redactor.arguments(Texts.arguments(call));
        Tape.Reply reply = tape.next(name, arguments, usage.fuel());
        int number = tape.made();
        String answer = reply instanceof Tape.Reply.Answer a ? a.answerJson() : null;
        ReplayedCall shown = new ReplayedCall(
                number,
                name,
                arguments,
                answer,
                reply instanceof Tape.Reply.Answer a ? a.source() : Source.NONE,
                usage.fuel(),
                usage.memoryBytes(),
                tape.atMillis(number));
        seen.add(shown);
        boolean goesOn = observer.on(shown);
        switch (reply) {
            case Tape.Reply.Answer _ -> {}
            case Tape.Reply.Diverged(Divergence found) -> {
                divergence = found;
                result = Result.DIVERGED;
            }
            case Tape.Reply.StoppedHere _ -> {
                result = Result.SAME;
                notes.add("the run was stopped here (" + record.end().exit() + "), and so is its replay");
            }
            case Tape.Reply.RecordEnds _ -> {
                result = Result.RECORD_ENDS;
                notes.add(cut());
            }
            case Tape.Reply.NotRecorded _ -> {
                result = Result.NOT_RECORDED;
                notes.add("the record has no answer to call " + number + " (" + name + " " + shown.target()
                        + "): give one under \"" + number + "\" to go on");
            }
        }
        if (result == null && (!goesOn || number == request.until())) {
            result = Result.STOPPED;
        }
        return result == null && answer != null ? Texts.answer(answer) : ENDED;
    }

    private String cut() {
        RecordedRun.Cut cut = record.cut();
        return cut == null
                ? ""
                : "the record was cut after call " + cut.afterCalls() + ": " + cut.why() + "; the run went on to "
                        + record.end().hostCalls() + " calls and ended as " + Comparison.described(record.end());
    }

    private ReplayReport report(Outcome outcome, long millis) {
        End now = Ends.of(outcome, redactor);
        End shown = result == null ? now : null;
        if (result == null) {
            conclude(now);
        }
        judgeFuel();
        if (divergence != null && !record.redacted().isEmpty()) {
            notes.add("values were replaced in the record because they are secret ("
                    + String.join(", ", record.redacted()) + "): what is computed from one is another value now");
        }
        if (divergence != null && !sameSandbox) {
            notes.add("it was recorded by another version of the sandbox");
        }
        if (result == Result.STOPPED && request.until() > 0 && tape.made() < request.until()) {
            notes.add("it was stopped before call " + request.until());
        }
        return new ReplayReport(
                result == null ? Result.SAME : result,
                Recording.of(record),
                record.end(),
                shown,
                divergence,
                edited,
                result == Result.FORKED && tape.forkedAt() == 0 ? tape.made() + 1 : tape.forkedAt(),
                seen,
                notes,
                millis);
    }

    /// The same program with the same answers takes the same fuel, unless another sandbox counts it.
    private void judgeFuel() {
        Divergence fuel = tape.fuelDiffers();
        if (fuel == null) {
            return;
        }
        if (sameSandbox && divergence == null) {
            divergence = fuel;
            result = Result.DIVERGED;
        } else {
            notes.add("fuel differs from call " + fuel.number() + " on: " + fuel.expected() + " then, " + fuel.actual()
                    + " now");
        }
    }

    private void conclude(End now) {
        if (tape.forkedAt() > 0) {
            result = Result.FORKED;
            return;
        }
        if (record.cut() != null && tape.made() >= record.calls().size()) {
            result = Result.RECORD_ENDS;
            notes.add(cut());
            return;
        }
        if (edited) {
            boolean same = tape.made() == record.calls().size() && Comparison.isSameEnd(record.end(), now);
            result = same ? Result.SAME : Result.FORKED;
            return;
        }
        if (record.end().isStopped()
                && now.outcome().equals("out-of-fuel")
                && tape.made() == record.calls().size()) {
            result = Result.SAME;
            notes.add("the run was stopped after " + record.end().fuel() + " ticks ("
                    + record.end().exit() + "), and so is its replay");
            return;
        }
        divergence = Comparison.of(record, now, tape.made(), sameSandbox, notes);
        result = divergence == null ? Result.SAME : Result.DIVERGED;
        if (request.until() > tape.made()) {
            notes.add("it makes only " + tape.made() + " calls");
        }
        if (!request.answers().isEmpty()) {
            notes.add(
                    "no answer was changed: the calls that were named are not made, or are answered like that already");
        }
    }
}
