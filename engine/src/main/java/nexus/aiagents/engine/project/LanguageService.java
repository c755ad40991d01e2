package nexus.aiagents.engine.project;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// All that is known about the YAML of a project: the engine, the editor and `naos validate` ask the same
/// service. Thread-safe; every method may take a while and belongs on a background thread.
public final class LanguageService {
    private static final int MAX_FOLDERS = 16;

    private final Predicate<String> priced;
    private final Map<Path, Map<String, FileAnalysis>> known = new ConcurrentHashMap<>();
    private final SourceHashes hashes = new SourceHashes();
    private final Expressions expressions = new Expressions();
    /// The document that was last read for a form: a change of it follows as a rule.
    private volatile @Nullable FormText lastForm;

    public LanguageService() {
        this(model -> PriceTable.builtIn().find(model) != null);
    }

    /// @param priced whether the built-in table has a price for a model
    public LanguageService(Predicate<String> priced) {
        this.priced = priced;
    }

    /// Reads and checks the project in `folder`.
    ///
    /// @param unsaved text that replaces files on the disk, also of programs, by path relative to the
    ///     folder, with `/`
    public Analysis analyze(Path folder, Map<String, String> unsaved) {
        return analyze(folder, ProjectFiles.read(folder, unsaved), hashes.with(programs(folder, unsaved)));
    }

    /// The same with the texts that it was made of.
    public Loaded load(Path folder, Map<String, String> unsaved) {
        ProjectFiles files = ProjectFiles.read(folder, unsaved);
        SourceHashes sources = hashes.with(programs(folder, unsaved));
        Analysis analysis = analyze(folder, files, sources);
        Map<String, String> texts = new LinkedHashMap<>(files.texts());
        if (analysis.project() != null) {
            new ProgramTexts(folder, sources, unsaved).of(analysis.project()).forEach(texts::putIfAbsent);
        }
        return new Loaded(analysis, Collections.unmodifiableMap(texts));
    }

    private static Map<Path, String> programs(Path folder, Map<String, String> unsaved) {
        Map<Path, String> programs = new HashMap<>();
        unsaved.forEach((file, text) -> {
            if (!ProjectFiles.isYaml(file)) {
                programs.put(folder.resolve(file).normalize(), text);
            }
        });
        return programs;
    }

    private Analysis analyze(Path folder, ProjectFiles files, SourceHashes programs) {
        List<FileAnalysis> analyses = files(folder, files.texts());
        List<Diagnostic> diagnostics = new ArrayList<>(files.diagnostics());
        boolean complete = diagnostics.isEmpty() && analyses.stream().noneMatch(FileAnalysis::broken);
        Scope scope = new Scope(new Sources(folder, programs), priced, complete);
        List<Analysis.Symbol> outline = new ArrayList<>();
        for (FileAnalysis file : analyses) {
            diagnostics.addAll(file.diagnostics());
            file.definitions().forEach(scope::define);
            file.outline(outline);
        }
        Project project = new ProjectReader(scope, expressions).read();
        diagnostics.addAll(scope.diagnostics());
        boolean errors = diagnostics.stream().anyMatch(Diagnostic::isError);
        return new Analysis(errors ? null : project, ordered(diagnostics, files), List.copyOf(outline));
    }

    private List<FileAnalysis> files(Path folder, Map<String, String> texts) {
        Map<String, FileAnalysis> before = known.getOrDefault(folder, Map.of());
        Map<String, FileAnalysis> now = new LinkedHashMap<>();
        texts.forEach((file, text) -> {
            FileAnalysis same = before.get(file);
            now.put(file, same != null && same.text().equals(text) ? same : FileAnalysis.of(file, text));
        });
        if (known.size() >= MAX_FOLDERS && !known.containsKey(folder)) {
            known.clear();
        }
        known.put(folder, now);
        return List.copyOf(now.values());
    }

    private static List<Diagnostic> ordered(List<Diagnostic> diagnostics, ProjectFiles files) {
        Map<String, Integer> order = new HashMap<>();
        files.texts().keySet().forEach(file -> order.put(file, order.size()));
        return diagnostics.stream()
                .sorted(Comparator.comparing((Diagnostic d) -> order.getOrDefault(d.at().file(), -1))
                        .thenComparing(d -> d.at().file())
                        .thenComparing(d -> d.at().line())
                        .thenComparing(d -> d.at().column())
                        .thenComparing(Diagnostic::code))
                .distinct()
                .toList();
    }

