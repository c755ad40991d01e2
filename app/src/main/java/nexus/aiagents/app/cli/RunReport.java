package nexus.aiagents.app.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import nexus.aiagents.app.cli.Terminal.Tone;
import nexus.aiagents.engine.view.RunView;
import nexus.aiagents.engine.view.RunView.StepState;
import nexus.aiagents.engine.view.RunView.StepView;
import nexus.aiagents.engine.view.RunView.VoteView;
import org.jspecify.annotations.Nullable;

/// A run for a person, or as its summary line.
record RunReport(Terminal terminal, RunView run) {

    void print() {
        if (terminal.json()) {
            terminal.json(Json.run(run));
            return;
        }
        if (!run.steps().isEmpty()) {
            terminal.line("");
            steps();
        }
        if (!run.votes().isEmpty()) {
            terminal.line("");
            votes();
        }
        terminal.line("");
        terminal.line(terminal.tint(tone(run.state()), headline()) + terminal.tint(Tone.DIM, facts()));
        hint();
    }

    private void steps() {
        boolean spent = run.microDollars() > 0;
        Table table = spent
                ? new Table("STEP", "STATE", "ATTEMPTS", "TIME", "SPENT", "UNDONE", "")
                : new Table("STEP", "STATE", "ATTEMPTS", "TIME", "UNDONE", "");
        for (StepView step : run.steps()) {
            table.cell(step.name() + progress(step.items()))
                    .cell(tone(step.state()), sign(step.state()) + " " + Format.lower(step.state()))
                    .cell(step.attempts() == 0 ? "" : step.attempts())
                    .cell(took(step.startedAt(), step.endedAt()));
            if (spent) {
                table.cell(step.attempts() == 0 ? "" : spent(step));
            }
            table.cell(step.undoState() == null ? "" : undone(step))
                    .cell(Tone.DIM, step.errorCode() == null ? "" : error(step.errorCode(), step.errorMessage()))
                    .end();
        }
        table.print(terminal);
        List<String> undone = Json.compensated(run).stream().map(StepView::name).toList();
        if (!undone.isEmpty()) {
            terminal.line("");
            terminal.line("undone in this order: " + String.join(", ", undone));
        }
    }

    /// `-` where entries of old do not say it.
    static String spent(@Nullable StepView step) {
        return step == null || step.microDollars() == null ? "-" : Format.dollars(step.microDollars());
    }

    private static String progress(RunView.@Nullable ItemsView items) {
        return items == null ? "" : " " + items.done() + "/" + items.total();
    }

    private static String undone(StepView step) {
        String state = step.undoState() == null ? "" : Format.lower(step.undoState());
        String by = step.compensation() == null ? "" : " by " + step.compensation();
        return step.undoOrder() == 0
                ? state
                : step.undoOrder() + ". " + (step.undoState() == StepState.COMPENSATED ? "undone" : state) + by;
    }

    private void votes() {
        boolean choices = run.votes().stream().anyMatch(vote -> vote.choice() > 0);
        Table table = choices ? new Table("MEMBER", "VOTE", "CHOICE", "ANSWER") : new Table("MEMBER", "VOTE", "ANSWER");
        for (VoteView vote : run.votes()) {
            table.cell(vote.member()).cell(tone(vote), vote.verdict());
            if (choices) {
                table.cell(vote.choice() == 0 ? "" : vote.choice());
            }
            String said = vote.outputJson() != null ? vote.outputJson() : vote.error();
            table.cell(Format.brief(said == null ? "" : said, 80)).end();
        }
        table.print(terminal);
    }

    private static Tone tone(VoteView vote) {
        return switch (vote.verdict()) {
            case "agreed" -> Tone.GOOD;
            case "failed" -> Tone.BAD;
            case "dissent" -> Tone.CAUTION;
            case "cancelled" -> Tone.DIM;
            default -> Tone.PLAIN;
        };
    }

    private String headline() {
        String what = run.name() + " " + Format.lower(run.state());
        if (run.state() == RunView.State.DONE || run.errorCode() == null) {
            return what;
        }
        String at = run.failedStep() == null ? "" : " at " + run.failedStep();
        return Terminal.safe(what + at + ": " + error(run.errorCode(), run.errorMessage()));
    }

    private String facts() {
        String took = run.endedAt() == null ? "" : took(run.startedAt(), run.endedAt()) + ", ";
        return "  " + took + Format.count(run.tokens()) + " tokens, " + Format.dollars(run.microDollars()) + ", run "
                + run.id();
    }

    private void hint() {
        String id = run.id();
        switch (run.state()) {
            case PARKED ->
                terminal.line(
                        run.kind().equals("pool")
                                ? "It waits for you: naos pool decide " + id
                                        + " CHOICE picks an answer by its number, 0 none of them."
                                : "It waits for you: naos saga retry " + id + ", or naos saga skip " + id
                                        + " to leave out what it waits for.");
            case WAITING ->
                run.steps().stream()
                        .filter(step -> step.state() == StepState.WAITING)
                        .forEach(step -> terminal.line("It waits for you: naos runs approve " + id + " " + step.name()
                                + ", or naos runs reject " + id + " " + step.name()));
            case PAUSED -> terminal.line("It is paused: naos runs resume " + id + " goes on with it.");
            case RUNNING, COMPENSATING, DONE, FAILED, CANCELLED -> {}
        }
    }

    private static String error(String code, @Nullable String message) {
        String text = message == null || message.isEmpty() || message.equals(code) ? code : code + ": " + message;
        return Format.brief(text, 160);
    }

    private static String took(@Nullable Instant from, @Nullable Instant to) {
        return from == null || to == null ? "" : Format.duration(Duration.between(from, to));
    }

    private String sign(StepState state) {
        return switch (state) {
            case DONE -> terminal.sign("✔", "+");
            case FAILED, COMPENSATION_FAILED -> terminal.sign("✖", "x");
            case COMPENSATED, COMPENSATING -> terminal.sign("↶", "<");
            case UNKNOWN -> "?";
            case RUNNING -> terminal.sign("▸", ">");
            case WAITING -> "!";
            case PENDING, SKIPPED -> terminal.sign("·", "-");
        };
    }

    private static Tone tone(StepState state) {
        return switch (state) {
            case DONE -> Tone.GOOD;
            case FAILED, COMPENSATION_FAILED -> Tone.BAD;
            case COMPENSATED, COMPENSATING, UNKNOWN, WAITING -> Tone.CAUTION;
            case RUNNING -> Tone.PLAIN;
            case PENDING, SKIPPED -> Tone.DIM;
        };
    }

    static Tone tone(RunView.State state) {
        return switch (state) {
            case DONE -> Tone.GOOD;
            case FAILED -> Tone.BAD;
            case PARKED, WAITING, PAUSED, COMPENSATING, CANCELLED -> Tone.CAUTION;
            case RUNNING -> Tone.PLAIN;
        };
    }
}
