package nexus.aiagents.engine.agent;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import nexus.aiagents.engine.project.AgentSpec;
import nexus.aiagents.engine.prompt.PromptProgram;
import nexus.aiagents.engine.replay.ProgramId;
import nexus.aiagents.engine.replay.Recordings;
import nexus.aiagents.sandbox.Isolation;
import nexus.aiagents.sandbox.PreparedProgram;
import nexus.aiagents.sandbox.Program;
import nexus.aiagents.sandbox.ProgramRejected;
import org.jspecify.annotations.Nullable;

/// The prepared programs of the agents, one for all that share a source. It is read again when one of
/// its files changed on the disk, so an
/// edit takes effect with the next start or call. Thread-safe.
final class Programs {
    private static final int MAX_FILES = 500;
    private static final long MAX_SCRIPT_BYTES = 8 << 20;
    private static final long MAX_WASM_BYTES = 64 << 20;

    /// Whatever looks like the path of an import. One too many does no harm: it is another script.
    private static final Pattern RELATIVE = Pattern.compile("[\"'](\\.{1,2}/[^\"'\\n]+)[\"']");

    /// JSON is data as well, of any size, which a program may name to read it.
    private static final Pattern IMPORTED_JSON =
            Pattern.compile("\\b(?:from|import)\\s*\\(?\\s*[\"'](\\.{1,2}/[^\"'\\n]+\\.json)[\"']");

    private final AgentServices.Preparer preparer;
    private final Keeper keeper;
    private final Map<Key, Kept> kept = new ConcurrentHashMap<>();
    private final Map<PromptProgram, ProgramId> keptPrompts = new ConcurrentHashMap<>();

    /// Keeps programs for replays.
    interface Keeper {
        /// Nothing is recorded.
        Keeper NONE = new Keeper() {
            @Override
            public @Nullable ProgramId keep(Program program) {
                return null;
            }

            @Override
            public @Nullable ProgramId keep(PromptProgram prompt) {
                return null;
            }
        };

        static Keeper of(Recordings recordings) {
            return new Keeper() {
                @Override
                public @Nullable ProgramId keep(Program program) {
                    return recordings.keep(program);
                }

                @Override
                public @Nullable ProgramId keep(PromptProgram prompt) {
                    return recordings.keep(prompt);
                }
            };
        }

        /// @return null if it was not kept
        @Nullable
        ProgramId keep(Program program);

        @Nullable
        ProgramId keep(PromptProgram prompt);
    }

    private record Key(AgentSpec.Runtime runtime, String source, Isolation isolation) {}

    /// @param id null if it could not be kept for replays
    record Ready(
            PreparedProgram program,
            Isolation isolation,
            @Nullable ProgramId id) {}

    private record Kept(List<Stamp> stamps, Ready program) {}

    /// What a file looked like when it was read; a file that was looked for in vain has size -1.
    private record Stamp(Path file, long size, long modified) {
        static Stamp of(Path file) throws IOException {
            try {
                BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
                return now.isRegularFile()
                        ? new Stamp(file, now.size(), now.lastModifiedTime().toMillis())
                        : new Stamp(file, -1, 0);
            } catch (NoSuchFileException _) {
                return new Stamp(file, -1, 0);
            }
        }

        boolean isThere() {
            return size >= 0;
        }
    }

    Programs(AgentServices.Preparer preparer, Keeper keeper) {
        this.preparer = preparer;
        this.keeper = keeper;
    }

    Ready prepared(Path folder, AgentSpec spec, Isolation isolation) throws ProgramRejected {
        String source = spec.source();
        if (source == null) {
            throw new ProgramRejected("no-source", "agent '" + spec.name() + "' has no source; add `source: FILE`");
        }
        Key key = new Key(spec.runtime(), source, isolation);
        try {
            Kept known = kept.get(key);
            if (known == null || !isFresh(known)) {
                known = read(folder, spec, source, isolation);
                kept.put(key, known);
            }
            return known.program();
        } catch (IOException e) {
            throw new ProgramRejected(
                    "source-unreadable",
                    "the source " + source + " of agent '" + spec.name() + "' can not be read: " + describe(e)
                            + "; check that the file is there and readable");
        }
    }

    /// @return null if it could not be kept for replays
    @Nullable
    ProgramId kept(PromptProgram prompt) {
        ProgramId known = keptPrompts.get(prompt);
        if (known == null) {
            known = keeper.keep(prompt);
            if (known != null) {
                keptPrompts.put(prompt, known);
            }
        }
        return known;
    }

    /// Whether it can be had at once, without compiling.
    boolean isReady(AgentSpec spec, Isolation isolation) {
        String source = spec.source();
        Kept known = source == null ? null : kept.get(new Key(spec.runtime(), source, isolation));
        try {
            return known != null && isFresh(known);
        } catch (IOException _) {
            return false;
        }
    }

