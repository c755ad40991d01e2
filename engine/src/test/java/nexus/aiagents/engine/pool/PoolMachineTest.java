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
            return onTie(OnTie.FIRST);
        }

        Rules onTie(OnTie what) {
            return new Rules(strategy, size, quorum, agreeOn, tolerance, what, timeout);
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
                    onTie == OnTie.JUDGE ? "wise" : null,
                    timeout,
                    null,
                    new Position("nexus.yaml", 0, 0, 0, 0)));
        }
    }

    private static final class Telling {
        final PoolRun run;
        PoolState state;
        long now = 1_000;
        final List<String> trace = new ArrayList<>();
        String ballot = "";
        PoolMachine.Refusal refused;
        final List<EngineEvent> notes = new ArrayList<>();

        Telling(PoolSpec pool) {
            run = new PoolRun("r-1", pool, "{}", now);
            state = PoolState.initial(run);
            tell(new PoolEvent.Begin());
        }

        Telling tell(PoolEvent event) {
            PoolMachine.Decision decision = PoolMachine.decide(run, state, event, now);
            state = decision.state();
            refused = decision.refused();
            for (PoolEffect effect : decision.effects()) {
                switch (effect) {
                    case PoolEffect.Note e -> notes.add(e.event());
                    case PoolEffect.Call e -> trace.add("call " + e.member());
                    case PoolEffect.CancelCall e -> trace.add("cancel " + e.member());
                    case PoolEffect.CallJudge e -> {
                        trace.add("judge " + e.attempt());
                        ballot = e.inputJson();
                    }
                    case PoolEffect.CancelJudge _ -> trace.add("cancel judge");
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

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"caf\\u00e9\" | \"cafe\\u0301\" | true",
                "{\"\\u00e9\":1,\"z\":2} | {\"z\":2,\"e\\u0301\":1} | true",
                "\"\\uD83D\\uDE00\" | \"😀\" | true",
                "\"a\" | \"A\" | false"
            })
    void text_is_the_same_however_its_letters_are_composed(String a, String b, boolean same) {
        Telling t = Rules.of(Strategy.QUORUM, 2).quorum(2).begin().votes(0, a).votes(1, b);
        assertEquals(same ? "done" : "failed", t.end().state());
    }

    @Test
    void with_a_tolerance_the_size_of_the_largest_group_does_not_depend_on_the_order_of_votes() {
        for (int seed = 0; seed < 400; seed++) {
            Random random = new Random(seed);
            int n = 2 + random.nextInt(7);
            int numbers = 1 + random.nextInt(3);
            List<List<Integer>> answers = new ArrayList<>();
            for (int i = 0; i < n; i++) {
                List<Integer> answer = new ArrayList<>();
                for (int k = 0; k < numbers; k++) {
                    answer.add(random.nextInt(6));
                }
                answers.add(answer);
            }
            int tolerance = 1 + random.nextInt(2);
            int expected = largestSet(answers, tolerance);
            List<Integer> order = new ArrayList<>(
                    java.util.stream.IntStream.range(0, n).boxed().toList());
            Collections.shuffle(order, random);
            Votes votes = Votes.of(order, i -> answers.get(i).toString(), null, tolerance);
            assertEquals(expected, votes.largest().size(), "seed " + seed + " " + answers);
            assertEquals(
                    n, votes.groups().stream().flatMap(List::stream).distinct().count(), "everyone is in one group");
        }
    }

    /// Every set of answers is tried.
    private static int largestSet(List<List<Integer>> answers, int tolerance) {
        int best = 0;
        for (int set = 1; set < 1 << answers.size(); set++) {
            boolean near = true;
            for (int i = 0; i < answers.size() && near; i++) {
                for (int k = 0; k < i && near; k++) {
                    if ((set >> i & set >> k & 1) == 1) {
                        for (int c = 0; c < answers.get(i).size(); c++) {
                            near &= Math.abs(answers.get(i).get(c)
                                            - answers.get(k).get(c))
                                    <= tolerance;
                        }
                    }
                }
            }
            best = near ? Math.max(best, Integer.bitCount(set)) : best;
        }
        return best;
    }

    private static Telling tied(OnTie onTie) {
        Telling t = Rules.of(Strategy.MAJORITY, 4).onTie(onTie).begin();
        return t.votes(0, "\"x\"").votes(1, "\"y\"").votes(3, "\"y\"").fails(2);
    }

    @Test
    void a_judge_gets_every_answer_and_picks_one() {
        Telling t = tied(OnTie.JUDGE);
        assertEquals("judge 1", t.trace.getLast());
        assertEquals(
                "{\"pool\":\"jury\",\"input\":{},\"candidates\":["
                        + "{\"choice\":1,\"votes\":2,\"members\":[\"m\",\"m\"],\"answer\":\"y\"},"
                        + "{\"choice\":2,\"votes\":1,\"members\":[\"m\"],\"answer\":\"x\"}]}",
                t.ballot);
        t.tell(new PoolEvent.Judged(1, "{\"choice\":2,\"reason\":\"it cites its source\"}"));
        assertEquals("\"x\"", t.end().outputJson());
        assertEquals("judge:wise", t.decided().by());
        assertEquals(List.of(1, 3), t.decided().dissent());
    }

    @Test
    void a_judge_and_a_person_wait_for_members_that_are_still_at_work() {
        for (OnTie onTie : List.of(OnTie.JUDGE, OnTie.ASK)) {
            Telling t = Rules.of(Strategy.QUORUM, 3).quorum(3).onTie(onTie).begin();
            t.votes(0, "1").votes(1, "2");
            assertEquals(PoolState.Phase.VOTING, t.state.phase(), "the third answer is a candidate too");
            t.votes(2, "3");
            assertEquals(3, t.state.candidates().size());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"{\"choice\":3}", "{\"choice\":-1}", "{\"choice\":1.5}", "{\"choice\":\"1\"}", "{}", "1", "[]"})
    void a_judge_that_picks_nothing_that_is_there_fails_the_pool(String said) {
        Telling t = tied(OnTie.JUDGE).tell(new PoolEvent.Judged(1, said));
        assertEquals("bad-choice", t.end().reason().code());
        assertTrue(t.end().reason().message().contains("from 1 to 2"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"{\"choice\":0,\"reason\":\"all wrong\"}", "{\"choice\":null,\"reason\":\"all wrong\"}"})
    void a_judge_may_take_none_of_them(String said) {
        Telling t = tied(OnTie.JUDGE).tell(new PoolEvent.Judged(1, said));
        assertEquals("no-agreement", t.end().reason().code());
        assertTrue(t.end().reason().message().endsWith("all wrong"));
    }

    @Test
    void a_judge_that_fails_fails_the_pool_and_one_that_was_cut_short_is_asked_again() {
        assertEquals(
                "judge-failed",
                tied(OnTie.JUDGE)
                        .tell(new PoolEvent.JudgeEnded(1, NO))
                        .end()
                        .reason()
                        .code());
        Telling t = tied(OnTie.JUDGE).tell(new PoolEvent.Suspend()).tell(new PoolEvent.Recover());
        assertEquals("judge 2", t.trace.getLast());
        t.tell(new PoolEvent.Judged(1, "{\"choice\":1}"));
        assertFalse(t.ended(), "what an earlier attempt said is nothing");
        assertEquals(
                "\"y\"", t.tell(new PoolEvent.Judged(2, "{\"choice\":1}")).end().outputJson());
    }

    @Test
    void a_pool_that_is_cancelled_while_judged_cancels_the_judge() {
        assertEquals(
                List.of("cancel judge", "end cancelled"),
                tied(OnTie.JUDGE)
                        .tell(new PoolEvent.Cancel())
                        .trace
                        .reversed()
                        .subList(0, 2)
                        .reversed());
    }

    @Test
    void a_person_is_waited_for_without_limit_also_across_a_restart() {
        Telling t = Rules.of(Strategy.MAJORITY, 2)
                .onTie(OnTie.ASK)
                .timeout(Duration.ofSeconds(5))
                .begin()
                .votes(0, "1")
                .votes(1, "2");
        assertEquals("tie", t.one(EngineEvent.RunParked.class).why());
        assertEquals(Long.MAX_VALUE, PoolMachine.nextTick(t.run, t.state));
        t.now = 1_000_000;
        t.tell(new PoolEvent.Tick()).tell(new PoolEvent.Suspend()).tell(new PoolEvent.Recover());
        assertFalse(t.ended());
        t.tell(new PoolEvent.Pick(3));
        assertEquals("bad-input", t.refused.code());
        t.tell(new PoolEvent.Pick(2));
        assertEquals("2", t.end().outputJson());
        assertEquals("person", t.decided().by());
        assertEquals(List.of(0), t.decided().dissent());
    }

    @Test
    void a_person_may_take_none_of_them_and_is_not_heard_before_being_asked() {
        Telling t = Rules.of(Strategy.MAJORITY, 2).onTie(OnTie.ASK).begin().votes(0, "1");
        t.tell(new PoolEvent.Pick(1));
        assertEquals("not-parked", t.refused.code());
        t.votes(1, "2").tell(new PoolEvent.Pick(0));
        assertEquals("no-agreement", t.end().reason().code());
    }

    @Test
    void nobody_is_asked_to_pick_where_there_is_no_answer() {
        for (OnTie onTie : OnTie.values()) {
            Telling t =
                    Rules.of(Strategy.MAJORITY, 2).onTie(onTie).begin().fails(0).fails(1);
            assertEquals("no-agreement", t.end().reason().code());
        }
    }
}
