package nexus.aiagents.app.bench;

import static nexus.aiagents.app.bench.Table.text;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import nexus.aiagents.engine.control.Command;
import nexus.aiagents.engine.journal.EngineEvent;

/// One sandboxed agent crashes again and again.
record RestartBench() implements Figures {

    @Override
    public void measure(Table table) throws Exception {
        List<Double> times = new ArrayList<>();
        try (Team team = Team.open(BenchProjects.team())) {
            BlockingQueue<EngineEvent.AgentUp> ups = team.hear(EngineEvent.AgentUp.class);
            team.done(new Command.Up());
            Team.next(ups);
            for (int i = 0; i < 420; i++) {
                long began = System.nanoTime();
                team.done(new Command.CrashAgent("worker"));
                Team.next(ups);
                if (i >= 120) {
                    times.add(Table.millis(began));
                }
            }
        }
        table.columns("restart", "p50", "p99");
        table.row(
                "crash of a sandboxed agent to running again, in the journal",
                text("%.1f ms", Table.median(times)),
                text("%.1f ms", Table.quantile(times, 0.99)));
    }
}
