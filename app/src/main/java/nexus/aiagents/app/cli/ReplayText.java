package nexus.aiagents.app.cli;

import java.time.Duration;
import java.util.List;
import nexus.aiagents.app.cli.Terminal.Tone;
import nexus.aiagents.engine.replay.Divergence;
import nexus.aiagents.engine.replay.RecordedRun.End;
import nexus.aiagents.engine.replay.Recording;
import nexus.aiagents.engine.replay.ReplayReport;
import nexus.aiagents.engine.replay.ReplayReport.Result;
import nexus.aiagents.engine.replay.ReplayedCall;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Records and replays for a person, or as lines of JSON.
record ReplayText(Terminal terminal) {
    private static final int WIDE = 2_000;

    void list(List<Recording> recordings) {
        if (terminal.json()) {
            recordings.forEach(recording -> terminal.json(Json.object("recording", recording)));
            return;
        }
        Table table = new Table("RECORD", "RUN", "AGENT", "STEP", "BEGAN", "ENDED AS", "CALLS", "SIZE");
        for (Recording recording : recordings) {
            table.cell(recording.id())
                    .cell(recording.runId() == null ? "(its loop)" : recording.runId())
                    .cell(recording.agent())
                    .cell(step(recording))
                    .cell(Format.moment(recording.startedAt()))
                    .cell(tone(recording.exit()), recording.exit())
                    .cell(recording.calls() + (recording.cut() ? " (cut)" : ""))
                    .cell(Format.count((recording.bytes() + 1023) / 1024) + " KB")
                    .end();
        }
        table.printOr(
                terminal,
                "Nothing is recorded. By default only runs that fail are: record: always in an agent's block keeps all.");
    }

    private static String step(Recording recording) {
        String attempt = recording.attempt() > 1 ? " #" + recording.attempt() : "";
        return recording.step() == null ? "" : recording.step() + attempt;
    }

    private static Tone tone(String exit) {
        return exit.equals("normal") ? Tone.GOOD : exit.equals("shutdown") ? Tone.PLAIN : Tone.BAD;
    }

    /// @param older records of the same agent, where it was its name that was asked for
    void head(Recording recording, int older) {
        if (!terminal.json()) {
            String step = recording.step() == null ? "" : ", step " + step(recording);
            String why = recording.exitMessage().isEmpty() ? "" : ": " + Format.brief(recording.exitMessage(), 160);
            terminal.line(terminal.tint(Tone.STRONG, recording.agent()) + Terminal.safe(step) + ", recorded "
                    + Format.moment(recording.startedAt()) + ", "
                    + terminal.tint(tone(recording.exit()), Terminal.safe(recording.exit() + why)));
            if (older > 0) {
                terminal.line(terminal.tint(
                        Tone.DIM,
                        "  the newest of " + (older + 1) + " records; naos replay --agent " + recording.agent()
                                + " lists them"));
            }
        }
    }

    void call(ReplayedCall call) {
        if (terminal.json()) {
            ObjectNode line = Json.object("replayed-call", call);
            terminal.json(line);
            return;
        }
        terminal.line("");
        String at = call.atMillis() < 0
                ? ""
                : ", " + Format.duration(Duration.ofMillis(call.atMillis())) + " after its beginning";
        terminal.line(terminal.tint(Tone.STRONG, "call " + call.number() + "  " + call.call()) + "  "
                + Terminal.safe(call.target())
                + terminal.tint(
                        Tone.DIM,
                        "  " + Format.count(call.fuel()) + " ticks, " + Format.count(call.memoryBytes() >> 10) + " KB"
                                + at));
        terminal.line("  asked  " + shown(call.argumentsJson()));
        terminal.line("  told   " + answer(call));
    }

    private String answer(ReplayedCall call) {
        return switch (call.source()) {
            case RECORDED -> shown(String.valueOf(call.answerJson()));
            case CHANGED -> terminal.tint(Tone.CAUTION, "changed ") + shown(String.valueOf(call.answerJson()));
            case STOOD_IN ->
                shown(String.valueOf(call.answerJson())) + terminal.tint(Tone.DIM, "  (stands in: not in the record)");
            case NONE -> terminal.tint(Tone.DIM, "nothing: here the replay ends");
        };
    }

