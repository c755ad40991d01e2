package nexus.aiagents.engine.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import nexus.aiagents.engine.journal.EngineEvent.PoolJobStarted;
import nexus.aiagents.engine.pool.QueueTelling.Rules;
import nexus.aiagents.engine.project.PoolSpec.OnFull;
import nexus.aiagents.engine.project.PoolSpec.Strategy;
import org.junit.jupiter.api.Test;

/// Random queues, random callers, random crashes: what is accepted is done or named, and nothing twice.
/// {@link QueueTelling} checks after each event that no bound is broken.
class QueuePropertyTest {
    private static final List<Strategy> STRATEGIES =
            List.of(Strategy.ROUND_ROBIN, Strategy.LEAST_BUSY, Strategy.RANDOM);

    @Test
    void no_job_is_lost_none_is_done_twice_and_the_bounds_are_kept() {
        for (int seed = 0; seed < 3_000; seed++) {
            try {
                live(new Random(seed));
            } catch (AssertionError e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }

    static QueueTelling live(Random random) {
        int min = random.nextInt(3);
        int max = Math.max(1, min + random.nextInt(4));
        boolean automatic = random.nextBoolean();
        Rules rules = new Rules(
                STRATEGIES.get(random.nextInt(3)),
                min,
                min,
                max,
                automatic,
                random.nextInt(6),
                OnFull.values()[random.nextInt(3)],
                1 + random.nextInt(3));
        QueueTelling t = new QueueTelling(rules.pool()).tell(new QueueEvent.Open());
        Set<String> cancelled = new HashSet<>();
        Map<String, Integer> deaths = new HashMap<>();
        int jobs = 0;
        for (int i = 0; i < 80; i++) {
            switch (random.nextInt(12)) {
                case 0, 1, 2, 3 -> t.submit("j" + jobs++);
                case 4, 5, 6 -> any(random, t).ifPresent(t::returns);
                case 7 -> any(random, t).ifPresent(t::fails);
                case 8 -> t.passes(Duration.ofMillis(random.nextInt(20_000)));
                case 9 -> {
                    String id = "j" + random.nextInt(Math.max(1, jobs));
                    t.tell(new QueueEvent.CancelJob(id));
                    if (t.refused == null) {
                        cancelled.add(id);
                    }
                }
                case 10 -> operator(random, t, max);
                default -> {
                    if (random.nextInt(3) == 0) {
                        Set<String> running = new HashSet<>();
                        t.calls.keySet().forEach(call -> running.add(call.substring(0, call.indexOf('#'))));
                        running.forEach(id -> deaths.merge(id, 1, Integer::sum));
                        t.dies().tell(new QueueEvent.Open());
                    }
                }
            }
        }
        finish(t);
        t.answers.forEach((id, answer) -> {
            if (answer.equals("accepted")) {
                assertTrue(t.ends.containsKey(id), id + " was accepted and is lost");
            } else {
                assertTrue(!t.ends.containsKey(id) && t.returned.get(id) == null, id + " was refused and yet done");
            }
        });
        t.returned.forEach((id, times) -> {
            assertEquals(1, times, id + " was done " + times + " times");
            assertEquals(cancelled.contains(id) ? "cancelled" : "done", t.ends.get(id), id);
        });
        cancelled.forEach(id -> assertEquals("cancelled", t.ends.get(id)));
        assertTrue(t.stored.isEmpty(), "nothing is left: " + t.stored);
        t.all(PoolJobStarted.class)
                .forEach(s -> assertTrue(
                        s.attempt() <= rules.attempts() + deaths.getOrDefault(s.runId(), 0) + kills(t), s.toString()));
        return t;
    }

    private static int kills(QueueTelling t) {
        return t.all(nexus.aiagents.engine.journal.EngineEvent.PoolClosed.class).size();
    }

    private static void operator(Random random, QueueTelling t, int max) {
        switch (random.nextInt(6)) {
            case 0 -> t.tell(new QueueEvent.Drain());
            case 1 -> t.tell(new QueueEvent.Resume());
            case 2 -> t.tell(new QueueEvent.Close()).tell(new QueueEvent.Open());
            case 3 -> t.tell(new QueueEvent.Kill());
            case 4 -> t.tell(new QueueEvent.Open());
            default -> t.tell(new QueueEvent.Scale(random.nextInt(max + 2)));
        }
    }

    private static java.util.Optional<String> any(Random random, QueueTelling t) {
        List<String> calls = new ArrayList<>(t.calls.keySet());
        if (calls.isEmpty()) {
            return java.util.Optional.empty();
        }
        String call = calls.get(random.nextInt(calls.size()));
        return java.util.Optional.of(call.substring(0, call.indexOf('#')));
    }

    /// Lets everything come to its end: someone works, and every call returns.
    private static void finish(QueueTelling t) {
        t.tell(new QueueEvent.Open()).tell(new QueueEvent.Scale(t.pool.queue().max()));
        for (int i = 0;
                i < 1_000
                        && !(t.calls.isEmpty()
                                && t.stored.isEmpty()
                                && t.state.blocked().isEmpty());
                i++) {
            if (t.calls.isEmpty()) {
                t.passes(Duration.ofSeconds(30));
            } else {
                String call = t.calls.keySet().iterator().next();
                t.returns(call.substring(0, call.indexOf('#')));
            }
        }
    }

    @Test
    void round_robin_is_fair_while_everyone_is_free() {
        for (int workers = 1; workers < 9; workers++) {
            QueueTelling t = Rules.of(workers).open();
            Map<String, Integer> shares = new HashMap<>();
            for (int i = 0; i < 100; i++) {
                t.submit("j" + i).returns("j" + i);
                shares.merge(t.started.getLast().split(">")[1], 1, Integer::sum);
            }
            int most = shares.values().stream().max(Integer::compare).orElseThrow();
            int least = shares.values().stream().min(Integer::compare).orElseThrow();
            assertEquals(workers, shares.size());
            assertTrue(most - least <= 1, shares.toString());
        }
    }

    @Test
    void round_robin_passes_over_nobody_twice_while_others_are_busy() {
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            int workers = 2 + random.nextInt(4);
            QueueTelling t = Rules.of(workers).open();
            Map<Integer, Integer> passedOver = new HashMap<>();
            int jobs = 0;
            for (int i = 0; i < 100; i++) {
                List<Integer> free = new ArrayList<>();
                for (int w = 0; w < workers; w++) {
                    if (!t.state.atWork().containsKey(w)) {
                        free.add(w);
                    }
                }
                if (!free.isEmpty() && random.nextBoolean()) {
                    t.submit("j" + jobs++);
                    int served = Integer.parseInt(t.started.getLast().split(">")[1]);
                    free.remove((Integer) served);
                    passedOver.remove(served);
                    free.forEach(w -> passedOver.merge(w, 1, Integer::sum));
                    int most = workers - 1;
                    passedOver.values().forEach(n -> assertTrue(n <= most, "someone was passed over " + n + " times"));
                } else {
                    any(random, t).ifPresent(t::returns);
                    passedOver.keySet().removeIf(w -> t.state.atWork().containsKey(w));
                }
            }
        }
    }
}
