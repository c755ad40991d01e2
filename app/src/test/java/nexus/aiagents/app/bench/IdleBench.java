package nexus.aiagents.app.bench;

import static nexus.aiagents.app.bench.Table.text;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What the window costs while nobody does anything: the demo is opened in it, runs to its end, and is left
/// alone for a minute, or for as long as `nexus.idle` says.
record IdleBench() implements Figures {
    private static final int SETTLES_SECONDS = 20;
    private static final Pattern USED = Pattern.compile("total \\S+ used (\\d+)K|used (\\d+)K");

    @Override
    public void measure(Table table) throws Exception {
        String asked = System.getProperty("nexus.idle", "");
        Duration length = asked.isBlank() ? Duration.ofMinutes(1) : Duration.parse(asked);
        Path home = Files.createTempDirectory("nexus-bench-home");
        Process window = new ProcessBuilder(Bench.java(
                        "-XX:+UseSerialGC", "-Duser.home=" + home, "nexus.aiagents.app.Main", "--demo"))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            Thread.sleep(SETTLES_SECONDS * 1_000L);
            Duration before = cpu(window);
            long began = System.nanoTime();
            long heapBefore = heap(window);
            Duration afterLook = cpu(window);
            if (window.waitFor(length.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("the window was closed");
            }
            Duration used = cpu(window).minus(afterLook);
            double took = Table.seconds(began);
            table.columns("the demo open in the window, nobody does anything", "");
            table.row("watched for", text("%.0f s", took));
            table.row("processor", text("%.2f %% of a core", 100 * used.toMillis() / 1e3 / took));
            table.row("until then, its start and the demo", text("%.1f s of a core", before.toMillis() / 1e3));
            table.row(
                    "heap after GC, at the beginning and the end",
                    text("%d and %d MB", heapBefore >> 10, heap(window) >> 10));
        } finally {
            window.destroy();
            if (!window.waitFor(20, TimeUnit.SECONDS)) {
                window.destroyForcibly();
            }
            Team.delete(home);
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
            if (used.group(1) != null) {
                sum += Long.parseLong(used.group(1));
            }
        }
        return sum;
    }

    private static String jcmd(Process process, String command) throws Exception {
        Process jcmd = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        Long.toString(process.pid()),
                        command))
                .redirectErrorStream(true)
                .start();
        String said = new String(jcmd.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        jcmd.waitFor();
        return said;
    }
}
