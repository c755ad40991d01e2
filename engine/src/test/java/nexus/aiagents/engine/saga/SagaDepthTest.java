package nexus.aiagents.engine.saga;

import static nexus.aiagents.engine.run.RunSpecs.ask;
import static nexus.aiagents.engine.run.RunSpecs.idempotent;
import static nexus.aiagents.engine.run.RunSpecs.inPool;
import static nexus.aiagents.engine.run.RunSpecs.input;
import static nexus.aiagents.engine.run.RunSpecs.jitter;
import static nexus.aiagents.engine.run.RunSpecs.nested;
import static nexus.aiagents.engine.run.RunSpecs.pivot;
import static nexus.aiagents.engine.run.RunSpecs.retry;
import static nexus.aiagents.engine.run.RunSpecs.saga;
import static nexus.aiagents.engine.run.RunSpecs.staged;
import static nexus.aiagents.engine.run.RunSpecs.step;
import static nexus.aiagents.engine.run.RunSpecs.stepTimeout;
import static nexus.aiagents.engine.run.RunSpecs.timeout;
import static nexus.aiagents.engine.run.RunSpecs.withoutCompensation;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.EngineEvent.StepFailed;
import nexus.aiagents.engine.journal.ExitReason;
import nexus.aiagents.engine.journal.ExitReason.Kind;
import nexus.aiagents.engine.project.SagaSpec.RetrySpec;
import org.junit.jupiter.api.Test;

/// Several actions at once, the point of no return, runs within runs, and time.
class SagaDepthTest {
    private static final ExitReason NO = ExitReason.error("no", "it says no");
    private static final ExitReason LATE = ExitReason.of(Kind.TIMEOUT, "too late");
    private static final ExitReason KILLED = ExitReason.of(Kind.KILLED, "killed");
    private static final Duration SECOND = Duration.ofSeconds(1);

    // ---- parallel groups

    @Test
    void the_steps_of_a_group_run_at_once_and_the_next_one_waits_for_all() {
        Telling t = new Telling(staged(step("a"), List.of(step("b"), step("c")), step("d")));
        t.returns();
        assertEquals(List.of("do a", "do b", "do c"), t.take());
        assertEquals(
                t.actions.get(1).inputJson().replace("\"b\"", "\"c\""),
                t.actions.get(2).inputJson());
        t.returns("c");
        assertEquals(List.of(), t.take());
        t.returns("b");
        assertEquals(List.of("do d"), t.take());
        assertEquals(
                "{\"input\":{\"n\":1},\"previous\":{\"b\":\"b\",\"c\":\"c\"},\"step\":\"d\"}",
                t.actions.getLast().inputJson());
        assertEquals(List.of("end done"), t.returns().take());
    }

    @Test
    void a_group_at_the_end_gives_the_saga_an_output_by_name() {
        Telling t = new Telling(staged(List.of(step("a"), step("b"))));
        t.returns("b").returns("a");
        assertEquals("{\"a\":\"a\",\"b\":\"b\"}", t.end().outputJson());
    }

    @Test
    void a_group_is_undone_in_reverse_of_the_order_in_which_its_steps_ended() {
        Telling t = new Telling(staged(step("a"), List.of(step("b"), step("c"), step("d")), step("e")));
        t.returns().returns("c").returns("d").returns("b").take();
        t.ends(NO).undone().undone().undone().undone();
        assertEquals(List.of("undo b", "undo d", "undo c", "undo a", "end failed"), t.take());
    }

    @Test
    void a_step_that_fails_ends_its_siblings_and_what_they_may_have_done_is_undone() {
        Telling t = new Telling(staged(step("a"), List.of(step("b"), step("c"), step("d"))));
        t.returns().returns("b").ends("c", NO);
        assertEquals(List.of("do a", "do b", "do c", "do d", "cancel d"), t.take());
        t.ends("d", KILLED);
        assertEquals(List.of("undo d"), t.take());
        t.undone().undone().undone();
        assertEquals(List.of("undo b", "undo a", "end failed"), t.take());
        assertEquals("c", t.end().failedStep());
        assertEquals(NO, t.end().reason());
    }

