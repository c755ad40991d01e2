package nexus.aiagents.engine.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import nexus.aiagents.engine.journal.ExitReason;
import nexus.aiagents.engine.project.RecordingSpec;
import nexus.aiagents.engine.prompt.PromptProgram;
import nexus.aiagents.engine.prompt.PromptRun;
import nexus.aiagents.engine.replay.ReplayReport.Result;
import nexus.aiagents.sandbox.Invocation;
import nexus.aiagents.sandbox.Isolation;
import nexus.aiagents.sandbox.Limits;
import nexus.aiagents.sandbox.Outcome;
import nexus.aiagents.sandbox.Program;
import nexus.aiagents.sandbox.ProgramRejected;
import nexus.aiagents.sandbox.Run;
import nexus.aiagents.sandbox.Sandbox;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Whatever a program does, and however it ends, a replay does and ends the same: in this JVM, in another
/// one, and whether it ran in this process or in a worker.
@Timeout(value = 600, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RecordReplayPropertyTest {
    private static final Limits SMALL = Limits.DEFAULT.withFuel(20_000_000).withMemoryBytes(24L << 20);

    /// Every record is kept, so that the other JVM sees them all.
    private static final RecordingSpec ALL = new RecordingSpec(
            RecordingSpec.Policy.ALWAYS, RecordingSpec.DEFAULT.keep(), 1_000_000, 8L << 30, 64L << 20);

    @TempDir
    Path folder;

    @Test
    void what_was_recorded_replays_the_same_here_and_in_another_jvm() throws Exception {
        Set<String> outcomes = series(1, 16);
        assertTrue(
                outcomes.containsAll(List.of("returned", "failed", "out-of-fuel", "trapped", "out-of-memory")),
                outcomes.toString());
        assertEquals("ALL SAME", lastLineOfAnotherJvm());
    }

    @Test
    @Tag("soak")
    @Timeout(value = 5, unit = TimeUnit.HOURS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void so_do_thousands() throws Exception {
        series(Integer.getInteger("nexus.soak.first", 10_000), Integer.getInteger("nexus.soak.seeds", 3_000));
        assertEquals("ALL SAME", lastLineOfAnotherJvm());
    }

    /// Answers that are JSON or not, denied and failing calls, a host that fails.
    @Test
    void what_a_prompt_asked_and_made_of_the_answer_replays_the_same() throws Exception {
        prompts(60);
    }

    @Test
    @Tag("soak")
    void so_do_very_many_prompts() throws Exception {
        prompts(Integer.getInteger("nexus.soak.prompts", 3_000));
    }

    private void prompts(int number) throws Exception {
        Recordings recordings = recordings();
        Set<String> ends = new TreeSet<>();
        try (Replayer replayer = Replayer.open()) {
            for (long seed = 10_000; seed < 10_000 + number; seed++) {
                RecordedRun.End end = check(recordings, replayer, recordPrompt(recordings, seed))
                        .recorded();
                ends.add(end.outcome() + " " + end.code());
            }
        }
        assertEquals(Set.of("returned ", "failed budget", "failed host-error", "failed not-granted"), ends);
    }

    @Test
    void what_ran_in_a_worker_process_replays_the_same_in_another() throws Exception {
        Recordings recordings = recordings();
        try (Sandbox sandbox = Sandbox.open(folder.resolve("cache"));
                Replayer replayer = Replayer.open()) {
            for (long seed = 100; seed < 102; seed++) {
                Program program = seed % 2 == 0 ? RandomPrograms.javaScript(seed) : RandomPrograms.webAssembly(seed);
                String id = record(recordings, sandbox, Isolation.PROCESS, program, seed);
                check(recordings, replayer, id);
            }
        }
    }

    private Recordings recordings() {
        return new Recordings(folder.resolve("records"), () -> ALL, InstantSource.system());
    }

    private Set<String> series(long first, int number) throws Exception {
        Recordings recordings = recordings();
        Set<String> outcomes = new TreeSet<>();
        try (Sandbox sandbox = Sandbox.open(folder.resolve("cache"));
                Replayer replayer = Replayer.open()) {
            for (long seed = first; seed < first + number; seed++) {
                // Modules take long to compile, three times in all.
                List<Program> programs = seed % 3 == 0
                        ? List.of(RandomPrograms.javaScript(seed), RandomPrograms.webAssembly(seed))
                        : List.of(RandomPrograms.javaScript(seed));
                for (Program program : programs) {
                    String id = record(recordings, sandbox, Isolation.THREAD, program, seed);
                    outcomes.add(check(recordings, replayer, id).recorded().outcome());
                }
                check(recordings, replayer, recordPrompt(recordings, seed));
            }
        }
        return outcomes;
    }

    private static String record(
            Recordings recordings, Sandbox sandbox, Isolation isolation, Program program, long seed) throws Exception {
        return record(
                recordings,
                isolation,
                recordings.keep(program),
                seed,
                with -> sandbox.prepare(program, isolation).start(with));
    }

    private static String recordPrompt(Recordings recordings, long seed) throws Exception {
        PromptProgram prompt = new PromptProgram("prompt" + seed, seed % 7 == 0 ? null : "Judge \"it\"\n, é " + seed);
        return record(
                recordings, Isolation.THREAD, recordings.keep(prompt), seed, with -> PromptRun.start(prompt, with));
    }

    private interface Starter {
        Run start(Invocation with) throws ProgramRejected;
    }

    private static String record(Recordings recordings, Isolation isolation, ProgramId kept, long seed, Starter starter)
            throws Exception {
        assertNotNull(kept);
        String id = "c" + kept.name().replace('.', '-');
        Map<String, String> env = new HashMap<>();
        for (int i = 0; i < 6; i++) {
            env.put("VARIABLE_" + (char) ('A' + (seed * 7 + i * 5) % 26), "v" + i);
        }
        Recorder recorder = recordings.recorder(
                RecordingSpec.Policy.ALWAYS,
                RandomPrograms.host(seed),
                new Recorder.Subject(id, "a", "r-1", null, 1, Instant.EPOCH, isolation),
                kept,
                Map.of(),
                0);
        assertNotNull(recorder);
        Invocation invocation =
                new Invocation("{\"n\": " + seed + ", \"t\": \"é\\n\"}", "{\"agent\": \"a\"}", env, SMALL, recorder);
        recorder.starts(invocation);
        Run run = starter.start(invocation);
        Outcome outcome = run.outcome().toCompletableFuture().get(60, TimeUnit.SECONDS);
        assertNotNull(recordings.finish(
                recorder, RecordingSpec.Policy.ALWAYS, outcome, ExitReason.error("x", "whatever it was")));
        recordings.entered(id);
        return id;
    }

    private static ReplayReport check(Recordings recordings, Replayer replayer, String id) throws Exception {
        RecordingFile file = recordings.file(id, null, "no journal here");
        assertNotNull(file);
        ReplayReport report = replayer.replay(file, ReplayRequest.ALL, _ -> true);
        assertEquals(Result.SAME, report.result(), () -> id + "\n" + report + "\n" + source(file));
        return report;
    }

    private static String source(RecordingFile file) {
        try {
            return new String(RecordCodec.unpackedProgram(file.program()), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return e.toString();
        }
    }

    private String lastLineOfAnotherJvm() throws Exception {
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-XX:TieredStopAtLevel=1", // another compiler than here
                        OtherJvm.class.getName(),
                        folder.resolve("records").toString())
                .redirectErrorStream(true)
                .start();
        List<String> said;
        try (var lines = child.inputReader(StandardCharsets.UTF_8)) {
            said = lines.lines().toList();
        }
        assertTrue(child.waitFor(Duration.ofMinutes(5)));
        return said.isEmpty() ? "" : String.join("\n", said.subList(said.size() - 1, said.size()));
    }

    /// Replays every record of a folder.
    static final class OtherJvm {
        private OtherJvm() {}

        public static void main(String[] args) throws Exception {
            Recordings recordings = Recordings.of(Path.of(args[0]));
            String bad = "";
            try (Replayer replayer = Replayer.open()) {
                for (Recording recording : recordings.list(new Recording.Query(null, null, null, 100_000))) {
                    RecordingFile file = recordings.file(recording.id(), null, "");
                    ReplayReport report = replayer.replay(file, ReplayRequest.ALL, _ -> true);
                    if (report.result() != Result.SAME) {
                        bad = recording.id() + " " + report.divergence() + " " + report.notes();
                    }
                }
            }
            System.out.println(bad.isEmpty() ? "ALL SAME" : bad);
        }
    }
}
