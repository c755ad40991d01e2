package nexus.aiagents.engine.supervise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntFunction;
import nexus.aiagents.engine.journal.ExitReason;
import nexus.aiagents.engine.project.SupervisorSpec.AutoShutdown;
import nexus.aiagents.engine.project.SupervisorSpec.BackoffSpec;
import nexus.aiagents.engine.project.SupervisorSpec.ChildSpec;
import nexus.aiagents.engine.project.SupervisorSpec.RestartType;
import nexus.aiagents.engine.project.SupervisorSpec.Strategy;
import nexus.aiagents.engine.supervise.SupervisorMachine.Moves;
import nexus.aiagents.engine.supervise.SupervisorState.Phase;
import nexus.aiagents.engine.supervise.SupervisorState.Verb;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Thousands of random lives of random trees. A failure names its seed; `-Dnexus.supervise.seed=N`
/// lives that life alone, `-Dnexus.supervise.lives=N` as many as that (also for the soak, which is 100
/// times longer without it).
class SupervisorPropertyTest {
    private static final List<ExitReason> REASONS = List.of(ExitReason.NORMAL, ExitReason.SHUTDOWN, Specs.CRASH);
    private static final int LIVES = 1_000;

    /// A tree and who has which children, also those that may be added.
    private record Tree(Specs[] supervisors, List<String> agents) {
        List<String> names() {
            return java.util.Arrays.stream(supervisors).map(Specs::name).toList();
        }

        Specs pick(Random random) {
            return supervisors[random.nextInt(supervisors.length)];
        }

        @Override
        public String toString() {
            return String.join(
                    "\n  ",
                    java.util.Arrays.stream(supervisors).map(Specs::toString).toList());
        }
    }

