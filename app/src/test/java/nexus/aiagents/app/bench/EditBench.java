package nexus.aiagents.app.bench;

import static nexus.aiagents.app.bench.Table.text;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import nexus.aiagents.engine.project.LanguageService;

/// Diagnostics while someone types.
record EditBench(int lines) implements Figures {

    @Override
    public void measure(Table table) throws Exception {
        Path folder = Files.createTempDirectory("nexus-bench");
        String text = BenchProjects.lines(folder, lines);
        LanguageService service = new LanguageService();
        int place = text.indexOf("description: number 400");
        List<Double> times = new ArrayList<>();
        for (int i = 0; i < 220; i++) {
            String edited = text.substring(0, place + 13) + "x".repeat(i % 7 + 1) + text.substring(place + 13);
            long began = System.nanoTime();
            var analysis = service.analyze(folder, Map.of("nexus.yaml", edited));
            if (i >= 20) {
                times.add(Table.millis(began));
            }
            if (analysis.project() == null) {
                throw new IllegalStateException(analysis.diagnostics().toString());
            }
        }
        table.columns("editing", "median", "p95");
        table.row(
                text("diagnostics after an edit, %,d lines", text.lines().count()),
                text("%.0f ms", Table.median(times)),
                text("%.0f ms", Table.quantile(times, 0.95)));
        Team.delete(folder);
    }
}
