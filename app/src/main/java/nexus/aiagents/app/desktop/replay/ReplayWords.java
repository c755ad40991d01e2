package nexus.aiagents.app.desktop.replay;

import java.time.Instant;
import java.util.Locale;
import nexus.aiagents.app.desktop.parts.Tone;
import nexus.aiagents.app.desktop.parts.Words;
import nexus.aiagents.engine.replay.Divergence;
import nexus.aiagents.engine.replay.RecordedRun.End;
import nexus.aiagents.engine.replay.Recording;
import nexus.aiagents.engine.replay.ReplayReport;
import nexus.aiagents.engine.replay.ReplayedCall;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Replays in sentences.
final class ReplayWords {
    private static final int BRIEF = 400;
    private static final String NESTED = "Json";
    private static final JsonMapper MAPPER = JsonMapper.shared();

    private ReplayWords() {}

    static String title(Recording recording) {
        String step = recording.step() == null ? "" : recording.step() + " · ";
        String attempt = recording.attempt() > 1 ? " · attempt " + recording.attempt() : "";
        String at = " · " + Words.time(recording.startedAt(), Instant.now());
        return step + recording.agent() + attempt + " · " + recording.exit() + at;
    }

    static String verdict(ReplayReport report) {
        End now = report.replayed();
        return switch (report.result()) {
            case SAME ->
                (report.edited() ? "✔ The same with the edited source: " : "✔ The same: ")
                        + Words.plural(report.calls().size(), "call")
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
                (report.edited() ? "↳ The edited source does something else from call " : "↳ Forked at call ")
                        + report.forkedAt() + (report.edited() ? " on" : "") + ": it "
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

    /// For who does not see the table.
    static String row(ReplayedCall call, boolean divergent) {
        return (divergent ? "Diverges: call " : "Call ") + call.number() + ", " + call.call()
                + (call.target().isEmpty() ? "" : " " + call.target()) + ", told by " + source(call.source());
    }

    /// What was asked with JSON that travels as text unfolded, so that it can be read.
    static String asked(String argumentsJson) {
        if (!(read(argumentsJson) instanceof ObjectNode arguments)) {
            return argumentsJson;
        }
        ObjectNode shown = MAPPER.createObjectNode();
        arguments.properties().forEach(field -> {
            JsonNode inner = field.getKey().endsWith(NESTED) && field.getValue().isString()
                    ? read(field.getValue().stringValue())
                    : null;
            if (inner == null) {
                shown.set(field.getKey(), field.getValue());
            } else {
                String name = field.getKey();
                shown.set(name.substring(0, name.length() - NESTED.length()), inner);
            }
        });
        return shown.toString();
    }

    /// Whether a program can be told this.
    static boolean isAnswer(String json) {
        JsonNode node = read(json);
        return node instanceof ObjectNode answer
                && answer.size() == 1
                && (answer.has("ok")
                        || answer.path("error").path("code").isString()
                                && answer.path("error").path("message").isString());
    }

    /// Whether two texts are the same JSON.
    static boolean isSame(String one, String other) {
        JsonNode first = read(one);
        return first != null && first.equals(read(other));
    }

    private static @Nullable JsonNode read(String json) {
        try {
            return MAPPER.readTree(json);
        } catch (JacksonException _) {
            return null;
        }
    }

    /// For a narrow column.
    static String shortSource(ReplayedCall.Source source) {
        return switch (source) {
            case RECORDED -> "record";
            case CHANGED -> "you";
            case STOOD_IN -> "stand-in";
            case NONE -> "–";
        };
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
