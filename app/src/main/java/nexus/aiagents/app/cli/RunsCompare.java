package nexus.aiagents.app.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import nexus.aiagents.engine.view.JsonDifference;
import nexus.aiagents.engine.view.RunComparison;
import nexus.aiagents.engine.view.RunView;
import nexus.aiagents.engine.view.RunView.StepView;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

@Command(
        name = "compare",
        description = "Shows where two runs of the same definition, or a fork and its origin, went different ways.")
final class RunsCompare extends Action {
    private static final int TOLD = 5;

    @Parameters(index = "0", paramLabel = "RUN", description = "The run's id.")
    private String first = "";

    @Parameters(index = "1", paramLabel = "OTHER", description = "The id of the run that it is compared with.")
    private String second = "";

    @Override
    int run(Context context) {
        try (Session session = open(context, false)) {
            RunLookup lookup = new RunLookup(session.engine());
            RunView a = lookup.find(first);
            RunView b = lookup.find(second);
            String why = RunComparison.whyNot(a, b);
            if (!why.isEmpty()) {
                throw Failure.usage(why);
            }
            RunComparison of = RunComparison.of(a, b);
            if (context.terminal().json()) {
                context.terminal().json(json(of));
            } else {
                print(context.terminal(), of);
            }
            return Exit.DONE;
        }
    }

    private static void print(Terminal terminal, RunComparison of) {
        Table table = new Table("STEP", "FIRST", "SECOND", "TOOK", "SPENT", "ATTEMPTS", "DIFFERS");
        table.cell("(the run)")
                .cell(RunReport.tone(of.a().state()), Format.lower(of.a().state()))
                .cell(RunReport.tone(of.b().state()), Format.lower(of.b().state()))
                .cell(both(millis(of.a()), millis(of.b())))
                .cell(Format.dollars(of.a().microDollars()) + " / "
                        + Format.dollars(of.b().microDollars()))
                .cell("")
                .cell(what(of.input(), of.output()))
                .end();
        for (RunComparison.Step step : of.steps()) {
            table.cell(step.name())
                    .cell(state(step.a()))
                    .cell(state(step.b()))
                    .cell(both(millis(step.tookA()), millis(step.tookB())))
                    .cell(RunReport.spent(step.a()) + " / " + RunReport.spent(step.b()))
                    .cell(attempts(step.a()) + " / " + attempts(step.b()))
                    .cell(what(step.input(), step.output()))
                    .end();
        }
        table.print(terminal);
        tell(terminal, "input", of.input());
        for (RunComparison.Step step : of.steps()) {
            tell(terminal, step.name() + " output", step.output());
        }
        if (!of.differs()) {
            terminal.line("They differ in nothing but times and money.");
        }
    }

    private static void tell(Terminal terminal, String of, List<JsonDifference> differences) {
        for (JsonDifference d : differences.subList(0, Math.min(TOLD, differences.size()))) {
            terminal.line(of + (d.path().isEmpty() ? "" : " " + d.path()) + ": "
                    + Format.brief(d.before() == null ? "not there" : d.before(), 60) + " / "
                    + Format.brief(d.after() == null ? "not there" : d.after(), 60));
        }
        if (differences.size() > TOLD) {
            terminal.line(of + ": " + (differences.size() - TOLD) + " more places");
        }
    }

    private static String what(List<JsonDifference> input, List<JsonDifference> output) {
        List<String> parts = new ArrayList<>();
        if (!input.isEmpty()) {
            parts.add("input");
        }
        if (!output.isEmpty()) {
            parts.add("output");
        }
        return String.join(", ", parts);
    }

    private static String both(@Nullable Long a, @Nullable Long b) {
        return (a == null ? "-" : a + " ms") + " / " + (b == null ? "-" : b + " ms");
    }

    private static String state(@Nullable StepView step) {
        return step == null ? "-" : Format.lower(step.state());
    }

    private static String attempts(@Nullable StepView step) {
        return step == null ? "-" : String.valueOf(step.attempts());
    }

    private static @Nullable Long millis(@Nullable Duration took) {
        return took == null ? null : Long.valueOf(took.toMillis());
    }

    private static @Nullable Long millis(RunView run) {
        Instant end = run.endedAt();
        return end == null
                ? null
                : Long.valueOf(Duration.between(run.startedAt(), end).toMillis());
    }

    private static ObjectNode json(RunComparison of) {
        ObjectNode result = Json.object("comparison").put("differs", of.differs());
        result.set("a", side(of.a()));
        result.set("b", side(of.b()));
        result.set("input", differences(of.input()));
        result.set("output", differences(of.output()));
        ArrayNode steps = result.putArray("steps");
        for (RunComparison.Step step : of.steps()) {
            ObjectNode node = steps.addObject().put("name", step.name()).put("differs", step.differs());
            node.set("a", side(step.a(), step.tookA()));
            node.set("b", side(step.b(), step.tookB()));
            node.set("input", differences(step.input()));
            node.set("output", differences(step.output()));
        }
        return result;
    }

    private static ObjectNode side(RunView run) {
        ObjectNode node = Json.object("")
                .put("runId", run.id())
                .put("state", Format.lower(run.state()))
                .put("millis", millis(run))
                .put("microDollars", run.microDollars())
                .put("tokens", run.tokens());
        node.remove("type");
        node.set("error", Json.error(run.errorCode(), run.errorMessage()));
        return node;
    }

    private static @Nullable ObjectNode side(@Nullable StepView step, @Nullable Duration took) {
        if (step == null) {
            return null;
        }
        ObjectNode node = Json.object("")
                .put("state", Format.lower(step.state()))
                .put("millis", millis(took))
                .put("attempts", step.attempts())
                .put("microDollars", step.microDollars())
                .put("tokens", step.tokens())
                .put("compensationState", step.undoState() == null ? null : Format.lower(step.undoState()));
        node.remove("type");
        node.set("error", Json.error(step.errorCode(), step.errorMessage()));
        return node;
    }

    private static ArrayNode differences(List<JsonDifference> differences) {
        ArrayNode list = Json.object("").putArray("list");
        for (JsonDifference d : differences) {
            ObjectNode node = list.addObject().put("path", d.path());
            node.set("before", Json.embedded(d.before()));
            node.set("after", Json.embedded(d.after()));
        }
        return list;
    }
}
