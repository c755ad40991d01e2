package nexus.aiagents.app.bench;

import static nexus.aiagents.app.bench.Table.text;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import nexus.aiagents.engine.Engine;
import nexus.aiagents.engine.control.Command;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.project.LanguageService;

/// Very many supervised agents in one process, and what they cost while they wait.
record ScaleBench(int agents, int perTeam) implements Figures {

    @Override
    public void measure(Table table) throws Exception {
        table.columns(text("%,d agents under supervision, %,d a team", agents, perTeam), "figure");
        Path folder = Files.createTempDirectory("nexus-bench");
        BenchProjects.fleet(folder, agents, perTeam);
        long began = System.nanoTime();
        if (new LanguageService().analyze(folder, Map.of()).project() == null) {
            throw new IllegalStateException("the project has errors");
        }
        table.row("read and check the YAML", text("%.1f s", Table.seconds(began)));
        long empty = Weight.heap();
        began = System.nanoTime();
        try (Team team = Team.open(folder)) {
            table.row("open the project", text("%.1f s", Table.seconds(began)));
            long opened = Weight.heap();
            up(team, table);
            long up = Weight.heap();
            table.row("heap of an agent that is down", text("%,d bytes", (opened - empty) / agents));
            table.row("heap of an agent that is up and idle", text("%,d bytes", (up - empty) / agents));
            table.row(
                    "the whole process",
                    text(
                            "%,d MB heap after GC, %,d MB resident, %d platform threads",
                            Weight.megabytes(up), Weight.megabytes(Weight.resident()), Weight.threads()));
            table.row("processor while all are idle", text("%.2f %% of a core", Weight.idlePercent(10)));
            look(team.engine, table);
            crash(team, table);
            began = System.nanoTime();
            team.done(new Command.Down());
            table.row("stop all, in reverse", text("%.1f s", Table.seconds(began)));
        }
    }

    private void up(Team team, Table table) throws Exception {
        long entries = team.engine.view().seq();
        long began = System.nanoTime();
        team.done(new Command.Up());
        double seconds = Table.seconds(began);
        table.row(
                "start all, in order, journal included",
                text(
                        "%.1f s (%,.0f agents and %,.0f entries a second)",
                        seconds, agents / seconds, (team.engine.view().seq() - entries) / seconds));
    }

    /// The first look, and one after another agent changed.
    private void look(Engine engine, Table table) throws Exception {
        List<Double> times = new ArrayList<>();
        for (int i = 0; i < 15; i++) {
            engine.submit(new Command.PauseAgent("a" + i), "bench")
                    .toCompletableFuture()
                    .get();
            long began = System.nanoTime();
            engine.view();
            times.add(Table.millis(began));
        }
        table.row("a view of everything after a change", text("median %.1f ms", Table.median(times)));
    }

    private void crash(Team team, Table table) throws Exception {
        BlockingQueue<EngineEvent.AgentUp> ups = team.hear(EngineEvent.AgentUp.class);
        List<Double> times = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            long began = System.nanoTime();
            team.done(new Command.CrashAgent("a" + (agents - 1 - i * (agents / 60))));
            Team.next(ups);
            if (i >= 10) {
                times.add(Table.millis(began));
            }
        }
        table.row(
                "crash of one among them to running again",
                text("median %.1f ms, p90 %.1f ms", Table.median(times), Table.quantile(times, 0.9)));
    }
}
