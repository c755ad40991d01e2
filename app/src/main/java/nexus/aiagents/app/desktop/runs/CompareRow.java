package nexus.aiagents.app.desktop.runs;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import nexus.aiagents.app.desktop.parts.Mark;
import nexus.aiagents.app.desktop.parts.Words;
import nexus.aiagents.app.desktop.shell.Money;
import nexus.aiagents.engine.view.JsonDifference;
import nexus.aiagents.engine.view.RunComparison;
import nexus.aiagents.engine.view.RunView;
import nexus.aiagents.engine.view.RunView.StepView;
import org.jspecify.annotations.Nullable;

/// One line of a comparison: a step in two runs, or the runs themselves. Pure.
///
/// @param step     null: the line is about the runs as a whole
/// @param a        its state in the first run, `b` in the second; null: there is no such step
/// @param attempts `1`, or `1 → 3` where they differ; `took` and `cost` likewise
/// @param what     in a few words how they differ, empty if they do not
record CompareRow(
        RunComparison.@Nullable Step step,
        String name,
        @Nullable Mark a,
        @Nullable Mark b,
        String took,
        String attempts,
        String cost,
        String what) {
    private static final String NOT_THERE = "–";

    /// @param onlyDifferent leaves out steps that differ in nothing but their time
    static List<CompareRow> of(RunComparison of, Instant now, boolean onlyDifferent) {
        List<CompareRow> rows = new ArrayList<>(List.of(whole(of, now)));
        for (RunComparison.Step step : of.steps()) {
            if (!onlyDifferent || step.differs()) {
                rows.add(step(step));
            }
        }
        return rows;
    }

    private static CompareRow whole(RunComparison of, Instant now) {
        RunView a = of.a();
        RunView b = of.b();
        List<String> what = new ArrayList<>();
        if (a.state() != b.state()) {
            what.add(Mark.of(b.state()).text() + " instead of "
                    + Mark.of(a.state()).text());
        }
        told(what, "input", of.input());
        told(what, "output", of.output());
        error(what, a.errorCode(), b.errorCode());
        return new CompareRow(
                null,
                "The whole run",
                Mark.of(a.state()),
                Mark.of(b.state()),
                both(Words.duration(took(a, now)), Words.duration(took(b, now))),
                "",
                both(Money.format(a.microDollars()), Money.format(b.microDollars())),
                String.join(" · ", what));
    }

    private static Duration took(RunView run, Instant now) {
        return Duration.between(run.startedAt(), Objects.requireNonNullElse(run.endedAt(), now));
    }

    private static CompareRow step(RunComparison.Step step) {
        StepView a = step.a();
        StepView b = step.b();
        return new CompareRow(
                step,
                step.name(),
                a == null ? null : Mark.of(a.state()),
                b == null ? null : Mark.of(b.state()),
                both(took(step.tookA()), took(step.tookB())),
                both(attempts(a), attempts(b)),
                both(cost(a), cost(b)),
                what(step, a, b));
    }

    private static String cost(@Nullable StepView step) {
        return step == null || step.microDollars() == null ? NOT_THERE : Money.format(step.microDollars());
    }

    private static String what(RunComparison.Step step, @Nullable StepView a, @Nullable StepView b) {
        if (a == null || b == null) {
            return a == null ? "only in the second run" : "only in the first run";
        }
        List<String> what = new ArrayList<>();
        told(what, "input", step.input());
        told(what, "output", step.output());
        error(what, a.errorCode(), b.errorCode());
        if (a.undoState() != b.undoState()) {
            what.add("undone: "
                    + (a.undoState() == null ? "no" : Mark.of(a.undoState()).text()) + " → "
                    + (b.undoState() == null ? "no" : Mark.of(b.undoState()).text()));
        }
        return String.join(" · ", what);
    }

    private static void told(List<String> what, String which, List<JsonDifference> differences) {
        if (!differences.isEmpty()) {
            what.add(which + ": "
                    + (differences.size() == 1
                            ? place(differences.getFirst())
                            : differences.size()
                                    + (differences.size() == JsonDifference.MOST ? " places or more" : " places")));
        }
    }

    private static String place(JsonDifference difference) {
        return difference.path().isEmpty() ? "all of it" : difference.path();
    }

    private static void error(List<String> what, @Nullable String a, @Nullable String b) {
        if (!Objects.equals(a, b)) {
            what.add("error: " + Objects.requireNonNullElse(a, "none") + " → " + Objects.requireNonNullElse(b, "none"));
        }
    }

    private static String took(@Nullable Duration took) {
        return took == null ? NOT_THERE : Words.duration(took);
    }

    private static String attempts(@Nullable StepView step) {
        return step == null || step.attempts() == 0 ? NOT_THERE : String.valueOf(step.attempts());
    }

    private static String both(String a, String b) {
        return a.equals(b) ? a : a + " → " + b;
    }

    /// One line for each of the first differences.
    static String lines(List<JsonDifference> differences, int most) {
        List<String> lines = new ArrayList<>();
        for (JsonDifference d : differences.subList(0, Math.min(most, differences.size()))) {
            lines.add(place(d) + ": "
                    + (d.before() == null ? "not there" : Words.brief(d.before(), 60)) + " → "
                    + (d.after() == null ? "not there" : Words.brief(d.after(), 60)));
        }
        if (differences.size() > most) {
            lines.add("and " + (differences.size() - most) + " more places");
        }
        return String.join("\n", lines);
    }
}
