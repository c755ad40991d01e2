package nexus.aiagents.app.bench;

import static nexus.aiagents.app.bench.Table.text;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What the window costs while nobody touches it: the demo is open in it, first with its team at work,
/// which goes on by itself, then stopped. Half of a minute each, or half of what `nexus.idle` says.
record IdleBench() implements Figures {
    private static final int SETTLES_SECONDS = 15;
    /// Of each generation of the serial collector.
    private static final Pattern USED = Pattern.compile("total \\S+ used (\\d+)K");

    @Override
    public void measure(Table table) throws Exception {
        String asked = System.getProperty("nexus.idle", "");
        Duration length = asked.isBlank() ? Duration.ofMinutes(1) : Duration.parse(asked);
        Path home = Files.createTempDirectory("nexus-bench-home");
        Process window = new ProcessBuilder(
                        Bench.java("-XX:+UseSerialGC", "-Duser.home=" + home, "nexus.aiagents.app.Main", "--demo"))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            table.columns("the demo open in the window, untouched", "for", "processor", "heap after GC");
            row(table, "its team at work", window, length.dividedBy(2));
            stopTeam(home);
            row(table, "its team stopped", window, length.dividedBy(2));
        } finally {
            window.destroy();
            if (!window.waitFor(20, TimeUnit.SECONDS)) {
                window.destroyForcibly();
            }
            Team.delete(home);
        }
    }

    private static void row(Table table, String name, Process window, Duration length) throws Exception {
        Thread.sleep(SETTLES_SECONDS * 1_000L);
        Duration before = cpu(window);
        long began = System.nanoTime();
        if (window.waitFor(length.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IllegalStateException("the window was closed");
        }
        Duration used = cpu(window).minus(before);
        double took = Table.seconds(began);
        table.row(
                name,
                text("%.0f s", took),
                text("%.2f %% of a core", 100 * used.toMillis() / 1e3 / took),
                text("%d MB", heap(window) >> 10));
    }

    private static void stopTeam(Path home) throws Exception {
        Path project = home.resolve(".local/share/nexus-os/demo/research-team");
        List<String> command =
                new ArrayList<>(Bench.java("-Duser.home=" + home, "nexus.aiagents.app.NaosMain", "down"));
        command.addAll(List.of("--project", project.toString()));
        Process naos = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(naos.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (naos.waitFor() != 0) {
            throw new IllegalStateException(said);
        }
    }

    private static Duration cpu(Process process) {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /// KB that are reachable.
    private static long heap(Process process) throws Exception {
        jcmd(process, "GC.run");
        Matcher used = USED.matcher(jcmd(process, "GC.heap_info"));
        long sum = 0;
        while (used.find()) {
            sum += Long.parseLong(used.group(1));
        }
        return sum;
    }

    private static String jcmd(Process process, String command) throws Exception {
        Process jcmd = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        Long.toString(process.pid()),
                        command)
                .redirectErrorStream(true)
                .start();
        String said = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        jcmd.waitFor();
        return said;
    }
}
