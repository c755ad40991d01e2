package nexus.aiagents.engine.project;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The YAML files of a project: `nexus.yaml` first, then the others by path. Links to folders are not
/// followed, so circles of them do no harm; hidden folders and `node_modules` are left out.
final class ProjectFiles {
    static final String MAIN = "nexus.yaml";
    static final long MAX_BYTES = 5L << 20;
    private static final int MAX_FILES = 2_000;

    private final Path folder;
    private final List<Diagnostic> diagnostics = new ArrayList<>();
    private final Map<String, Path> found = new TreeMap<>(
            Comparator.comparing((String name) -> !name.equals(MAIN)).thenComparing(Comparator.naturalOrder()));
    private final Map<String, String> texts = new java.util.LinkedHashMap<>();

    private ProjectFiles(Path folder) {
        this.folder = folder;
    }

    static ProjectFiles read(Path folder, Map<String, String> unsaved) {
        ProjectFiles files = new ProjectFiles(folder);
        if (!unsaved.containsKey(MAIN) && !Files.isRegularFile(folder.resolve(MAIN))) {
            files.noProject();
            return files;
        }
        if (Files.isDirectory(folder)) {
            files.walk();
        }
        for (String file : unsaved.keySet()) {
            if (isYaml(file)) {
                files.found.putIfAbsent(file, folder.resolve(file));
            }
        }
        files.found.forEach((name, path) -> files.load(name, path, unsaved.get(name)));
        return files;
    }

    /// Texts by file, in order.
    Map<String, String> texts() {
        return texts;
    }

    List<Diagnostic> diagnostics() {
        return diagnostics;
    }

    private static Position start(String file) {
        return new Position(file, 0, 0, 0, 0);
    }

    private void noProject() {
        String what = !Files.exists(folder)
                ? "the folder `" + folder + "` does not exist"
                : !Files.isDirectory(folder)
                        ? "`" + folder + "` is a file, not a folder"
                        : "there is no `" + MAIN + "` in `" + folder + "`";
        diagnostics.add(
                Code.NO_PROJECT.at(start(MAIN), what + ": run `naos init` to make a project, or go to its folder"));
    }

    private void walk() {
        try {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) {
                    String name = String.valueOf(dir.getFileName());
                    boolean skipped = !dir.equals(folder) && (name.startsWith(".") || name.equals("node_modules"));
                    return skipped ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    return isYaml(file.toString()) && !Files.isDirectory(file) ? add(file) : FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException e) {
                    unreadable(relative(file), e);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            unreadable(MAIN, e);
        }
    }

    private FileVisitResult add(Path file) {
        if (found.size() >= MAX_FILES) {
            diagnostics.add(Code.TOO_MANY_FILES.at(
                    start(MAIN),
                    "there are more than " + MAX_FILES
                            + " YAML files below this folder: is this the right one? Files that are no part of the project"
                            + " can go into a hidden folder"));
            return FileVisitResult.TERMINATE;
        }
        found.put(relative(file), file);
        return FileVisitResult.CONTINUE;
    }

    private String relative(Path file) {
        return folder.relativize(file).toString().replace('\\', '/');
    }

    static boolean isYaml(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(".yaml") || lower.endsWith(".yml");
    }

    private void load(String name, Path path, @Nullable String unsaved) {
        try {
            long size = unsaved == null ? Files.size(path) : unsaved.length();
            if (size > MAX_BYTES) {
                diagnostics.add(Code.FILE_TOO_LARGE.at(
                        start(name),
                        "this file has " + (size >> 20)
                                + " MB and is not read: 5 MB is the most. Split it, or move data out"
                                + " of the YAML"));
                return;
            }
            texts.put(name, unsaved == null ? decode(name, Files.readAllBytes(path)) : unsaved);
        } catch (IOException e) {
            unreadable(name, e);
        }
    }

    private String decode(String name, byte[] bytes) {
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        try {
            return decoder.decode(in).toString();
        } catch (CharacterCodingException e) {
            int line = 0;
            int begin = 0;
            for (int i = 0; i < in.position(); i++) {
                if (bytes[i] == '\n') {
                    line++;
                    begin = i + 1;
                }
            }
            int column = new String(bytes, begin, in.position() - begin, StandardCharsets.UTF_8).length();
            diagnostics.add(Code.NOT_UTF8.at(
                    new Position(name, line, column, line, column + 1),
                    "this byte is not UTF-8: save the file with the encoding UTF-8"));
            return "";
        }
    }

    private void unreadable(String name, IOException e) {
        String message = switch (e) {
            case AccessDeniedException _ -> "access is denied: check the permissions";
            case NoSuchFileException _ -> "this links to a file that does not exist: mend or remove the link";
            default -> "this can not be read: " + e.getClass().getSimpleName() + " " + e.getMessage();
        };
        diagnostics.add(Code.UNREADABLE.at(start(name), message));
    }
}