    private static Tree random(Random random) {
        int n = 1 + random.nextInt(4);
        List<List<ChildSpec>> children = new ArrayList<>();
        List<Integer> dynamic = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            children.add(new ArrayList<>());
        }
        List<String> agents = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            boolean significantAllowed = true;
            for (int c = random.nextInt(4); c > 0; c--) {
                String name = "a" + agents.size();
                agents.add(name);
                ChildSpec child = Specs.child(name, pick(random, RestartType.values()));
                children.get(i)
                        .add(
                                significantAllowed && child.restart() != RestartType.PERMANENT && random.nextInt(4) == 0
                                        ? Specs.significant(child)
                                        : child);
            }
        }
        for (int i = 1; i < n; i++) {
            // Under one that stands before it, so that there is no circle; at a random place.
            List<ChildSpec> siblings = children.get(random.nextInt(i));
            RestartType type = random.nextInt(3) == 0 ? pick(random, RestartType.values()) : RestartType.PERMANENT;
            siblings.add(random.nextInt(siblings.size() + 1), Specs.nested("s" + i, type));
        }
        Specs[] specs = new Specs[n];
        for (int i = 0; i < n; i++) {
            ChildSpec[] all = children.get(i).toArray(ChildSpec[]::new);
            boolean leaf = children.get(i).size() == 1
                    && all[0].kind() != Specs.nested("x").kind();
            Specs made = leaf && random.nextBoolean()
                    ? Specs.dynamic(all[0], random.nextInt(3), 3 + random.nextInt(3))
                    : Specs.supervisor(pick(random, Strategy.values()), all);
            boolean significant = made.spec().everyChild().anyMatch(ChildSpec::significant);
            specs[i] = made.named("s" + i)
                    .intensity(random.nextInt(5), Duration.ofSeconds(1 + random.nextInt(10)))
                    .autoShutdown(
                            significant
                                    ? pick(random, AutoShutdown.ANY, AutoShutdown.ALL)
                                    : pick(random, AutoShutdown.values()));
        }
        return new Tree(specs, agents);
    }

    @SafeVarargs
    private static <T> T pick(Random random, T... values) {
        return values[random.nextInt(values.length)];
    }

    private static void lives(int scale, IntFunction<String> life) {
        Integer one = Integer.getInteger("nexus.supervise.seed");
        int count = Integer.getInteger("nexus.supervise.lives", LIVES * scale);
        for (int seed = one == null ? 0 : one; seed < (one == null ? count : one + 1); seed++) {
            try {
                life.apply(seed);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed + " (-Dnexus.supervise.seed=" + seed + "): " + e, e);
            }
        }
    }

    // ---- the model

    @Test
    void where_children_obey_at_once_the_machine_does_what_otp_does() {
        lives(2, SupervisorPropertyTest::compare);
    }

    @Test
    @Tag("soak")
    void the_machine_does_what_otp_does_for_long() {
        lives(200, SupervisorPropertyTest::compare);
    }

    private static String compare(int seed) {
        Random random = new Random(seed);
        Tree tree = random(random);
        World real = new World(null, Moves.UNHEARD, tree.supervisors());
        OtpModel model = new OtpModel(tree.supervisors());
        if (random.nextInt(10) == 0 && !tree.agents().isEmpty()) {
            fail(pick(random, tree.agents().toArray(String[]::new)), 1, real, model);
        }
        real.start();
        real.settle();
        model.start();
        agree(tree, real, model, "start");
        for (int i = 0; i < 30 && model.isAlive(); i++) {
            String what = act(random, tree, real, model);
            real.settle();
            agree(tree, real, model, "action " + i + " " + what);
        }
        return "";
    }

    private static void fail(String agent, int times, World real, OtpModel model) {
        real.failingStarts.put(agent, times);
        model.failNext(agent, times);
    }

    private static void agree(Tree tree, World real, OtpModel model, String where) {
        assertEquals(model.trace, real.trace, () -> where + "\n  " + tree);
        for (String supervisor : tree.names()) {
            String at = where + ", " + supervisor;
            assertEquals(model.isAlive(supervisor), real.phase(supervisor) == Phase.RUNNING, at);
            if (model.isAlive(supervisor)) {
                assertEquals(model.which(supervisor), real.which(supervisor), at);
                for (Child child : real.state(supervisor).children()) {
                    assertEquals(model.isUp(supervisor, child.name()), child.status() == Child.Status.UP, at + child);
                }
            }
        }
    }

    private static String act(Random random, Tree tree, World real, OtpModel model) {
        Specs at = tree.pick(random);
        String supervisor = at.name();
        List<String> names = new ArrayList<>();
        real.state(supervisor).children().forEach(child -> names.add(child.name()));
        if (names.isEmpty() || random.nextInt(12) == 0) {
            return add(random, at, real, model);
        }
        String child = names.get(random.nextInt(names.size()));
        switch (random.nextInt(12)) {
            case 0 -> {
                real.operator(Verb.STOP, supervisor, child);
                model.stopByPerson(supervisor, child);
                return "stop " + child;
            }
            case 1 -> {
                real.operator(Verb.START, supervisor, child);
                model.startByPerson(supervisor, child);
                return "start " + child;
            }
            case 2 -> {
                real.operator(Verb.RESTART, supervisor, child);
                model.restartByPerson(supervisor, child);
                return "restart " + child;
            }
            case 3 -> {
                real.operator(Verb.DELETE, supervisor, child);
                model.deleteByPerson(supervisor, child);
                return "delete " + child;
            }
            case 4 -> {
                real.pass(Duration.ofMillis(random.nextInt(4_000)));
                return "time";
            }
            case 5 -> {
                fail(child, random.nextInt(3), real, model);
                return "the next starts of " + child + " fail";
            }
            default -> {
                ExitReason reason = REASONS.get(random.nextInt(REASONS.size()));
                if (real.isLive(child)) {
                    real.exit(child, reason);
                    model.exit(supervisor, child, reason, real.now);
                }
                return child + " ends " + reason.code();
            }
        }
    }

    private static String add(Random random, Specs at, World real, OtpModel model) {
        ChildSpec spec = at.template() != null
                ? null
                : Specs.child("added-" + at.name() + random.nextInt(3), pick(random, RestartType.values()));
        real.add(at.name(), spec);
        model.addByPerson(at.name(), spec);
        return "add " + spec;
    }

    // ---- whatever happens

    @Test
    void whatever_happens_in_whatever_order_nothing_is_lost_and_stopping_ends_with_all_down() {
        lives(1, seed -> live(seed, Moves.UNHEARD));
    }

    @Test
    @Tag("soak")
    void nothing_is_lost_for_long() {
        lives(100, seed -> live(seed, Moves.UNHEARD));
    }

    private static String live(int seed, Moves moves) {
        Random random = new Random(seed);
        Tree tree = random(random);
        Specs[] specs = tree.supervisors();
        if (random.nextBoolean()) {
            int which = random.nextInt(specs.length);
            specs[which] = specs[which].backoff(new BackoffSpec(
                    Duration.ofMillis(200), 2, Duration.ofSeconds(3), Duration.ofSeconds(5), random.nextDouble()));
        }
        if (random.nextInt(3) == 0) {
            int which = random.nextInt(specs.length);
            specs[which] = specs[which].dollars(random.nextInt(50));
        }
        World world = new World(random, moves, specs);
        List<Long> requests = new ArrayList<>();
        world.start();
        for (int i = 0; i < 40; i++) {
            disturb(random, tree, world, requests);
            for (int n = random.nextInt(6); n > 0; n--) {
                world.deliver();
            }
        }
        world.slow.clear();
        for (int i = 0; i < 30; i++) {
            world.pass(Duration.ofSeconds(10)); // whoever does not listen is killed, and whoever waits has waited
            tree.names().forEach(name -> world.state(name).children().forEach(c -> world.comesUp(c.name())));
        }
        world.settle();
        assertEquals("", world.unsettled(), () -> tree + "\n" + world.trace);
        if (random.nextInt(4) == 0) {
            world.kill();
        } else {
            world.stop();
        }
        world.pass(Duration.ofMinutes(10));
        assertEquals(Phase.STOPPED, world.phase("s0"), () -> tree + "\n" + world.trace);
        tree.names().forEach(name -> assertEquals(Phase.STOPPED, world.phase(name), name));
        assertEquals(Set.of(), world.live());
        requests.forEach(r -> assertTrue(world.answers.containsKey(r), () -> "request " + r + " of " + world.trace));
        return "";
    }

    private static void disturb(Random random, Tree tree, World world, List<Long> requests) {
        Specs at = tree.pick(random);
        List<String> names = new ArrayList<>();
        world.state(at.name()).children().forEach(child -> names.add(child.name()));
        String child = names.isEmpty() ? "nobody" : names.get(random.nextInt(names.size()));
        switch (random.nextInt(14)) {
            case 0 -> world.slow.add(child);
            case 1 -> {
                world.slow.remove(child);
                if (!names.isEmpty()) {
                    world.comesUp(child);
                }
            }
            case 2 -> world.deaf.add(child);
            case 3 -> world.undead.add(child);
            case 4 -> world.failingStarts.put(child, random.nextInt(3));
            case 5 ->
                requests.add(world.operator(
                        pick(random, Verb.START, Verb.STOP, Verb.RESTART, Verb.DELETE), at.name(), child));
            case 6 ->
                requests.add(world.add(
                        at.name(),
                        random.nextBoolean()
                                ? null
                                : Specs.child("added-" + at.name(), pick(random, RestartType.values()))));
            case 7 -> world.pass(Duration.ofMillis(random.nextInt(8_000)));
            case 8 -> {
                if (!names.isEmpty()) {
                    world.comesUp(child);
                }
            }
            case 9 -> world.spends.put(child, (long) random.nextInt(20));
            default -> world.exit(child, REASONS.get(random.nextInt(REASONS.size())));
        }
    }

    @Test
    void over_many_lives_every_row_of_the_tables_is_seen_and_nothing_else() {
        Set<String> seen = new TreeSet<>();
        Moves moves = new Moves() {
            @Override
            public void supervisor(Phase from, Phase to) {
                seen.add("supervisor " + from + " > " + to);
            }

            @Override
            public void child(Child.Phase from, Child.Phase to) {
                seen.add("child " + from + " > " + to);
            }
        };
        lives(1, seed -> live(seed, moves));
        Set<String> table = new TreeSet<>();
        Transitions.SUPERVISOR.forEach(row -> table.add("supervisor " + row.from() + " > " + row.to()));
        Transitions.CHILD.forEach(row -> table.add("child " + row.from() + " > " + row.to()));
        if (Integer.getInteger("nexus.supervise.seed") == null) {
            assertEquals(String.join("\n", table), String.join("\n", seen));
        }
    }

    @Test
    void a_verb_of_a_person_always_wins_in_the_end() {
        lives(1, SupervisorPropertyTest::lastVerb);
    }

    private static String lastVerb(int seed) {
        Random random = new Random(seed);
        Specs specs = Specs.supervisor(pick(random, Strategy.values()), Specs.permanent("c0"), Specs.permanent("c1"))
                .intensity(1_000, Duration.ofSeconds(1));
        Simulation s = Simulation.started(specs);
        Verb[] verbs = {Verb.START, Verb.STOP, Verb.RESTART};
        for (int i = 0; i < 12; i++) {
            int what = random.nextInt(4);
            if (what == 0) {
                s.deaf.add("c0");
            } else if (what == 1) {
                s.pass(Duration.ofSeconds(random.nextInt(6)));
            } else if (what == 2) {
                s.operator(pick(random, verbs), "c0");
            } else if (s.isLive("c1")) {
                s.crash("c1");
            }
        }
        Verb last = pick(random, verbs);
        s.operator(last, "c0");
        s.pass(Duration.ofMinutes(1));
        assertEquals(last != Verb.STOP, s.isLive("c0"), () -> last + ", " + s.trace);
        return "";
    }
}
