package nexus.aiagents.app.bench;

import static nexus.aiagents.app.bench.Table.text;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import nexus.aiagents.engine.project.LanguageService;
import org.jspecify.annotations.Nullable;

/// From a keystroke to its diagnostics: the language service by itself, `naos lsp`, and beside it the YAML
/// language server that most editors use, on the same files with the same schema, over the same protocol.
/// Each second key makes an error in the middle of the file, each other mends it.
///
/// @param longest how long one figure may be measured, in seconds; before that it is warmed for up to
///     four times as long
record EditBench(double longest) implements Figures {
    private static final String WORD = "runtime: javascript";
    private static final int LEAST = 3;
    private static final int MOST = 300;
    private static final int WARM = 300;

    /// @param aliases 0: one document for each agent; else all agents in one document, so many of them with
    ///     an alias
    private record Sample(String name, int lines, int aliases) {
        String write(Path folder) throws Exception {
            return aliases == 0 ? BenchProjects.lines(folder, lines) : BenchProjects.aliases(folder, lines, aliases);
        }
    }

    private static final List<Sample> SAMPLES = List.of(
            new Sample("200 lines", 200, 0),
            new Sample("1,000 lines", 1_000, 0),
            new Sample("5,000 lines", 5_000, 0),
            new Sample("5,000 lines, 460 aliases", 5_000, 460),
            new Sample("20,000 lines", 20_000, 0));

    /// One key, and what it took until the diagnostics were there, in milliseconds.
    @FunctionalInterface
    private interface Key {
        double press(boolean wrong) throws Exception;
    }

    @Override
    public void measure(Table table) throws Exception {
        YamlPeer peer = YamlPeer.install();
        Path schema = Files.createTempDirectory("nexus-bench-schema").resolve("nexus.schema.json");
        try (InputStream in = Objects.requireNonNull(LanguageService.class.getResourceAsStream("nexus.schema.json"))) {
            Files.copy(in, schema);
        }
        table.columns(
                "key to diagnostics, median / p95",
                "language service",
                "`naos lsp`",
                "yaml-language-server " + peer.version(),
                "peer / ours");
        for (Sample sample : SAMPLES) {
            Path folder = Files.createTempDirectory("nexus-bench");
            String text = sample.write(folder);
            List<Double> inside = inProcess(folder, text);
            List<Double> ours = served(
                    new LspPeer(folder, Bench.java("nexus.aiagents.app.NaosMain", "lsp"), Map.of()), folder, text);
            List<Double> theirs = served(peer.serve(folder, schema), folder, text);
            table.row(
                    sample.name(),
                    figures(inside),
                    figures(ours),
                    theirs.isEmpty() ? "not here: " + peer.why() : figures(theirs),
                    theirs.isEmpty() ? "" : text("%.0f", Table.median(theirs) / Table.median(ours)));
            Team.delete(folder);
        }
        Team.delete(schema.getParent());
        peer.remove();
    }

    private static String figures(List<Double> times) {
        return text("%.1f / %.1f ms", Table.median(times), Table.quantile(times, 0.95));
    }

    private List<Double> inProcess(Path folder, String text) throws Exception {
        LanguageService service = new LanguageService();
        int end = place(text);
        String broken = text.substring(0, end) + "x" + text.substring(end);
        return press(wrong -> {
            String now = new String(wrong ? broken : text); // a text of its own, as an editor gives it
            long began = System.nanoTime();
            int found = service.analyze(folder, Map.of("nexus.yaml", now))
                    .diagnostics()
                    .size();
            double took = Table.millis(began);
            if (found != (wrong ? 1 : 0)) {
                throw new IllegalStateException(found + " diagnostics");
            }
            return took;
        });
    }

    private List<Double> served(@Nullable LspPeer server, Path folder, String text) throws Exception {
        if (server == null) {
            return List.of();
        }
        try (server) {
            server.open(folder.resolve("nexus.yaml"), text);
            int end = place(text);
            int line =
                    (int) text.substring(0, end).chars().filter(c -> c == '\n').count();
            int column = end - text.lastIndexOf('\n', end - 1) - 1;
            return press(wrong -> server.type(line, column, wrong ? 0 : 1, wrong ? "x" : "", wrong));
        }
    }

    /// Behind a word of the schema in the middle of the text.
    private static int place(String text) {
        return text.indexOf(WORD, text.length() / 2) + WORD.length();
    }

    private List<Double> press(Key key) throws Exception {
        List<Double> times = new ArrayList<>();
        long warm = System.nanoTime() + (long) (4 * longest * 1e9);
        int keys = 0;
        // A process that is young compiles itself for the first seconds, and a large text has few keys
        // in them.
        while (keys < WARM && System.nanoTime() < warm) {
            key.press(keys++ % 2 == 0);
        }
        long end = System.nanoTime() + (long) (longest * 1e9);
        while (times.size() < LEAST || (times.size() < MOST && System.nanoTime() < end)) {
            times.add(key.press(keys++ % 2 == 0));
        }
        return times;
    }
}
