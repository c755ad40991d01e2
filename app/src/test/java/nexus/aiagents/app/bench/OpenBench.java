package nexus.aiagents.app.bench;

import static nexus.aiagents.app.bench.Table.text;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import nexus.aiagents.engine.Engine;
import nexus.aiagents.engine.control.Command;

/// How long it takes until something is there, and what it costs while nothing happens.
record OpenBench() implements Figures {

    @Override
    public void measure(Table table) throws Exception {
        table.columns("opening and waiting", "median", "best or worst");
        Path folder = BenchProjects.team();
        long began = System.nanoTime();
        Engine.open(folder, Engine.Options.RUN).close();
        table.row("open and close a project, the first in a process", text("%.0f ms", Table.millis(began)), "");
        List<Double> times = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            began = System.nanoTime();
            Engine engine = Engine.open(folder, Engine.Options.RUN);
            if (i >= 2) {
                times.add(Table.millis(began));
            }
            engine.close();
        }
        table.row(
                "open a project again",
                text("%.0f ms", Table.median(times)),
                text("best %.0f ms", Table.quantile(times, 0)));
        idle(table, folder);
    }

    private static void idle(Table table, Path folder) throws Exception {
        try (Team team = Team.open(folder)) {
            team.done(new Command.Up());
            Thread.sleep(3_000);
            List<Double> percent = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                percent.add(Weight.idlePercent(3));
            }
            table.row(
                    "processor of an open project whose team is up and idle",
                    text("%.2f %% of a core", Table.median(percent)),
                    text("worst %.2f %%", Table.quantile(percent, 1)));
        }
    }
}
