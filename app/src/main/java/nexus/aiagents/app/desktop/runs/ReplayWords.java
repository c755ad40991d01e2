package nexus.aiagents.app.desktop.runs;

import java.util.Locale;
import nexus.aiagents.app.desktop.parts.Tone;
import nexus.aiagents.app.desktop.parts.Words;
import nexus.aiagents.engine.replay.Divergence;
import nexus.aiagents.engine.replay.RecordedRun.End;
import nexus.aiagents.engine.replay.Recording;
import nexus.aiagents.engine.replay.ReplayReport;
import nexus.aiagents.engine.replay.ReplayedCall;

/// Replays in sentences.
final class ReplayWords {
    private static final int BRIEF = 400;

    private ReplayWords() {}

    static String title(Recording recording) {
        String step = recording.step() == null ? "" : recording.step() + " · ";
        String attempt = recording.attempt() > 1 ? " · attempt " + recording.attempt() : "";
        return step + recording.agent() + attempt + " · " + recording.exit();
    }

    static String verdict(ReplayReport report) {
        End now = report.replayed();
        return switch (report.result()) {
            case SAME ->
                "✔ The same: " + Words.plural(report.calls().size(), "call")
                        + (now == null ? "" : ", " + count(now.fuel()) + " ticks, " + described(now)) + ".";
            case DIVERGED -> {
                Divergence found = report.divergence();
                yield found == null
                        ? "✖ It diverges."
                        : "✖ It diverges at call " + found.number() + ": another " + found.what() + ". Recorded: "
                                + Words.brief(found.expected(), BRIEF) + ". This time: "
                                + Words.brief(found.actual(), BRIEF) + ".";
            }
            case STOPPED -> "Stopped at call " + report.calls().size() + ".";
            case RECORD_ENDS -> "The record ends here; until then it was the same.";
            case FORKED ->
                "↳ Forked at call " + report.forkedAt() + ": it "
                        + (now == null ? "ended" : described(now)) + ". Recorded: "
                        + described(report.recorded()) + ".";
            case NOT_RECORDED ->
                "↳ Forked at call " + report.forkedAt() + ", and ended at call "
                        + report.calls().size() + ": the record has no answer for it. Give one to go on.";
        };
    }

    static Tone tone(ReplayReport.Result result) {
        return switch (result) {
            case SAME -> Tone.SUCCESS;
            case DIVERGED -> Tone.DANGER;
            case STOPPED -> Tone.NEUTRAL;
            case RECORD_ENDS, NOT_RECORDED -> Tone.WARNING;
            case FORKED -> Tone.INFO;
        };
    }

    private static String described(End end) {
        if (end.outputJson() != null) {
            return end.outcome() + " " + Words.brief(end.outputJson(), BRIEF);
        }
        String code = end.code().isEmpty() ? "" : " " + end.code();
        return end.outcome() + code + (end.message().isEmpty() ? "" : ": " + Words.brief(end.message(), BRIEF));
    }

    static String facts(ReplayedCall call) {
        String at = call.atMillis() < 0 ? "" : " · " + count(call.atMillis()) + " ms after its beginning";
        return "Call " + call.number() + " · " + count(call.fuel()) + " ticks · " + count(call.memoryBytes() >> 10)
                + " KB" + at;
    }

    static String source(ReplayedCall.Source source) {
        return switch (source) {
            case RECORDED -> "the record";
            case CHANGED -> "you";
            case STOOD_IN -> "a stand-in";
            case NONE -> "nothing";
        };
    }

    static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