    /// What could stand at a place of a file: keys, words, names of the project, files. What is typed of
    /// the word so far is taken into account.
    public List<Completion> complete(Path folder, Map<String, String> unsaved, String file, int line, int column) {
        Map<String, String> texts = ProjectFiles.read(folder, unsaved).texts();
        String text = texts.getOrDefault(file, unsaved.getOrDefault(file, ""));
        return new Completions(Caret.at(text, line, column), folder, files(folder, texts), file, line).find();
    }

    /// The description, default and unit of what stands there, and the next times of a schedule; null
    /// if nothing is known.
    public @Nullable String hover(String text, int line, int column) {
        return Hover.at(text, line, column, Instant.now());
    }

    /// The name that stands at a place and what it is the name of; null if none does. At a place just
    /// behind a name it still counts.
    public @Nullable Named named(Path folder, Map<String, String> unsaved, String file, int line, int column) {
        return names(folder, unsaved).named(file, line, column);
    }

    /// Where the name at a place is given; the beginning of the file for a path. Null if there is no name,
    /// or nothing gives it.
    public @Nullable Position definition(Path folder, Map<String, String> unsaved, String file, int line, int column) {
        return names(folder, unsaved).definition(file, line, column);
    }

    /// All places that refer to what the name at a place means.
    ///
    /// @param withDefinition also where it is given, which then comes first
    public List<Position> usages(
            Path folder, Map<String, String> unsaved, String file, int line, int column, boolean withDefinition) {
        return names(folder, unsaved).usages(file, line, column, withDefinition);
    }

    /// The edits that give what is named at a place another name, in all files. Programs that call an
    /// agent by its name are not changed.
    ///
    /// @throws RenameRefused if it can not be done soundly, with the reason
    public List<TextEdit> rename(
            Path folder, Map<String, String> unsaved, String file, int line, int column, String newName)
            throws RenameRefused {
        return names(folder, unsaved).rename(file, line, column, newName);
    }

    private Names names(Path folder, Map<String, String> unsaved) {
        return new Names(files(folder, ProjectFiles.read(folder, unsaved).texts()));
    }

    /// The blocks of one text with their steps, also where it is broken elsewhere.
    public List<Block> outline(String file, String text) {
        return FileAnalysis.of(file, text).blocks();
    }

    /// The innermost block around a place of a text as a form. What is broken elsewhere does not matter.
    public Form form(String text, int line, int column) {
        FormText document = FormText.at(text, line, lastForm);
        lastForm = document;
        return new FormReader(document).at(line, column);
    }

    /// The same block in a later text; null if it is gone.
    public @Nullable Form form(String text, Form.Place place) {
        FormText document = FormText.of(text, place.document(), lastForm);
        lastForm = document;
        return document == null ? null : new FormReader(document).of(place.path());
    }

    /// The one edit that makes a change of a form and keeps everything else.
    ///
    /// @param document of the text, as a {@link Form.Place} has it
    /// @throws Form.Refused if that can not be done soundly, with the reason
    public TextEdit edit(String text, int document, FormChange change) throws Form.Refused {
        FormText found = FormText.of(text, document, lastForm);
        if (found == null) {
            throw new Form.Refused("there is no such block any more");
        }
        return new FormEdit(found).edit(change);
    }

    /// The text with even indentation and spacing; comments, order, quoting and blank lines stay. A text
    /// that can not be read, or would not mean the same afterwards, is returned as it is.
    public String format(String text) {
        return Formatter.format(text);
    }

    /// @param texts by path relative to the folder: the YAML, and without errors also the programs of
    ///     agents that are text, with what they import
    public record Loaded(Analysis analysis, Map<String, String> texts) {}

    /// @param kind `agent`, `supervisor`, `saga`, `workflow`, `pool`, `model`, `project`, `step`, or `file`
    ///     and `source` for a path
    public record Named(String kind, String name, Position at) {}

    /// Replaces `at` by `text`.
    public record TextEdit(Position at, String text) {}

    /// A block of a file, or a step in it.
    ///
    /// @param kind  as of a {@link Analysis.Symbol}
    /// @param at    its name, or its key where it has none
    /// @param whole from its key to its end
    public record Block(String kind, String name, Position at, Position whole, List<Block> steps) {}

    /// A name that can not be changed; the message says why and what to do.
    public static final class RenameRefused extends Exception {
        public RenameRefused(String message) {
            super(message);
        }
    }

    /// @param insert what to insert in place of the word at the caret
    public record Completion(String label, String insert, String detail) {}
}
