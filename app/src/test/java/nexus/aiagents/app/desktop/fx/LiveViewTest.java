package nexus.aiagents.app.desktop.fx;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.List;
import nexus.aiagents.app.desktop.LivelyViews;
import nexus.aiagents.engine.view.AgentView.State;
import nexus.aiagents.engine.view.ProjectView;
import org.junit.jupiter.api.Test;

class LiveViewTest {
    private static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");

    /// A project at a time, its team up or not, with one agent in a state.
    private static ProjectView view(long seq, Instant at, boolean up, State state) {
        LivelyViews views = new LivelyViews(NOW);
        return new ProjectView(
                seq,
                at,
                "p",
                "/p",
                up,
                List.of(views.agent("a", null, state, "", 0, 0)),
                List.of(),
                List.of(views.rolledBack()),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                new ProjectView.LifecycleView(false, "ask", 10_000));
    }

    @Test
    void what_happened_is_shown_at_once() {
        ProjectView last = view(7, NOW, false, State.STOPPED);
        assertTrue(LiveView.differs(null, last));
        assertTrue(LiveView.differs(last, view(8, NOW, false, State.STOPPED)));
        assertTrue(LiveView.differs(last, view(7, NOW.plusMillis(50), false, State.IDLE)), "by the clock");
    }

    @Test
    void that_it_is_later_is_shown_once_a_second_and_hardly_ever_while_nothing_is_up() {
        ProjectView up = view(7, NOW, true, State.IDLE);
        assertFalse(LiveView.differs(up, view(7, NOW.plusMillis(999), true, State.IDLE)));
        assertTrue(LiveView.differs(up, view(7, NOW.plusMillis(1_000), true, State.IDLE)));
        ProjectView down = view(7, NOW, false, State.STOPPED);
        assertFalse(LiveView.differs(down, view(7, NOW.plusSeconds(14), false, State.STOPPED)));
        assertTrue(LiveView.differs(down, view(7, NOW.plusSeconds(15), false, State.STOPPED)));
    }
}