    @Test
    void a_sibling_that_returned_all_the_same_is_recorded_and_undone() {
        Telling t = new Telling(staged(List.of(step("a"), step("b"))));
        t.ends("a", NO).returns("b").undone();
        assertEquals(List.of("do a", "do b", "cancel b", "undo b", "end failed"), t.take());
        assertEquals("\"b\"", t.last(EngineEvent.StepDone.class).outputJson());
    }

    @Test
    void a_sibling_that_waits_for_its_next_try_does_not_get_it() {
        Telling t = new Telling(staged(List.of(retry(step("a"), 3, SECOND), step("b"))));
        t.ends("a", NO).ends("b", NO);
        assertEquals(List.of("do a", "do b", "end failed"), t.take());
        assertEquals("b", t.end().failedStep());
    }

    @Test
    void a_sibling_that_waits_for_a_person_lets_the_others_go_on() {
        Telling t = new Telling(staged(List.of(ask(step("a")), step("b")), step("c")));
        t.ends("a", LATE).returns("b");
        assertTrue(t.state.isParked());
        t.tell(new SagaEvent.RetryParked(null, null)).returns("a");
        assertEquals(List.of("do a", "do b", "do a", "do c"), t.take());
    }

    @Test
    void of_several_that_wait_for_a_person_each_can_be_named() {
        Telling t = new Telling(staged(List.of(ask(step("a")), ask(step("b")))));
        t.ends("a", LATE).ends("b", LATE);
        t.tell(new SagaEvent.RetryParked("c", null));
        assertEquals("unknown-name", t.refused);
        t.tell(new SagaEvent.RetryParked("b", "{\"edited\":1}"));
        assertEquals(List.of("do a", "do b", "do b"), t.take());
        assertEquals("{\"edited\":1}", t.actions.getLast().inputJson());
        t.tell(new SagaEvent.SkipParked("b", true));
        assertEquals("not-parked", t.refused, "it does not wait any more, and a is not taken for it");
        t.returns("b");
        assertTrue(t.state.isParked(), "a still waits");
        t.tell(new SagaEvent.RetryParked(null, null)).returns("a");
        assertEquals(List.of("do a", "end done"), t.take());
    }

    @Test
    void inputs_of_a_group_are_evaluated_one_after_the_other() {
        Telling t = new Telling(staged(List.of(input(step("a"), "\"${input.n}\""), input(step("b"), "2"))));
        assertEquals(List.of("resolve a"), t.take());
        t.tell(new SagaEvent.InputReady(0, "1"));
        assertEquals(List.of("do a", "resolve b"), t.take());
        t.tell(new SagaEvent.InputReady(1, "2"));
        assertEquals(List.of("do b"), t.take());
    }

    @Test
    void a_crash_in_a_group_tries_those_again_that_may_and_rolls_back_if_one_may_not() {
        Telling t = new Telling(staged(List.of(idempotent(step("a")), idempotent(step("b"))))).crash();
        assertEquals(List.of("do a", "do b", "do a", "do b"), t.take());
        Telling u = new Telling(staged(List.of(idempotent(step("a")), step("b")))).crash();
        u.undone().undone();
        assertEquals("end failed", u.take().getLast());
        assertEquals("b", u.end().failedStep());
        assertEquals(2, u.undos.size());
    }

    @Test
    void the_time_of_the_saga_ends_all_that_is_under_way() {
        Telling t = new Telling(timeout(staged(List.of(step("a"), step("b"))), SECOND)).pass(SECOND);
        assertEquals(List.of("do a", "do b", "cancel a", "cancel b"), t.take());
    }

    // ---- pivot

    @Test
    void before_the_pivot_it_rolls_back_and_so_it_does_when_the_pivot_surely_fails() {
        Telling t = new Telling(saga(step("a"), pivot(step("b")))).returns().ends(NO);
        t.undone();
        assertEquals(List.of("do a", "do b", "undo a", "end failed"), t.take());
    }

