package nexus.aiagents.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import nexus.aiagents.engine.control.Command;
import nexus.aiagents.engine.control.EngineClient.HistoryQuery;
import nexus.aiagents.engine.journal.EngineEvent.CallEnded;
import nexus.aiagents.engine.journal.StoreException;
import nexus.aiagents.engine.replay.Divergence;
import nexus.aiagents.engine.replay.Recording;
import nexus.aiagents.engine.replay.RecordingFile;
import nexus.aiagents.engine.replay.ReplayFailed;
import nexus.aiagents.engine.replay.ReplayReport;
import nexus.aiagents.engine.replay.ReplayReport.Result;
import nexus.aiagents.engine.replay.ReplayRequest;
import nexus.aiagents.engine.replay.ReplayedCall;
import nexus.aiagents.engine.replay.Replayer;
import nexus.aiagents.engine.view.CallView;
import nexus.aiagents.engine.view.CallsFold;
import nexus.aiagents.engine.view.RunView;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Runs that are recorded in an open project, and replayed.
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ReplayTest {
    private static final String WORLDLY = """
            export default async function (input, nexus) {
              const began = Date.now();
              const dice = [Math.random(), nexus.random()];
              await nexus.kv.put("last", { n: input.n, began });
              const keys = await nexus.kv.list();
              console.log("keys", keys);
              nexus.emit("half", { dice });
              let sum = 0;
              for (let i = 0; i < input.n; i++) sum += i % 7;
              if (input.fail) throw Object.assign(new Error("no luck with " + dice[0]), { code: "unlucky" });
              return { sum, dice, keys, took: Date.now() - began, who: nexus.context.agent };
            }
            """;

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
        project.write("nexus.yaml", "project: {name: t}\n");
    }

    private static ReplayReport replay(RecordingFile file) throws Exception {
        return replay(file, ReplayRequest.ALL);
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
    void a_run_that_was_recorded_replays_to_the_same_output_and_fuel() throws Exception {
        project.agent("a", WORLDLY, "record: always, grants: {kv: true}");
        try (Engine engine = project.open()) {
            RunView run = project.runAgent(engine, "a", "{\"n\": 1000}");
            RecordingFile file = only(engine, run.id());
            assertEquals(RecordingFile.Check.INTACT, file.check(), file.remark());
            ReplayReport report = replay(file);
            assertEquals(Result.SAME, report.result(), report.toString());
            assertNotNull(report.replayed());
            assertEquals(run.outputJson(), report.replayed().outputJson());
            assertEquals(report.recorded().fuel(), report.replayed().fuel());
            assertEquals(List.of(), report.notes());
            assertTrue(report.calls().stream().anyMatch(call -> call.call().equals("kv-put")), report.toString());
        }
    }

    @Test
    void by_default_only_what_failed_is_recorded() throws Exception {
        project.agent("a", WORLDLY, "grants: {kv: true}");
        try (Engine engine = project.open()) {
            RunView fine = project.runAgent(engine, "a", "{\"n\": 1}");
            RunView failed = project.runAgent(engine, "a", "{\"n\": 1, \"fail\": true}");
            assertEquals(List.of(), engine.recordings(Recording.Query.ofRun(fine.id())));
            ReplayReport report = replay(only(engine, failed.id()));
            assertEquals(Result.SAME, report.result(), report.toString());
            assertEquals("failed", report.recorded().outcome());
            assertEquals("unlucky", report.recorded().code());
            assertTrue(failed.errorMessage().contains(report.replayed().message()), failed.toString());
            assertThrows(StoreException.class, () -> engine.recording("c0"));
        }
    }

    @Test
    void what_the_agent_says_goes_before_what_the_project_says() throws Exception {
        project.write("nexus.yaml", "project: {name: t, recording: {record: never}}\n");
        project.agent("quiet", "export default () => { throw new Error('x'); }", "");
        project.agent("loud", "export default () => { throw new Error('x'); }", "record: on-failure");
        try (Engine engine = project.open()) {
            RunView quiet = project.runAgent(engine, "quiet", "1");
            RunView loud = project.runAgent(engine, "loud", "1");
            assertEquals(List.of(), engine.recordings(Recording.Query.ofRun(quiet.id())));
            assertEquals(1, engine.recordings(Recording.Query.ofRun(loud.id())).size());
        }
    }

    @Test
    void an_edited_source_does_not_break_the_replay_of_an_old_run() throws Exception {
        project.agent("a", WORLDLY, "record: always, grants: {kv: true}");
        RecordingFile file;
        try (Engine engine = project.open()) {
            file = only(engine, project.runAgent(engine, "a", "{\"n\": 5}").id());
            project.write("agents/a.js", "export default () => 'something else'");
            assertEquals(
                    "\"something else\"",
                    project.runAgent(engine, "a", "{\"n\": 5}").outputJson());
            assertEquals(Result.SAME, replay(file).result());
        }
        project.write("a.yaml", "agent: {this: is, no: agent}\n");
        RecordingFile closed = new ClosedProject(folder).records().file(file.id());
        assertEquals(RecordingFile.Check.INTACT, closed.check(), closed.remark());
        assertEquals(Result.SAME, replay(closed).result());
    }

    @Test
    void a_changed_byte_is_found() throws Exception {
        project.agent("a", WORLDLY, "record: always, grants: {kv: true}");
        try (Engine engine = project.open()) {
            RecordingFile file =
                    only(engine, project.runAgent(engine, "a", "{\"n\": 5}").id());
            Path record = records()
                    .filter(p -> p.toString().endsWith(".rec"))
                    .findFirst()
                    .orElseThrow();
            byte[] bytes = Files.readAllBytes(record);
            for (int at : new int[] {4, bytes.length / 2, bytes.length - 1}) {
                byte[] changed = bytes.clone();
                changed[at] ^= 1;
                Files.write(record, changed);
                RecordingFile found = engine.recording(file.id());
                assertEquals(RecordingFile.Check.ALTERED, found.check(), "byte " + at);
                ReplayFailed failed = assertThrows(ReplayFailed.class, () -> replay(found));
                assertEquals("record-altered", failed.code());
            }
            Files.write(record, bytes);
            Path program = records()
                    .filter(p -> p.toString().contains("programs"))
                    .findFirst()
                    .orElseThrow();
            byte[] source = Files.readAllBytes(program);
            source[source.length - 12] ^= 1;
            Files.write(program, source);
            RecordingFile found = engine.recording(file.id());
            ReplayFailed failed = assertThrows(ReplayFailed.class, () -> replay(found));
            assertTrue(List.of("record-altered", "record-damaged").contains(failed.code()), failed.code());
        }
    }

    private Stream<Path> records() throws Exception {
        try (Stream<Path> all = Files.walk(folder.resolve(".nexus/records"))) {
            return all.filter(Files::isRegularFile).toList().stream();
        }
    }

    @Test
    void the_last_runs_of_an_agent_are_told_from_the_journal() throws Exception {
        project.agent("a", WORLDLY, "grants: {kv: true}, input: {schema: {required: [n]}}");
        try (Engine engine = project.open()) {
            RunView refused = project.runAgent(engine, "a", "{}");
            assertEquals("input-schema", refused.errorCode());
            assertTrue(refused.errorMessage().contains("n"), refused.toString());
            RunView fine = project.runAgent(engine, "a", "{\"n\": 5}");
            project.runAgent(engine, "a", "{\"n\": 6, \"fail\": true}");
            CallsFold fold = new CallsFold("a", 10);
            engine.history(new HistoryQuery(0, 1_000, false, CallsFold.TYPES, null, null))
                    .forEach(fold::apply);
            List<CallView> calls = fold.calls();
            assertEquals(2, calls.size(), "what was refused was not run");
            assertTrue(calls.getFirst().recorded() && !calls.getLast().recorded(), calls.toString());
            assertEquals("unlucky", calls.getFirst().exit().code());
            assertEquals(fine.outputJson(), calls.getLast().outputJson());
            assertEquals(fine.id(), calls.getLast().runId());
            assertTrue(calls.getLast().fuel() > 0 && calls.getLast().memoryBytes() > 0, calls.toString());
            assertEquals(7, calls.getLast().hostCalls(), calls.toString());
            assertEquals(
                    "{\"required\":[\"n\"]}", engine.view().agents().getFirst().inputSchema());
        }
    }

    @Test
    void the_entry_of_the_end_names_the_record() throws Exception {
        project.agent("a", WORLDLY, "record: always, grants: {kv: true}");
        try (Engine engine = project.open()) {
            project.runAgent(engine, "a", "{\"n\": 5}");
            CallEnded ended = (CallEnded)
                    engine.history(HistoryQuery.last(1, "CallEnded")).getFirst().event();
            assertEquals(64, String.valueOf(ended.recordHash()).length());
        }
    }

    @Test
    void rounds_of_a_loop_and_steps_of_a_saga_are_recorded_each() throws Exception {
        project.agent("good", "export default (x) => ({ x, at: Date.now() })", "record: always");
        project.agent("bad", "export default () => { throw new Error('no ' + Math.random()); }", "record: always");
        project.write("s.yaml", """
                saga:
                  name: s
                  steps:
                    - {name: one, action: good, compensation: good}
                    - {name: two, action: bad}
                """);
        try (Engine engine = project.open()) {
            var started = (nexus.aiagents.engine.control.CommandResult.RunStarted)
                    project.submit(engine, new Command.RunSaga("s", "{}"));
            project.finished(engine, started.runId());
            List<Recording> parts = engine.recordings(Recording.Query.ofRun(started.runId()));
            assertEquals(3, parts.size(), parts.toString());
            for (Recording part : parts) {
                assertEquals(Result.SAME, replay(engine.recording(part.id())).result());
            }
            assertEquals(
                    List.of("two"),
                    engine.recordings(new Recording.Query(started.runId(), "bad", null, 10)).stream()
                            .map(Recording::step)
                            .toList());
        }
    }

    @Test
    void a_run_that_was_stopped_in_the_middle_of_computing_replays_to_that_very_tick() throws Exception {
        project.agent(
                "a",
                "export default async (x, nexus) => { nexus.emit('on'); for (let i = 0; ; i++) if (i % 1e6 === 0) Date.now(); }",
                "limits: {timeout: 1s}");
        try (Engine engine = project.open()) {
            RunView run = project.runAgent(engine, "a", "1");
            assertEquals("timeout", run.errorCode());
            ReplayReport report = replay(only(engine, run.id()));
            assertEquals(Result.SAME, report.result(), report.toString());
            assertTrue(report.notes().getFirst().contains("stopped"), report.toString());
        }
    }

    @Test
    void a_run_that_was_stopped_inside_a_call_replays_to_that_call() throws Exception {
        project.agent("slow", "export default async () => { for (;;) ; }", "limits: {timeout: 30s}");
        project.agent(
                "a",
                "export default async (x, nexus) => { console.log('before'); await nexus.agent('slow'); }",
                "limits: {timeout: 500ms}, grants: {agents: [slow]}");
        try (Engine engine = project.open()) {
            RunView run = project.runAgent(engine, "a", "1");
            RecordingFile file = engine.recording(engine.recordings(new Recording.Query(run.id(), "a", null, 1))
                    .getFirst()
                    .id());
            ReplayReport report = replay(file);
            assertEquals(Result.SAME, report.result(), report.toString());
            ReplayedCall last = report.calls().getLast();
            assertEquals("call-agent", last.call());
            assertNull(last.answerJson());
        }
    }

    @Test
    void what_is_secret_is_not_on_the_disk_and_the_run_replays_all_the_same() throws Exception {
        String secret = System.getenv("PATH"); // whatever is set here, under a name that says it is secret
        project.write("nexus.yaml", "project: {name: t}\n");
        project.agent("a", """
                export default async (x, nexus) => {
                  console.log("token sk-12345678 is known");
                  try {
                    await nexus.http("https://user:hunter2hunter2@nowhere.invalid/a?api_key=abcdef123&q=1", {
                      headers: { Authorization: "Bearer sk-very-secret", "X-Api-Key": "k-999-888", Accept: "text/plain" } });
                  } catch (e) { return e.code; }
                }
                """, "record: always");
        assertNotNull(secret);
        try (Engine engine = project.open()) {
            RunView run = project.runAgent(engine, "a", "1");
            RecordingFile file = only(engine, run.id());
            String text = new String(
                    new java.util.zip.GZIPInputStream(new java.io.ByteArrayInputStream(file.record())).readAllBytes(),
                    StandardCharsets.UTF_8);
            for (String hidden : List.of("sk-very-secret", "k-999-888", "abcdef123", "hunter2hunter2")) {
                assertFalse(text.contains(hidden), hidden);
            }
            assertTrue(text.contains("text/plain"), text);
            ReplayReport report = replay(file);
            assertEquals(Result.SAME, report.result(), report.toString());
        }
    }

    @Test
    void a_changed_answer_forks_and_goes_on_with_what_the_record_covers() throws Exception {
        project.agent("a", """
                export default async (x, nexus) => {
                  const first = await nexus.kv.get("mode");
                  const name = await nexus.kv.get("name");
                  if (first === "new") return { name, other: await nexus.kv.get("other") };
                  return { name };
                }
                """, "record: always, grants: {kv: true}");
        try (Engine engine = project.open()) {
            RecordingFile file = only(engine, project.runAgent(engine, "a", "1").id());
            ReplayReport open = replay(file, new ReplayRequest(0, Map.of(1, "{\"ok\": \"new\"}")));
            assertEquals(Result.NOT_RECORDED, open.result(), open.toString());
            assertEquals(1, open.forkedAt());
            assertEquals(3, open.calls().getLast().number());
            ReplayReport whole = replay(file, new ReplayRequest(0, Map.of(1, "{\"ok\": \"new\"}", 3, "{\"ok\": 7}")));
            assertEquals(Result.FORKED, whole.result(), whole.toString());
            assertEquals("{\"name\":null,\"other\":7}", whole.replayed().outputJson());
            ReplayReport error = replay(
                    file, new ReplayRequest(0, Map.of(2, "{\"error\": {\"code\": \"lost\", \"message\": \"gone\"}}")));
            assertEquals("lost", error.replayed().code());
            assertThrows(ReplayFailed.class, () -> replay(file, new ReplayRequest(0, Map.of(2, "{\"no\": 1}"))));
        }
    }

    @Test
    void it_stops_at_the_call_that_was_asked_for() throws Exception {
        project.agent("a", WORLDLY, "record: always, grants: {kv: true}");
        try (Engine engine = project.open()) {
            RecordingFile file =
                    only(engine, project.runAgent(engine, "a", "{\"n\": 5}").id());
            ReplayReport report = replay(file, new ReplayRequest(3, Map.of()));
            assertEquals(Result.STOPPED, report.result());
            assertEquals(3, report.calls().size());
            List<Integer> seen = new ArrayList<>();
            ReplayReport asked = replayer.replay(file, ReplayRequest.ALL, call -> {
                seen.add(call.number());
                return call.number() < 2;
            });
            assertEquals(Result.STOPPED, asked.result());
            assertEquals(List.of(1, 2), seen);
        }
    }

    @Test
    void a_record_that_was_cut_says_so() throws Exception {
        project.write("nexus.yaml", "project: {name: t, recording: {maxRunSize: 4KB}}\n");
        project.agent("a", """
                export default async (x, nexus) => {
                  for (let i = 0; i < 100; i++) console.log("x".repeat(100));
                  throw new Error("in the end");
                }
                """, "");
        try (Engine engine = project.open()) {
            RecordingFile file = only(engine, project.runAgent(engine, "a", "1").id());
            ReplayReport report = replay(file);
            assertEquals(Result.RECORD_ENDS, report.result(), report.toString());
            assertTrue(report.recording().cut());
            assertTrue(
                    report.notes().getFirst().contains("cut after call"),
                    report.notes().toString());
            assertTrue(
                    report.notes().getFirst().contains("in the end"),
                    report.notes().toString());
        }
    }

    @Test
    void a_program_that_does_something_else_is_found_out_at_the_first_call_that_differs() throws Exception {
        project.agent("a", WORLDLY, "record: always, grants: {kv: true}");
        try (Engine engine = project.open()) {
            RecordingFile file =
                    only(engine, project.runAgent(engine, "a", "{\"n\": 5}").id());
            RecordingFile other = nexus.aiagents.engine.replay.Forgery.of(
                    file, run -> run, plain -> plain.replace("kv.list()", "kv.list(\\\"k\\\")"));
            ReplayReport report = replay(other);
            assertEquals(Result.DIVERGED, report.result(), report.toString());
            Divergence found = report.divergence();
            assertEquals(report.calls().size(), found.number());
            assertEquals("arguments", found.what());
            assertEquals("{\"prefix\":\"\"}", found.expected());
            assertEquals("{\"prefix\":\"k\"}", found.actual());
        }
    }
}
