package nexus.aiagents.engine.agent;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import nexus.aiagents.engine.project.AgentSpec;
import nexus.aiagents.sandbox.PreparedProgram;
import nexus.aiagents.sandbox.Program;
import nexus.aiagents.sandbox.ProgramRejected;

/// The prepared program of each agent. Sources are read again when one of them changed on the disk, so an
/// edit takes
/// effect with the next start or call. Thread-safe.
final class Programs {
    private static final int MAX_FILES = 500;
    private static final int MAX_DEPTH = 6;
    private static final long MAX_FILE_BYTES = 1 << 20;
    private static final long MAX_SCRIPT_BYTES = 8 << 20;
    private static final long MAX_WASM_BYTES = 64 << 20;

    private final AgentServices.Preparer preparer;
    private final Map<String, Kept> kept = new ConcurrentHashMap<>();

    private record Kept(List<Stamp> stamps, PreparedProgram program) {}

    private record Stamp(Path file, long size, long modified) {}

    Programs(AgentServices.Preparer preparer) {
        this.preparer = preparer;
    }

    PreparedProgram prepared(Path folder, AgentSpec spec) throws ProgramRejected {
        Path source = sourceOf(folder, spec);
        try {
            List<Stamp> stamps = stamps(spec, source);
            Kept known = kept.get(spec.name());
            if (known != null && known.stamps().equals(stamps)) {
                return known.program();
            }
            Program program =
                    spec.runtime() == AgentSpec.Runtime.WASM ? wasm(spec, source) : script(spec, source, stamps);
            PreparedProgram prepared = preparer.prepare(program);
            kept.put(spec.name(), new Kept(stamps, prepared));
            return prepared;
        } catch (IOException e) {
            throw new ProgramRejected(
                    "source-unreadable",
                    "the source " + spec.source() + " of agent '" + spec.name() + "' can not be read: " + describe(e)
                            + "; check that the file is there and readable");
        }
    }

    private static Path sourceOf(Path folder, AgentSpec spec) throws ProgramRejected {
        String source = spec.source();
        if (source == null) {
            throw new ProgramRejected("no-source", "agent '" + spec.name() + "' has no source; add `source: FILE`");
        }
        Path file = folder.resolve(source).normalize();
        if (!file.startsWith(folder.normalize())) {
            throw new ProgramRejected(
                    "outside-project", "the source " + source + " lies outside the project; move it below " + folder);
        }
        return file;
    }

    private static Program wasm(AgentSpec spec, Path source) throws IOException, ProgramRejected {
        if (Files.size(source) > MAX_WASM_BYTES) {
            throw new ProgramRejected("too-large", spec.source() + " is larger than " + MAX_WASM_BYTES + " bytes");
        }
        return new Program.WasmModule(String.valueOf(spec.source()), Files.readAllBytes(source));
    }

    private static Program script(AgentSpec spec, Path source, List<Stamp> stamps) throws IOException, ProgramRejected {
        Path folder = folderOf(source);
        Map<String, String> files = new HashMap<>();
        long total = 0;
        for (Stamp stamp : stamps) {
            total += stamp.size();
            if (total > MAX_SCRIPT_BYTES) {
                throw new ProgramRejected(
                        "too-large",
                        "the JavaScript and JSON files beside " + spec.source() + " are larger than " + MAX_SCRIPT_BYTES
                                + " bytes; give the agent a folder of its own");
            }
            String path = folder.relativize(stamp.file()).toString().replace('\\', '/');
            files.put(path, Files.readString(stamp.file(), StandardCharsets.UTF_8));
        }
        return new Program.Script(
                String.valueOf(spec.source()), source.getFileName().toString(), files);
    }

    private static List<Stamp> stamps(AgentSpec spec, Path source) throws IOException, ProgramRejected {
        BasicFileAttributes own = Files.readAttributes(source, BasicFileAttributes.class);
        if (!own.isRegularFile()) {
            throw new ProgramRejected("no-file", "the source " + spec.source() + " is not a file");
        }
        if (spec.runtime() == AgentSpec.Runtime.WASM) {
            return List.of(stamp(source, own));
        }
        if (own.size() > MAX_FILE_BYTES) {
            throw new ProgramRejected("too-large", spec.source() + " is larger than " + MAX_FILE_BYTES + " bytes");
        }
        List<Stamp> found = new ArrayList<>();
        Path folder = folderOf(source);
        Files.walkFileTree(folder, Set.of(), MAX_DEPTH, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) {
                String name = dir.getFileName() == null ? "" : dir.getFileName().toString();
                boolean left = !dir.equals(folder) && (name.startsWith(".") || name.equals("node_modules"));
                return left ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                boolean counts = attributes.isRegularFile() && attributes.size() <= MAX_FILE_BYTES && isModule(file);
                if (counts) {
                    found.add(stamp(file, attributes));
                }
                return found.size() > MAX_FILES ? FileVisitResult.TERMINATE : FileVisitResult.CONTINUE;
            }
        });
        if (found.size() > MAX_FILES) {
            throw new ProgramRejected(
                    "too-large",
                    "there are more than " + MAX_FILES + " modules beside " + spec.source()
                            + "; give the agent a folder of its own");
        }
        if (found.stream().noneMatch(stamp -> stamp.file().equals(source))) {
            found.add(stamp(source, own));
        }
        return found;
    }

    private static boolean isModule(Path file) {
        String name = file.getFileName().toString();
        return name.endsWith(".js") || name.endsWith(".mjs") || name.endsWith(".json");
    }

    private static Stamp stamp(Path file, BasicFileAttributes attributes) {
        return new Stamp(file, attributes.size(), attributes.lastModifiedTime().toMillis());
    }

    private static Path folderOf(Path source) {
        Path parent = source.getParent();
        return parent == null ? Path.of("") : parent;
    }

    static String describe(IOException e) {
        return switch (e) {
            case java.nio.file.NoSuchFileException _ -> "it does not exist";
            case java.nio.file.AccessDeniedException _ -> "access is denied";
            case java.nio.charset.CharacterCodingException _ -> "it is not UTF-8 text";
            default -> e.getClass().getSimpleName() + ": " + e.getMessage();
        };
    }
}
