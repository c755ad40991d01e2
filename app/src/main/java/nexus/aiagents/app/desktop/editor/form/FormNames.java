package nexus.aiagents.app.desktop.editor.form;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import nexus.aiagents.engine.project.Analysis;
import nexus.aiagents.engine.project.Form;

/// The names of a project that a field may hold. Immutable.
record FormNames(Analysis analysis, String file, Form form, List<String> files) {

    static final String SOURCE = "source";
    static final String FILE = "file";

    /// What fits, as it would be written.
    List<String> fitting(Form.Facts facts) {
        Set<String> found = new LinkedHashSet<>(facts.words());
        found.removeIf(word -> !facts.prefix().isEmpty() && word.equals(facts.prefix()));
        for (String kind : facts.names()) {
            for (String name : of(kind)) {
                found.add(facts.prefix() + name);
            }
        }
        return List.copyOf(found);
    }

    private List<String> of(String kind) {
        return switch (kind) {
            case FILE -> files;
            case SOURCE ->
                files.stream()
                        .filter(f -> f.toLowerCase(Locale.ROOT).matches(".*\\.(js|mjs|ts|mts|wasm)"))
                        .toList();
            case "step" -> steps();
            default ->
                analysis.outline().stream()
                        .filter(s -> s.kind().equals(kind) && !s.name().isEmpty())
                        .map(Analysis.Symbol::name)
                        .distinct()
                        .toList();
        };
    }

    /// Those of the saga or workflow that is shown, or that the step belongs to.
    private List<String> steps() {
        int line = form.trail().isEmpty()
                ? form.key().line()
                : form.trail().getFirst().at().line();
        List<String> found = new ArrayList<>();
        boolean inside = false;
        for (Analysis.Symbol symbol : analysis.outline()) {
            boolean step = symbol.kind().equals("step");
            if (!symbol.at().file().equals(file)) {
                continue;
            }
            if (!step) {
                boolean flow = symbol.kind().equals("saga") || symbol.kind().equals("workflow");
                boolean begun = symbol.at().line() >= line;
                if (inside) {
                    return found;
                }
                inside = flow && begun;
            } else if (inside && !symbol.name().equals(form.name())) {
                found.add(symbol.name());
            }
        }
        return found;
    }
}
