package nexus.aiagents.app.bench;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import nexus.aiagents.engine.Engine;
import nexus.aiagents.engine.control.Command;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.project.LanguageService;

/// Prints the figures of the README. Run by `./mvnw -q -Pbench verify`; never a test.
public final class Bench {
    /// Held, because the log manager keeps loggers weakly. The store tells what it does between the rows.
    private static final Logger STORE = Logger.getLogger("jetbrains.exodus");

    private Bench() {}

    public static void main(String[] args) throws Exception {
        STORE.setLevel(Level.WARNING);
        System.out.printf(
                Locale.ROOT,
                "%nJava %s, %d cores, %s %s%n%n",
                Runtime.version(),
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("os.name"),
                System.getProperty("os.arch"));
        System.out.println("| what | figure |");
        System.out.println("|---|---|");
        diagnostics();
        restarts();
        sagaSteps(1, 60);
        sagaSteps(64, 6);
        firstFrame();
        System.exit(0);
    }

    private static void diagnostics() throws IOException {
        Path folder = Files.createTempDirectory("nexus-bench");
        String text = BenchProjects.lines(folder, 5_000);
        long lines = text.lines().count();
        LanguageService service = new LanguageService();
        int place = text.indexOf("description: number 400");
        List<Double> times = new ArrayList<>();
        for (int i = 0; i < 220; i++) {
            String edited = text.substring(0, place + 13) + "x".repeat(i % 7 + 1) + text.substring(place + 13);
            long began = System.nanoTime();
            var analysis = service.analyze(folder, Map.of("nexus.yaml", edited));
            if (i >= 20) {
                times.add(millis(began));
            }
            if (analysis.project() == null) {
                throw new IllegalStateException(analysis.diagnostics().toString());
            }
        }
        row(
                "diagnostics after an edit, " + lines + " lines",
                "median %.0f ms, p95 %.0f ms",
                quantile(times, 0.5),
                quantile(times, 0.95));
        delete(folder);
    }

    private static void restarts() throws Exception {
        Path folder = BenchProjects.team();
        List<Double> times = new ArrayList<>();
        try (Engine engine = Engine.open(folder, Engine.Options.RUN)) {
            BlockingQueue<EngineEvent> ups = new LinkedBlockingQueue<>();
            engine.follow(0, entry -> {
                if (entry.event() instanceof EngineEvent.AgentUp up) {
                    ups.add(up);
                }
            });
            done(engine, new Command.Up());
            next(ups);
            for (int i = 0; i < 320; i++) {
                long began = System.nanoTime();
                done(engine, new Command.CrashAgent("worker"));
                next(ups);
                if (i >= 20) {
                    times.add(millis(began));
                }
            }
        }
        row(
                "crash of a sandboxed agent to running again (durable)",
                "p50 %.1f ms, p99 %.1f ms",
                quantile(times, 0.5),
                quantile(times, 0.99));
        delete(folder);
    }

    private static void sagaSteps(int atOnce, int rounds) throws Exception {
        Path folder = BenchProjects.team();
        try (Engine engine = Engine.open(folder, Engine.Options.RUN)) {
            BlockingQueue<EngineEvent> ends = new LinkedBlockingQueue<>();
            engine.follow(0, entry -> {
                if (entry.event() instanceof EngineEvent.RunEnded ended) {
                    ends.add(ended);
                }
            });
            runSagas(engine, ends, atOnce, Math.max(2, rounds / 6));
            long began = System.nanoTime();
            runSagas(engine, ends, atOnce, rounds);
            double seconds = millis(began) / 1_000;
            row(
                    "durable saga steps, " + atOnce + (atOnce == 1 ? " run" : " runs")
                            + " at once (a JavaScript agent each)",
                    "%.0f a second",
                    atOnce * rounds * 4 / seconds,
                    0.0);
        }
        delete(folder);
    }

    private static void runSagas(Engine engine, BlockingQueue<EngineEvent> ends, int atOnce, int rounds)
            throws Exception {
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < atOnce; i++) {
                done(engine, new Command.RunSaga("four", "{}"));
            }
            for (int i = 0; i < atOnce; i++) {
                if (next(ends) instanceof EngineEvent.RunEnded ended
                        && !ended.state().equals("done")) {
                    throw new IllegalStateException(ended.toString());
                }
            }
        }
    }

    /// From the start of the process to the first frame, on the headless platform; the first of six is not counted.
    private static void firstFrame() throws Exception {
        List<Double> times = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            Path home = Files.createTempDirectory("nexus-bench-home");
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "--enable-native-access=ALL-UNNAMED",
                    "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
                    "-Dglass.platform=Headless",
                    "-Dprism.order=sw",
                    "-Duser.home=" + home,
                    "-Dnexus.exitAfterFirstFrame=true",
                    "-cp",
                    System.getProperty("java.class.path"),
                    "nexus.aiagents.app.Main"));
            long began = System.nanoTime();
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new IllegalStateException("the app did not show its first frame");
            }
            if (i > 0) {
                times.add(millis(began) / 1_000);
            }
            delete(home);
        }
        row(
                "process start to first frame (class path, no AOT cache, headless)",
                "median %.2f s, best %.2f s",
                quantile(times, 0.5),
                quantile(times, 0));
    }

    private static EngineEvent next(BlockingQueue<EngineEvent> queue) throws InterruptedException {
        EngineEvent event = queue.poll(60, TimeUnit.SECONDS);
        if (event == null) {
            throw new IllegalStateException("nothing happened for a minute");
        }
        return event;
    }

    private static void done(Engine engine, Command command) throws Exception {
        CommandResult result =
                engine.submit(command, "bench").toCompletableFuture().get(60, TimeUnit.SECONDS);
        if (result instanceof CommandResult.Refused refused) {
            throw new IllegalStateException(refused.message());
        }
    }

    private static double millis(long beganNanos) {
        return (System.nanoTime() - beganNanos) / 1e6;
    }

    private static double quantile(List<Double> values, double q) {
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
        Arrays.sort(sorted);
        return sorted[(int) Math.min(sorted.length - 1, Math.floor(q * sorted.length))];
    }

    private static void row(String what, String format, double first, double second) {
        System.out.println("| " + what + " | " + String.format(Locale.ROOT, format, first, second) + " |");
    }

    private static void delete(Path folder) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path dir, IOException e) throws IOException {
                Files.deleteIfExists(dir);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
