package nexus.aiagents.app.bench;

import static nexus.aiagents.app.bench.Table.text;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import nexus.aiagents.engine.journal.ExitReason;
import nexus.aiagents.engine.journal.Journal;
import nexus.aiagents.engine.journal.XodusJournal;
import nexus.aiagents.engine.project.LanguageService;
import nexus.aiagents.engine.project.Project;
import nexus.aiagents.engine.supervise.AgentLauncher;
import nexus.aiagents.engine.supervise.SupervisionTree;

/// From the end of a child to its next start, beside Erlang/OTP's supervisor where there is one.
record OtpBench() implements Figures {
    private static final int WARM_UP = 4_000;
    private static final int COUNTED = 6_000;

    /// Nanoseconds.
    private record Latency(double median, double p99) {
        static Latency of(List<Double> nanos) {
            return new Latency(Table.median(nanos), Table.quantile(nanos, 0.99));
        }
    }

    @Override
    public void measure(Table table) throws Exception {
        table.columns(
                "one-for-one: a child ends by itself, until it is started again", "median", "p99", "median / OTP");
        Latency otp = erlang();
        if (otp == null) {
            table.row("Erlang/OTP", "`erl` is not on the PATH", "(Debian: `apt-get install erlang-base`)", "");
        } else {
            row(table, "Erlang/OTP `supervisor`, nothing written", otp, otp);
        }
        row(table, "Nexus, the same loop over a journal that keeps nothing", nexus(nothing(), WARM_UP, COUNTED), otp);
        Path folder = Files.createTempDirectory("nexus-bench");
        try (Journal journal = XodusJournal.open(folder, Clock.systemUTC())) {
            row(table, "Nexus, the decision durable before the start", nexus(journal, 500, 2_000), otp);
        }
        Team.delete(folder);
        table.note(
                "Both supervise one permanent child that does nothing but end; OTP's child is a process linked to its"
                        + " supervisor, ours a start through the same port that agents come up by. OTP journals nothing, so the"
                        + " middle row is the fair comparison and the last is the price of durability.");
    }

    private static void row(Table table, String what, Latency latency, Latency otp) {
        table.row(
                what,
                text("%.1f µs", latency.median() / 1e3),
                text("%.1f µs", latency.p99() / 1e3),
                otp == null ? "" : text("%.2f", latency.median() / otp.median()));
    }

    private static Latency nexus(Journal journal, int warmUp, int counted) throws Exception {
        Path folder = BenchProjects.team();
        Project project = Objects.requireNonNull(
                new LanguageService().analyze(folder, Map.of()).project());
        BlockingQueue<Child> starts = new LinkedBlockingQueue<>();
        List<Double> nanos = new ArrayList<>();
        try (SupervisionTree tree = new SupervisionTree(
                project,
                (_, onExit) -> {
                    Child child = new Child(System.nanoTime(), reason -> onExit.accept(AgentLauncher.Exit.of(reason)));
                    starts.add(child);
                    return child;
                },
                journal,
                Clock.systemUTC())) {
            tree.start().toCompletableFuture().get(60, TimeUnit.SECONDS);
            Child child = Team.next(starts);
            for (int i = 0; i < warmUp + counted; i++) {
                LockSupport.parkNanos(1_000_000);
                long ended = System.nanoTime();
                child.end();
                child = Team.next(starts);
                if (i >= warmUp) {
                    nanos.add((double) (child.startedAt - ended));
                }
            }
        }
        Team.delete(folder);
        return Latency.of(nanos);
    }

    /// Ends when it is told to, by itself.
    private record Child(long startedAt, Consumer<ExitReason> onExit) implements AgentLauncher.LiveAgent {
        void end() {
            onExit.accept(ExitReason.error("bench", "it ends"));
        }

        @Override
        public long incarnation() {
            return 1;
        }

        @Override
        public void shutdown() {
            onExit.accept(ExitReason.SHUTDOWN);
        }

        @Override
        public void kill(ExitReason reason) {
            onExit.accept(reason);
        }
    }

    /// Answers at once and forgets.
    private static Journal nothing() {
        return (Journal) Proxy.newProxyInstance(
                Journal.class.getClassLoader(),
                new Class<?>[] {Journal.class},
                (_, method, _) -> switch (method.getName()) {
                    case "commit" -> CompletableFuture.completedFuture(List.of());
                    case "commitAndWait" -> List.of();
                    case "close" -> null;
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    /// @return null if there is no Erlang here
    private static Latency erlang() throws Exception {
        Path script = Files.createTempDirectory("nexus-bench-otp").resolve("restarts.erl");
        try (InputStream source = OtpBench.class.getResourceAsStream("restarts.erl")) {
            Files.copy(Objects.requireNonNull(source), script);
        }
        Process process;
        try {
            process = new ProcessBuilder(
                            "erl",
                            "-noshell",
                            "-eval",
                            text(
                                    "{ok, M} = compile:file(\"%s\", [{outdir, \"%s\"}]), code:add_path(\"%s\"), M:main(%d, %d)",
                                    script, script.getParent(), script.getParent(), WARM_UP, COUNTED))
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException _) {
            return null;
        }
        List<Double> nanos = process.inputReader().lines().map(Double::valueOf).toList();
        process.waitFor();
        Team.delete(script.getParent());
        return Latency.of(nanos);
    }
}
