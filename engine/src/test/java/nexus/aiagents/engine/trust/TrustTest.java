package nexus.aiagents.engine.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.ExitReason;
import nexus.aiagents.engine.journal.JournalEntry;
import nexus.aiagents.engine.project.Position;
import nexus.aiagents.engine.project.TrustSpec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TrustTest {
    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
    private static final Position HERE = new Position("nexus.yaml", 0, 0, 0, 5);

    private final AtomicReference<Instant> now = new AtomicReference<>(NOON);
    private final Clock clock = new Clock() {
        @Override
        public java.time.ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(java.time.ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now.get();
        }
    };

    @Test
    void a_new_agent_begins_in_the_fourth_tier_with_a_middle_rating() {
        var view = new LocalTrust(null, clock).check("fresh");
        assertEquals(75, view.score());
        assertEquals(4, view.tier());
        assertEquals("BBB", view.rating());
        assertTrue(view.allowed());
    }

    @Test
    void an_agent_that_keeps_crashing_falls_below_the_asked_tier_and_is_refused() {
        var gate = new LocalTrust(asks(2, null, TrustSpec.OnUntrusted.REJECT), clock);
        int crashes = 0;
        while (gate.check("a").allowed()) {
            assertTrue(crashes++ < 50, "it never lost trust");
            gate.apply(ended("a", ExitReason.error("boom", "")));
        }
        assertEquals(1, gate.check("a").tier());
        assertTrue(gate.check("a").why().contains("T2"), gate.check("a").why());
        assertTrue(gate.check("b").allowed(), "another agent is not concerned");
    }

    @Test
    void an_agent_that_crashes_once_in_five_rounds_stays_trusted_for_ever() {
        var gate = new LocalTrust(asks(3, null, TrustSpec.OnUntrusted.REJECT), clock);
        for (int i = 0; i < 10_000; i++) {
            gate.apply(ended("a", i % 5 == 0 ? ExitReason.error("boom", "") : ExitReason.NORMAL));
            assertTrue(gate.check("a").allowed(), "round " + i);
        }
    }

    @Test
    void bad_days_fade() {
        var gate = new LocalTrust(null, clock);
        for (int i = 0; i < 40; i++) {
            gate.apply(ended("a", ExitReason.of(ExitReason.Kind.TRAP, "")));
        }
        int then = gate.check("a").score();
        now.set(NOON.plus(Duration.ofDays(10)));
        assertTrue(gate.check("a").score() > then + 40);
    }

    @Test
    void a_worker_that_died_costs_none_of_its_agents_trust() {
        var gate = new LocalTrust(null, clock);
        int before = gate.check("a").score();
        gate.apply(ended("a", new ExitReason(ExitReason.Kind.TRAP, ExitReason.WORKER_DIED, "it was killed")));
        assertEquals(before, gate.check("a").score());
    }

    @Test
    void a_crash_that_the_operator_asked_for_costs_no_trust() {
        var gate = new LocalTrust(null, clock);
        gate.apply(ended("a", ExitReason.of(ExitReason.Kind.KILLED, "by the operator")));
        assertEquals(75, gate.check("a").score());
    }

    @Test
    void running_into_a_budget_costs_credit_but_no_score() {
        var gate = new LocalTrust(asks(0, "A", TrustSpec.OnUntrusted.WARN), clock);
        gate.apply(new JournalEntry(1, NOON, new EngineEvent.AgentPaused("a", "budget", ""), ""));
        var view = gate.check("a");
        assertEquals(75, view.score());
        assertEquals("B", view.rating());
        assertTrue(view.allowed(), "the project only warns");
        assertTrue(view.why().contains("rating B"), view.why());
    }

    @Test
    void the_registry_is_asked_once_and_its_thousand_points_become_a_hundred() throws Exception {
        var asked = new AtomicInteger();
        var server = serve(asked, 200, """
                {"auid":"x","status":"active","trustScore":{"tScore":820,"trustTier":"T4"},
                 "creditScore":{"cScore":760,"creditTier":"A"}}""");
        try (var gate = axis(server, "BBB")) {
            assertFalse(gate.known("a").allowed(), "not asked yet");
            assertTrue(gate.check("a").allowed());
            assertEquals(82, gate.check("a").score());
            assertEquals("A", gate.known("a").rating());
            assertEquals(1, asked.get());
        } finally {
            server.stop(0);
        }
    }

    @Test
    void a_registry_that_answers_nonsense_or_not_at_all_keeps_the_gate_closed() throws Exception {
        var server = serve(new AtomicInteger(), 200, "{\"hello\":1}");
        try (var gate = axis(server, null)) {
            assertFalse(gate.check("a").allowed());
            server.stop(0);
            assertFalse(gate.check("a").allowed());
            assertTrue(gate.check("a").why().contains("no usable answer"));
        }
    }

    @Test
    void a_suspended_identity_does_not_run_and_a_stale_answer_is_not_used() throws Exception {
        var asked = new AtomicInteger();
        var server = serve(asked, 200, """
                {"status":"suspended","trustScore":{"tScore":990},"creditScore":{"cScore":990}}""");
        try (var gate = axis(server, null)) {
            assertFalse(gate.check("a").allowed());
            now.set(NOON.plus(AxisTrust.FRESH).plusSeconds(1));
            gate.check("a");
            assertEquals(2, asked.get());
        } finally {
            server.stop(0);
        }
    }

    private AxisTrust axis(HttpServer server, @Nullable String minRating) {
        var spec = new TrustSpec(
                TrustSpec.Provider.AXIS,
                3,
                minRating,
                TrustSpec.OnUntrusted.REJECT,
                0,
                "http://127.0.0.1:" + server.getAddress().getPort(),
                "AXIS_KEY",
                HERE);
        return new AxisTrust(spec, name -> "axis:test:agent:" + name, _ -> "k", clock);
    }

    private static HttpServer serve(AtomicInteger asked, int status, String body) throws IOException {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/api/agents/lookup", exchange -> {
            asked.incrementAndGet();
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            boolean keyed = "Bearer k".equals(exchange.getRequestHeaders().getFirst("Authorization"));
            exchange.sendResponseHeaders(keyed ? status : 401, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
        return server;
    }

    private static TrustSpec asks(int minTier, @Nullable String minRating, TrustSpec.OnUntrusted onUntrusted) {
        return new TrustSpec(TrustSpec.Provider.LOCAL, minTier, minRating, onUntrusted, 0, null, null, HERE);
    }

    private static JournalEntry ended(String agent, ExitReason reason) {
        return new JournalEntry(1, NOON, new EngineEvent.CallEnded("c", agent, reason, null, 0, 0, 0), "");
    }
}
