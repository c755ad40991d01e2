package nexus.aiagents.engine.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.EngineEvent.CallEnded;
import nexus.aiagents.engine.journal.EngineEvent.CallStarted;
import nexus.aiagents.engine.journal.EngineEvent.ProjectClosed;
import nexus.aiagents.engine.journal.EngineEvent.ProjectOpened;
import nexus.aiagents.engine.journal.ExitReason;
import nexus.aiagents.engine.journal.Journal;
import nexus.aiagents.engine.journal.XodusJournal;
import nexus.aiagents.engine.project.RecordingSpec;
import nexus.aiagents.engine.project.RecordingSpec.Policy;
import nexus.aiagents.engine.replay.RecordingFile.Check;
import nexus.aiagents.sandbox.HostAnswer;
import nexus.aiagents.sandbox.HostCall;
import nexus.aiagents.sandbox.Invocation;
import nexus.aiagents.sandbox.Isolation;
import nexus.aiagents.sandbox.Limits;
import nexus.aiagents.sandbox.Outcome;
import nexus.aiagents.sandbox.Program;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is kept, for how long, and what is not.
class RecordingsTest {
    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

    @TempDir
    Path folder;

    private RecordingSpec rules = RecordingSpec.DEFAULT;
    private Instant now = NOON;
    private Recordings recordings;
    private int journals;

    @BeforeEach
    void open() {
        recordings = new Recordings(folder.resolve("records"), () -> rules, () -> now);
    }

    private Recorder recorder(String id, Map<String, String> secrets, String source) {
        ProgramId program = recordings.keep(new Program.Script("p", "m.js", Map.of("m.js", source)));
        assertNotNull(program);
        Recorder recorder = recordings.recorder(
                null,
                _ -> new HostAnswer.Ok("\"" + "a".repeat(100) + "\""),
                new Recorder.Subject(id, "a", "r-1", null, 1, now, Isolation.THREAD),
                program,
                secrets,
                1);
        if (recorder != null) {
            recorder.starts(new Invocation("1", Limits.DEFAULT, _ -> HostAnswer.NOTHING));
        }
        return recorder;
    }

    private String record(String id, ExitReason exit) {
        String hash = recordings.finish(
                recorder(id, Map.of(), id), null, new Outcome.Returned("1", Outcome.Usage.NONE), exit);
        recordings.entered(id);
        return hash;
    }

    private List<String> ids() {
        return recordings.list(new Recording.Query(null, null, null, 100)).stream()
                .map(Recording::id)
                .toList();
    }

    @Test
    void the_policy_decides_what_is_kept() {
        assertNull(record("c1", ExitReason.NORMAL));
        assertNull(record("c2", ExitReason.SHUTDOWN));
        assertNotNull(record("c3", ExitReason.error("x", "y")));
        rules = new RecordingSpec(Policy.ALWAYS, Duration.ofDays(1), 10, 1 << 20, 1 << 20);
        assertNotNull(record("c4", ExitReason.NORMAL));
        rules = new RecordingSpec(Policy.NEVER, Duration.ofDays(1), 10, 1 << 20, 1 << 20);
        assertNull(recorder("c5", Map.of(), "x"));
        assertEquals(List.of("c3", "c4"), ids());
    }

    @Test
    void a_record_shows_once_the_journal_knows_of_it() {
        Outcome failed = new Outcome.Failed("x", "y", "", Outcome.Usage.NONE);
        recordings.finish(recorder("c1", Map.of(), "c1"), null, failed, ExitReason.error("x", "y"));
        assertEquals(List.of(), ids());
        assertNull(recordings.file("c1", null, ""));
        recordings.entered("c1");
        assertEquals(List.of("c1"), ids());
        assertNotNull(recordings.file("c1", null, ""));
    }

    @Test
    void only_a_record_that_a_crash_parted_from_its_entry_may_be_without_one() {
        String hash = record("c1", ExitReason.error("x", "y"));
        CallStarted start = new CallStarted("c1", "a", "r-1", null, "{}", false);
        ProjectOpened opened = new ProjectOpened("p", "h", 0);
        assertEquals(Check.INTACT, checked(opened, start, ended(hash)));
        assertEquals(Check.ALTERED, checked(opened, start, ended("0".repeat(64))));
        assertEquals(Check.UNVERIFIED, checked(opened, start));
        assertEquals(Check.UNVERIFIED, checked(opened, opened), "not even its start was written");
        assertEquals(Check.ALTERED, checked(opened, new ProjectClosed(), opened, new ProjectClosed()));
    }

