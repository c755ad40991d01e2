package nexus.aiagents.app.bench;

import static nexus.aiagents.app.bench.Table.text;

import java.io.BufferedReader;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;

/// From the start of the process to the first frame, with the options of the installed app: without and
/// with a cache of what it loads at its start, made as the installer makes it. In turn; the first round
/// is not counted.
record FrameBench(int rounds) implements Figures {

    @Override
    public void measure(Table table) throws Exception {
        Path folder = Files.createTempDirectory("nexus-bench-frame");
        String jars = jars(folder);
        Path cache = folder.resolve("nexus.aot");
        double learned = start(jars, "-XX:AOTCacheOutput=" + cache, "-Xlog:aot=off");
        List<Double> with = new ArrayList<>();
        List<Double> without = new ArrayList<>();
        for (int i = 0; i <= rounds; i++) {
            double slow = start(jars, "-XX:AOTMode=off");
            double fast = start(jars, "-XX:AOTCache=" + cache, "-XX:AOTMode=on");
            if (i > 0) {
                without.add(slow);
                with.add(fast);
            }
        }
        table.columns("process start to first frame, headless", "median", "best");
        table.row("without a cache", seconds(Table.median(without)), seconds(Table.quantile(without, 0)));
        table.row("with the cache", seconds(Table.median(with)), seconds(Table.quantile(with, 0)));
        table.note(text("The cache has %d MB; the start that made it took %.1f s.", Files.size(cache) >> 20, learned));
        Team.delete(folder);
    }

    private static String seconds(double seconds) {
        return text("%.2f s", seconds);
    }

    /// A cache takes no folders of classes.
    private static String jars(Path folder) {
        List<String> jars = new ArrayList<>();
        for (String part : System.getProperty("java.class.path").split(File.pathSeparator)) {
            if (!Files.isDirectory(Path.of(part))) {
                jars.add(part);
            } else if (!part.endsWith("test-classes") && !part.endsWith("bench-classes")) {
                Path jar = folder.resolve(jars.size() + ".jar");
                ToolProvider.findFirst("jar")
                        .orElseThrow()
                        .run(System.out, System.err, "--create", "--file", jar.toString(), "-C", part, ".");
                jars.add(jar.toString());
            }
        }
        return String.join(File.pathSeparator, jars);
    }

    /// @return seconds
    private static double start(String jars, String... options) throws Exception {
        Path home = Files.createTempDirectory("nexus-bench-home");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-Dglass.platform=Headless",
                "-Dprism.order=sw",
                "-Duser.home=" + home,
                "-Dnexus.exitAfterFirstFrame=true"));
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", jars, "nexus.aiagents.app.Main"));
        long began = System.nanoTime();
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        StringBuilder said = new StringBuilder();
        double took = 0;
        try (BufferedReader lines = process.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.equals("first frame")) {
                    took = Table.seconds(began);
                }
                said.append(line).append('\n');
            }
        }
        if (process.waitFor() != 0 || took == 0) {
            throw new IllegalStateException("the app did not show its first frame: " + said);
        }
        Team.delete(home);
        return took;
    }
}
