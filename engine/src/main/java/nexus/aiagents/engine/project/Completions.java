package nexus.aiagents.engine.project;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import nexus.aiagents.engine.project.LanguageService.Completion;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What could stand at a caret: keys and words from the schema, names and files from the project.
final class Completions {
    private static final int MAX_FILES = 500;
    private static final Pattern SOURCE = Pattern.compile(".*\\.(js|mjs|wasm)", Pattern.CASE_INSENSITIVE);

    private final Caret caret;
    private final Path folder;
    private final List<FileAnalysis> files;
    private final String file;
    private final int line;
    private final List<Completion> found = new ArrayList<>();

    /// @param line of the caret in `file`
    Completions(Caret caret, Path folder, List<FileAnalysis> files, String file, int line) {
        this.caret = caret;
        this.file = file;
        this.line = line;
        this.folder = folder;
        this.files = files;
    }

    List<Completion> find() {
        JsonNode schema = NexusSchema.get().at(caret.path());
        if (schema == null) {
            return List.of();
        }
        boolean behindColon =
                caret.value() && !(!caret.path().isEmpty() && caret.path().getLast() instanceof Integer);
        if (!behindColon && schema.has("properties")) {
            keys(schema);
        }
        if (caret.value()) {
            values(schema);
        }
        return List.copyOf(found);
    }

    private void keys(JsonNode schema) {
        boolean top = caret.path().isEmpty();
        if (top && caret.siblings().stream().anyMatch(key -> Kind.of(key) != null)) {
            return;
        }
        for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
            String key = property.getKey();
            if (caret.siblings().contains(key) || !fits(key)) {
                continue;
            }
            List<Object> path = new ArrayList<>(caret.path());
            path.add(key);
            JsonNode value = NexusSchema.get().at(path);
            found.add(new Completion(key, insert(key, value), describe(value)));
        }
    }

    private String insert(String key, @Nullable JsonNode value) {
        String type = value == null ? "" : value.path("type").asString("");
        String below = "\n" + " ".repeat(caret.indent() + 2);
        if (caret.flow()) {
            return key + ": ";
        }
        return switch (type) {
            case "object" -> key + ":" + below;
            case "array" -> key + ":" + below + "- ";
            default -> key + ": ";
        };
    }

    private static String describe(@Nullable JsonNode schema) {
        return schema == null ? "" : schema.path("description").asString("");
    }

    private boolean fits(String candidate) {
        return candidate.toLowerCase(Locale.ROOT).startsWith(caret.word().toLowerCase(Locale.ROOT));
    }

    private void values(JsonNode schema) {
        Set<String> words = new LinkedHashSet<>();
        schema.path("enum").forEach(value -> words.add(value.asString()));
        if (schema.has("const")) {
            words.add(schema.path("const").asString());
        } else if (schema.path("type").toString().contains("\"boolean\"")) {
            words.add("true");
            words.add("false");
        }
        JsonNode standard = schema.get("default");
        if (standard != null && standard.isValueNode()) {
            words.add(standard.asString());
        }
        schema.path("examples").forEach(value -> words.add(value.asString()));
        words.stream()
                .filter(this::fits)
                .forEach(word -> found.add(new Completion(
                        word, word, standard != null && word.equals(standard.asString("")) ? "default" : "")));
        String prefix = schema.path("x-prefix").asString("");
        schema.path("x-names").forEach(of -> names(of.asString(), prefix));
    }

    private void names(String of, String prefix) {
        if (of.equals("source") || of.equals("file")) {
            paths(of.equals("source"));
            return;
        }
        if (of.equals(Occurrences.STEP)) {
            steps();
            return;
        }
        for (FileAnalysis file : files) {
            for (Definition definition : file.definitions()) {
                String name = prefix + definition.name();
                if (definition.kind().key().equals(of) && !definition.name().isEmpty() && fits(name)) {
                    found.add(new Completion(name, name, of + " in " + file.file()));
                }
            }
        }
    }

    /// The steps of the block that the caret is in.
    private void steps() {
        files.stream()
                .filter(each -> each.file().equals(file))
                .flatMap(each -> each.blocks().stream())
                .filter(block -> block.whole().line() <= line)
                .reduce((_, last) -> last)
                .ifPresent(block -> block.steps().stream()
                        .map(LanguageService.Block::name)
                        .filter(name -> !name.isEmpty() && fits(name))
                        .forEach(name -> found.add(new Completion(name, name, "step of " + block.name()))));
    }

    private void paths(boolean sourcesOnly) {
        List<String> paths = new ArrayList<>();
        try {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) {
                    String name = String.valueOf(dir.getFileName());
                    if (!dir.equals(folder) && (name.startsWith(".") || name.equals("node_modules"))) {
                        return FileVisitResult.SKIP_SUBTREE;
                    }
                    return dir.equals(folder) || sourcesOnly ? FileVisitResult.CONTINUE : add(dir);
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    boolean source = SOURCE.matcher(file.toString()).matches();
                    return source || !sourcesOnly ? add(file) : FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException e) {
                    return FileVisitResult.CONTINUE;
                }

                private FileVisitResult add(Path file) {
                    paths.add(folder.relativize(file).toString().replace('\\', '/'));
                    return paths.size() < MAX_FILES ? FileVisitResult.CONTINUE : FileVisitResult.TERMINATE;
                }
            });
        } catch (IOException e) {
            paths.clear();
        }
        paths.stream().sorted().filter(this::fits).forEach(path -> found.add(new Completion(path, path, "file")));
    }
}
