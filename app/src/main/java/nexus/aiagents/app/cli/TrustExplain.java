package nexus.aiagents.app.cli;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import nexus.aiagents.engine.control.EngineClient.HistoryQuery;
import nexus.aiagents.engine.project.Instances;
import nexus.aiagents.engine.trust.TrustPoint;
import nexus.aiagents.engine.view.AgentView;
import nexus.aiagents.engine.view.ProjectView;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "explain",
        description = "Lists the entries of the journal that an agent's local score is made of, newest first.")
final class TrustExplain extends Action {
    private static final int READ = 20_000;

    @Parameters(paramLabel = "AGENT", description = "The agent.")
    private String agent = "";

    @Option(
            names = {"-n", "--max"},
            paramLabel = "N",
            defaultValue = "50",
            description = "At most so many. Default: 50")
    private int max = 50;

    @Override
    int run(Context context) {
        Terminal terminal = context.terminal();
        try (Session session = open(context, false)) {
            ProjectView view = session.engine().view();
            Set<String> known =
                    view.agents().stream().map(AgentView::name).collect(java.util.stream.Collectors.toSet());
            if (!known.contains(agent)) {
                throw Failure.unknown("agent", agent, List.copyOf(known));
            }
            Instant now = view.at();
            HistoryQuery query = new HistoryQuery(0, READ, true, TrustPoint.TYPES, null, null);
            List<TrustPoint> points = session.engine().history(query).reversed().stream()
                    .flatMap(entry -> TrustPoint.of(entry).stream())
                    .filter(point -> point.agent().equals(Instances.agentOf(agent)))
                    .limit(most())
                    .toList();
            Table table = new Table("AT", "ENTRY", "COUNTS AS", "POINTS", "NOW", "");
            for (TrustPoint point : points) {
                if (terminal.json()) {
                    terminal.json(Json.object("trust-point", point).put("faded", point.faded(now)));
                } else {
                    table.cell(Format.moment(point.at()))
                            .cell(point.seq())
                            .cell(Format.lower(point.kind()))
                            .cell(String.valueOf(point.points()))
                            .cell(String.format(Locale.ROOT, "%.2f", point.faded(now)))
                            .cell(Format.brief(point.why(), 80))
                            .end();
                }
            }
            if (!terminal.json()) {
                table.printOr(terminal, agent + " has done nothing yet that counts: it has the score of a newcomer.");
            }
            return Exit.DONE;
        }
    }

    private int most() {
        if (max < 1) {
            throw Failure.usage("--max " + max + ": a number of entries is one or more.");
        }
        return max;
    }
}
