package nexus.aiagents.app.bench;

import static nexus.aiagents.app.bench.Table.text;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import nexus.aiagents.engine.control.Command;
import nexus.aiagents.engine.journal.EngineEvent;

/// A busy project for as long as is asked for: loops that crash, sagas that roll back, pools that vote,
/// and someone who looks. Says whether what it weighs stays the same.
record SoakBench() implements Figures {
    private static final String LENGTH = "nexus.soak";
    private static final int SAMPLES = 20;

    private record Sample(double minutes, double heapBytes) {}

    @Override
    public void measure(Table table) throws Exception {
        String asked = System.getProperty(LENGTH, "");
        Duration length = asked.isEmpty() ? Duration.ofMinutes(1) : Duration.parse(asked);
        table.columns(
                "after",
                "heap after GC",
                "resident",
                "platform threads",
                "open files",
                "journal",
                "entries",
                "runs",
                "crashes");
        Path folder = BenchProjects.busy();
        AtomicLong runs = new AtomicLong();
        AtomicLong crashes = new AtomicLong();
        List<Sample> samples = new ArrayList<>();
        try (Team team = Team.open(folder)) {
            team.engine.follow(0, entry -> {
                switch (entry.event()) {
                    case EngineEvent.RunEnded _ -> runs.incrementAndGet();
                    case EngineEvent.SupervisorRestarted _ -> crashes.incrementAndGet();
                    default -> {}
                }
            });
            team.done(new Command.Up());
            long began = System.nanoTime();
            long end = began + length.toNanos();
            Thread driver = Thread.ofVirtual().start(() -> drive(team, end));
            for (int i = 1; i <= SAMPLES; i++) {
                long due = began + length.toNanos() / SAMPLES * i;
                Thread.sleep(Math.max(1, (due - System.nanoTime()) / 1_000_000));
                double minutes = Table.seconds(began) / 60;
                long heap = Weight.heap();
                samples.add(new Sample(minutes, heap));
                table.row(
                        text("%.1f min", minutes),
                        text("%.1f MB", heap / 1e6),
                        text("%,d MB", Weight.megabytes(Weight.resident())),
                        Weight.threads(),
                        Weight.openFiles(),
                        text("%,.1f MB", Weight.size(folder) / 1e6),
                        text("%,d", team.engine.view().seq()),
                        text("%,d", runs.get()),
                        text("%,d", crashes.get()));
            }
            driver.join();
        }
        verdict(table, samples);
    }

    /// Sagas and pools one after the other, as fast as they end; every ninth saga fails, and someone looks.
    private static void drive(Team team, long end) {
        try {
            for (int i = 0; System.nanoTime() < end; i++) {
                String failAt = i % 9 == 0 ? ",\"failAt\":\"three\"" : "";
                team.submit(new Command.RunSaga("four", "{\"number\":" + i + failAt + "}"));
                team.submit(new Command.RunPool("ask", "{\"number\":" + i + "}"));
                if (i % 10 == 0) {
                    team.engine.view();
                }
                Thread.sleep(20);
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /// A line through what is left after the first quarter, in which caches fill.
    private static void verdict(Table table, List<Sample> all) {
        List<Sample> samples = all.subList(all.size() / 4, all.size());
        double x = samples.stream().mapToDouble(Sample::minutes).average().orElseThrow();
        double y = samples.stream().mapToDouble(Sample::heapBytes).average().orElseThrow();
        double xx = samples.stream()
                .mapToDouble(s -> (s.minutes() - x) * (s.minutes() - x))
                .sum();
        double xy = samples.stream()
                .mapToDouble(s -> (s.minutes() - x) * (s.heapBytes() - y))
                .sum();
        double slope = xy / xx;
        double left = samples.stream()
                .mapToDouble(s -> Math.pow(s.heapBytes() - y - slope * (s.minutes() - x), 2))
                .sum();
        double error = Math.sqrt(left / (samples.size() - 2) / xx);
        double hourly = slope * 60;
        boolean flat = Math.abs(slope) < 2 * error || Math.abs(hourly) < 0.02 * y;
        table.note(text(
                "Heap after GC: %.1f MB on average, %+.2f MB an hour (± %.2f): %s.",
                y / 1e6, hourly / 1e6, 2 * error * 60 / 1e6, flat ? "flat" : "not flat"));
    }
}
