package nexus.aiagents.engine.project;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Hashes of source files, kept while size and time say that nothing changed. Thread-safe.
final class SourceHashes {
    /// Relative imports, also re-exports and `import()`.
    private static final Pattern IMPORT = Pattern.compile("(?:from|import)\\s*\\(?\\s*[\"'](\\.{1,2}/[^\"'\\n]+)[\"']");

    /// A file changed this recently may change again within the same tick of the file system's clock.
    private static final long RACY_MILLIS = 2_000;

    private static final int LIMIT = 10_000;

    private final Map<Path, Known> known;
    /// Texts that stand for files of the disk.
    private final Map<Path, String> unsaved;

    SourceHashes() {
        this(new ConcurrentHashMap<>(), Map.of());
    }

    private SourceHashes(Map<Path, Known> known, Map<Path, String> unsaved) {
        this.known = known;
        this.unsaved = unsaved;
    }

    /// The same as if these files had been saved.
    SourceHashes with(Map<Path, String> texts) {
        return texts.isEmpty() ? this : new SourceHashes(known, texts);
    }

    private record Known(@Nullable Object key, long size, FileTime modified, String hash, List<String> imports) {}

    String file(Path path) throws IOException {
        return read(path, false).hash();
    }

    /// The program and every module it imports, as far as they lie in the project.
    String script(Path folder, Path entry) throws IOException {
        SortedMap<Path, String> modules = modules(folder, entry);
        if (modules.size() == 1) {
            return modules.firstEntry().getValue();
        }
        StringBuilder all = new StringBuilder();
        modules.forEach(
                (path, hash) -> all.append(entry.relativize(path).toString().replace('\\', '/'))
                        .append(' ')
                        .append(hash)
                        .append('\n'));
        return Hashes.of(all.toString());
    }

    /// The same files, each with its own hash.
    SortedMap<Path, String> modules(Path folder, Path entry) throws IOException {
        SortedMap<Path, String> modules = new TreeMap<>();
        ArrayDeque<Path> open = new ArrayDeque<>(List.of(entry));
        while (!open.isEmpty()) {
            Path path = open.remove();
            if (modules.containsKey(path)) {
                continue;
            }
            Known module = read(path, true);
            modules.put(path, module.hash());
            for (String imported : module.imports()) {
                for (String candidate : spellings(imported)) {
                    Path next = path.resolveSibling(candidate).normalize();
                    if (next.startsWith(folder.normalize()) && isThere(next)) {
                        open.add(next);
                    }
                }
            }
        }
        return modules;
    }

    /// Every file that an import can mean, as the sandbox resolves them: TypeScript is imported by its
    /// own name, without an ending, or with that of JavaScript. One too many does no harm.
    private static List<String> spellings(String imported) {
        String stem = imported.replaceFirst("\\.m?js$", "");
        return List.of(imported, stem + ".ts", stem + ".mts", stem + ".js");
    }

    boolean isThere(Path path) {
        return unsaved.containsKey(path) || Files.isRegularFile(path);
    }

    private Known read(Path path, boolean script) throws IOException {
        String typed = unsaved.get(path);
        if (typed != null) {
            byte[] bytes = typed.getBytes(StandardCharsets.UTF_8);
            return new Known(
                    null, bytes.length, FileTime.fromMillis(0), Hashes.of(bytes), script ? imports(bytes) : List.of());
        }
        BasicFileAttributes now = Files.readAttributes(path, BasicFileAttributes.class);
        Known before = known.get(path);
        if (before != null
                && before.size() == now.size()
                && before.modified().equals(now.lastModifiedTime())
                && java.util.Objects.equals(before.key(), now.fileKey())) {
            return before;
        }
        long started = System.currentTimeMillis();
        byte[] bytes = Files.readAllBytes(path);
        List<String> imports = script ? imports(bytes) : List.of();
        Known read = new Known(now.fileKey(), now.size(), now.lastModifiedTime(), Hashes.of(bytes), imports);
        if (now.lastModifiedTime().toMillis() + RACY_MILLIS < started) {
            if (known.size() >= LIMIT) {
                known.clear();
            }
            known.put(path, read);
        }
        return read;
    }

    private static List<String> imports(byte[] bytes) {
        List<String> found = new ArrayList<>();
        Matcher matcher = IMPORT.matcher(new String(bytes, StandardCharsets.UTF_8));
        while (matcher.find()) {
            found.add(matcher.group(1));
        }
        return found;
    }
}
