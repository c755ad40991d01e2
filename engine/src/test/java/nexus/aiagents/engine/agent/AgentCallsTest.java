package nexus.aiagents.engine.agent;

import static nexus.aiagents.engine.agent.AgentBench.end;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import nexus.aiagents.engine.agent.AgentCalls.Result;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.ExitReason;
import nexus.aiagents.engine.journal.ExitReason.Kind;
import nexus.aiagents.engine.project.AgentSpec;
import nexus.aiagents.engine.project.AgentSpec.GrantSpec;
import nexus.aiagents.engine.project.AgentSpec.LimitSpec;
import nexus.aiagents.engine.view.AgentView.TrustView;
import nexus.aiagents.sandbox.HostAnswer;
import nexus.aiagents.sandbox.HostCall;
import nexus.aiagents.sandbox.Outcome;
import nexus.aiagents.sandbox.Program;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AgentCallsTest {
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

    private static ExitReason reason(Result result) {
        return assertInstanceOf(Result.Ended.class, result).reason();
    }

    @Test
    void a_call_is_written_down_before_it_runs_and_when_it_ended() throws Exception {
        bench.agent("a", GrantSpec.NONE, world -> {
            assertEquals(1, bench.events(EngineEvent.CallStarted.class).size());
            return "{\"in\":" + world.input() + "}";
        });
        assertEquals(new Result.Returned("{\"in\":1}"), bench.call("a", "1"));
        EngineEvent.CallEnded ended = bench.events(EngineEvent.CallEnded.class).getFirst();
        assertEquals(Kind.NORMAL, ended.reason().kind());
        assertEquals(7, ended.fuel());
    }

    @Test
    void a_program_learns_whose_call_it_is() throws Exception {
        bench.agent("a", GrantSpec.NONE, world -> world.invocation().contextJson());
        String context =
                assertInstanceOf(Result.Returned.class, bench.call("a", "1")).outputJson();
        assertEquals(
                "{\"agent\":\"a\",\"attempt\":1,\"idempotencyKey\":\"key\",\"runId\":\"r1\",\"step\":\"s1\"}", context);
    }

    @Test
    void only_granted_variables_are_handed_over() throws Exception {
        GrantSpec lang = new GrantSpec(Set.of(), List.of(), List.of(), Set.of(), false, Set.of("LANG", "NONE"));
        bench.agent("a", lang, world -> "\"" + world.invocation().env() + "\"");
        assertEquals(new Result.Returned("\"{LANG=C}\""), bench.call("a", "1"));
    }

    @Test
    void every_way_to_end_has_its_exit_reason() throws Exception {
        Outcome.Usage used = Outcome.Usage.NONE;
        record Case(Outcome outcome, Kind kind) {}
        List<Case> cases = List.of(
                new Case(new Outcome.Failed("mine", "why", "a.js:1", used), Kind.ERROR),
                new Case(new Outcome.Trapped("unreachable", used), Kind.TRAP),
                new Case(new Outcome.OutOfFuel(used), Kind.OUT_OF_FUEL),
                new Case(new Outcome.OutOfMemory(used), Kind.OUT_OF_MEMORY),
                new Case(new Outcome.TimedOut(used), Kind.TIMEOUT));
        for (Case one : cases) {
            bench.agent("a", GrantSpec.NONE, _ -> {
                throw new JavaProgram.Ended(one.outcome());
            });
            bench.agent("b", GrantSpec.NONE, _ -> "1"); // another stamp: the program is looked at again
            Files.writeString(folder.resolve("a.js"), one.toString());
            assertEquals(one.kind(), reason(bench.call("a", "1")).kind());
        }
    }

    @Test
    void who_asks_for_an_unknown_agent_or_sends_no_json_is_told_so() throws Exception {
        bench.agent("a", GrantSpec.NONE, _ -> "1");
        assertEquals("unknown-agent", reason(bench.call("b", "1")).code());
        assertEquals("bad-input", reason(bench.call("a", "{")).code());
    }

    @Test
    void a_program_that_is_none_ends_the_call_with_its_place() throws Exception {
        bench.agent("a", GrantSpec.NONE, _ -> "1");
        bench.programs.clear();
        ExitReason reason = reason(bench.call("a", "1"));
        assertEquals("syntax", reason.code());
        assertTrue(reason.message().contains("a.js:3"), reason.message());
    }

    @Test
    void a_changed_source_is_read_by_the_next_call() throws Exception {
        bench.agent("a", GrantSpec.NONE, _ -> "1");
        assertEquals(new Result.Returned("1"), bench.call("a", "1"));
        bench.programs.put("a.js", _ -> "2");
        assertEquals(new Result.Returned("1"), bench.call("a", "1"));
        Files.writeString(folder.resolve("a.js"), "// changed");
        assertEquals(new Result.Returned("2"), bench.call("a", "1"));
    }

    @Test
    void a_script_gets_the_files_of_its_folder_that_it_leads_to_and_no_others() throws Exception {
        Files.createDirectories(folder.resolve("agents/lib"));
        bench.agent("agents/a", GrantSpec.NONE, _ -> "1");
        Files.writeString(folder.resolve("agents/a.js"), """
                import {x} from './lib/x.js';
                import y from "../outside.js"; import z from "./missing.js";
                """);
        Files.writeString(folder.resolve("agents/lib/x.js"), "export {q} from \"../q.json\"");
        Files.writeString(folder.resolve("agents/q.json"), "{}");
        Files.writeString(folder.resolve("agents/other.js"), "syntax error");
        Files.writeString(folder.resolve("outside.js"), "");
        bench.call("agents/a", "1");
        Program.Script script = (Program.Script) bench.prepared.getFirst();
        assertEquals("a.js", script.entry());
        assertEquals(Set.of("a.js", "lib/x.js", "q.json"), script.files().keySet());
        Files.writeString(folder.resolve("agents/missing.js"), "");
        bench.call("agents/a", "1");
        script = (Program.Script) bench.prepared.getLast();
        assertTrue(script.files().containsKey("missing.js"));
    }

    @Test
    void an_output_that_breaks_the_agents_schema_is_an_error() throws Exception {
        bench.agent("checked", GrantSpec.NONE, world -> world.input());
        assertEquals(new Result.Returned("\"right\""), bench.call("checked", "\"right\""));
        assertEquals("output-schema", reason(bench.call("checked", "\"wrong\"")).code());
    }

    @Test
    void an_untrusted_agent_is_not_called_and_the_verdict_is_written_once() throws Exception {
        bench.agent("a", GrantSpec.NONE, _ -> "1");
        bench.trust.put("a", new TrustView(false, 10, 1, "D", "its tier is too low"));
        assertEquals(Kind.UNTRUSTED, reason(bench.call("a", "1")).kind());
        assertEquals(Kind.UNTRUSTED, reason(bench.call("a", "1")).kind());
        assertEquals(1, bench.events(EngineEvent.TrustChecked.class).size());
        assertEquals(0, bench.events(EngineEvent.CallStarted.class).size());
    }

    @Test
    void a_call_that_loses_trust_ends_at_its_next_call_to_the_world() throws Exception {
        bench.agent("a", GrantSpec.NONE, world -> {
            bench.trust.put("a", new TrustView(false, 10, 1, "D", "it fell"));
            return world.ok(new HostCall.Now());
        });
        assertEquals(new ExitReason(Kind.UNTRUSTED, "untrusted", "it fell"), reason(bench.call("a", "1")));
    }

    @Test
    void a_call_can_be_cancelled_also_while_it_waits_in_the_middle_of_a_host_call() throws Exception {
        CountDownLatch began = new CountDownLatch(1);
        bench.agent("a", GrantSpec.NONE, _ -> {
            began.countDown();
            new CountDownLatch(1).await();
            return "1";
        });
        AgentCalls.Call call = bench.begin("a", "1");
        began.await();
        ExitReason why = ExitReason.of(Kind.KILLED, "not needed any more");
        call.cancel(why);
        assertEquals(why, reason(end(call)));
    }

    @Test
    void a_call_that_takes_too_long_is_ended() throws Exception {
        bench.agent("a", GrantSpec.NONE, null, Duration.ofMillis(50), _ -> {
            new CountDownLatch(1).await();
            return "1";
        });
        assertEquals(Kind.TIMEOUT, reason(bench.call("a", "1")).kind());
    }

    @Test
    void the_callers_own_time_limit_counts_too() throws Exception {
        bench.agent("a", GrantSpec.NONE, _ -> {
            new CountDownLatch(1).await();
            return "1";
        });
        assertEquals(
                Kind.TIMEOUT,
                reason(end(bench.begin("a", "1", Duration.ofMillis(50)))).kind());
    }

    @Test
    void time_spent_waiting_for_a_person_does_not_count_also_for_the_caller() {
        AtomicLong now = new AtomicLong();
        Stopwatch caller = new Stopwatch(null, now::get);
        now.set(10);
        Stopwatch called = new Stopwatch(caller, now::get);
        now.set(15);
        called.suspend();
        caller.suspend();
        now.set(100);
        assertEquals(Duration.ofNanos(5), called.elapsed());
        called.resume();
        now.set(200);
        assertEquals(Duration.ofNanos(105), called.elapsed());
        assertEquals(Duration.ofNanos(15), caller.elapsed());
        caller.resume();
        now.set(201);
        assertEquals(Duration.ofNanos(16), caller.elapsed());
    }

    @Test
    void no_more_than_eight_calls_of_an_agent_run_at_once() throws Exception {
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Semaphore go = new Semaphore(0);
        bench.agent("a", GrantSpec.NONE, _ -> {
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            go.acquire();
            running.decrementAndGet();
            return "1";
        });
        List<AgentCalls.Call> calls = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            calls.add(bench.begin("a", "1"));
        }
        AgentBench.await("eight calls", () -> running.get() == 8);
        go.release(12);
        for (AgentCalls.Call call : calls) {
            assertInstanceOf(Result.Returned.class, end(call));
        }
        assertEquals(8, most.get());
    }

    @Test
    void agents_call_each_other_but_not_in_circles_without_end() throws Exception {
        bench.agent("a", AgentBench.agents("a"), world -> {
            HostAnswer answer = world.ask(new HostCall.CallAgent("a", "1"));
            return switch (answer) {
                case HostAnswer.Ok(String json) -> json;
                case HostAnswer.Error e -> "\"" + e.code() + "\"";
            };
        });
        assertEquals(new Result.Returned("\"call-depth\""), bench.call("a", "1"));
        assertEquals(
                HostDesk.MAX_DEPTH + 1,
                bench.events(EngineEvent.CallStarted.class).size());
    }

    @Test
    void the_error_of_a_called_agent_comes_back_with_its_code() throws Exception {
        bench.agent("b", GrantSpec.NONE, _ -> {
            throw JavaProgram.error("mine");
        });
        bench.agent("a", AgentBench.agents("b"), world -> {
            return "\"" + world.refused(new HostCall.CallAgent("b", "1")).code() + "\"";
        });
        assertEquals(new Result.Returned("\"mine\""), bench.call("a", "1"));
    }

    @Test
    void a_prompt_agent_answers_with_the_models_json_or_its_words() throws Exception {
        bench.add(new AgentSpec(
                "p",
                AgentSpec.Runtime.MODEL,
                null,
                "default",
                "You count.",
                50,
                "",
                GrantSpec.NONE,
                new LimitSpec(1, 65_536, Duration.ofSeconds(30)),
                AgentSpec.LivenessSpec.NONE,
                AgentSpec.RunawaySpec.DEFAULT,
                null,
                null,
                "h",
                AgentBench.HERE));
        assertEquals(new Result.Returned("{\"text\":\"fine\"}"), bench.call("p", "{\"a\":1}"));
        bench.models.text = "```json\n{\"n\": 3}\n```";
        assertEquals(new Result.Returned("{\"n\":3}"), bench.call("p", "1"));
        var asked = bench.models.asked.getFirst();
        assertEquals("You count.", asked.messages().getFirst().content());
        assertEquals("{\"a\":1}", asked.messages().getLast().content());
        assertEquals(50, asked.maxTokens());
    }

    @Test
    void nothing_reaches_the_world_before_the_journal_has_that_the_call_began() throws Exception {
        bench.agent("a", AgentBench.files(true, "out.txt"), world -> {
            world.ok(new HostCall.FileWrite("out.txt", "done"));
            return "1";
        });
        bench.journal.refuseAfter(1); // what trust says
        Result.Ended ended = assertInstanceOf(Result.Ended.class, bench.call("a", "1"));
        assertEquals("store-closed", ended.reason().code());
        assertTrue(Files.notExists(folder.resolve("out.txt")));
    }

    @Test
    void a_loop_whose_rounds_can_not_be_written_does_not_go_on() throws Exception {
        AtomicInteger rounds = new AtomicInteger();
        bench.loop("a", GrantSpec.NONE, _ -> {
            if (rounds.incrementAndGet() == 2) {
                bench.journal.refuseAfter(0);
            }
            return "1";
        });
        var exit = new java.util.concurrent.CompletableFuture<ExitReason>();
        bench.host.launch("a", ended -> exit.complete(ended.reason()));
        assertEquals("store-closed", exit.get(60, TimeUnit.SECONDS).code());
        assertEquals(2, rounds.get());
    }
}
