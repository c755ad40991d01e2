package nexus.aiagents.engine.supervise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import nexus.aiagents.engine.journal.ExitReason;
import nexus.aiagents.engine.project.SupervisorSpec.ChildSpec;
import nexus.aiagents.engine.project.SupervisorSpec.RestartType;
import nexus.aiagents.engine.project.SupervisorSpec.Strategy;
import nexus.aiagents.engine.supervise.SupervisorState.Phase;
import nexus.aiagents.engine.supervise.SupervisorState.Verb;
import org.junit.jupiter.api.Test;

/// Thousands of random lives of random supervisors. A failure names its seed.
class SupervisorPropertyTest {
    private static final List<ExitReason> REASONS = List.of(ExitReason.NORMAL, ExitReason.SHUTDOWN, Specs.CRASH);

    private static final Verb[] VERBS = {Verb.START, Verb.STOP, Verb.RESTART};

    private static Specs random(Random random) {
        List<ChildSpec> children = new ArrayList<>();
        int n = 1 + random.nextInt(5);
        for (int i = 0; i < n; i++) {
            children.add(Specs.child("c" + i, pick(random, RestartType.values())));
        }
        return Specs.supervisor(pick(random, Strategy.values()), children.toArray(ChildSpec[]::new))
                .intensity(random.nextInt(5), Duration.ofSeconds(1 + random.nextInt(10)));
    }

    private static <T> T pick(Random random, T[] values) {
        return values[random.nextInt(values.length)];
    }

    @Test
    void where_children_obey_at_once_the_machine_does_what_otp_does() {
        for (int seed = 0; seed < 5_000; seed++) {
            Random random = new Random(seed);
            Specs specs = random(random);
            Simulation real = new Simulation(specs);
            OtpModel model = new OtpModel(specs.spec(), Map.of());
            if (random.nextInt(10) == 0) {
                real.failingStarts.put("c0", 1);
                model.failNext("c0", 1);
            }
            real.tell(new SupervisorEvent.Start());
            model.start();
            for (int i = 0; i < 30 && model.alive; i++) {
                act(random, specs, real, model);
                String where = "seed " + seed + ", action " + i + ", " + specs;
                assertEquals(model.trace, real.trace, where);
                specs.children().forEach(c -> assertEquals(model.isUp(c.name()), real.isLive(c.name()), where));
            }
            assertEquals(model.alive, real.state.phase() == Phase.RUNNING, "seed " + seed);
        }
    }

    private static void act(Random random, Specs specs, Simulation real, OtpModel model) {
        String child =
                specs.children().get(random.nextInt(specs.children().size())).name();
        switch (random.nextInt(8)) {
            case 0 -> {
                real.operator(Verb.STOP, child);
                model.stopByPerson(child);
            }
            case 1 -> {
                real.operator(Verb.START, child);
                model.startByPerson(child);
            }
            case 2 -> real.pass(Duration.ofMillis(random.nextInt(4_000)));
            case 3 -> {
                int times = random.nextInt(3);
                real.failingStarts.put(child, times);
                model.failNext(child, times);
            }
            default -> {
                if (model.isUp(child)) {
                    ExitReason reason = REASONS.get(random.nextInt(REASONS.size()));
                    real.exit(child, reason);
                    model.exit(child, reason, real.now);
                }
            }
        }
    }

    @Test
    void whatever_children_and_people_do_stopping_always_ends_with_all_down_and_everyone_answered() {
        for (int seed = 0; seed < 3_000; seed++) {
            Random random = new Random(seed);
            Specs specs = random(random);
            Simulation s = new Simulation(specs);
            s.tell(new SupervisorEvent.Start());
            List<Long> requests = new ArrayList<>();
            for (int i = 0; i < 25; i++) {
                disturb(random, specs, s, requests);
            }
            s.tell(new SupervisorEvent.Stop());
            s.pass(Duration.ofMinutes(5));
            String where = "seed " + seed + ", " + specs + ", " + s.trace;
            assertEquals(Phase.STOPPED, s.state.phase(), where);
            specs.children().forEach(c -> assertTrue(!s.isLive(c.name()), where));
            requests.forEach(r -> assertTrue(s.answers.containsKey(r), "request " + r + ", " + where));
            assertTrue(s.state.restarts().size() <= specs.maxRestarts() + 1, where);
        }
    }

    private static void disturb(Random random, Specs specs, Simulation s, List<Long> requests) {
        String child =
                specs.children().get(random.nextInt(specs.children().size())).name();
        switch (random.nextInt(10)) {
            case 0 -> s.slow.add(child);
            case 1 -> s.slow.remove(child);
            case 2 -> s.deaf.add(child);
            case 3 -> s.undead.add(child);
            case 4 -> s.failingStarts.put(child, random.nextInt(3));
            case 5 -> requests.add(s.operator(pick(random, VERBS), child));
            case 6 -> s.pass(Duration.ofMillis(random.nextInt(8_000)));
            case 7 -> {
                if (s.isStarting(child)) {
                    s.comesUp(child);
                }
            }
            default -> {
                if (s.isLive(child)) {
                    s.exit(child, REASONS.get(random.nextInt(REASONS.size())));
                }
            }
        }
    }

    @Test
    void a_verb_of_a_person_always_wins_in_the_end() {
        for (int seed = 0; seed < 2_000; seed++) {
            Random random = new Random(seed);
            Specs specs = Specs.supervisor(
                            pick(random, Strategy.values()), Specs.permanent("c0"), Specs.permanent("c1"))
                    .intensity(1_000, Duration.ofSeconds(1));
            Simulation s = Simulation.started(specs);
            List<Long> requests = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                int what = random.nextInt(4);
                if (what == 0) {
                    s.deaf.add("c0");
                } else if (what == 1) {
                    s.pass(Duration.ofSeconds(random.nextInt(6)));
                } else if (what == 2) {
                    requests.add(s.operator(pick(random, VERBS), "c0"));
                } else if (s.isLive("c1")) {
                    s.crash("c1");
                }
            }
            Verb last = pick(random, VERBS);
            s.operator(last, "c0");
            s.pass(Duration.ofMinutes(1));
            assertEquals(last != Verb.STOP, s.isLive("c0"), "seed " + seed + ": " + last + ", " + s.trace);
        }
    }
}
