package nexus.aiagents.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import nexus.aiagents.engine.replay.Forgery;
import nexus.aiagents.engine.replay.Recording;
import nexus.aiagents.engine.replay.RecordingFile;
import nexus.aiagents.engine.replay.ReplayReport;
import nexus.aiagents.engine.replay.ReplayReport.Result;
import nexus.aiagents.engine.replay.ReplayRequest;
import nexus.aiagents.engine.replay.Replayer;
import nexus.aiagents.engine.view.RunView;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Runs of agents that are only a prompt, recorded and replayed: their one call is the one to the model.
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PromptReplayTest {
    private static Replayer replayer;

    @TempDir
    Path folder;

    private TestProject project;

    @BeforeAll
    static void openReplayer() {
        replayer = Replayer.open();
    }

    @AfterAll
    static void closeReplayer() {
        replayer.close();
    }

    @BeforeEach
    void project() throws Exception {
        project = new TestProject(folder);
        project.write(
                "nexus.yaml",
                "project: {name: t}\n---\nmodel: {name: fast, provider: scripted, model: scripted-small, price: {input: 3, output: 15}}\n");
    }

    private void judge(String more) throws Exception {
        project.write("judge.yaml", "agent: {name: judge, model: fast, prompt: Judge it., " + more + "}\n");
    }

    private static ReplayReport replay(RecordingFile file, ReplayRequest request) throws Exception {
        return replayer.replay(file, request, _ -> true);
    }

    private static RecordingFile only(Engine engine, String runId) {
        List<Recording> found = engine.recordings(Recording.Query.ofRun(runId));
        assertEquals(1, found.size(), found.toString());
        return engine.recording(found.getFirst().id());
    }

    @Test
    void it_replays_to_the_same_output_after_the_prompt_was_edited_too() throws Exception {
        judge("record: always");
        RecordingFile file;
        try (Engine engine = project.open()) {
            RunView run = project.runAgent(engine, "judge", "{\"text\": \"fine\"}");
            file = only(engine, run.id());
            assertEquals(RecordingFile.Check.INTACT, file.check(), file.remark());
            ReplayReport report = replay(file, ReplayRequest.ALL);
            assertEquals(Result.SAME, report.result(), report.toString());
            assertEquals(run.outputJson(), report.replayed().outputJson());
            assertEquals(List.of(), report.notes());
            assertEquals(1, report.calls().size());
            assertEquals("model", report.calls().getFirst().call());
            assertTrue(report.calls().getFirst().argumentsJson().contains("Judge it."), report.toString());
            long spent = engine.view().agents().getFirst().microDollars();
            assertEquals(run.microDollars(), spent, "a replay costs nothing");
        }
        project.write("judge.yaml", "agent: {name: judge, model: fast, prompt: Do something else.}\n");
        RecordingFile closed = new ClosedProject(folder).records().file(file.id());
        assertEquals(Result.SAME, replay(closed, ReplayRequest.ALL).result());
    }

    @Test
    void by_default_only_what_failed_is_recorded_and_never_means_never() throws Exception {
        project.write("cap.yaml", "cost: {agent: judge, budget: {maxCalls: 1, per: ever}, onLimit: kill}\n");
        judge("description: x");
        try (Engine engine = project.open()) {
            RunView fine = project.runAgent(engine, "judge", "1");
            assertNotNull(fine.outputJson(), fine.toString());
            assertEquals(List.of(), engine.recordings(Recording.Query.ofRun(fine.id())));
            RunView failed = project.runAgent(engine, "judge", "2");
            assertEquals("budget", failed.errorCode());
            ReplayReport report = replay(only(engine, failed.id()), ReplayRequest.ALL);
            assertEquals(Result.SAME, report.result(), report.toString());
            assertEquals("budget", report.replayed().code());
        }
        judge("record: never");
        try (Engine engine = project.open()) {
            RunView failed = project.runAgent(engine, "judge", "3");
            assertEquals("budget", failed.errorCode());
            assertEquals(List.of(), engine.recordings(Recording.Query.ofRun(failed.id())));
        }
    }

    @Test
    void another_answer_of_the_model_is_another_output() throws Exception {
        judge("record: always");
        try (Engine engine = project.open()) {
            RunView run = project.runAgent(engine, "judge", "1");
            RecordingFile file = only(engine, run.id());
            ReplayReport json = replay(
                    file,
                    new ReplayRequest(0, Map.of(1, "{\"ok\": {\"text\": \"```json\\n{\\\"score\\\": 3}\\n```\"}}")));
            assertEquals(Result.FORKED, json.result(), json.toString());
            assertEquals("{\"score\":3}", json.replayed().outputJson());
            assertNotEquals(run.outputJson(), json.replayed().outputJson());
            ReplayReport error = replay(
                    file,
                    new ReplayRequest(
                            0, Map.of(1, "{\"error\": {\"code\": \"rate-limited\", \"message\": \"not so fast\"}}")));
            assertEquals("rate-limited", error.replayed().code());
            assertEquals(
                    Result.STOPPED, replay(file, new ReplayRequest(1, Map.of())).result());
        }
    }

    @Test
    void another_prompt_is_found_out_at_its_first_call() throws Exception {
        judge("record: always");
        try (Engine engine = project.open()) {
            RecordingFile file =
                    only(engine, project.runAgent(engine, "judge", "1").id());
            RecordingFile other = Forgery.of(file, run -> run, plain -> plain.replace("Judge it.", "Judge that."));
            ReplayReport report = replay(other, ReplayRequest.ALL);
            assertEquals(Result.DIVERGED, report.result(), report.toString());
            assertEquals(1, report.divergence().number());
            assertEquals("arguments", report.divergence().what());
            assertTrue(report.divergence().actual().contains("Judge that."), report.toString());
        }
    }

    @Test
    void one_that_was_stopped_while_its_model_was_silent_replays_to_that_call() throws Exception {
        try (ServerSocket silent = new ServerSocket(0)) {
            project.write(
                    "slow.yaml",
                    "agent: {name: slow, model: quiet, prompt: Wait., limits: {timeout: 500ms}}\n---\n"
                            + "model: {name: quiet, provider: openai, model: m, free: true, baseUrl: \"http://127.0.0.1:"
                            + silent.getLocalPort() + "/v1\"}\n");
            try (Engine engine = project.open()) {
                RunView run = project.runAgent(engine, "slow", "1");
                assertEquals("timeout", run.errorCode());
                ReplayReport report = replay(only(engine, run.id()), ReplayRequest.ALL);
                assertEquals(Result.SAME, report.result(), report.toString());
                assertNull(report.calls().getLast().answerJson());
                assertTrue(report.notes().getFirst().contains("stopped here"), report.toString());
            }
        }
    }
}
