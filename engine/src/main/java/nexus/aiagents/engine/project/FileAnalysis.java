package nexus.aiagents.engine.project;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// All that can be known of one file by itself. Kept as long as its text stays the same.
///
/// @param diagnostics of text and schema
record FileAnalysis(
        String file, String text, List<Definition> definitions, List<Diagnostic> diagnostics, boolean broken) {

    static FileAnalysis of(String file, String text) {
        YamlText yaml = YamlText.read(file, text);
        List<Diagnostic> diagnostics = new ArrayList<>(yaml.diagnostics());
        List<Definition> definitions = new ArrayList<>();
        for (YamlNode document : yaml.documents()) {
            if (document.isNull()) {
                continue;
            }
            if (!(document instanceof YamlNode.Mapping map)) {
                diagnostics.add(Code.NO_KIND.at(
                        YamlPath.keyOf(document, List.of(), file),
                        "a document begins with its kind: write `agent:`, `supervisor:`, `saga:` … and indent what"
                                + " belongs to it"));
                continue;
            }
            List<SchemaCheck.Found> found = new SchemaCheck(file, map, yaml.broken()).check();
            found.forEach(f -> diagnostics.add(f.diagnostic()));
            oneKind(file, map, diagnostics);
            definitions.addAll(Definition.of(map, found, yaml.broken()));
        }
        return new FileAnalysis(file, text, List.copyOf(definitions), List.copyOf(diagnostics), yaml.broken());
    }

    /// A second block in a document is nearly always a forgotten `---`. Maps of definitions may stand
    /// together.
    private static void oneKind(String file, YamlNode.Mapping document, List<Diagnostic> diagnostics) {
        Map.Entry<String, YamlNode.Entry> first = null;
        for (Map.Entry<String, YamlNode.Entry> entry : document.entries().entrySet()) {
            Kind kind = Kind.of(entry.getKey());
            if (kind == null || !entry.getKey().equals(kind.key())) {
                continue;
            }
            if (first == null) {
                first = entry;
                continue;
            }
            Position at = entry.getValue().key();
            Position before = new Position(file, at.line(), 0, at.line(), 0);
            diagnostics.add(Code.TWO_KINDS.at(
                    at,
                    "`" + entry.getKey() + "` can not stand in the same document as `" + first.getKey()
                            + "`: put a line with `---` before it",
                    new Diagnostic.QuickFix("Begin a new document here", before, "---\n")));
        }
    }

    /// All names that stand in it. Not kept: only a person's question needs them.
    List<Occurrence> occurrences() {
        return Occurrences.in(text, definitions);
    }

    /// The blocks with their steps.
    List<LanguageService.Block> blocks() {
        return definitions.stream().map(Blocks::of).toList();
    }

    void outline(List<Analysis.Symbol> into) {
        for (Definition definition : definitions) {
            into.add(new Analysis.Symbol(definition.kind().key(), definition.name(), definition.at()));
            if (hasSteps(definition.kind()) && definition.body().get("steps") instanceof YamlNode.Sequence steps) {
                for (YamlNode step : steps.items()) {
                    if (step instanceof YamlNode.Mapping map && map.get("name") instanceof YamlNode.Scalar name) {
                        into.add(new Analysis.Symbol("step", name.text(), name.at()));
                    }
                }
            }
        }
    }

    private static boolean hasSteps(Kind kind) {
        return kind == Kind.SAGA || kind == Kind.WORKFLOW;
    }
}