    @Test
    void after_the_pivot_a_failure_waits_for_a_person_and_nothing_is_undone() {
        Telling t = new Telling(saga(step("a"), pivot(step("b")), withoutCompensation(step("c"))));
        t.returns().returns().ends(NO);
        assertEquals("step-failed", t.last(EngineEvent.RunParked.class).why());
        t.tell(new SagaEvent.Cancel());
        assertEquals("pivot", t.refused);
        t.tell(new SagaEvent.RetryParked(null, "{\"edited\":1}"));
        assertEquals("{\"edited\":1}", t.actions.getLast().inputJson());
        assertEquals("end done", t.returns().take().getLast());
        assertEquals(List.of(), t.undos);
    }

    @Test
    void a_step_after_the_pivot_can_be_left_out_or_be_done_by_hand() {
        for (boolean resolved : new boolean[] {true, false}) {
            Telling t = new Telling(saga(pivot(step("a")), withoutCompensation(step("b"))));
            t.returns().ends(NO).tell(new SagaEvent.SkipParked(null, resolved));
            assertEquals("end done", t.take().getLast());
            assertEquals(
                    resolved ? "resolved-by-person" : "skipped-by-person",
                    t.last(EngineEvent.StepSkipped.class).why());
        }
    }

    @Test
    void a_pivot_under_way_is_not_cut_short_and_its_end_decides() {
        Telling done = new Telling(saga(step("a"), pivot(step("b")), step("c"))).returns();
        done.tell(new SagaEvent.Cancel());
        assertEquals(List.of("do a", "do b"), done.take(), "it is not cancelled");
        assertEquals(List.of("do c"), done.returns().take(), "and so there is no way back");
        Telling failed = new Telling(saga(step("a"), pivot(step("b")))).returns();
        failed.tell(new SagaEvent.Cancel()).ends(NO).undone();
        assertEquals(List.of("do a", "do b", "undo a", "end cancelled"), failed.take());
    }

    @Test
    void a_pivot_that_nobody_knows_of_is_asked_again_if_it_may_be_and_else_a_person_is() {
        Telling again = new Telling(saga(step("a"), idempotent(pivot(step("b"))))).returns();
        again.tell(new SagaEvent.Cancel()).ends(LATE).pass(SECOND);
        assertEquals(List.of("do a", "do b", "do b"), again.take());
        Telling asked = new Telling(saga(step("a"), pivot(step("b")))).returns().ends(LATE);
        assertEquals("unknown", asked.last(EngineEvent.RunParked.class).why());
        asked.tell(new SagaEvent.SkipParked(null, false)).undone();
        assertEquals(List.of("do a", "do b", "undo a", "end failed"), asked.take(), "it did not happen");
        Telling happened =
                new Telling(saga(step("a"), pivot(step("b")))).returns().ends(LATE);
        happened.tell(new SagaEvent.SkipParked(null, true));
        assertEquals(List.of("do a", "do b", "end done"), happened.take(), "it did");
    }

    @Test
    void the_time_of_the_saga_does_not_matter_after_the_pivot() {
        Telling t = new Telling(timeout(saga(pivot(step("a")), step("b")), SECOND)).returns();
        t.pass(Duration.ofMinutes(1));
        assertEquals(List.of("do a", "do b"), t.take());
        assertEquals(Long.MAX_VALUE, SagaMachine.nextTick(t.run, t.state));
    }

    // ---- runs within runs

    @Test
    void a_nested_run_that_a_crash_left_is_waited_for_again_and_not_unknown() {
        Telling t = new Telling(saga(nested(step("a"), "child"))).crash();
        assertEquals(List.of("do a", "do a"), t.take());
        assertEquals(t.actions.getFirst().attempt(), t.actions.getLast().attempt());
        assertEquals("end done", t.returns().take().getLast());
    }

    @Test
    void a_nested_saga_that_failed_has_undone_itself() {
        Telling t = new Telling(saga(step("a"), nested(step("b"), "child")))
                .returns()
                .ends(LATE);
        assertEquals(List.of("do a", "do b", "undo a"), t.take(), "nothing is unknown of it");
    }

