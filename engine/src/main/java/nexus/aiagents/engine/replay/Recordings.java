package nexus.aiagents.engine.replay;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import nexus.aiagents.engine.journal.AuditLog;
import nexus.aiagents.engine.journal.ExitReason;
import nexus.aiagents.engine.journal.StoreException;
import nexus.aiagents.engine.project.RecordingSpec;
import nexus.aiagents.engine.prompt.PromptProgram;
import nexus.aiagents.sandbox.HostCalls;
import nexus.aiagents.sandbox.Outcome;
import nexus.aiagents.sandbox.Program;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The records of a project. Thread-safe. That something can not be recorded never keeps a run from
/// running.
public final class Recordings {
    private static final Logger LOG = LoggerFactory.getLogger(Recordings.class);
    /// What all runs under way may hold in memory together, in characters.
    private static final long MAX_HELD = 48L << 20;

    private final RecordFiles files;
    private final Supplier<RecordingSpec> rules;
    private final InstantSource clock;
    private final AtomicLong held = new AtomicLong();
    private final AtomicLong runs = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    /// Records of calls whose end is not in the journal yet: nobody can check them.
    private final Set<String> early = ConcurrentHashMap.newKeySet();

    /// @param folder need not be there yet
    /// @param rules  what the project says
    public Recordings(Path folder, Supplier<RecordingSpec> rules, InstantSource clock) {
        this.files = new RecordFiles(folder);
        this.rules = rules;
        this.clock = clock;
    }

    /// Where the records of a project lie, that may be closed.
    public static Recordings of(Path folder) {
        return new Recordings(folder, () -> RecordingSpec.DEFAULT, InstantSource.system());
    }

    /// Keeps a program, so that runs of it can be replayed when its file was edited.
    ///
    /// @return null if it can not be written: then its runs are not recorded
    public @Nullable ProgramId keep(Program program) {
        return keep(program.name(), RecordCodec.plain(program));
    }

    /// The same for an agent that is only a prompt.
    public @Nullable ProgramId keep(PromptProgram prompt) {
        return keep(prompt.name(), RecordCodec.plain(prompt));
    }

    private @Nullable ProgramId keep(String name, byte[] plain) {
        try {
            return files.keep(name, plain);
        } catch (IOException e) {
            LOG.warn("runs of {} are not recorded, because it can not be kept: {}", name, e.getMessage());
            return null;
        }
    }

    /// What stands between a program and its host.
    ///
    /// @param policy     of the agent, null: the project's
    /// @param secrets    values by name that must not be written down
    /// @param journalSeq the last entry of the journal now
    /// @return null if the run is not to be recorded
    public @Nullable Recorder recorder(
            RecordingSpec.@Nullable Policy policy,
            HostCalls host,
            Recorder.Subject subject,
            ProgramId program,
            Map<String, String> secrets,
            long journalSeq) {
        RecordingSpec now = rules.get();
        if (of(policy, now) == RecordingSpec.Policy.NEVER) {
            return null;
        }
        if (secrets.values().stream().anyMatch(value -> !value.isEmpty() && value.length() < Redactor.SHORTEST)) {
            LOG.warn(
                    "a run of {} is not recorded: a secret of fewer than {} characters can not be told from other text",
                    subject.agent(),
                    Redactor.SHORTEST);
            return null;
        }
        return new Recorder(
                host, subject, program, secrets, journalSeq, now.maxRunBytes(), held, MAX_HELD, System::nanoTime);
    }

    private static RecordingSpec.Policy of(RecordingSpec.@Nullable Policy policy, RecordingSpec rules) {
        return policy == null ? rules.policy() : policy;
    }

    /// Those variables of an environment that are secret by their name.
    public static Map<String, String> secretsIn(Map<String, String> env) {
        Map<String, String> secrets = new TreeMap<>();
        env.forEach((name, value) -> {
            if (Redactor.isSecretName(name)) {
                secrets.put(name, value);
            }
        });
        return secrets;
    }

    /// The run is over: writes its record down if it is to be kept. Done once for each recorder. The record
    /// shows once [#entered] says that the journal names its hash.
    ///
    /// @return the hash of the record, hex; null if there is none
    public @Nullable String finish(
            Recorder recorder, RecordingSpec.@Nullable Policy policy, Outcome outcome, ExitReason exit) {
        try {
            if (of(policy, rules.get()) == RecordingSpec.Policy.ALWAYS || !exit.isNormal()) {
                RecordedRun run = recorder.recorded(outcome, exit);
                early.add(run.id());
                RecordFiles.Saved saved = files.save(run);
                kept(saved.bytes());
                return saved.hash();
            }
        } catch (IOException | RuntimeException e) {
            LOG.warn("a run could not be recorded", e);
        } finally {
            recorder.close();
        }
        return null;
    }

    /// The entry of the end of a call was written, or never will be.
    public void entered(String id) {
        early.remove(id);
    }

    private void kept(long more) {
        RecordingSpec now = rules.get();
        if (runs.incrementAndGet() > now.maxRuns() || bytes.addAndGet(more) > now.maxBytes()) {
            trim(null);
        }
    }

    /// Removes what is too old or too much.
    ///
    /// @param atMost a shorter time than the rules', null: theirs
    public void trim(@Nullable Duration atMost) {
        RecordingSpec now = rules.get();
        Duration keep = atMost != null && atMost.compareTo(now.keep()) < 0 ? atMost : now.keep();
        // With room for some more: removing is no work for every single run.
        RecordingSpec goal = new RecordingSpec(
                now.policy(),
                keep,
                Math.max(1, now.maxRuns() - now.maxRuns() / 10),
                now.maxBytes() - now.maxBytes() / 10,
                now.maxRunBytes());
        Instant at = clock.instant();
        RecordFiles.Room room = files.trim(goal, at);
        runs.set(room.runs());
        bytes.set(room.bytes());
    }

    /// What is said where a record is asked for that is not there.
    public static StoreException unknown(String id) {
        return new StoreException(
                "not-recorded", "there is no record of " + id + "; naos replay lists the records there are");
    }

    /// Newest first.
    public List<Recording> list(Recording.Query query) {
        return files.list(query, recording -> !early.contains(recording.id()));
    }

    /// A record and whether it is what the journal knows of.
    ///
    /// @param id      of the call
    /// @param journal null: it can not be read, and `why` says so
    /// @return null if there is none
    public @Nullable RecordingFile file(String id, @Nullable AuditLog journal, String why) {
        try {
            byte[] record = early.contains(id) ? null : files.record(id);
            if (record == null) {
                return null;
            }
            return RecordCheck.checked(id, record, files, journal, why);
        } catch (IOException e) {
            throw new UncheckedIOException("the record of " + id + " can not be read", e);
        }
    }
}
