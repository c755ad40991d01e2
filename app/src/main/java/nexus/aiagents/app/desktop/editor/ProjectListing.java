package nexus.aiagents.app.desktop.editor;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// The files of a project, hidden ones aside. Paths are relative, with `/`; folders end with it.
final class ProjectListing {
    private static final int MOST = 3000;
    private static final int DEEPEST = 10;

    private ProjectListing() {}

    /// Lists a project, folders first. Off the JavaFX thread.
    static List<String> list(Path folder) throws IOException {
        List<String> found = new ArrayList<>();
        Files.walkFileTree(folder, Set.of(), DEEPEST, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) {
                String name = String.valueOf(dir.getFileName());
                if (!dir.equals(folder) && (name.startsWith(".") || name.equals("node_modules"))) {
                    return FileVisitResult.SKIP_SUBTREE;
                }
                if (!dir.equals(folder)) {
                    found.add(relative(folder, dir) + "/");
                }
                return more();
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (!String.valueOf(file.getFileName()).startsWith(".")) {
                    found.add(relative(folder, file));
                }
                return more();
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
                return more(); // went away, or may not be read: it is not shown
            }

            private FileVisitResult more() {
                return found.size() < MOST ? FileVisitResult.CONTINUE : FileVisitResult.TERMINATE;
            }
        });
        found.sort(Comparator.comparing((String p) -> sortKey(p)));
        return found;
    }

    private static String sortKey(String path) {
        String bare = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        int slash = bare.lastIndexOf('/');
        String folders = slash < 0 ? "" : "0" + bare.substring(0, slash).replace("/", "/0") + "/";
        return (folders + (path.endsWith("/") ? "0" : "1") + bare.substring(slash + 1)).toLowerCase(Locale.ROOT);
    }

    private static String relative(Path folder, Path file) {
        return folder.relativize(file).toString().replace('\\', '/');
    }
}
