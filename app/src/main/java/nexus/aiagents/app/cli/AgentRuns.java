package nexus.aiagents.app.cli;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import nexus.aiagents.app.cli.Terminal.Tone;
import nexus.aiagents.engine.control.EngineClient.HistoryQuery;
import nexus.aiagents.engine.view.AgentView;
import nexus.aiagents.engine.view.AgentView.ExitView;
import nexus.aiagents.engine.view.CallView;
import nexus.aiagents.engine.view.CallsFold;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "runs",
        description = "The last runs of an agent, calls and rounds of its loop, and what each used, newest first.")
final class AgentRuns extends Action {
    /// Two entries for each.
    private static final int ENTRIES = 2;

    @Parameters(paramLabel = "NAME", description = "The agent.")
    private String name = "";

    @Option(
            names = {"-n", "--max"},
            paramLabel = "N",
            defaultValue = "20",
            description = "List at most so many. Default: 20")
    private int max = 20;

    @Override
    int run(Context context) {
        if (max < 1) {
            throw Failure.usage("--max " + max + ": a number of runs is one or more.");
        }
        try (Session session = open(context, false)) {
            List<AgentView> agents = session.engine().view().agents();
            AgentView agent = agents.stream()
                    .filter(a -> a.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> Failure.unknown(
                            "agent", name, agents.stream().map(AgentView::name).toList()));
            int most = Math.min(max, 10_000);
            CallsFold fold = new CallsFold(name, most);
            session.engine()
                    .history(new HistoryQuery(
                            0, ENTRIES * (most + agent.activeCalls()), true, CallsFold.TYPES, name, null))
                    .forEach(fold::apply);
            print(context.terminal(), fold.calls(agent.activeCalls()));
            return Exit.DONE;
        }
    }

    private void print(Terminal terminal, List<CallView> calls) {
        if (terminal.json()) {
            calls.forEach(call -> terminal.json(Json.object("agent-run", call)));
            return;
        }
        Table table = new Table("RECORD", "RUN", "STEP", "BEGAN", "ENDED AS", "TOOK", "TICKS", "MEMORY", "HOST CALLS");
        for (CallView call : calls) {
            ExitView exit = call.exit();
            table.cell(call.recorded() ? call.id() : "")
                    .cell(Objects.requireNonNullElse(call.runId(), "(its loop)"))
                    .cell(Objects.requireNonNullElse(call.step(), ""))
                    .cell(Format.moment(call.startedAt()))
                    .cell(tone(exit), exit == null ? "running" : exit.code())
                    .cell(exit == null ? "" : Format.duration(Duration.ofMillis(call.millis())))
                    .cell(Format.count(call.fuel()))
                    .cell(Format.count(call.memoryBytes() >> 10) + " KB")
                    .cell(Format.count(call.hostCalls()))
                    .end();
        }
        table.printOr(terminal, "It has not run yet.");
    }

    private static Tone tone(@Nullable ExitView exit) {
        return exit == null || exit.kind().equals("shutdown")
                ? Tone.PLAIN
                : exit.kind().equals("normal") ? Tone.GOOD : Tone.BAD;
    }
}