    @Test
    void a_nested_saga_that_ended_well_is_undone_in_its_turn() {
        Telling t = new Telling(saga(step("a"), nested(step("b"), "child"), step("c")));
        t.returns().returns().ends(NO);
        assertEquals("child", t.last(EngineEvent.CompensationStarted.class).agent());
        assertEquals(t.actions.get(1).attempt(), t.undos.getLast().action());
        t.undone().undone();
        assertEquals(List.of("do a", "do b", "do c", "undo b", "undo a", "end failed"), t.take());
    }

    @Test
    void a_pool_that_came_to_no_result_may_have_had_effects() {
        Telling t = new Telling(saga(inPool(step("a"), "jury"))).ends(NO);
        assertEquals(List.of("do a", "undo a"), t.take());
    }

    @Test
    void a_nested_run_whose_time_is_over_is_told_to_end_once() {
        Telling t = new Telling(saga(stepTimeout(nested(step("a"), "child"), SECOND, null)));
        assertEquals(t.now + 1_000, SagaMachine.nextTick(t.run, t.state));
        t.pass(SECOND).pass(SECOND);
        assertEquals(List.of("do a", "cancel timeout"), t.take());
        t.ends(KILLED);
        assertEquals(Kind.TIMEOUT, t.end().reason().kind());
    }

    @Test
    void pausing_a_run_pauses_what_runs_within_it() {
        Telling t = new Telling(saga(nested(step("a"), "child")));
        t.tell(new SagaEvent.Pause()).tell(new SagaEvent.Resume());
        assertEquals(List.of("do a", "pause a true", "pause a false"), t.take());
    }

    @Test
    void a_run_that_ended_well_is_undone_when_the_run_around_it_rolls_back() {
        Telling t = new Telling(saga(step("a"), step("b"))).returns().returns();
        t.tell(new SagaEvent.Undo()).undone().undone();
        assertEquals(List.of("do a", "do b", "end done", "undo b", "undo a", "end done"), t.take());
        assertEquals("cancelled", t.last(EngineEvent.RunEnded.class).state());
        assertEquals("already", t.tell(new SagaEvent.Undo()).refused);
    }

    // ---- time

    @Test
    void a_part_of_each_wait_is_left_to_chance_and_kept_once_it_is_drawn() {
        RetrySpec retry =
                jitter(retry(step("a"), 3, Duration.ofSeconds(4)), 0.5).retry();
        assertEquals(4_000, retry.waitMillis(1, 0));
        assertEquals(3_000, retry.waitMillis(1, 0.5));
        assertEquals(5_000, retry.waitMillis(2, 0), "the cap comes first");
        Telling t = new Telling(saga(jitter(retry(step("a"), 3, Duration.ofSeconds(4)), 0.5))).ends(NO);
        long due = t.last(StepFailed.class).retryAtEpochMillis();
        t.crash();
        assertEquals(due, SagaMachine.nextTick(t.run, t.state));
    }

    @Test
    void all_tries_of_a_step_share_its_time() {
        Telling t = new Telling(
                saga(stepTimeout(retry(step("a"), 9, SECOND), Duration.ofSeconds(2), Duration.ofSeconds(4))));
        assertEquals(Duration.ofSeconds(2), t.actions.getLast().timeout());
        t.pass(SECOND).ends(NO).pass(SECOND);
        assertEquals(Duration.ofSeconds(2), t.actions.getLast().timeout());
        t.pass(Duration.ofMillis(500)).ends(NO);
        assertEquals(0, t.last(StepFailed.class).retryAtEpochMillis(), "the next try would be too late");
        assertEquals("end failed", t.take().getLast());
    }

    @Test
    void a_pause_does_not_use_up_the_time_of_the_saga() {
        Telling t = new Telling(timeout(saga(step("a")), Duration.ofSeconds(2))).pass(SECOND);
        t.tell(new SagaEvent.Pause());
        assertEquals(Long.MAX_VALUE, SagaMachine.nextTick(t.run, t.state));
        t.pass(Duration.ofMinutes(1)).tell(new SagaEvent.Resume());
        assertEquals(t.now + 1_000, SagaMachine.nextTick(t.run, t.state));
    }
}
