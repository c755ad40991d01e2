package nexus.aiagents.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import nexus.aiagents.engine.Engine;
import nexus.aiagents.engine.secret.HostSecrets;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// What `naos replay` does with runs of a real project.
@Timeout(120)
class ReplayCommandTest {
    @TempDir
    Path folder;

    private String failed = "";

    @BeforeEach
    void aRunThatFailed() throws IOException {
        Files.writeString(folder.resolve("buyer.js"), """
                export default async (input, nexus) => {
                  const price = (await nexus.kv.get("price")) ?? 12;
                  nexus.log("the price is", price);
                  if (price > 10) throw Object.assign(new Error("too dear: " + price), { code: "too-dear" });
                  return { bought: input.what, for: price, extra: await nexus.kv.get("extra") };
                }
                """);
        Files.writeString(
                folder.resolve("nexus.yaml"),
                "project: {name: shop}\n---\nagent: {name: buyer, source: buyer.js, grants: {kv: true}}\n");
        failed = naos("run", "buyer", "--input", "{\"what\": \"tea\"}", "--json")
                .last()
                .path("runId")
                .asString();
    }

    private Shell.Result naos(String... args) {
        return naos("", false, args);
    }

    private Shell.Result naos(String typed, boolean attended, String... args) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var terminal = new Terminal(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                List.of(args).contains("--json"),
                false,
                true);
        var context = new Context(
                terminal,
                new EngineProjects(),
                folder,
                new ByteArrayInputStream(typed.getBytes(StandardCharsets.UTF_8)),
                _ -> {},
                false,
                attended,
                HostSecrets.ofEnvironment(_ -> null));
        int exit = Naos.run(context, args);
        return new Shell.Result(exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void a_failed_run_is_listed_shown_and_replayed() {
        assertTrue(naos("replay").out().contains(failed), naos("replay").out());
        String shown = naos("runs", "show", failed).out();
        assertTrue(shown.contains("naos replay " + failed), shown);
        Shell.Result replayed = naos("replay", failed);
        assertEquals(0, replayed.exit(), replayed.err());
        assertTrue(replayed.out().contains("the same: 2 calls"), replayed.out());
        assertTrue(replayed.out().contains("too dear: 12"), replayed.out());
        List<JsonNode> lines = naos("replay", failed, "--json").json();
        assertEquals(
                List.of("replayed-call", "replayed-call", "replay"),
                lines.stream().map(line -> line.path("type").asString()).toList());
        assertEquals("same", lines.getLast().path("result").asString());
        assertEquals(
                lines.getLast().path("recorded").path("fuel"),
                lines.getLast().path("replayed").path("fuel"));
    }

    @Test
    void an_agents_name_stands_for_its_newest_record_which_may_be_a_round_of_its_loop() throws IOException {
        Shell.Result one = naos("replay", "buyer");
        assertEquals(0, one.exit(), one.err());
        assertTrue(one.out().contains("the same: 2 calls") && !one.out().contains("the newest of"), one.out());
        Files.writeString(
                folder.resolve("crew.yaml"),
                "agent: {name: looper, source: loop.js, loop: {every: 1s}}\n---\n"
                        + "supervisor: {name: crew, children: [{name: looper, restart: temporary}]}\n");
        Files.writeString(
                folder.resolve("loop.js"), "export default () => { throw new Error('round ' + Date.now()); };\n");
        try (Engine engine = Engine.open(folder, Engine.Options.RUN)) {
            engine.submit(new nexus.aiagents.engine.control.Command.Up(), "test")
                    .toCompletableFuture()
                    .join();
            while (engine.recordings(new nexus.aiagents.engine.replay.Recording.Query(null, "looper", null, 9))
                    .isEmpty()) {
                LockSupport.parkNanos(1_000_000);
            }
        } catch (Engine.ProjectHasErrors e) {
            throw new IllegalStateException(e.diagnostics().toString(), e);
        }
        naos("run", "buyer", "--input", "{}");
        String listed = naos("replay", "--agent", "looper").out();
        assertTrue(listed.contains("(its loop)") && !listed.contains("buyer"), listed);
        Shell.Result round = naos("replay", "looper", "--step");
        assertEquals(0, round.exit(), round.err());
        assertTrue(round.out().contains("call 1  now") && round.out().contains("the same"), round.out());
        String newest = naos("replay", "buyer").out();
        assertTrue(newest.contains("the newest of 2 records; naos replay --agent buyer lists them"), newest);
        Shell.Result unknown = naos("replay", "nobody");
        assertEquals(2, unknown.exit());
    }

    @Test
    void the_runs_of_an_agent_are_listed_with_what_each_used() {
        JsonNode run = naos("agent", "runs", "buyer", "--json").last();
        assertEquals("agent-run", run.path("type").asString());
        assertEquals(failed, run.path("runId").asString());
        assertEquals("too-dear", run.path("exit").path("code").asString());
        assertEquals("tea", run.path("input").path("what").asString());
        assertTrue(run.path("recorded").asBoolean() && run.path("fuel").asLong() > 0, run.toString());
        assertEquals(2, run.path("hostCalls").asInt());
        String shown = naos("agent", "runs", "buyer").out();
        assertTrue(shown.contains(run.path("id").asString()) && shown.contains("too-dear"), shown);
        assertEquals(2, naos("agent", "runs", "nobody").exit());
    }

    @Test
    void it_replays_while_another_process_has_the_project_open_and_after_the_source_was_edited() throws Exception {
        Files.writeString(folder.resolve("buyer.js"), "export default () => 1;\n");
        try (Engine _ = Engine.open(folder, Engine.Options.RUN)) {
            assertEquals(0, naos("replay", failed).exit());
        }
        Files.writeString(folder.resolve("nexus.yaml"), "project: {nam: shop}\n");
        Shell.Result result = naos("replay", failed);
        assertEquals(0, result.exit(), "also where the YAML has errors: " + result.err());
    }

    @Test
    void every_call_can_be_looked_at_and_on_a_terminal_one_at_a_time() {
        String all = naos("replay", failed, "--step").out();
        assertTrue(all.contains("call 1  kv-get") && all.contains("call 2  log"), all);
        assertTrue(all.contains("{\"key\":\"price\"}") && all.contains("{\"ok\":null}"), all);
        String asked = naos("n\nwhat\nc\n", true, "replay", failed, "--step").out();
        assertTrue(asked.contains("'what' is none of them") && asked.contains("the same"), asked);
        Shell.Result quit = naos("q\n", true, "replay", failed, "--step");
        assertEquals(0, quit.exit());
        assertTrue(quit.out().contains("stopped at call 1") && !quit.out().contains("call 2"), quit.out());
        Shell.Result until = naos("replay", failed, "--until", "1");
        assertEquals(0, until.exit());
        assertTrue(until.out().contains("call 1  kv-get") && !until.out().contains("call 2"), until.out());
    }

    @Test
    void other_answers_show_what_would_have_been() throws IOException {
        Files.writeString(folder.resolve("cheap.json"), "{\"1\": {\"ok\": 3}}");
        Shell.Result open = naos("replay", failed, "--with", "cheap.json");
        assertEquals(5, open.exit(), open.out());
        assertTrue(open.out().contains("no answer to call 3") && open.out().contains("\"3\""), open.out());
        Files.writeString(folder.resolve("cheap.json"), "{\"1\": {\"ok\": 3}, \"3\": {\"ok\": \"sugar\"}}");
        Shell.Result whole = naos("replay", failed, "--with", "cheap.json", "--json");
        assertEquals(0, whole.exit(), whole.out());
        assertEquals("forked", whole.last().path("result").asString());
        assertEquals(
                "sugar",
                whole.last().path("replayed").path("output").path("extra").asString());
        Files.writeString(folder.resolve("dear.json"), "{\"1\": {\"ok\": 30}}");
        assertEquals(1, naos("replay", failed, "--with", "dear.json").exit(), "the fork fails too");
    }

    @Test
    void the_source_as_it_is_now_is_told_what_was_told_then() throws IOException {
        Path source = folder.resolve("buyer.js");
        Files.writeString(source, Files.readString(source).replace("price > 10", "price > 20"));
        Shell.Result open = naos("replay", failed, "--edited");
        assertEquals(5, open.exit(), open.out() + open.err());
        assertTrue(open.out().contains("no answer to call 3"), open.out());
        Files.writeString(source, Files.readString(source).replace(", extra: await nexus.kv.get(\"extra\")", ""));
        Shell.Result mended = naos("replay", failed, "--edited", "--json");
        assertEquals(0, mended.exit(), mended.out());
        assertTrue(mended.last().path("edited").asBoolean());
        assertEquals(3, mended.last().path("forkedAt").asInt());
        assertEquals(
                12, mended.last().path("replayed").path("output").path("for").asInt());
        assertEquals(0, naos("replay", failed).exit(), "without it, the source of then");
        Files.writeString(source, "export default (");
        assertEquals(1, naos("replay", failed, "--edited").exit());
        Files.delete(source);
        assertEquals(2, naos("replay", failed, "--edited").exit());
    }

    @Test
    void what_is_asked_wrongly_is_said() throws IOException {
        assertEquals(2, naos("replay", "r-none").exit());
        assertEquals(2, naos("replay", failed, "--agent", "seller").exit());
        assertEquals(2, naos("replay", "--step").exit());
        assertEquals(2, naos("replay", failed, "--with", "missing.json").exit());
        for (String bad :
                List.of("[", "[]", "{}", "{\"first\": {\"ok\": 1}}", "{\"1\": 3}", "{\"1\": {\"error\": 3}}")) {
            Files.writeString(folder.resolve("bad.json"), bad);
            assertEquals(2, naos("replay", failed, "--with", "bad.json").exit(), bad);
        }
    }

    @Test
    void a_record_that_was_altered_is_not_replayed() throws IOException {
        try (var records = Files.newDirectoryStream(folder.resolve(".nexus/records"), "*.rec")) {
            Path record = records.iterator().next();
            byte[] bytes = Files.readAllBytes(record);
            bytes[9] ^= 4; // in the header of gzip, which unpacks all the same
            Files.write(record, bytes);
        }
        Shell.Result result = naos("replay", failed, "--json");
        assertEquals(1, result.exit());
        assertEquals("record-altered", result.last().path("code").asString());
        assertFalse(result.out().contains("\"replay\""));
    }
}
