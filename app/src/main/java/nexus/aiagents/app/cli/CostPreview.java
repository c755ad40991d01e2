package nexus.aiagents.app.cli;

import java.util.List;
import java.util.Locale;
import nexus.aiagents.engine.control.EngineClient.HistoryQuery;
import nexus.aiagents.engine.money.BudgetPreview;
import nexus.aiagents.engine.money.PastCalls;
import nexus.aiagents.engine.view.BudgetView;
import nexus.aiagents.engine.view.ProjectView;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "preview",
        description = "Says which calls of the past other limits of a budget would have stopped. Changes nothing.")
final class CostPreview extends Action {
    private static final int ENTRIES = 100_000;
    private static final int TOLD = 10;

    @Mixin
    private BudgetLimits wanted = new BudgetLimits();

    @Override
    int run(Context context) {
        Terminal terminal = context.terminal();
        try (Session session = open(context, false)) {
            ProjectView view = session.engine().view();
            String id = wanted.budget(view);
            BudgetView known = view.budgets().stream()
                    .filter(b -> b.id().equals(id))
                    .findFirst()
                    .orElseThrow();
            BudgetPreview.Limits limits = wanted.over(BudgetPreview.Limits.of(known));
            HistoryQuery query = new HistoryQuery(0, ENTRIES, true, PastCalls.TYPES, null, null);
            BudgetPreview preview =
                    BudgetPreview.of(PastCalls.of(session.engine().history(query)), limits);
            if (terminal.json()) {
                terminal.json(Json.object("preview", preview).put("budget", id));
            } else {
                print(terminal, preview, limits);
            }
            return Exit.DONE;
        }
    }

    private static void print(Terminal terminal, BudgetPreview preview, BudgetPreview.Limits limits) {
        if (preview.since() == null) {
            terminal.line("There is no call yet to try it on.");
            return;
        }
        terminal.line(preview.calls() + " calls since " + Format.moment(preview.since()) + ", "
                + Format.dollars(preview.microDollars()) + "; the most in one "
                + limits.window().name().toLowerCase(Locale.ROOT)
                + ": " + Format.dollars(preview.peakMicroDollars()) + ", " + Format.count(preview.peakTokens())
                + " tokens");
        List<BudgetPreview.Stop> stops = preview.stops();
        if (stops.isEmpty()) {
            terminal.line("Nothing would have been stopped.");
            return;
        }
        terminal.line(preview.stoppedCalls() + " calls would not have been made: "
                + Format.dollars(preview.stoppedMicroDollars()) + ", " + Format.count(preview.stoppedTokens())
                + " tokens");
        Table table = new Table("STOPPED", "RUN", "STEP", "AGENT", "ENTRY");
        for (BudgetPreview.Stop stop : stops.subList(0, Math.min(TOLD, stops.size()))) {
            table.cell(Format.moment(stop.at()))
                    .cell(stop.runId() == null ? "-" : (stop.run() == null ? "" : stop.run() + " ") + stop.runId())
                    .cell(stop.step() == null ? "" : stop.stepNumber() + ". " + stop.step())
                    .cell(stop.agent())
                    .cell(stop.seq())
                    .end();
        }
        table.print(terminal);
        if (stops.size() > TOLD) {
            terminal.line("and " + (stops.size() - TOLD) + " more");
        }
    }
}
