package nexus.aiagents.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import nexus.aiagents.engine.control.EngineClient.HistoryQuery;
import nexus.aiagents.engine.journal.EngineEvent.HostCallDenied;
import nexus.aiagents.engine.journal.EngineEvent.HostCallMade;
import nexus.aiagents.engine.replay.Recording;
import nexus.aiagents.engine.replay.RecordingFile;
import nexus.aiagents.engine.replay.ReplayReport;
import nexus.aiagents.engine.replay.ReplayReport.Result;
import nexus.aiagents.engine.replay.ReplayRequest;
import nexus.aiagents.engine.replay.Replayer;
import nexus.aiagents.engine.view.RunView;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A WASI program as an agent of a project: its folders, what is written down of them, and its replay.
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WasiAgentTest {
    private static final Path PROGRAM = Path.of("src/test/resources/nexus/aiagents/engine/agent/wasi/archivist.wasm");
    private static final String GRANTS = "grants: {files: [{path: notes, mode: ro}, {path: archive, mode: rw}]}";

    @TempDir
    Path folder;

    TestProject project;

    @BeforeEach
    void project() throws Exception {
        project = new TestProject(folder);
        project.write("nexus.yaml", "project: {name: t}\n");
        project.write("notes/today.txt", "otters hold hands\n");
        project.write("notes/yesterday.txt", "");
        Files.createDirectory(folder.resolve("archive"));
        Files.createDirectory(folder.resolve("agents"));
        Files.copy(PROGRAM, folder.resolve("agents/archivist.wasm"));
    }

    void agent(String more) throws Exception {
        project.write("agents.yaml", "agent: {name: a, source: agents/archivist.wasm" + more + "}\n");
    }

    static void assertArchived(RunView run) {
        assertEquals(RunView.State.DONE, run.state(), String.valueOf(run));
        String output = String.valueOf(run.outputJson());
        assertTrue(
                output.startsWith("{\"text\":\"otters hold hands\",\"forbidden\":69,\"outside\":76,"
                        + "\"names\":[\"today.txt\",\"yesterday.txt\"],\"size\":"),
                output);
    }

    @ParameterizedTest
    @ValueSource(strings = {"thread", "process"})
    void it_sees_its_folders_and_nothing_else_in_this_process_and_in_another(String isolation) throws Exception {
        agent(", isolation: " + isolation + ", " + GRANTS);
        try (Engine engine = project.open()) {
            RunView run = project.runAgent(engine, "a", "{}");

            assertArchived(run);
            String kept = Files.readString(folder.resolve("archive/copies/today.txt"));
            assertTrue(kept.startsWith("otters hold hands, kept at "), kept);
            assertEquals(List.of("today.txt", "yesterday.txt"), names("notes"));
        }
    }

    private List<String> names(String path) throws Exception {
        try (Stream<Path> files = Files.list(folder.resolve(path))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void what_it_does_with_files_is_written_down_once_each_and_refusals_are_denials() throws Exception {
        agent(", " + GRANTS);
        try (Engine engine = project.open()) {
            project.runAgent(engine, "a", "{}");
            var events = engine.history(HistoryQuery.last(1_000)).stream()
                    .map(entry -> entry.event())
                    .toList();
            List<String> made = events.stream()
                    .filter(HostCallMade.class::isInstance)
                    .map(event -> ((HostCallMade) event).target())
                    .toList();
            List<String> denied = events.stream()
                    .filter(HostCallDenied.class::isInstance)
                    .map(event -> ((HostCallDenied) event).reason())
                    .toList();

            assertTrue(made.contains("open /notes/today.txt"), made::toString);
            assertTrue(made.contains("read 18 and wrote 0 bytes of /notes/today.txt"), made::toString);
            assertTrue(made.contains("make folder /archive/copies"), made::toString);
            assertTrue(made.contains("open to write /archive/copies/today.txt"), made::toString);
            assertTrue(made.contains("list /notes"), made::toString);
            assertTrue(denied.contains("open to write /notes/new.txt"), denied::toString);
        }
    }

    @Test
    void without_a_grant_there_is_no_folder() throws Exception {
        agent("");
        try (Engine engine = project.open()) {
            RunView run = project.runAgent(engine, "a", "{}");

            assertTrue(String.valueOf(run.outputJson()).startsWith("{\"text\":\"\","), String.valueOf(run));
            assertEquals(List.of(), names("archive"));
        }
    }

    @Test
    void a_recorded_run_replays_without_its_folders() throws Exception {
        agent(", record: always, " + GRANTS);
        try (Engine engine = project.open();
                Replayer replayer = Replayer.open()) {
            RunView run = project.runAgent(engine, "a", "{}");
            assertArchived(run);
            RecordingFile file = engine.recording(engine.recordings(Recording.Query.ofRun(run.id()))
                    .getFirst()
                    .id());
            for (String gone : List.of("notes", "archive")) {
                try (Stream<Path> files = Files.walk(folder.resolve(gone))) {
                    for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
                        Files.delete(each);
                    }
                }
            }
            ReplayReport report = replayer.replay(file, ReplayRequest.ALL, _ -> true);

            assertEquals(Result.SAME, report.result(), report::toString);
            assertEquals(run.outputJson(), report.replayed().outputJson());
            assertEquals(report.recorded().fuel(), report.replayed().fuel());
            assertTrue(Files.notExists(folder.resolve("archive")), "a replay touches nothing");
        }
    }
}
