package nexus.aiagents.engine.project;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The files that a project's YAML names.
final class Sources {
    private final Path folder;
    private final SourceHashes hashes;

    Sources(Path folder, SourceHashes hashes) {
        this.folder = folder;
        this.hashes = hashes;
    }

    Path folder() {
        return folder;
    }

    /// @return the file inside the project, null if the path leads out of it or is no path
    @Nullable
    Path inside(String path) {
        try {
            Path relative = Path.of(path);
            Path resolved = folder.resolve(relative).normalize();
            if (relative.isAbsolute() || !resolved.startsWith(folder.normalize())) {
                return null;
            }
            boolean leadsOut = Files.exists(resolved) && !resolved.toRealPath().startsWith(folder.toRealPath());
            return leadsOut ? null : resolved;
        } catch (InvalidPathException | IOException e) {
            return null;
        }
    }

    /// Checks that a source can be read, and says so if it can not.
    ///
    /// @param build the command that makes the source, null if none is known
    /// @return the hash of the program, null if it can not be read
    @Nullable
    String check(String source, AgentSpec.Runtime runtime, @Nullable String build, Position at, Scope scope) {
        Path path = inside(source);
        if (path == null) {
            scope.add(Code.OUTSIDE_PROJECT.at(
                    at, "`" + source + "` is not inside the project: put the file there and write its path with `/`"));
            return null;
        }
        if (!hashes.isThere(path)) {
            if (build != null && Files.notExists(path)) {
                scope.add(Code.SOURCE_NOT_BUILT.at(
                        at,
                        "`" + source + "` is not built yet: run this in the project folder: "
                                + build.strip().replaceAll("\\s*\\R\\s*", "; ")));
            } else {
                missing(source, path, at, scope);
            }
            return null;
        }
        try {
            if (runtime == AgentSpec.Runtime.WASM) {
                String wrong = notWasm(path);
                if (wrong != null) {
                    scope.add(Code.SOURCE_NOT_WASM.at(at, "`" + source + "` " + wrong));
                    return null;
                }
                return hashes.file(path);
            }
            return hashes.script(folder, path);
        } catch (IOException e) {
            scope.add(Code.SOURCE_MISSING.at(at, "`" + source + "` can not be read: check its permissions"));
            return null;
        }
    }

    private void missing(String source, Path path, Position at, Scope scope) {
        String what = Files.isDirectory(path) ? "is a folder: name the file in it" : "does not exist: make it";
        List<String> near = neighbours(path);
        String similar = Similar.to(source, near);
        String text = "`" + source + "` " + what + (similar == null ? "" : " - did you mean `" + similar + "`?");
        scope.add(
                similar == null
                        ? Code.SOURCE_MISSING.at(at, text)
                        : Code.SOURCE_MISSING.at(
                                at, text, new Diagnostic.QuickFix("Change to `" + similar + "`", at, similar)));
    }

    private List<String> neighbours(Path path) {
        Path parent = path.getParent();
        if (parent == null || !Files.isDirectory(parent)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(parent)) {
            return files.limit(1_000)
                    .filter(Files::isRegularFile)
                    .map(file -> folder.normalize()
                            .relativize(file.normalize())
                            .toString()
                            .replace('\\', '/'))
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    private static @Nullable String notWasm(Path path) throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            byte[] head = in.readNBytes(8);
            boolean magic = head.length == 8 && head[0] == 0 && head[1] == 'a' && head[2] == 's' && head[3] == 'm';
            if (!magic) {
                return "is no WebAssembly module: build it again and copy the .wasm file here";
            }
            boolean component = head[4] != 1 || head[5] != 0 || head[6] != 0 || head[7] != 0;
            return component
                    ? "is a WebAssembly component or a later version: build it as a core module (version 1)"
                    : null;
        }
    }
}
