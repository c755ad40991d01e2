package nexus.aiagents.engine.replay;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import nexus.aiagents.engine.replay.RecordedRun.End;
import nexus.aiagents.engine.replay.ReplayedCall.Source;
import org.jspecify.annotations.Nullable;

/// Answers the calls of a program as its host did when it was recorded, and notices the first that is
/// another one. Knows no sandbox. For one thread.
///
/// Where an answer was changed, or an edited program asks for something else, the record is left: from
/// there on a call is told what the same call was told in the record, each of those once and in their
/// order. Log lines and events need no answer; the clock stands still where the record's looks at it
/// are used up. Any other call ends the replay.
final class Tape {
    private static final String FLOOD = "host-call-flood";
    private static final List<String> NEED_NO_ANSWER = List.of("log", "emit");

    /// What a call comes to.
    sealed interface Reply {
        record Answer(String answerJson, Source source) implements Reply {}

        record Diverged(Divergence divergence) implements Reply {}

        /// The run was ended here, by a person or by time.
        record StoppedHere() implements Reply {}

        record RecordEnds() implements Reply {}

        record NotRecorded() implements Reply {}
    }

    private final RecordedRun run;
    private final Map<Integer, String> changed;
    private final boolean edited;
    private final Map<String, Deque<RecordedCall>> unused = new HashMap<>();
    private String lastTime = "{\"ok\":0}";
    private int made;
    private int forkedAt;
    private @Nullable Divergence fuelDiffers;

    /// @param edited the program is another one: where it asks for something else it forks, and does not
    ///     diverge
    Tape(RecordedRun run, Map<Integer, String> changed, boolean edited) {
        this.run = run;
        this.edited = edited;
        this.changed = Map.copyOf(changed);
    }

    Reply next(String call, String argumentsJson, long fuel) {
        made++;
        Reply reply = forkedAt == 0 ? onRecord(call, argumentsJson, fuel) : beside(call, argumentsJson);
        if (call.equals("now") && reply instanceof Reply.Answer(String answer, Source _)) {
            lastTime = answer;
        }
        return reply;
    }

    private Reply onRecord(String call, String argumentsJson, long fuel) {
        if (made > run.calls().size()) {
            return edited && run.cut() == null ? leave(call, argumentsJson) : beyond(call, argumentsJson);
        }
        RecordedCall expected = run.calls().get(made - 1);
        boolean same = expected.call().equals(call) && expected.argumentsJson().equals(argumentsJson);
        if (edited && !same) {
            return leave(call, argumentsJson);
        }
        if (!expected.call().equals(call)) {
            return diverged("call", shown(expected), call + " " + argumentsJson);
        }
        if (!expected.argumentsJson().equals(argumentsJson)) {
            return diverged("arguments", expected.argumentsJson(), argumentsJson);
        }
        if (expected.fuel() != fuel && fuelDiffers == null && !edited) {
            fuelDiffers = new Divergence(made, "fuel", Long.toString(expected.fuel()), Long.toString(fuel));
        }
        String other = changed.get(made);
        if (other != null && !other.equals(expected.answerJson())) {
            fork(made);
            return new Reply.Answer(other, Source.CHANGED);
        }
        String answer = expected.answerJson();
        return answer == null ? new Reply.StoppedHere() : new Reply.Answer(answer, Source.RECORDED);
    }

    private Reply beyond(String call, String argumentsJson) {
        End end = run.end();
        if (run.cut() != null) {
            return new Reply.RecordEnds();
        }
        if (end.outcome().equals("failed") && end.code().equals(FLOOD)) {
            return new Reply.Answer(
                    Texts.answer(new nexus.aiagents.sandbox.HostAnswer.Error(FLOOD, end.message(), true)),
                    Source.RECORDED);
        }
        if (end.isStopped()) {
            return new Reply.StoppedHere();
        }
        return diverged("call", "no further call: it ended as " + end.outcome(), call + " " + argumentsJson);
    }

    private Reply diverged(String what, String expected, String actual) {
        return new Reply.Diverged(new Divergence(made, what, expected, actual));
    }

    private static String shown(RecordedCall call) {
        return call.call() + " " + call.argumentsJson();
    }

    // ---- after the fork

    /// The edited program asks for something else here: what the record has from here on may still be
    /// asked.
    private Reply leave(String call, String argumentsJson) {
        fork(made - 1);
        return beside(call, argumentsJson);
    }

    /// @param done calls of the record that were answered
    private void fork(int done) {
        forkedAt = made;
        for (RecordedCall call : run.calls()
                .subList(Math.min(done, run.calls().size()), run.calls().size())) {
            unused.computeIfAbsent(key(call.call(), call.argumentsJson()), _ -> new ArrayDeque<>())
                    .add(call);
        }
    }

    private static String key(String call, String argumentsJson) {
        return call + " " + argumentsJson;
    }

    private Reply beside(String call, String argumentsJson) {
        String given = changed.get(made);
        if (given != null) {
            return new Reply.Answer(given, Source.CHANGED);
        }
        RecordedCall same = unused.getOrDefault(key(call, argumentsJson), new ArrayDeque<>())
                .poll();
        String answer = same == null ? null : same.answerJson();
        if (answer != null) {
            return new Reply.Answer(answer, Source.RECORDED);
        }
        if (NEED_NO_ANSWER.contains(call)) {
            return new Reply.Answer("{\"ok\":null}", Source.STOOD_IN);
        }
        if (call.equals("now")) {
            return new Reply.Answer(lastTime, Source.STOOD_IN);
        }
        return new Reply.NotRecorded();
    }

    // ---- what is asked of it

    int made() {
        return made;
    }

    /// The call whose answer was the first to be changed, 0: none yet.
    int forkedAt() {
        return forkedAt;
    }

    /// When the call was made the first time; -1 if it was not.
    long atMillis(int number) {
        return forkedAt == 0 && number <= run.calls().size()
                ? run.calls().get(number - 1).atMillis()
                : -1;
    }

    /// The first call at which another count of fuel was read, null: there is none.
    @Nullable
    Divergence fuelDiffers() {
        return fuelDiffers;
    }
}
