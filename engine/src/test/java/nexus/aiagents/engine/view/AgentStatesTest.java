package nexus.aiagents.engine.view;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import nexus.aiagents.engine.MermaidTable;
import nexus.aiagents.engine.MermaidTable.Row;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.ExitReason;
import nexus.aiagents.engine.journal.JournalEntry;
import nexus.aiagents.engine.view.AgentView.State;
import nexus.aiagents.engine.view.AgentView.TrustView;
import org.junit.jupiter.api.Test;

/// Every way one supervised agent can live, played through the fold: what the page draws is what comes
/// of it.
class AgentStatesTest {
    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
    private static final ExitReason BOOM = ExitReason.error("boom", "it broke");
    private static final ExitReason STUCK = ExitReason.of(ExitReason.Kind.STUCK, "silent");

    /// What can be true of an agent outside of the view.
    private record World(boolean starting, boolean up, boolean run, boolean stuck, boolean paused, boolean failed) {
        static final World DOWN = new World(false, false, false, false, false, false);

        World down(boolean badly) {
            return new World(false, false, false, false, false, badly);
        }

        World idle() {
            return new World(false, true, false, false, false, false);
        }
    }

    private record Way(String why, World to, List<EngineEvent> events) {}

    private record Life(World world, List<EngineEvent> events) {}

    private static EngineEvent.CallEnded over(ExitReason reason) {
        return new EngineEvent.CallEnded("c", "a", reason, null, 0, 0, 0);
    }

    private static Way way(String why, World to, EngineEvent... events) {
        return new Way(why, to, List.of(events));
    }

    private static List<Way> ways(World w) {
        List<Way> ways = new ArrayList<>();
        if (w.starting()) {
            ways.add(way("is up", w.idle(), new EngineEvent.AgentUp("a", 1)));
            ways.add(way("did not start", w.down(true), new EngineEvent.AgentStartFailed("a", BOOM)));
        } else if (!w.up()) {
            ways.add(way(
                    "is started",
                    new World(true, false, false, false, false, false),
                    new EngineEvent.AgentStarting("a", 1)));
            if (w.failed()) {
                ways.add(way(
                        "its supervisor waits",
                        w.down(true),
                        new EngineEvent.ChildBackingOff("team", "a", NOON.toEpochMilli())));
                ways.add(way(
                        "its supervisor gives up",
                        w.down(true),
                        new EngineEvent.SupervisorGaveUp("team", "a", BOOM, "restarts")));
            }
        } else {
            whileUp(w, ways);
        }
        return ways;
    }

    private static void whileUp(World w, List<Way> ways) {
        if (w.stuck()) {
            ways.add(way("ends as stuck", w.down(true), over(STUCK), new EngineEvent.AgentExited("a", 1, STUCK, 0)));
            return;
        }
        if (!w.paused()) {
            for (String cause : List.of("operator", "budget", "runaway", "approval", "trust")) {
                ways.add(way(
                        "is paused",
                        new World(false, true, w.run(), false, true, false),
                        new EngineEvent.AgentPaused("a", cause, "")));
            }
        } else {
            ways.add(way(
                    "goes on",
                    new World(false, true, w.run(), false, false, false),
                    new EngineEvent.AgentResumed("a")));
        }
        if (w.run()) {
            ways.add(way("crashes", w.down(true), over(BOOM), new EngineEvent.AgentExited("a", 1, BOOM, 0)));
            if (!w.paused()) {
                ways.add(way("a run ends", w.idle(), over(ExitReason.NORMAL)));
                ways.add(way(
                        "is silent for too long",
                        new World(false, true, true, true, false, false),
                        new EngineEvent.AgentStuck("a", "c", null, null, "heartbeat", 1_000, "")));
            }
        } else {
            ways.add(way("crashes", w.down(true), new EngineEvent.AgentExited("a", 1, BOOM, 0)));
            ways.add(way("is stopped", w.down(false), new EngineEvent.AgentExited("a", 1, ExitReason.SHUTDOWN, 0)));
            if (!w.paused()) {
                ways.add(way(
                        "ends by itself", w.down(false), new EngineEvent.AgentExited("a", 1, ExitReason.NORMAL, 0)));
                ways.add(way(
                        "a run begins",
                        new World(false, true, true, false, false, false),
                        new EngineEvent.CallStarted("c", "a", null, null, "{}", true)));
            }
        }
    }

    private static State state(List<EngineEvent> events) {
        ViewFold fold = new ViewFold(
                ViewFoldTest.project(),
                List::of,
                _ -> new TrustView(true, 75, 4, "BBB", ""),
                Clock.fixed(NOON, ZoneOffset.UTC));
        long seq = 0;
        for (EngineEvent event : events) {
            fold.apply(new JournalEntry(++seq, NOON, event, ""));
        }
        return fold.view().agents().getFirst().state();
    }

    private static <T> void explore(Function<Life, T> key, TreeSet<Row> rows, Set<State> seen) {
        Deque<Life> open = new ArrayDeque<>(List.of(new Life(World.DOWN, List.of())));
        Set<T> known = new HashSet<>();
        while (!open.isEmpty()) {
            Life life = open.remove();
            if (!known.add(key.apply(life))) {
                continue;
            }
            State before = state(life.events());
            seen.add(before);
            for (Way way : ways(life.world())) {
                List<EngineEvent> events = new ArrayList<>(life.events());
                events.addAll(way.events());
                State after = state(events);
                if (after != before) {
                    rows.add(MermaidTable.row(name(before), name(after), way.why()));
                }
                open.add(new Life(way.to(), events));
            }
        }
    }

    /// The names of states in a diagram have no `-`.
    private static String name(State state) {
        return state.name().toLowerCase(Locale.ROOT).replace("_", "");
    }

    @Test
    void the_page_draws_every_way_from_state_to_state_and_every_state_is_reached() {
        TreeSet<Row> rows = new TreeSet<>();
        Set<State> seen = EnumSet.noneOf(State.class);
        record Key(World world, State state) {}
        explore(life -> new Key(life.world(), state(life.events())), rows, seen);
        assertEquals(EnumSet.allOf(State.class), seen);
        rows.add(MermaidTable.row("[*]", "stopped", ""));
        MermaidTable.assertDrawn(MermaidTable.page("agents.md"), 0, rows);
    }
}
