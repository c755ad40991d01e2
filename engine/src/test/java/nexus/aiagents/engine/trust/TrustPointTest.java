package nexus.aiagents.engine.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.EngineEvent.AgentPaused;
import nexus.aiagents.engine.journal.EngineEvent.HoldSettled;
import nexus.aiagents.engine.journal.EngineEvent.HostCallDenied;
import nexus.aiagents.engine.journal.JournalEntry;
import nexus.aiagents.engine.trust.TrustPoint.Kind;
import org.junit.jupiter.api.Test;

/// Every point of a score can be traced to its entry.
class TrustPointTest {
    private static final Instant NOW = Instant.parse("2026-11-27T12:00:00Z");

    private static List<TrustPoint> of(EngineEvent event) {
        return TrustPoint.of(new JournalEntry(7, NOW, event, "")).stream().toList();
    }

    @Test
    void what_counts_is_what_the_page_says_and_an_instance_counts_for_its_agent() {
        TrustPoint denied =
                of(new HostCallDenied("bot#3", null, "http", "", "")).getFirst();
        assertEquals("bot", denied.agent());
        assertEquals(7, denied.seq());
        assertEquals(List.of(Kind.BAD, 2.0), List.of(denied.kind(), denied.points()));
        TrustPoint paid = of(new HoldSettled("h", "bot", null, "m", List.of(), 1, 1, 1, false, false))
                .getFirst();
        assertEquals(List.of(Kind.PAID, 0.1), List.of(paid.kind(), paid.points()));
        assertEquals(10, of(new AgentPaused("bot", "runaway", "")).getFirst().points());
        assertEquals(List.of(), of(new AgentPaused("bot", "operator", "")));
        assertEquals(List.of(), of(new EngineEvent.TeamStarted()));
    }

    @Test
    void half_of_it_is_left_after_a_day() {
        TrustPoint point = of(new HostCallDenied("bot", null, "http", "", "")).getFirst();
        assertEquals(2, point.faded(NOW));
        assertEquals(1, point.faded(NOW.plus(Duration.ofDays(1))), 1e-9);
        assertTrue(point.faded(NOW.minusSeconds(1)) == 2, "a clock that went back");
    }

    @Test
    void the_types_are_all_that_can_count() {
        assertTrue(TrustPoint.TYPES.contains("HostCallDenied"));
        for (String type : TrustPoint.TYPES) {
            assertTrue(
                    List.of(EngineEvent.class.getPermittedSubclasses()).stream()
                            .anyMatch(c -> c.getSimpleName().equals(type)),
                    type);
        }
    }
}