    private static CallEnded ended(String hash) {
        return new CallEnded("c1", "a", ExitReason.error("x", "y"), null, 1, 1, 1, 0, hash);
    }

    /// What is found of the record c1, which was begun after the first of these, in a journal of these.
    private Check checked(EngineEvent... entries) {
        try (XodusJournal journal =
                XodusJournal.open(folder.resolve("journal" + journals++), Clock.fixed(NOON, ZoneOffset.UTC))) {
            journal.commitAndWait(Journal.Batch.of(entries));
            return recordings.file("c1", journal, "").check();
        }
    }

    @Test
    void the_oldest_go_when_there_are_too_many_or_they_are_too_old_and_their_programs_with_them() throws Exception {
        rules = new RecordingSpec(Policy.ALWAYS, Duration.ofDays(1), 5, 1 << 20, 1 << 20);
        for (int i = 1; i <= 6; i++) {
            record("c" + i, ExitReason.NORMAL);
            age("c" + i, NOON.minusSeconds(100 - i));
        }
        assertTrue(ids().size() <= 5, ids().toString());
        assertFalse(ids().contains("c1"), ids().toString());
        now = NOON.plus(Duration.ofDays(2));
        Recordings later = new Recordings(where(), () -> rules, () -> now); // whose process uses none of the programs
        later.trim(null);
        assertEquals(List.of(), later.list(new Recording.Query(null, null, null, 100)));
        try (var programs = Files.list(where().resolve("programs"))) {
            assertEquals(0, programs.count());
        }
    }

    @Test
    void the_journal_may_keep_shorter() throws Exception {
        rules = new RecordingSpec(Policy.ALWAYS, Duration.ofDays(30), 100, 1 << 20, 1 << 20);
        record("c1", ExitReason.NORMAL);
        age("c1", NOON.minus(Duration.ofDays(3)));
        recordings.trim(Duration.ofDays(7));
        assertEquals(List.of("c1"), ids());
        recordings.trim(Duration.ofDays(2));
        assertEquals(List.of(), ids());
    }

    private Path where() {
        return folder.resolve("records");
    }

    private void age(String id, Instant at) throws Exception {
        Path file = where().resolve("r-1~" + id + ".rec");
        if (Files.exists(file)) {
            Files.setLastModifiedTime(file, FileTime.from(at));
        }
        try (var programs = Files.list(where().resolve("programs"))) {
            for (Path program : programs.toList()) {
                Files.setLastModifiedTime(program, FileTime.from(at));
            }
        }
    }

    @Test
    void a_secret_too_short_to_be_told_from_other_text_is_not_recorded_with_its_run() {
        assertNull(recorder("c1", Map.of("PIN", "123"), "x"));
        assertNotNull(recorder("c2", Map.of("PIN", "1234", "EMPTY", ""), "x"));
    }

    @Test
    void what_does_not_fit_is_cut_at_a_whole_call() throws Exception {
        rules = new RecordingSpec(Policy.ALWAYS, Duration.ofDays(1), 10, 1 << 20, 1_000);
        Recorder recorder = recorder("c1", Map.of(), "x");
        for (int i = 0; i < 50; i++) {
            assertEquals(
                    HostAnswer.Ok.class,
                    recorder.call(new HostCall.KvGet("k" + i)).getClass());
        }
        recordings.finish(recorder, null, new Outcome.Returned("1", Outcome.Usage.NONE), ExitReason.NORMAL);
        recordings.entered("c1");
        RecordedRun run = RecordCodec.run(recordings.file("c1", null, "").record());
        assertTrue(
                run.calls().size() > 2 && run.calls().size() < 10,
                "" + run.calls().size());
        assertEquals(run.calls().size(), run.cut().afterCalls());
        assertTrue(run.calls().stream().allMatch(RecordedCall::isAnswered));
    }

    @Test
    void a_damaged_file_among_the_records_harms_no_other() throws Exception {
        rules = new RecordingSpec(Policy.ALWAYS, Duration.ofDays(1), 10, 1 << 20, 1 << 20);
        record("c1", ExitReason.NORMAL);
        Files.writeString(where().resolve("r-1~c2.rec"), "this is no record");
        Files.write(where().resolve("r-1~c3.rec"), new byte[0]);
        assertEquals(List.of("c1"), ids());
        assertEquals(Check.ALTERED, recordings.file("c2", null, "").check());
        assertNull(recordings.file("../c1", null, ""));
        assertNull(recordings.file("c9", null, ""));
    }
}
