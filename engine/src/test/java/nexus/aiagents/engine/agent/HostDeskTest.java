package nexus.aiagents.engine.agent;

import static nexus.aiagents.engine.agent.AgentBench.end;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import nexus.aiagents.engine.agent.AgentCalls.Result;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.ExitReason.Kind;
import nexus.aiagents.engine.model.ChatModels.ModelException;
import nexus.aiagents.engine.project.AgentSpec.FileGrant;
import nexus.aiagents.engine.project.AgentSpec.GrantSpec;
import nexus.aiagents.engine.project.AgentSpec.OnDenied;
import nexus.aiagents.engine.project.BudgetSpec.OnLimit;
import nexus.aiagents.sandbox.HostAnswer;
import nexus.aiagents.sandbox.HostCall;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HostDeskTest {
    @TempDir
    Path folder;

    AgentBench bench;

    @BeforeEach
    void open() {
        bench = new AgentBench(folder);
    }

    @AfterEach
    void close() {
        bench.close();
    }

    private int edits;

    /// Makes one call from inside an agent.
    private HostAnswer ask(GrantSpec grants, HostCall call) throws Exception {
        AtomicReference<HostAnswer> answer = new AtomicReference<>();
        bench.agent("a", grants, world -> {
            answer.set(world.ask(call));
            return "1";
        });
        // Another size each time: two edits within a tick of the file system's clock look the same
        // otherwise.
        java.nio.file.Files.writeString(folder.resolve("a.js"), "//" + "x".repeat(++edits));
        bench.call("a", "1");
        return answer.get();
    }

    private HostAnswer.Error refused(GrantSpec grants, HostCall call) throws Exception {
        return assertInstanceOf(HostAnswer.Error.class, ask(grants, call));
    }

    private String ok(GrantSpec grants, HostCall call) throws Exception {
        HostAnswer answer = ask(grants, call);
        return assertInstanceOf(HostAnswer.Ok.class, answer, String.valueOf(answer))
                .json();
    }

    @Test
    void nothing_is_granted_by_default_and_the_error_names_the_line_that_grants_it() throws Exception {
        List<HostCall> calls = List.of(
                new HostCall.Model("default", "{\"prompt\":\"x\"}"),
                new HostCall.KvGet("x"),
                new HostCall.FileRead("x"),
                new HostCall.Http("GET", "https://example.org/", java.util.Map.of(), null),
                new HostCall.CallAgent("b", "1"));
        for (HostCall call : calls) {
            HostAnswer.Error error = refused(GrantSpec.NONE, call);
            assertEquals("not-granted", error.code());
            assertTrue(error.message().contains("`grants: {"), error.message());
        }
        assertEquals(5, bench.events(EngineEvent.HostCallDenied.class).size());
        assertEquals(0, bench.events(EngineEvent.HostCallMade.class).size());
    }

    @Test
    void a_url_that_is_none_is_bad_input_whatever_is_granted() throws Exception {
        for (String url : List.of("", "text", "http://", "https://user:pass@example.org/", "[object Object]")) {
            HostAnswer.Error error = refused(GrantSpec.NONE, new HostCall.Http("GET", url, java.util.Map.of(), null));
            assertEquals("bad-input", error.code(), url);
            assertFalse(error.message().contains("pass@"), error.message());
        }
    }

    @Test
    void a_model_call_is_held_made_settled_and_written_down_in_this_order() throws Exception {
        String answer = ok(AgentBench.models("default"), new HostCall.Model("default", "{\"prompt\":\"x\"}"));
        assertTrue(answer.contains("\"text\":\"fine\""), answer);
        assertTrue(answer.contains("\"microDollars\":2000000"), answer);
        List<String> order = bench.journal.read(0, 100).stream()
                .map(entry -> entry.event().getClass().getSimpleName())
                .filter(name -> name.startsWith("Ho"))
                .toList();
        assertEquals(List.of("HoldPlaced", "HoldSettled", "HostCallMade"), order);
    }

    @Test
    void a_model_without_a_price_is_refused() throws Exception {
        HostAnswer.Error error = refused(AgentBench.models("*"), new HostCall.Model("unpriced", "{\"prompt\":\"x\"}"));
        assertEquals("unpriced-model", error.code());
        assertTrue(bench.models.asked.isEmpty());
    }

    @Test
    void a_request_that_is_none_is_refused_before_anything_is_held() throws Exception {
        for (String request : List.of("{", "[]", "{}", "{\"prompt\":1}", "{\"prompt\":\"x\",\"maxTokens\":0}")) {
            HostAnswer.Error error = refused(AgentBench.models("*"), new HostCall.Model("default", request));
            assertEquals("bad-input", error.code(), request);
        }
        assertEquals(0, bench.events(EngineEvent.HoldPlaced.class).size());
    }

    @Test
    void a_failed_model_call_is_billed_what_was_sent_or_given_back() throws Exception {
        bench.models.failure = new ModelException("model-timeout", "too slow", 1, 0);
        HostCall call = new HostCall.Model("default", "{\"prompt\":\"x\"}");
        assertEquals("model-timeout", refused(AgentBench.models("*"), call).code());
        assertEquals(
                1_000_000,
                bench.events(EngineEvent.HoldSettled.class).getFirst().microDollars());
        bench.budget("agent/a", 100, OnLimit.PAUSE);
        bench.models.failure = new ModelException("model-unreachable", "not there", 0, 0);
        refused(AgentBench.models("*"), call);
        assertEquals(0, bench.ledger.views().getFirst().heldMicroDollars());
        assertFalse(bench.events(EngineEvent.HostCallMade.class).getLast().ok());
    }

    @Test
    void a_call_over_its_budget_waits_and_the_very_call_goes_on_when_the_limit_is_raised() throws Exception {
        bench.budget("agent/a", 5, OnLimit.PAUSE);
        bench.agent("a", AgentBench.models("*"), world -> {
            for (int i = 0; i < 4; i++) {
                world.model("question " + i);
            }
            return "\"done\"";
        });
        AgentCalls.Call call = bench.begin("a", "1");
        bench.awaitEvent(EngineEvent.AgentPaused.class);
        assertEquals(
                "budget", bench.events(EngineEvent.AgentPaused.class).getFirst().cause());
        assertEquals(2, bench.models.asked.size());
        bench.budget("agent/a", 50, OnLimit.PAUSE);
        assertEquals(new Result.Returned("\"done\""), end(call));
        assertEquals(4, bench.models.asked.size());
        assertEquals(1, bench.events(EngineEvent.CallStarted.class).size());
        assertEquals(1, bench.events(EngineEvent.AgentResumed.class).size());
    }

    @Test
    void a_call_that_only_the_hold_of_another_keeps_out_waits_for_it_and_pauses_nobody() throws Exception {
        bench.budget("agent/a", 4, OnLimit.KILL);
        bench.agent("a", AgentBench.models("*"), world -> world.ok(new HostCall.Model("default", world.input())));
        bench.models.gate = new CountDownLatch(1);
        AgentCalls.Call first = bench.begin("a", "{\"prompt\":\"x\",\"maxTokens\":3}"); // holds 4, will cost 2
        AgentBench.await("the first question", () -> bench.models.asked.size() == 1);
        AgentCalls.Call second = bench.begin("a", "{\"prompt\":\"y\",\"maxTokens\":1}");
        bench.awaitEvent(EngineEvent.HoldRefused.class);
        bench.models.gate.countDown();
        assertInstanceOf(Result.Returned.class, end(first));
        assertInstanceOf(Result.Returned.class, end(second));
        assertEquals(0, bench.events(EngineEvent.AgentPaused.class).size());
    }

    @Test
    void a_hold_that_is_settled_while_the_refusal_is_on_its_way_kills_and_pauses_nobody() throws Exception {
        bench.budget("agent/a", 4, OnLimit.KILL);
        bench.agent("a", AgentBench.models("*"), world -> world.ok(new HostCall.Model("default", world.input())));
        bench.models.gate = new CountDownLatch(1);
        AgentCalls.Call first = bench.begin("a", "{\"prompt\":\"x\",\"maxTokens\":3}"); // holds 4, will cost 2
        AgentBench.await("the first question", () -> bench.models.asked.size() == 1);
        bench.afterRefusal = () -> {
            bench.models.gate.countDown();
            AgentBench.await(
                    "the first bill", () -> bench.ledger.views().getFirst().heldMicroDollars() == 0);
        };
        AgentCalls.Call second = bench.begin("a", "{\"prompt\":\"y\",\"maxTokens\":1}");
        assertInstanceOf(Result.Returned.class, end(first));
        assertInstanceOf(Result.Returned.class, end(second));
        assertEquals(1, bench.events(EngineEvent.HoldRefused.class).size());
    }

    @Test
    void one_who_is_resumed_with_the_limit_as_it_was_is_paused_again() throws Exception {
        bench.budget("agent/a", 1, OnLimit.PAUSE);
        bench.agent("a", AgentBench.models("*"), world -> world.model("x"));
        AgentCalls.Call call = bench.begin("a", "1");
        bench.awaitEvent(EngineEvent.AgentPaused.class);
        assertTrue(bench.host.controls().resume("a"));
        AgentBench.await(
                "a second pause",
                () -> bench.events(EngineEvent.AgentPaused.class).size() == 2);
        assertTrue(bench.models.asked.isEmpty());
        call.cancel(nexus.aiagents.engine.journal.ExitReason.SHUTDOWN);
        end(call);
        assertEquals(0, bench.ledger.views().getFirst().heldMicroDollars());
    }

    @Test
    void other_work_of_a_paused_agent_stops_at_its_next_call_to_the_world() throws Exception {
        bench.budget("agent/a", 1, OnLimit.PAUSE);
        bench.agent("a", AgentBench.models("*"), world -> {
            return world.input().equals("1") ? world.model("x") : world.ok(new HostCall.Now());
        });
        AgentCalls.Call paying = bench.begin("a", "1");
        bench.awaitEvent(EngineEvent.AgentPaused.class);
        AgentCalls.Call other = bench.begin("a", "2");
        assertFalse(other.result().toCompletableFuture().isDone());
        bench.budget("agent/a", 10, OnLimit.PAUSE);
        assertInstanceOf(Result.Returned.class, end(other));
        assertInstanceOf(Result.Returned.class, end(paying));
    }

    @Test
    void a_budget_that_kills_ends_the_run_and_the_program_can_not_catch_it() throws Exception {
        bench.budget("agent/a", 1, OnLimit.KILL);
        bench.agent("a", AgentBench.models("*"), world -> world.model("x"));
        var reason = assertInstanceOf(Result.Ended.class, bench.call("a", "1")).reason();
        assertEquals(Kind.BUDGET, reason.kind());
        assertTrue(reason.message().contains("agent/a"), reason.message());
    }

    @Test
    void the_same_call_fifty_times_in_a_row_pauses_the_agent_and_says_what_repeated() throws Exception {
        bench.agent("a", AgentBench.models("*"), world -> {
            for (int i = 0; i < 60; i++) {
                world.model("x");
            }
            return "1";
        });
        AgentCalls.Call call = bench.begin("a", "1");
        bench.awaitEvent(EngineEvent.AgentPaused.class);
        EngineEvent.AgentPaused paused =
                bench.events(EngineEvent.AgentPaused.class).getFirst();
        assertEquals("runaway", paused.cause());
        assertTrue(paused.detail().contains("model default"), paused.detail());
        assertEquals(50, bench.models.asked.size());
        bench.host.controls().resume("a");
        assertInstanceOf(Result.Returned.class, end(call));
        assertEquals(60, bench.models.asked.size());
    }

    @Test
    void calls_that_differ_are_no_runaway() throws Exception {
        bench.agent("a", AgentBench.models("*"), world -> {
            for (int i = 0; i < 120; i++) {
                world.model("x" + i % 2);
            }
            return "1";
        });
        assertInstanceOf(Result.Returned.class, bench.call("a", "1"));
    }

    @Test
    void keys_are_durable_sorted_and_the_agents_own() throws Exception {
        bench.agent("a", AgentBench.keys(), world -> {
            assertEquals("null", world.ok(new HostCall.KvGet("b")));
            world.ok(new HostCall.KvPut("b", "{\"n\":1}"));
            world.ok(new HostCall.KvPut("a", "2"));
            assertEquals("[\"a\",\"b\"]", world.ok(new HostCall.KvList("")));
            assertEquals("true", world.ok(new HostCall.KvDelete("a")));
            assertEquals("false", world.ok(new HostCall.KvDelete("a")));
            return world.ok(new HostCall.KvGet("b"));
        });
        assertEquals(new Result.Returned("{\"n\":1}"), bench.call("a", "1"));
        assertEquals("{\"n\":1}", bench.journal.state("kv/a/b"));
        bench.agent("other", AgentBench.keys(), world -> world.ok(new HostCall.KvGet("b")));
        assertEquals(new Result.Returned("null"), bench.call("other", "1"));
    }

    @Test
    void keys_have_a_quota_that_deleting_gives_back() throws Exception {
        String half = "\"" + "x".repeat(600_000) + "\"";
        bench.agent("a", AgentBench.keys(), world -> {
            world.ok(new HostCall.KvPut("one", half));
            assertEquals(
                    "kv-full", world.refused(new HostCall.KvPut("two", half)).code());
            world.ok(new HostCall.KvPut("one", half)); // replacing it needs no more room
            world.ok(new HostCall.KvDelete("one"));
            return world.ok(new HostCall.KvPut("two", half));
        });
        assertEquals(new Result.Returned("null"), bench.call("a", "1"));
    }

    @Test
    void a_flood_of_log_lines_is_cut_off_with_a_word() throws Exception {
        bench.agent("a", GrantSpec.NONE, world -> {
            for (int i = 0; i < 2_100; i++) {
                world.ok(new HostCall.Log(HostCall.Level.INFO, "line " + i));
            }
            return "1";
        });
        bench.call("a", "1");
        List<EngineEvent.AgentLogged> lines = bench.events(EngineEvent.AgentLogged.class);
        assertEquals(2_001, lines.size());
        assertEquals("warn", lines.getLast().level());
    }

    @Test
    void events_time_and_random_need_no_grant() throws Exception {
        ok(GrantSpec.NONE, new HostCall.Emit("progress", "{\"at\":1}"));
        assertEquals(
                "{\"at\":1}",
                bench.events(EngineEvent.AgentEmitted.class).getFirst().dataJson());
        assertTrue(Long.parseLong(ok(GrantSpec.NONE, new HostCall.Now())) > 0);
        assertEquals(4, ok(GrantSpec.NONE, new HostCall.Random(4)).split(",").length);
        assertEquals(
                "bad-input", refused(GrantSpec.NONE, new HostCall.Random(-1)).code());
        assertEquals(
                "bad-input",
                refused(GrantSpec.NONE, new HostCall.Emit("progress", "{")).code());
    }

    private static final GrantSpec TWO_FOLDERS = new GrantSpec(
            Set.of(),
            List.of(),
            List.of(new FileGrant("notes", true), new FileGrant("books", false)),
            Set.of(),
            false,
            Set.of(),
            1 << 20,
            List.of(),
            OnDenied.ASK);

    @Test
    void each_call_on_disk_counts_for_the_grant_whose_folder_it_works_in() throws Exception {
        Files.createDirectories(folder.resolve("notes"));
        Files.createDirectories(folder.resolve("books"));
        ok(TWO_FOLDERS, new HostCall.Disk.List(1));
        ok(TWO_FOLDERS, new HostCall.Disk.List(2));
        ok(TWO_FOLDERS, new HostCall.Disk.MakeFolder(1, "new"));

        assertEquals(
                List.of(List.of("files notes"), List.of("files books"), List.of("files notes")),
                bench.events(EngineEvent.HostCallMade.class).stream()
                        .map(EngineEvent.HostCallMade::grants)
                        .toList());
    }

    @Test
    void a_change_on_disk_where_only_reading_is_granted_is_asked_for() throws Exception {
        Files.createDirectories(folder.resolve("notes"));
        Files.createDirectories(folder.resolve("books"));
        Files.writeString(folder.resolve("books/a.txt"), "a");
        List<HostAnswer> answers = new CopyOnWriteArrayList<>();
        bench.agent("writer", TWO_FOLDERS, world -> {
            answers.add(world.ask(new HostCall.Disk.MakeFolder(2, "first")));
            answers.add(world.ask(new HostCall.Disk.MakeFolder(2, "second")));
            answers.add(world.ask(new HostCall.Disk.Remove(2, "a.txt", false)));
            answers.add(world.ask(new HostCall.FileWrite("books/b.txt", "b")));
            return "1";
        });
        Future<Result> call = calling("writer");
        decide(1, "once");
        decide(2, "run");
        call.get(60, TimeUnit.SECONDS);

        assertTrue(answers.stream().allMatch(HostAnswer.Ok.class::isInstance), answers::toString);
        assertTrue(
                Files.isDirectory(folder.resolve("books/first")) && Files.isDirectory(folder.resolve("books/second")));
        assertFalse(Files.exists(folder.resolve("books/a.txt")));
        EngineEvent.GrantAsked asked =
                bench.events(EngineEvent.GrantAsked.class).getFirst();
        assertEquals(List.of("files", "books", "rw"), List.of(asked.kind(), asked.grant(), asked.mode()));
        assertEquals("make folder /books/first", asked.what());
    }

    @Test
    void a_change_on_disk_that_a_person_does_not_want_is_refused_and_nothing_happens() throws Exception {
        Files.createDirectories(folder.resolve("notes"));
        Files.createDirectories(folder.resolve("books"));
        List<HostAnswer> answers = new CopyOnWriteArrayList<>();
        bench.agent("writer", TWO_FOLDERS, world -> {
            answers.add(world.ask(new HostCall.Disk.MakeFolder(2, "first")));
            answers.add(world.ask(new HostCall.Disk.List(2)));
            return "1";
        });
        Future<Result> call = calling("writer");
        decide(1, "deny");
        call.get(60, TimeUnit.SECONDS);

        HostAnswer.Error error = assertInstanceOf(HostAnswer.Error.class, answers.getFirst());
        assertEquals("not-granted", error.code());
        assertTrue(error.message().contains("{path: \"books\", mode: rw}"), error.message());
        assertInstanceOf(HostAnswer.Ok.class, answers.getLast(), "reading is granted");
        assertFalse(Files.exists(folder.resolve("books/first")));
    }

    private Future<Result> calling(String agent) {
        FutureTask<Result> call = new FutureTask<>(() -> bench.call(agent, "1"));
        Thread.ofVirtual().start(call);
        return call;
    }

    private void decide(int number, String decision) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (bench.events(EngineEvent.GrantAsked.class).size() < number) {
            assertTrue(System.nanoTime() < deadline, "nobody asks");
            LockSupport.parkNanos(1_000_000);
        }
        String ask = bench.events(EngineEvent.GrantAsked.class).get(number - 1).askId();
        while (!bench.host.controls().decideGrant(ask, decision)) {
            assertTrue(System.nanoTime() < deadline, "nobody waits for it");
            LockSupport.parkNanos(1_000_000);
        }
    }
}
