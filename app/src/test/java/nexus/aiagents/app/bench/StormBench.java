package nexus.aiagents.app.bench;

import static nexus.aiagents.app.bench.Table.text;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import nexus.aiagents.engine.control.Command;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.journal.EngineEvent;

/// All agents crash at once.
record StormBench(int agents, int perTeam) implements Figures {
    private static final int ROUNDS = 5;

    @Override
    public void measure(Table table) throws Exception {
        table.columns(
                text("restart storm: %,d agents crash at once, %,d a team", agents, perTeam),
                "all running again after",
                "restarts a second",
                "entries a second");
        Path folder = Files.createTempDirectory("nexus-bench");
        BenchProjects.fleet(folder, agents, perTeam);
        List<Double> times = new ArrayList<>();
        try (Team team = Team.open(folder)) {
            team.done(new Command.Up());
            BlockingQueue<EngineEvent.AgentUp> ups = team.hear(EngineEvent.AgentUp.class);
            for (int round = 1; round <= ROUNDS; round++) {
                long entries = team.engine.view().seq();
                long began = System.nanoTime();
                crashAll(team);
                for (int i = 0; i < agents; i++) {
                    Team.next(ups);
                }
                double seconds = Table.seconds(began);
                times.add(seconds);
                row(table, "round " + round, seconds, team.engine.view().seq() - entries);
            }
        }
        double median = Table.median(times);
        table.row("**median**", text("**%.2f s**", median), text("**%,.0f**", agents / median), "");
        table.note(
                "Each crash is a command of an operator, so a restart is five durable entries: the command, the exit,"
                        + " the supervisor's decision, starting, up.");
    }

    private void crashAll(Team team) throws Exception {
        List<CompletableFuture<CommandResult>> crashes = new ArrayList<>();
        for (int i = 0; i < agents; i++) {
            crashes.add(
                    team.engine.submit(new Command.CrashAgent("a" + i), "bench").toCompletableFuture());
        }
        for (CompletableFuture<CommandResult> crash : crashes) {
            if (crash.get() instanceof CommandResult.Refused refused) {
                throw new IllegalStateException(refused.message());
            }
        }
    }

    private void row(Table table, String what, double seconds, long entries) {
        table.row(what, text("%.2f s", seconds), text("%,.0f", agents / seconds), text("%,.0f", entries / seconds));
    }
}
