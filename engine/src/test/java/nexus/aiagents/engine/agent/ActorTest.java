package nexus.aiagents.engine.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import nexus.aiagents.engine.agent.AgentCalls.Result;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.ExitReason;
import nexus.aiagents.engine.journal.ExitReason.Kind;
import nexus.aiagents.engine.journal.InMemoryJournal;
import nexus.aiagents.engine.project.AgentSpec;
import nexus.aiagents.engine.project.AgentSpec.GrantSpec;
import nexus.aiagents.engine.supervise.AgentLauncher;
import nexus.aiagents.engine.view.AgentView.TrustView;
import nexus.aiagents.sandbox.HostCall;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ActorTest {
    @TempDir
    Path folder;

    AgentBench bench;
    final CompletableFuture<ExitReason> exit = new CompletableFuture<>();
    final CountDownLatch never = new CountDownLatch(1);

    @BeforeEach
    void open() {
        bench = new AgentBench(folder);
    }

    @AfterEach
    void close() {
        bench.close();
    }

    private AgentLauncher.LiveAgent launch(String agent) throws Exception {
        return bench.host.launch(agent, ended -> assertTrue(exit.complete(ended.reason()), "told twice"));
    }

    private ExitReason exit() throws Exception {
        return exit.get(60, TimeUnit.SECONDS);
    }

    @Test
    void an_agent_without_a_loop_is_up_until_it_is_told_to_stop() throws Exception {
        bench.agent("a", GrantSpec.NONE, _ -> "1");
        AgentLauncher.LiveAgent live = launch("a");
        assertEquals(1, live.incarnation());
        assertTrue(bench.host.isUp("a"));
        live.shutdown();
        assertEquals(ExitReason.SHUTDOWN, exit());
        assertFalse(bench.host.isUp("a"));
        assertEquals(1, bench.events(EngineEvent.AgentUp.class).size());
        assertEquals(
                ExitReason.SHUTDOWN,
                bench.events(EngineEvent.AgentExited.class).getFirst().reason());
    }

    @Test
    void a_loop_runs_again_and_again_and_its_error_is_the_agents_exit() throws Exception {
        AtomicInteger rounds = new AtomicInteger();
        bench.loop("a", GrantSpec.NONE, _ -> {
            if (rounds.incrementAndGet() == 3) {
                throw JavaProgram.error("mine");
            }
            return "1";
        });
        launch("a");
        assertEquals("mine", exit().code());
        assertEquals(3, bench.events(EngineEvent.CallEnded.class).size());
    }

    @Test
    void a_loop_that_is_told_to_stop_ends_at_its_next_call_to_the_world() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch told = new CountDownLatch(1);
        bench.loop("a", GrantSpec.NONE, world -> {
            running.countDown();
            told.await();
            return world.ok(new HostCall.Now());
        });
        AgentLauncher.LiveAgent live = launch("a");
        running.await();
        live.shutdown();
        told.countDown();
        assertEquals(ExitReason.SHUTDOWN, exit());
    }

    @Test
    void a_paused_loop_can_be_stopped() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        bench.loop("a", GrantSpec.NONE, world -> {
            running.countDown();
            return world.ok(new HostCall.Now());
        });
        bench.host.controls().pause("a");
        AgentLauncher.LiveAgent live = launch("a");
        AgentBench.await(
                "the pause to be said again after the start",
                () -> bench.events(EngineEvent.AgentPaused.class).size() == 2);
        live.shutdown();
        assertEquals(ExitReason.SHUTDOWN, exit());
        assertEquals(1, running.getCount());
    }

    @Test
    void a_crash_ends_the_idle_agent_and_its_calls() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        bench.agent("a", GrantSpec.NONE, _ -> {
            running.countDown();
            never.await();
            return "1";
        });
        launch("a");
        AgentCalls.Call call = bench.begin("a", "1");
        running.await();
        assertTrue(bench.host.controls().crash("a"));
        assertEquals("chaos", exit().code());
        assertEquals(
                "chaos",
                assertInstanceOf(Result.Ended.class, AgentBench.end(call))
                        .reason()
                        .code());
        assertFalse(bench.host.controls().crash("a"));
    }

    @Test
    void a_call_that_traps_takes_the_agent_down_and_an_error_does_not() throws Exception {
        bench.agent("a", GrantSpec.NONE, world -> {
            throw world.input().equals("1") ? JavaProgram.error("mine") : JavaProgram.trap();
        });
        launch("a");
        bench.call("a", "1");
        assertTrue(bench.host.isUp("a"));
        bench.call("a", "2");
        assertEquals(Kind.TRAP, exit().kind());
    }

    @Test
    void a_call_that_its_caller_cancels_leaves_the_agent_up() throws Exception {
        bench.agent("a", GrantSpec.NONE, _ -> {
            never.await();
            return "1";
        });
        launch("a");
        AgentCalls.Call call = bench.begin("a", "1");
        call.cancel(ExitReason.of(Kind.KILLED, "the pool has decided"));
        AgentBench.end(call);
        assertTrue(bench.host.isUp("a"));
    }

    @Test
    void a_calm_stop_leaves_calls_to_their_callers() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        bench.agent("a", GrantSpec.NONE, _ -> {
            running.countDown();
            go.await();
            return "1";
        });
        AgentLauncher.LiveAgent live = launch("a");
        AgentCalls.Call call = bench.begin("a", "1");
        running.await();
        live.shutdown();
        exit();
        go.countDown();
        assertEquals(new Result.Returned("1"), AgentBench.end(call));
    }

    @Test
    void what_can_not_start_says_why_and_never_exits() throws Exception {
        bench.agent("a", GrantSpec.NONE, _ -> "1");
        bench.programs.clear();
        var failed = assertThrows(AgentLauncher.StartFailed.class, () -> launch("a"));
        assertEquals("syntax", failed.reason().code());
        bench.agent("b", GrantSpec.NONE, _ -> "1");
        bench.trust.put("b", new TrustView(false, 1, 1, "D", "unknown"));
        failed = assertThrows(AgentLauncher.StartFailed.class, () -> launch("b"));
        assertEquals(Kind.UNTRUSTED, failed.reason().kind());
        assertFalse(exit.isDone());
        assertEquals(2, bench.events(EngineEvent.AgentStartFailed.class).size());
    }

    @Test
    void a_pause_by_the_operator_outlives_the_process() throws Exception {
        bench.agent("a", GrantSpec.NONE, _ -> "1");
        assertTrue(bench.host.controls().pause("a"));
        assertFalse(bench.host.controls().pause("a"));
        InMemoryJournal later = bench.journal.reopened();
        try (AgentBench next = new AgentBench(folder, later)) {
            next.agent("a", GrantSpec.NONE, _ -> "1");
            next.host.controls().restorePauses();
            AgentCalls.Call call = next.begin("a", "1");
            assertFalse(call.result().toCompletableFuture().isDone());
            assertTrue(next.host.controls().resume("a"));
            assertEquals(new Result.Returned("1"), AgentBench.end(call));
            assertFalse(next.host.controls().resume("a"));
        }
    }

    @Test
    void an_agent_whose_start_can_not_be_written_ends() throws Exception {
        bench.agent("a", GrantSpec.NONE, _ -> "1");
        bench.journal.refuseAfter(0);
        launch("a");
        assertEquals("store-closed", exit().code());
        assertFalse(bench.host.isUp("a"));
    }

    @Test
    void what_led_to_a_start_that_failed_is_written_in_order() {
        bench.agent("a", GrantSpec.NONE, _ -> "1");
        bench.trust.put("a", new TrustView(false, 1, 1, "D", "unknown"));
        assertThrows(AgentLauncher.StartFailed.class, () -> launch("a"));
        List<Class<?>> told =
                bench.journal.events().stream().<Class<?>>map(Object::getClass).toList();
        assertEquals(
                List.of(
                        EngineEvent.AgentStarting.class,
                        EngineEvent.TrustChecked.class,
                        EngineEvent.AgentStartFailed.class),
                told);
    }

    @Test
    void agents_with_one_source_share_one_program() throws Exception {
        bench.agent("a", GrantSpec.NONE, _ -> "1");
        for (String name : List.of("b", "c")) {
            bench.add(new AgentSpec(
                    name,
                    AgentSpec.Runtime.JAVASCRIPT,
                    "a.js",
                    null,
                    null,
                    0,
                    "",
                    GrantSpec.NONE,
                    new AgentSpec.LimitSpec(1_000_000, 1 << 20, Duration.ofSeconds(60)),
                    AgentSpec.LivenessSpec.NONE,
                    AgentSpec.RunawaySpec.DEFAULT,
                    null,
                    null,
                    "hash",
                    AgentBench.HERE));
        }
        for (String name : List.of("a", "b", "c")) {
            bench.host.launch(name, _ -> {});
        }
        assertEquals(1, bench.prepared.size());
    }

    @Test
    void a_kill_ends_an_agent_whose_round_waits_for_the_disk() throws Exception {
        for (Class<? extends EngineEvent> at : List.of(EngineEvent.CallStarted.class, EngineEvent.CallEnded.class)) {
            try (AgentBench slow = new AgentBench(folder, new InMemoryJournal().hangAt(at))) {
                slow.loop("a", GrantSpec.NONE, _ -> "1");
                CompletableFuture<ExitReason> end = new CompletableFuture<>();
                AgentLauncher.LiveAgent live = slow.host.launch("a", ended -> end.complete(ended.reason()));
                slow.journal.hanging().get(60, TimeUnit.SECONDS);
                live.kill(ExitReason.of(Kind.KILLED, "enough"));
                assertEquals(Kind.KILLED, end.get(60, TimeUnit.SECONDS).kind());
                assertFalse(slow.host.isUp("a"));
            }
        }
    }
}