    private static boolean isFresh(Kept known) throws IOException {
        for (Stamp stamp : known.stamps()) {
            if (!Stamp.of(stamp.file()).equals(stamp)) {
                return false;
            }
        }
        return true;
    }

    private Kept read(Path folder, AgentSpec spec, String source, Isolation isolation)
            throws IOException, ProgramRejected {
        Path file = folder.resolve(source).normalize();
        if (!file.startsWith(folder.normalize()) || leadsOut(file, folder)) {
            throw new ProgramRejected(
                    "outside-project", "the source " + source + " lies outside the project; move it below " + folder);
        }
        Stamp stamp = Stamp.of(file);
        if (!stamp.isThere()) {
            throw new NoSuchFileException(source);
        }
        List<Stamp> stamps = new ArrayList<>(List.of(stamp));
        if (spec.runtime() == AgentSpec.Runtime.WASM) {
            if (stamp.size() > MAX_WASM_BYTES) {
                throw tooLarge(source, MAX_WASM_BYTES);
            }
            Program module = new Program.WasmModule(source, Files.readAllBytes(file));
            return kept(stamps, module, isolation);
        }
        return kept(stamps, script(source, stamp, folder, stamps), isolation);
    }

    /// Whether links on the way to a file lead out of the folder that it has to be in.
    private static boolean leadsOut(Path file, Path folder) throws IOException {
        return Files.exists(file) && !file.toRealPath().startsWith(folder.toRealPath());
    }

    private Kept kept(List<Stamp> stamps, Program program, Isolation isolation) throws ProgramRejected {
        return new Kept(stamps, new Ready(preparer.prepare(program, isolation), isolation, keeper.keep(program)));
    }

    /// A script outside of any project, with what it imports.
    static Program.Script script(Path file) throws IOException, ProgramRejected {
        Path whole = file.toAbsolutePath().normalize();
        Stamp entry = Stamp.of(whole);
        Path folder = whole.resolveSibling("").toRealPath();
        return script(String.valueOf(file.getFileName()), entry, folder, new ArrayList<>(List.of(entry)));
    }

    /// The entry and every file of its folder that it leads to.
    ///
    /// @param within where links may lead at most
    private static Program.Script script(String source, Stamp entry, Path within, List<Stamp> stamps)
            throws IOException, ProgramRejected {
        Path folder = entry.file().resolveSibling("").normalize();
        Map<Path, String> files = new HashMap<>();
        Deque<Stamp> open = new ArrayDeque<>(List.of(entry));
        long total = 0;
        while (!open.isEmpty()) {
            Stamp stamp = open.remove();
            total += stamp.size();
            if (total > MAX_SCRIPT_BYTES || files.size() == MAX_FILES) {
                throw tooLarge(source, MAX_SCRIPT_BYTES);
            }
            String text = Files.readString(stamp.file());
            files.put(stamp.file(), text);
            for (Path imported : imports(stamp.file(), text)) {
                if (!imported.startsWith(folder)
                        || stamps.stream().anyMatch(s -> s.file().equals(imported))) {
                    continue;
                }
                Stamp next = Stamp.of(imported);
                stamps.add(next);
                if (next.isThere() && !leadsOut(imported, within)) {
                    open.add(next);
                }
            }
        }
        Map<String, String> named = new HashMap<>();
        files.forEach(
                (file, text) -> named.put(folder.relativize(file).toString().replace('\\', '/'), text));
        return new Program.Script(source, String.valueOf(entry.file().getFileName()), named);
    }

    private static List<Path> imports(Path importer, String text) {
        List<Path> found = new ArrayList<>();
        RELATIVE.matcher(text)
                .results()
                .flatMap(match -> Program.Script.candidates(match.group(1)).stream())
                .filter(path -> Program.Script.isImportable(path) && !path.endsWith(".json"))
                .forEach(path -> add(found, importer, path));
        IMPORTED_JSON.matcher(text).results().forEach(match -> add(found, importer, match.group(1)));
        return found;
    }

    private static void add(List<Path> found, Path importer, String path) {
        try {
            found.add(importer.resolveSibling(path).normalize());
        } catch (InvalidPathException _) {
            // No path, so no file either: just a text that begins like one.
        }
    }

    private static ProgramRejected tooLarge(String source, long bytes) {
        return new ProgramRejected("too-large", source + " and what it imports is larger than " + bytes + " bytes");
    }

    static String describe(IOException e) {
        return switch (e) {
            case NoSuchFileException _ -> "it does not exist";
            case AccessDeniedException _ -> "access is denied";
            case CharacterCodingException _ -> "it is not UTF-8 text";
            default -> e.getClass().getSimpleName() + ": " + e.getMessage();
        };
    }
}
