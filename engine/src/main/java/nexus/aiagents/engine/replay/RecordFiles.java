package nexus.aiagents.engine.replay;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import nexus.aiagents.engine.project.RecordingSpec;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Records in a folder, a file for each run, and their programs, each of which is kept once. Thread-safe.
///
/// ```
/// RUN~CALL.rec     a record; RUN is - for a round of an agent's own loop
/// programs/HASH    a program
/// ```
final class RecordFiles {
    private static final Logger LOG = LoggerFactory.getLogger(RecordFiles.class);
    private static final String ENDING = ".rec";
    private static final String MARK = "~";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,120}");
    /// What a process is writing just now is younger.
    private static final Duration ABANDONED = Duration.ofHours(1);

    private final Path folder;
    private final ReentrantLock trimming = new ReentrantLock();
    /// Programs that runs under way may name in their records soon.
    private final Set<String> inUse = ConcurrentHashMap.newKeySet();

    private record Kept(Path file, Instant at, long bytes) {}

    RecordFiles(Path folder) {
        this.folder = folder;
    }

    private Path programs() {
        return folder.resolve("programs");
    }

    ProgramId keep(String name, byte[] plain) throws IOException {
        ProgramId id = new ProgramId(name, Texts.sha256(plain));
        inUse.add(id.hash());
        Path file = programs().resolve(id.hash());
        if (Files.notExists(file)) {
            Files.createDirectories(programs());
            write(file, RecordCodec.packed(plain));
        }
        return id;
    }

    record Saved(String hash, long bytes) {}

    Saved save(RecordedRun run) throws IOException {
        byte[] bytes = RecordCodec.bytes(run);
        Files.createDirectories(folder);
        write(folder.resolve((run.runId() == null ? "-" : run.runId()) + MARK + run.id() + ENDING), bytes);
        return new Saved(Texts.sha256(bytes), bytes.length);
    }

    /// Whoever reads meanwhile, or after a crash, finds all of it or nothing.
    private static void write(Path file, byte[] bytes) throws IOException {
        Path fresh = Files.createTempFile(file.getParent(), ".", ".tmp");
        try {
            Files.write(fresh, bytes);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    /// Newest first. What can not be read is passed over.
    List<Recording> list(Recording.Query query, Predicate<Recording> shown) {
        List<Recording> found = new ArrayList<>();
        for (Path file : files(query.id())) {
            try (InputStream in = Files.newInputStream(file)) {
                Recording recording = RecordCodec.listed(in).ofSize(Files.size(file));
                if (query.fits(recording) && shown.test(recording)) {
                    found.add(recording);
                }
            } catch (NoSuchFileException _) {
                // It was too old just now.
            } catch (IOException e) {
                LOG.warn("the record {} can not be read: {}", file, e.getMessage());
            }
        }
        found.sort(Comparator.comparing(Recording::startedAt).reversed().thenComparing(Recording::id));
        return found.size() > query.max() ? List.copyOf(found.subList(0, query.max())) : found;
    }

    private List<Path> files(@Nullable String id) {
        List<Path> found = new ArrayList<>();
        if (id != null && !NAME.matcher(id).matches()) {
            return found;
        }
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folder, "*" + ENDING)) {
            for (Path file : all) {
                String name = file.getFileName().toString();
                if (id == null || name.startsWith(id + MARK) || name.endsWith(MARK + id + ENDING)) {
                    found.add(file);
                }
            }
        } catch (NoSuchFileException _) {
            // Nothing was recorded yet.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }

    /// @param id of the call
    /// @return null if there is none
    byte @Nullable [] record(String id) throws IOException {
        for (Path file : files(id)) {
            if (file.getFileName().toString().endsWith(MARK + id + ENDING)) {
                return Files.readAllBytes(file);
            }
        }
        return null;
    }

    /// @return null if it is not there
    byte @Nullable [] program(String hash) throws IOException {
        Path file = programs().resolve(hash);
        return NAME.matcher(hash).matches() && Files.exists(file) ? Files.readAllBytes(file) : null;
    }

    /// Removes the oldest until the rest is as the rules want it, and programs that no record names.
    ///
    /// @return number and bytes of the records that stay
    Room trim(RecordingSpec rules, Instant now) {
        trimming.lock();
        try {
            List<Kept> kept = kept();
            kept.sort(Comparator.comparing(Kept::at).reversed());
            Instant oldest = now.minus(rules.keep());
            long number = 0;
            long bytes = 0;
            boolean removed = false;
            for (Kept one : kept) {
                boolean stays = number < rules.maxRuns()
                        && bytes + one.bytes() <= rules.maxBytes()
                        && !one.at().isBefore(oldest);
                if (stays) {
                    number++;
                    bytes += one.bytes();
                } else {
                    Files.deleteIfExists(one.file());
                    removed = true;
                }
            }
            if (removed) {
                removePrograms(now);
            }
            return new Room(number, bytes);
        } catch (IOException | UncheckedIOException e) {
            LOG.warn("old records could not be removed: {}", e.getMessage());
            return new Room(0, 0);
        } finally {
            trimming.unlock();
        }
    }

    record Room(long runs, long bytes) {}

    private List<Kept> kept() throws IOException {
        List<Kept> kept = new ArrayList<>();
        for (Path file : files(null)) {
            try {
                kept.add(new Kept(file, Files.getLastModifiedTime(file).toInstant(), Files.size(file)));
            } catch (NoSuchFileException _) {
                // Another process was quicker.
            }
        }
        return kept;
    }

    private void removePrograms(Instant now) throws IOException {
        Set<String> named = new HashSet<>(inUse);
        list(new Recording.Query(null, null, null, Integer.MAX_VALUE), _ -> true)
                .forEach(r -> named.add(r.programHash()));
        if (Files.notExists(programs())) {
            return;
        }
        try (Stream<Path> all = Files.list(programs())) {
            for (Path file : all.toList()) {
                boolean abandoned = Files.getLastModifiedTime(file).toInstant().isBefore(now.minus(ABANDONED));
                if (abandoned && !named.contains(file.getFileName().toString())) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }
}