    private static String shown(String json) {
        String safe = Terminal.safe(json).replace("\n", " ");
        return safe.length() <= WIDE
                ? safe
                : safe.substring(0, WIDE) + "… (" + Format.count(safe.length()) + " characters)";
    }

    void end(ReplayReport report) {
        if (terminal.json()) {
            terminal.json(json(report));
            return;
        }
        terminal.line("");
        terminal.line(verdict(report));
        Divergence found = report.divergence();
        if (found != null) {
            terminal.line("  recorded  " + shown(found.expected()));
            terminal.line("  this time " + shown(found.actual()));
        }
        End now = report.replayed();
        if (now != null && report.result() == Result.FORKED) {
            terminal.line("  recorded  " + shown(described(report.recorded())));
            terminal.line("  this time " + shown(described(now)));
        }
        report.notes().forEach(note -> terminal.line(terminal.tint(Tone.DIM, "  " + Terminal.safe(note))));
    }

    private String verdict(ReplayReport report) {
        int calls = report.calls().size();
        String did = (calls == 1 ? "1 call" : Format.count(calls) + " calls") + " in "
                + Format.duration(Duration.ofMillis(report.millis()));
        End now = report.replayed();
        return switch (report.result()) {
            case SAME -> {
                String end = now == null ? "" : ", " + Format.count(now.fuel()) + " ticks, " + shown(described(now));
                String with = report.edited() ? " with the edited source" : "";
                yield terminal.tint(Tone.GOOD, terminal.sign("✔", "+") + " the same") + with + ": " + did + end;
            }
            case DIVERGED -> {
                Divergence found = report.divergence();
                String where = found == null ? "" : " at call " + found.number() + ": another " + found.what();
                yield terminal.tint(Tone.BAD, terminal.sign("✖", "x") + " it diverges" + where);
            }
            case STOPPED -> "stopped at call " + calls + "; the same until here";
            case RECORD_ENDS -> terminal.tint(Tone.CAUTION, "the record ends here") + ": the same until then, " + did;
            case FORKED ->
                terminal.tint(
                                Tone.CAUTION,
                                report.edited()
                                        ? "the edited source does something else from call " + report.forkedAt() + " on"
                                        : "forked at call " + report.forkedAt())
                        + ": " + did + ", then it " + (now == null ? "ended" : shown(described(now)));
            case NOT_RECORDED ->
                terminal.tint(Tone.CAUTION, "the fork ends here") + ": forked at call " + report.forkedAt() + ", "
                        + did;
        };
    }

    static String described(End end) {
        if (end.outputJson() != null) {
            return end.outcome() + " " + end.outputJson();
        }
        String code = end.code().isEmpty() ? "" : " " + end.code();
        String message = end.message().isEmpty() ? "" : ": " + end.message();
        String place = end.place().isEmpty() ? "" : " (" + end.place() + ")";
        return end.outcome() + code + message + place;
    }

    private static ObjectNode json(ReplayReport report) {
        Recording of = report.recording();
        ObjectNode line = Json.object("replay")
                .put("result", Format.lower(report.result()))
                .put("id", of.id())
                .put("agent", of.agent())
                .put("runId", of.runId())
                .put("step", of.step())
                .put("attempt", of.attempt())
                .put("calls", report.calls().size())
                .put("edited", report.edited())
                .put("forkedAt", report.forkedAt());
        line.set("recorded", unfolded(report.recorded()));
        line.set("replayed", unfolded(report.replayed()));
        line.set("divergence", unfolded(report.divergence()));
        var notes = line.putArray("notes");
        report.notes().forEach(notes::add);
        return line.put("millis", report.millis());
    }

    private static @Nullable ObjectNode unfolded(@Nullable Object value) {
        if (value == null) {
            return null;
        }
        ObjectNode node = Json.object("", value);
        node.remove("type");
        return node;
    }
}
