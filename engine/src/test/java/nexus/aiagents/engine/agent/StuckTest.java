package nexus.aiagents.engine.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import nexus.aiagents.engine.agent.AgentCalls.Result;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.ExitReason;
import nexus.aiagents.engine.journal.ExitReason.Kind;
import nexus.aiagents.engine.journal.InMemoryJournal;
import nexus.aiagents.engine.project.AgentSpec.GrantSpec;
import nexus.aiagents.engine.project.AgentSpec.LivenessSpec;
import nexus.aiagents.engine.project.AgentSpec.RunawaySpec;
import nexus.aiagents.sandbox.HostCall;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Hostile and unlucky agents under a host that watches them.
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StuckTest {
    @TempDir
    Path folder;

    AgentBench bench;
    final CountDownLatch never = new CountDownLatch(1);

    @BeforeEach
    void open() {
        bench = new AgentBench(folder);
    }

    @AfterEach
    void close() {
        never.countDown();
        bench.close();
    }

    private void watched(Duration heartbeat, Duration idleTimeout) {
        bench.liveness = new LivenessSpec(heartbeat, idleTimeout);
    }

    private ExitReason reason(AgentCalls.Call call) throws Exception {
        return assertInstanceOf(Result.Ended.class, AgentBench.end(call)).reason();
    }

    private EngineEvent.AgentStuck told() {
        return bench.events(EngineEvent.AgentStuck.class).getFirst();
    }

    @Test
    void a_loop_that_never_calls_the_host_is_stuck() throws Exception {
        watched(Duration.ofMillis(100), null);
        bench.agent("a", GrantSpec.NONE, _ -> {
            while (!Thread.interrupted()) {
                LockSupport.parkNanos(1_000_000);
            }
            throw new InterruptedException();
        });
        AgentCalls.Call call = bench.begin("a", "1");
        assertEquals(Kind.STUCK, reason(call).kind());
        assertEquals("heartbeat", told().setting());
        assertEquals("", told().lastCall());
        assertEquals("s1", told().step());
        EngineEvent last = bench.journal.read(0, 100).getLast().event();
        assertInstanceOf(EngineEvent.CallEnded.class, last, "it is told before it is ended");
    }

    @Test
    void a_flood_of_identical_heartbeats_is_no_progress() throws Exception {
        watched(Duration.ofSeconds(30), Duration.ofMillis(200));
        bench.agent("a", GrantSpec.NONE, world -> {
            while (!Thread.interrupted()) {
                world.ok(new HostCall.Emit("alive", "{}"));
                world.ok(new HostCall.Now());
            }
            throw new InterruptedException();
        });
        assertEquals(Kind.STUCK, reason(bench.begin("a", "1")).kind());
        assertEquals("idleTimeout", told().setting());
        assertTrue(told().silentMillis() >= 200);
    }

    @Test
    void a_server_that_never_answers_makes_it_stuck_and_the_call_is_named() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            try (exchange) {
                never.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        server.start();
        try {
            String host = "127.0.0.1:" + server.getAddress().getPort();
            watched(Duration.ofMillis(300), null);
            bench.agent(
                    "a",
                    AgentBench.http(host),
                    world -> world.ok(new HostCall.Http("GET", "http://" + host + "/x?key=secret", Map.of(), null)));
            assertEquals(Kind.STUCK, reason(bench.begin("a", "1")).kind());
            assertEquals("http GET http://" + host + "/x", told().lastCall());
        } finally {
            never.countDown();
            server.stop(0);
        }
    }

    @Test
    void an_agent_that_is_stuck_ends_as_stuck_for_its_supervisor_also_in_a_call() throws Exception {
        watched(Duration.ofMillis(100), null);
        bench.agent("a", GrantSpec.NONE, _ -> {
            never.await();
            return "1";
        });
        CompletableFuture<ExitReason> exit = new CompletableFuture<>();
        bench.host.launch("a", ended -> exit.complete(ended.reason()));
        bench.begin("a", "1");
        assertEquals(Kind.STUCK, exit.get(60, TimeUnit.SECONDS).kind());
        assertFalse(bench.host.isUp("a"));
    }

    @Test
    void a_loop_that_is_stuck_ends_its_agent() throws Exception {
        watched(Duration.ofMillis(100), null);
        bench.loop("a", GrantSpec.NONE, _ -> {
            never.await();
            return "1";
        });
        CompletableFuture<ExitReason> exit = new CompletableFuture<>();
        bench.host.launch("a", ended -> exit.complete(ended.reason()));
        assertEquals(Kind.STUCK, exit.get(60, TimeUnit.SECONDS).kind());
    }

    @Test
    void a_model_that_takes_its_time_does_not_make_it_stuck() throws Exception {
        watched(Duration.ofMillis(100), Duration.ofMillis(100));
        bench.models.gate = new CountDownLatch(1);
        bench.agent("a", AgentBench.models("*"), world -> {
            world.model("x");
            never.await();
            return "1";
        });
        AgentCalls.Call call = bench.begin("a", "1");
        AgentBench.await("the call of the model", () -> !bench.models.asked.isEmpty());
        AgentBench.await("a wait", () -> {
            var sign = bench.host.lifeSign("a");
            return sign != null && sign.waitsForModel();
        });
        assertEquals("model default", bench.host.lifeSign("a").lastCall());
        long waiting = System.nanoTime();
        AgentBench.await("longer than it may be silent", () -> System.nanoTime() - waiting > 300_000_000L);
        assertTrue(bench.events(EngineEvent.AgentStuck.class).isEmpty());
        bench.models.gate.countDown();
        assertEquals(Kind.STUCK, reason(call).kind(), "what follows is watched again");
    }

    @Test
    void a_pause_does_not_make_it_stuck() throws Exception {
        watched(Duration.ofMillis(100), Duration.ofMillis(100));
        CountDownLatch paused = new CountDownLatch(1);
        bench.agent("a", GrantSpec.NONE, world -> {
            paused.await();
            return world.ok(new HostCall.Now());
        });
        bench.host.controls().pause("a");
        AgentCalls.Call call = bench.begin("a", "1");
        paused.countDown();
        long waiting = System.nanoTime();
        AgentBench.await("longer than it may be silent", () -> System.nanoTime() - waiting > 300_000_000L);
        bench.host.controls().resume("a");
        assertInstanceOf(Result.Returned.class, AgentBench.end(call));
    }

    @Test
    void a_runaway_that_a_person_allows_is_never_paused_again_for_the_same() throws Exception {
        bench.runaway = new RunawaySpec(5, 0);
        bench.agent("a", AgentBench.keys(), world -> {
            for (int i = 0; i < 30; i++) {
                world.ok(new HostCall.KvGet("x"));
            }
            return "1";
        });
        assertFalse(bench.host.controls().allow("a"), "it is not paused");
        AgentCalls.Call call = bench.begin("a", "1");
        bench.awaitEvent(EngineEvent.AgentPaused.class);
        assertEquals(5, bench.events(EngineEvent.HostCallMade.class).size());
        assertTrue(bench.host.controls().allow("a"));
        assertInstanceOf(Result.Returned.class, AgentBench.end(call));
        assertEquals(1, bench.events(EngineEvent.AgentPaused.class).size());

        InMemoryJournal later = bench.journal.reopened();
        try (AgentBench next = new AgentBench(folder, later)) {
            next.runaway = new RunawaySpec(5, 0);
            next.agent("a", AgentBench.keys(), bench.programs.get("a.js"));
            assertInstanceOf(Result.Returned.class, next.call("a", "1"));
        }
    }

    @Test
    void spending_too_fast_pauses_the_agent_and_says_how_fast() throws Exception {
        bench.runaway = new RunawaySpec(0, 5_000_000);
        bench.agent("a", AgentBench.models("*"), world -> {
            for (int i = 0; i < 7; i++) {
                world.model("question " + i); // two dollars each
            }
            return "1";
        });
        AgentCalls.Call call = bench.begin("a", "1");
        bench.awaitEvent(EngineEvent.AgentPaused.class);
        var paused = bench.events(EngineEvent.AgentPaused.class).getFirst();
        assertEquals("runaway", paused.cause());
        assertTrue(paused.detail().startsWith("it spent $6 within a minute, more than the $5"), paused.detail());
        assertEquals(3, bench.models.asked.size());
        bench.host.controls().resume("a");
        AgentBench.await(
                "a second pause, counted anew",
                () -> bench.events(EngineEvent.AgentPaused.class).size() == 2);
        assertEquals(6, bench.models.asked.size());
        bench.host.controls().allow("a");
        assertInstanceOf(Result.Returned.class, AgentBench.end(call));
    }
}
