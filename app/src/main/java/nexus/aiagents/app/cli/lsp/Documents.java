package nexus.aiagents.app.cli.lsp;

import java.net.URI;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.lsp4j.Position;
import org.eclipse.lsp4j.Range;
import org.eclipse.lsp4j.TextDocumentContentChangeEvent;
import org.jspecify.annotations.Nullable;

/// The texts that the editor has open, and the projects that they belong to. Thread-safe.
final class Documents {
    private static final String MAIN = "nexus.yaml";

    private final Map<Path, Open> open = new ConcurrentHashMap<>();

    /// A text as it stands in the editor.
    record Open(String text, int version) {}

    /// A file of a project.
    ///
    /// @param name relative to the folder, with `/`
    record Place(Path folder, String name) {}

    void open(String uri, String text, int version) {
        Path file = file(uri);
        if (file != null) {
            open.put(file, new Open(text, version));
        }
    }

    /// Applies edits in their order, each to what the one before it left.
    void change(String uri, int version, List<TextDocumentContentChangeEvent> changes) {
        Path file = file(uri);
        if (file != null) {
            open.computeIfPresent(file, (_, before) -> {
                String text = before.text();
                for (TextDocumentContentChangeEvent change : changes) {
                    text = applied(text, change);
                }
                return new Open(text, version);
            });
        }
    }

    private static String applied(String text, TextDocumentContentChangeEvent change) {
        @Nullable Range range = change.getRange();
        if (range == null) {
            return change.getText();
        }
        int start = offset(text, range.getStart());
        int end = Math.max(start, offset(text, range.getEnd()));
        return text.substring(0, start) + change.getText() + text.substring(end);
    }

    /// Columns behind the end of a line mean its end, as the protocol says.
    static int offset(String text, Position at) {
        int start = 0;
        for (int line = 0; line < at.getLine(); line++) {
            int next = nextLine(text, start);
            if (next < 0) {
                return text.length();
            }
            start = next;
        }
        int end = start;
        while (end < text.length() && text.charAt(end) != '\n' && text.charAt(end) != '\r') {
            end++;
        }
        return Math.min(start + at.getCharacter(), end);
    }

    private static int nextLine(String text, int from) {
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\n' || c == '\r') {
                return c == '\r' && i + 1 < text.length() && text.charAt(i + 1) == '\n' ? i + 2 : i + 1;
            }
        }
        return -1;
    }

    void close(String uri) {
        Path file = file(uri);
        if (file != null) {
            open.remove(file);
        }
    }

    /// Null for what is no file, and for a file with no `nexus.yaml` in a folder above it.
    @Nullable
    Place place(String uri) {
        Path file = file(uri);
        if (file == null) {
            return null;
        }
        for (Path folder = file.getParent(); folder != null; folder = folder.getParent()) {
            Path main = folder.resolve(MAIN);
            if (open.containsKey(main) || Files.isRegularFile(main)) {
                return new Place(folder, relative(folder, file));
            }
        }
        return null;
    }

    /// The texts of a project that are open, by name.
    Map<String, String> texts(Path folder) {
        Map<String, String> texts = new HashMap<>();
        open.forEach((file, document) -> {
            if (file.startsWith(folder)) {
                texts.put(relative(folder, file), document.text());
            }
        });
        return texts;
    }

    /// The text in the editor; empty for what is not open.
    String text(Place place) {
        Open document = open.get(place.folder().resolve(place.name()));
        return document == null ? "" : document.text();
    }

    @Nullable
    Integer version(Path folder, String name) {
        Open document = open.get(folder.resolve(name));
        return document == null ? null : document.version();
    }

    private static String relative(Path folder, Path file) {
        return folder.relativize(file).toString().replace('\\', '/');
    }

    private static @Nullable Path file(String uri) {
        try {
            URI parsed = URI.create(uri);
            return "file".equals(parsed.getScheme()) ? Path.of(parsed).normalize() : null;
        } catch (IllegalArgumentException | FileSystemNotFoundException e) {
            return null; // such as `untitled:`
        }
    }
}
