package nexus.aiagents.engine.pool;

import static nexus.aiagents.engine.MermaidTable.row;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import nexus.aiagents.engine.MermaidTable;
import nexus.aiagents.engine.journal.EngineEvent.RunEnded;
import nexus.aiagents.engine.journal.ExitReason;
import nexus.aiagents.engine.project.PoolSpec;
import nexus.aiagents.engine.project.PoolSpec.OnTie;
import nexus.aiagents.engine.project.PoolSpec.Strategy;
import nexus.aiagents.engine.project.Position;
import org.junit.jupiter.api.Test;

/// The diagram in the reference shows what the machine does: every way from one state to another that
/// thousands of random runs have taken is drawn, and no other.
class PoolDiagramTest {
    private static final List<Strategy> STRATEGIES =
            List.of(Strategy.ALL, Strategy.FIRST, Strategy.MAJORITY, Strategy.QUORUM);

    private final TreeSet<MermaidTable.Row> taken = new TreeSet<>();

    @Test
    void the_diagram_of_a_decision_shows_every_way_it_can_take_and_no_other() {
        for (int seed = 0; seed < 4_000; seed++) {
            live(new Random(seed));
        }
        MermaidTable.assertDrawn(MermaidTable.page("pools.md"), 0, taken);
    }

    @Test
    void the_diagrams_of_a_queue_and_of_its_jobs_show_every_way_they_can_take_and_no_other() {
        TreeSet<MermaidTable.Row> modes = new TreeSet<>();
        TreeSet<MermaidTable.Row> jobs = new TreeSet<>();
        modes.add(row("[*]", "open", ""));
        for (int seed = 0; seed < 3_000; seed++) {
            QueueTelling t = QueuePropertyTest.live(new Random(seed));
            t.modeWays.forEach(way -> modes.add(mode(way.toLowerCase().split(" "))));
            t.jobWays.forEach(way -> jobs.add(job(way)));
        }
        MermaidTable.assertDrawn(MermaidTable.page("pools.md"), 1, modes);
        MermaidTable.assertDrawn(MermaidTable.page("pools.md"), 2, jobs);
    }

    private static MermaidTable.Row mode(String... way) {
        boolean empty = way[0].equals("draining") && way[1].equals("drained");
        return row(way[0], way[1], empty ? "its last job has ended" : way[2]);
    }

    private static MermaidTable.Row job(String way) {
        String[] states = way.split(" ");
        String why = switch (way) {
            case "[*] waiting", "[*] working" -> "accepted";
            case "waiting working" -> "a worker is free";
            case "working done" -> "returned";
            case "working failed" -> "no more tries";
            case "working delayed" -> "is tried again";
            case "working waiting" -> "cut short";
            case "waiting done" -> "had ended all the same";
            case "delayed waiting", "delayed working" -> "its time has come";
            case "waiting failed", "delayed failed" -> "given up";
            case "waiting cancelled", "working cancelled", "delayed cancelled" -> "cancelled";
            default -> throw new AssertionError("no way that is known: " + way);
        };
        return row(states[0], states[1], why);
    }

    private void live(Random random) {
        int size = 1 + random.nextInt(3);
        PoolSpec pool = new PoolSpec(
                "p",
                Collections.nCopies(size, "m"),
                STRATEGIES.get(random.nextInt(STRATEGIES.size())),
                1 + random.nextInt(size),
                null,
                0,
                OnTie.values()[random.nextInt(OnTie.values().length)],
                "wise",
                Duration.ofSeconds(1),
                null,
                new Position("nexus.yaml", 0, 0, 0, 0));
        PoolRun run = new PoolRun("r", pool, "{}", 0);
        PoolState state = PoolState.initial(run);
        String before = "[*]";
        PoolEvent event = new PoolEvent.Begin();
        for (int i = 0; i < 30 && !state.ended(); i++) {
            PoolMachine.Decision decision = PoolMachine.decide(run, state, event, random.nextInt(8) == 0 ? 1_000 : 0);
            state = decision.state();
            String after =
                    state.ended() ? outcome(decision) : state.phase().name().toLowerCase();
            if (!after.equals(before)) {
                taken.add(row(before, after, name(event)));
            }
            before = after;
            event = any(random, state, size);
        }
    }

    private static String outcome(PoolMachine.Decision decision) {
        return decision.effects().stream()
                .filter(e -> e instanceof PoolEffect.Note(RunEnded _))
                .map(e -> ((RunEnded) ((PoolEffect.Note) e).event()).state())
                .findFirst()
                .orElseThrow();
    }

    private static String name(PoolEvent event) {
        return event.getClass()
                .getSimpleName()
                .replaceAll("(?<=.)([A-Z])", "-$1")
                .toLowerCase();
    }

    private static PoolEvent any(Random random, PoolState state, int size) {
        int member = random.nextInt(size);
        int attempt = state.members().get(member).attempt();
        List<PoolEvent> events = new ArrayList<>(List.of(
                new PoolEvent.Returned(member, attempt, String.valueOf(random.nextInt(2))),
                new PoolEvent.Ended(member, attempt, ExitReason.error("no", "no")),
                new PoolEvent.Tick(),
                new PoolEvent.Suspend(),
                new PoolEvent.Recover(),
                new PoolEvent.Judged(state.judgeAttempt(), "{\"choice\":" + random.nextInt(3) + "}"),
                new PoolEvent.JudgeEnded(state.judgeAttempt(), ExitReason.error("no", "no")),
                new PoolEvent.Pick(random.nextInt(3))));
        if (random.nextInt(10) == 0) {
            events = List.of(new PoolEvent.Cancel());
        }
        return events.get(random.nextInt(events.size()));
    }
}
