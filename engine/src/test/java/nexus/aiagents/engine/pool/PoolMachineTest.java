package nexus.aiagents.engine.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.EngineEvent.PoolDecided;
import nexus.aiagents.engine.journal.EngineEvent.PoolMemberFailed;
import nexus.aiagents.engine.journal.EngineEvent.RunEnded;
import nexus.aiagents.engine.journal.ExitReason;
import nexus.aiagents.engine.project.PoolSpec;
import nexus.aiagents.engine.project.PoolSpec.OnTie;
import nexus.aiagents.engine.project.PoolSpec.Strategy;
import nexus.aiagents.engine.project.Position;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PoolMachineTest {
    private static final ExitReason NO = ExitReason.error("no", "it says no");

    private record Rules(
            Strategy strategy, int size, int quorum, String agreeOn, double tolerance, OnTie onTie, Duration timeout) {
        static Rules of(Strategy strategy, int size) {
            return new Rules(strategy, size, 2, null, 0, OnTie.FAIL, null);
        }

        Rules quorum(int n) {
            return new Rules(strategy, size, n, agreeOn, tolerance, onTie, timeout);
        }

        Rules agreeOn(String field) {
            return new Rules(strategy, size, quorum, field, tolerance, onTie, timeout);
        }

        Rules tolerance(double t) {
            return new Rules(strategy, size, quorum, agreeOn, t, onTie, timeout);
        }

        Rules tieTakesFirst() {
            return new Rules(strategy, size, quorum, agreeOn, tolerance, OnTie.FIRST, timeout);
        }

        Rules timeout(Duration t) {
            return new Rules(strategy, size, quorum, agreeOn, tolerance, onTie, t);
        }

        Telling begin() {
            return new Telling(new PoolSpec(
                    "jury",
                    Collections.nCopies(size, "m"),
                    strategy,
                    quorum,
                    agreeOn,
                    tolerance,
                    onTie,
                    timeout,
                    new Position("nexus.yaml", 0, 0, 0, 0)));
        }
    }

    private static final class Telling {
        final PoolRun run;
        PoolState state;
        long now = 1_000;
        final List<String> trace = new ArrayList<>();
        final List<EngineEvent> notes = new ArrayList<>();

        Telling(PoolSpec pool) {
            run = new PoolRun("r-1", pool, "{}", now);
            state = PoolState.initial(run);
            tell(new PoolEvent.Begin());
        }

        Telling tell(PoolEvent event) {
            PoolMachine.Decision decision = PoolMachine.decide(run, state, event, now);
            state = decision.state();
            for (PoolEffect effect : decision.effects()) {
                switch (effect) {
                    case PoolEffect.Note e -> notes.add(e.event());
                    case PoolEffect.Call e -> trace.add("call " + e.member());
                    case PoolEffect.CancelCall e -> trace.add("cancel " + e.member());
                    case PoolEffect.End _ -> trace.add("end " + end().state());
                }
            }
            return this;
        }

        Telling votes(int member, String output) {
            return tell(
                    new PoolEvent.Returned(member, state.members().get(member).attempt(), output));
        }

        Telling fails(int member) {
            return tell(new PoolEvent.Ended(member, state.members().get(member).attempt(), NO));
        }

        boolean ended() {
            return state.ended();
        }

        RunEnded end() {
            return one(RunEnded.class);
        }

        PoolDecided decided() {
            return one(PoolDecided.class);
        }

        private <T> T one(Class<T> type) {
            List<T> all =
                    notes.stream().filter(type::isInstance).map(type::cast).toList();
            assertEquals(1, all.size(), () -> type + " in " + notes);
            return all.getFirst();
        }
    }

    @Test
    void all_collects_the_answers_in_the_members_order() {
        Telling t = Rules.of(Strategy.ALL, 3).begin();
        t.votes(2, "3").votes(0, "{\"a\":1}").votes(1, "null");
        assertEquals("{\"results\":[{\"a\":1},null,3]}", t.end().outputJson());
        assertEquals(List.of(), t.decided().dissent());
    }

    @Test
    void all_fails_at_once_when_one_fails_and_cancels_the_others() {
        Telling t = Rules.of(Strategy.ALL, 3).begin().votes(0, "1").fails(1);
        assertEquals(List.of("call 0", "call 1", "call 2", "cancel 2", "end failed"), t.trace);
        assertEquals("member-failed", t.end().reason().code());
    }

    @Test
    void first_takes_the_first_answer_and_cancels_the_others() {
        Telling t = Rules.of(Strategy.FIRST, 3).begin().fails(0).votes(2, "7");
        assertEquals("7", t.end().outputJson());
        assertEquals(List.of(1), t.decided().cancelled());
        assertTrue(t.trace.contains("cancel 1"));
    }

    @Test
    void first_fails_when_everyone_failed() {
        Telling t = Rules.of(Strategy.FIRST, 2).begin().fails(0);
        assertFalse(t.ended());
        assertEquals("no-answer", t.fails(1).end().reason().code());
    }

    @Test
    void a_majority_decides_before_all_have_voted_and_keeps_the_dissent() {
        Telling t = Rules.of(Strategy.MAJORITY, 5).begin();
        t.votes(0, "1").votes(3, "2").votes(1, "1").votes(4, "1");
        assertEquals("1", t.end().outputJson());
        assertEquals(Map.of(0, "1", 1, "1", 3, "2", 4, "1"), t.decided().votes());
        assertEquals(List.of(3), t.decided().dissent());
        assertEquals(List.of(2), t.decided().cancelled());
    }

    @Test
    void half_is_no_majority() {
        Telling t = Rules.of(Strategy.MAJORITY, 4).begin();
        t.votes(0, "1").votes(1, "1").votes(2, "2");
        assertFalse(t.ended());
        assertEquals("no-agreement", t.votes(3, "2").end().reason().code());
    }

    @Test
    void failed_members_are_dropped_until_agreement_is_impossible() {
        Telling t = Rules.of(Strategy.MAJORITY, 5).begin().fails(0).fails(1);
        assertFalse(t.ended());
        t.fails(2);
        assertEquals("no-agreement", t.end().reason().code());
        assertEquals(2, t.trace.stream().filter(s -> s.startsWith("cancel")).count());
    }

    @Test
    void a_pool_that_can_not_agree_any_more_does_not_wait_for_the_rest() {
        Telling t = Rules.of(Strategy.QUORUM, 4).quorum(3).begin();
        t.votes(0, "1").votes(1, "2");
        assertFalse(t.ended());
        t.votes(2, "3");
        assertTrue(t.ended());
        assertTrue(t.trace.contains("cancel 3"));
    }

    @Test
    void a_quorum_needs_its_number() {
        Telling t = Rules.of(Strategy.QUORUM, 5).quorum(2).begin();
        t.votes(4, "\"x\"").votes(0, "\"y\"").votes(2, "\"x\"");
        assertEquals("\"x\"", t.end().outputJson());
    }

    @Test
    void a_tie_can_go_to_the_largest_group_that_was_first() {
        Telling t = Rules.of(Strategy.MAJORITY, 4).tieTakesFirst().begin();
        t.votes(2, "2").votes(0, "1").votes(1, "1").votes(3, "2");
        assertEquals("2", t.end().outputJson());
        assertEquals(List.of(0, 1), t.decided().dissent());
    }

    @Test
    void a_tie_without_any_answer_is_a_failure_all_the_same() {
        Telling t = Rules.of(Strategy.MAJORITY, 2).tieTakesFirst().begin().fails(0);
        assertFalse(t.ended());
        assertEquals("no-agreement", t.fails(1).end().reason().code());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"a\":1,\"b\":[2]} | { \"b\" : [2.0], \"a\" : 1e0 } | true",
                "1 | 1.00 | true",
                "100 | 1e2 | true",
                "\"1\" | 1 | false",
                "[1,2] | [2,1] | false",
                "{\"a\":null} | {} | false",
                "0.1 | 0.10000000000000001 | false",
                "\"\\u0041\" | \"A\" | true",
                "1e1000000000 | 10e999999999 | true",
                "-0 | 0 | true"
            })
    void votes_are_compared_by_what_they_mean_and_not_by_how_they_are_written(String a, String b, boolean same) {
        Telling t = Rules.of(Strategy.QUORUM, 2).quorum(2).begin().votes(0, a).votes(1, b);
        assertEquals(same ? "done" : "failed", t.end().state());
        assertEquals(same ? a : null, t.end().outputJson());
    }

    @Test
    void a_field_can_be_picked_to_agree_on_and_the_whole_answer_is_the_output() {
        Telling t = Rules.of(Strategy.MAJORITY, 3).agreeOn("verdict").begin();
        t.votes(1, "{\"verdict\":\"yes\",\"why\":1}").votes(2, "{\"verdict\":\"yes\",\"why\":2}");
        assertEquals("{\"verdict\":\"yes\",\"why\":1}", t.end().outputJson());
        assertEquals(Map.of(1, "\"yes\"", 2, "\"yes\""), t.decided().votes());
    }

    @Test
    void a_field_can_lie_deeper() {
        Telling t = Rules.of(Strategy.QUORUM, 2).agreeOn("a.b").begin();
        t.votes(0, "{\"a\":{\"b\":1,\"c\":1}}").votes(1, "{\"a\":{\"b\":1,\"c\":2}}");
        assertEquals("done", t.end().state());
    }

    @Test
    void an_answer_without_the_field_is_a_failed_member() {
        Telling t = Rules.of(Strategy.MAJORITY, 3).agreeOn("verdict").begin();
        t.votes(0, "{}").votes(1, "5");
        assertEquals(
                2, t.notes.stream().filter(PoolMemberFailed.class::isInstance).count());
        assertTrue(t.end().reason().message().contains("\"verdict\""));
    }

    @Test
    void numbers_within_the_tolerance_agree_to_the_boundary() {
        assertEquals(
                "done",
                Rules.of(Strategy.QUORUM, 2)
                        .tolerance(0.1)
                        .begin()
                        .votes(0, "1.0")
                        .votes(1, "1.1")
                        .end()
                        .state());
        assertEquals(
                "failed",
                Rules.of(Strategy.QUORUM, 2)
                        .tolerance(0.1)
                        .begin()
                        .votes(0, "1.0")
                        .votes(1, "1.11")
                        .end()
                        .state());
        assertEquals(
                "done",
                Rules.of(Strategy.QUORUM, 2)
                        .tolerance(1)
                        .begin()
                        .votes(0, "{\"x\":[1,\"s\"],\"y\":2}")
                        .votes(1, "{\"y\":3,\"x\":[0,\"s\"]}")
                        .end()
                        .state());
    }

    @Test
    void those_who_agree_are_all_near_to_each_other() {
        Telling t = Rules.of(Strategy.MAJORITY, 3).tolerance(1).begin();
        t.votes(0, "1").votes(1, "3");
        assertFalse(t.ended());
        t.votes(2, "2");
        assertEquals("1", t.end().outputJson());
        assertEquals(List.of(1), t.decided().dissent());
    }

    @Test
    void the_order_of_votes_does_not_change_whether_there_is_agreement() {
        for (int seed = 0; seed < 500; seed++) {
            Random random = new Random(seed);
            int n = 3 + random.nextInt(4);
            List<Integer> values = new ArrayList<>();
            for (int i = 0; i < n; i++) {
                values.add(random.nextInt(8));
            }
            List<Integer> order = new ArrayList<>();
            for (int i = 0; i < n; i++) {
                order.add(i);
            }
            double tolerance = random.nextInt(3);
            boolean expected = largestWindow(values, tolerance) > n / 2;
            Collections.shuffle(order, random);
            Telling t = Rules.of(Strategy.MAJORITY, n).tolerance(tolerance).begin();
            for (int i : order) {
                if (!t.ended()) {
                    t.votes(i, String.valueOf(values.get(i)));
                }
            }
            assertEquals(expected, t.end().state().equals("done"), "seed " + seed + " " + values);
        }
    }

    private static int largestWindow(List<Integer> values, double tolerance) {
        Map<Integer, Integer> sizes = new TreeMap<>();
        for (int low : values) {
            sizes.put(low, (int) values.stream()
                    .filter(v -> v >= low && v - low <= tolerance)
                    .count());
        }
        return Collections.max(sizes.values());
    }

    @Test
    void who_is_too_late_has_failed() {
        Telling t = Rules.of(Strategy.MAJORITY, 3)
                .timeout(Duration.ofSeconds(5))
                .begin()
                .votes(0, "1");
        assertEquals(6_000, PoolMachine.nextTick(t.run, t.state));
        t.now = 6_000;
        t.tell(new PoolEvent.Tick());
        assertEquals("no-agreement", t.end().reason().code());
        assertEquals(List.of("call 0", "call 1", "call 2", "cancel 1", "cancel 2", "end failed"), t.trace);
    }

    @Test
    void after_a_crash_only_those_without_an_answer_are_asked_again() {
        Telling t = Rules.of(Strategy.ALL, 3).begin().votes(1, "1");
        t.trace.clear();
        t.tell(new PoolEvent.Recover());
        assertEquals(List.of("call 0", "call 2"), t.trace);
        t.tell(new PoolEvent.Returned(0, 1, "\"of an older attempt\""));
        t.votes(0, "0").votes(2, "2");
        assertEquals("{\"results\":[0,1,2]}", t.end().outputJson());
    }

    @Test
    void a_vote_that_comes_while_closing_is_kept_and_decided_on_at_the_next_open() {
        Telling t = Rules.of(Strategy.FIRST, 2).begin();
        t.tell(new PoolEvent.Suspend()).votes(0, "1");
        assertFalse(t.ended());
        t.tell(new PoolEvent.Recover());
        assertEquals("1", t.end().outputJson());
    }

    @Test
    void a_cancelled_pool_cancels_its_members() {
        Telling t = Rules.of(Strategy.ALL, 2).begin().votes(0, "1");
        t.tell(new PoolEvent.Cancel());
        assertEquals(List.of("call 0", "call 1", "cancel 1", "end cancelled"), t.trace);
    }

    @Test
    void random_pools_end_exactly_when_the_outcome_is_certain() {
        for (int seed = 0; seed < 2_000; seed++) {
            Random random = new Random(seed);
            int n = 1 + random.nextInt(6);
            int quorum = 1 + random.nextInt(n);
            Telling t = Rules.of(Strategy.QUORUM, n).quorum(quorum).begin();
            List<Integer> order = new ArrayList<>();
            for (int i = 0; i < n; i++) {
                order.add(i);
            }
            Collections.shuffle(order, random);
            Map<String, Integer> counts = new HashMap<>();
            int open = n;
            for (int i : order) {
                String vote = String.valueOf(random.nextInt(3));
                boolean fails = random.nextInt(4) == 0;
                Telling unused = fails ? t.fails(i) : t.votes(i, vote);
                assertEquals(t, unused);
                open--;
                if (!fails) {
                    counts.merge(vote, 1, Integer::sum);
                }
                int best = counts.values().stream()
                        .mapToInt(Integer::intValue)
                        .max()
                        .orElse(0);
                assertEquals(best >= quorum || best + open < quorum, t.ended(), "seed " + seed);
                if (t.ended()) {
                    assertEquals(best >= quorum ? "done" : "failed", t.end().state(), "seed " + seed);
                    break;
                }
            }
        }
    }
}
