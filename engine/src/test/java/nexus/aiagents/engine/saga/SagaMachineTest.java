package nexus.aiagents.engine.saga;

import static nexus.aiagents.engine.run.RunSpecs.ask;
import static nexus.aiagents.engine.run.RunSpecs.idempotent;
import static nexus.aiagents.engine.run.RunSpecs.input;
import static nexus.aiagents.engine.run.RunSpecs.retry;
import static nexus.aiagents.engine.run.RunSpecs.saga;
import static nexus.aiagents.engine.run.RunSpecs.step;
import static nexus.aiagents.engine.run.RunSpecs.timeout;
import static nexus.aiagents.engine.run.RunSpecs.undoRetry;
import static nexus.aiagents.engine.run.RunSpecs.withoutCompensation;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.EngineEvent.StepFailed;
import nexus.aiagents.engine.journal.ExitReason;
import nexus.aiagents.engine.journal.ExitReason.Kind;
import nexus.aiagents.engine.saga.SagaEffect.CallAction;
import nexus.aiagents.engine.saga.SagaEffect.CallUndo;
import org.junit.jupiter.api.Test;

class SagaMachineTest {
    private static final ExitReason NO = ExitReason.error("no", "it says no");
    private static final ExitReason LATE = ExitReason.of(Kind.TIMEOUT, "too late");
    private static final Duration SECOND = Duration.ofSeconds(1);

    @Test
    void steps_run_one_after_the_other_each_with_the_output_before() {
        Telling t = new Telling(saga(step("a"), step("b")));
        t.returns().returns();
        assertEquals(List.of("do a", "do b", "end done"), t.take());
        assertEquals(
                "{\"input\":{\"n\":1},\"previous\":\"a\",\"step\":\"b\"}",
                t.actions.getLast().inputJson());
        assertEquals("\"b\"", t.end().outputJson());
    }

    @Test
    void the_intent_is_journalled_with_key_and_compensation() {
        Telling t = new Telling(saga(step("a")));
        EngineEvent.StepStarted intent = t.last(EngineEvent.StepStarted.class);
        assertEquals("undo-a", intent.compensation());
        assertEquals(t.actions.getFirst().key(), intent.idempotencyKey());
    }

    @Test
    void keys_differ_by_run_step_and_input_and_by_nothing_else() {
        SagaRun one = new SagaRun("r-1", saga(), "1", 0);
        assertEquals(one.key("a", 0, "1"), one.key("a", 0, "1"));
        assertNotEquals(one.key("a", 0, "1"), one.key("b", 0, "1"));
        assertNotEquals(one.key("a", 0, "1"), one.key("a", 0, "2"));
        assertNotEquals(one.key("a", 0, "1"), new SagaRun("r-2", saga(), "1", 0).key("a", 0, "1"));
    }

    @Test
    void a_failure_undoes_what_was_done_in_reverse_and_skips_what_can_not_be_undone() {
        Telling t = new Telling(saga(step("a"), withoutCompensation(step("b")), step("c"), step("d")));
        t.returns().returns().returns().ends(NO);
        t.undone().undone();
        assertEquals(List.of("do a", "do b", "do c", "do d", "undo c", "undo a", "end failed"), t.take());
        assertEquals(
                "none-declared", t.last(EngineEvent.CompensationSkipped.class).why());
        assertEquals("d", t.end().failedStep());
        assertEquals(NO, t.end().reason());
    }

    @Test
    void a_first_step_that_fails_leaves_nothing_to_undo() {
        Telling t = new Telling(saga(step("a"), step("b"))).ends(NO);
        assertEquals(List.of("do a", "end failed"), t.take());
    }

    // ---- retry

    @Test
    void retries_wait_longer_each_time_and_keep_input_and_key() {
        Telling t = new Telling(saga(retry(step("a"), 4, SECOND)));
        for (long delay : new long[] {1_000, 2_000, 4_000}) {
            t.ends(NO);
            assertEquals(t.now + delay, t.last(StepFailed.class).retryAtEpochMillis());
            t.pass(Duration.ofMillis(delay - 1));
            assertEquals(List.of("do a"), t.take());
            t.pass(Duration.ofMillis(1));
        }
        t.ends(NO);
        assertEquals(List.of("do a", "end failed"), t.take());
        assertEquals(0, t.last(StepFailed.class).retryAtEpochMillis());
        assertEquals(1, t.actions.stream().map(CallAction::key).distinct().count());
        assertEquals(
                List.of(1, 2, 3, 4), t.actions.stream().map(CallAction::attempt).toList());
    }

    @Test
    void the_pause_between_retries_has_a_cap() {
        Telling t = new Telling(saga(retry(step("a"), 9, Duration.ofSeconds(4))));
        t.ends(NO).pass(Duration.ofSeconds(4)).ends(NO);
        assertEquals(t.now + 5_000, t.last(StepFailed.class).retryAtEpochMillis());
    }

    @Test
    void some_errors_are_not_tried_again() {
        assertEquals(
                List.of("do a", "end failed"),
                new Telling(saga(retry(step("a"), 3, SECOND, "no"))).ends(NO).take());
        for (Kind kind : List.of(Kind.BUDGET, Kind.UNTRUSTED)) {
            assertEquals(
                    List.of("do a", "end failed"),
                    new Telling(saga(retry(step("a"), 3, SECOND)))
                            .ends(ExitReason.of(kind, ""))
                            .take());
        }
    }

    // ---- unknown effects

    @Test
    void a_crash_in_the_middle_is_compensated_as_if_it_had_happened() {
        Telling t = new Telling(saga(step("a"), step("b"))).returns().crash();
        assertEquals(List.of("do a", "do b", "undo b"), t.take());
        t.undone().undone();
        assertEquals("b", t.end().failedStep());
        assertEquals("unknown-effect", t.end().reason().code());
    }

    @Test
    void a_crash_in_the_middle_of_an_idempotent_step_tries_again_with_the_same_key() {
        Telling t = new Telling(saga(idempotent(step("a")))).crash();
        assertEquals(List.of("do a", "do a"), t.take());
        assertEquals(t.actions.getFirst().key(), t.actions.getLast().key());
        assertEquals(2, t.actions.getLast().attempt());
        assertEquals("end done", t.returns().take().getLast());
    }

    @Test
    void what_may_have_happened_is_undone_even_if_the_next_try_surely_failed() {
        Telling t = new Telling(saga(idempotent(step("a")))).crash().ends(NO);
        assertEquals(List.of("do a", "do a", "undo a"), t.take());
        assertEquals(NO, t.undone().end().reason());
    }

    @Test
    void an_idempotent_step_that_timed_out_is_tried_once_more_at_least() {
        Telling t = new Telling(saga(idempotent(step("a"))));
        t.ends(LATE).ends(LATE);
        assertEquals(List.of("do a", "do a", "undo a"), t.take());
        assertEquals(LATE, t.undone().end().reason());
    }

    @Test
    void a_timed_out_step_that_is_not_idempotent_is_undone_and_not_retried() {
        Telling t = new Telling(saga(retry(step("a"), 3, SECOND))).ends(LATE);
        assertEquals(List.of("do a", "undo a"), t.take());
    }

    @Test
    void an_unknown_step_can_wait_for_a_person_who_tries_it_again() {
        Telling t = new Telling(saga(ask(step("a")))).crash();
        assertEquals("unknown", t.last(EngineEvent.RunParked.class).why());
        t.crash();
        t.tell(new SagaEvent.RetryParked(null, null));
        assertEquals(List.of("do a", "do a"), t.take());
        assertEquals(List.of("end done"), t.returns().take());
    }

    @Test
    void an_unknown_step_can_be_left_out_of_the_roll_back_or_be_undone() {
        Telling left = new Telling(saga(step("a"), ask(step("b")))).returns().crash();
        left.tell(new SagaEvent.SkipParked(null, true)).undone();
        assertEquals(List.of("do a", "do b", "undo a", "end failed"), left.take());
        Telling undone = new Telling(saga(step("a"), ask(step("b")))).returns().crash();
        undone.tell(new SagaEvent.Cancel()).undone().undone();
        assertEquals(List.of("do a", "do b", "undo b", "undo a", "end cancelled"), undone.take());
    }

    // ---- compensations that fail

    @Test
    void a_compensation_has_its_own_retries() {
        Telling t = new Telling(saga(undoRetry(step("a"), 2, SECOND), step("b")))
                .returns()
                .ends(NO);
        t.undoFails(LATE).pass(SECOND).undone();
        assertEquals(List.of("do a", "do b", "undo a", "undo a", "end failed"), t.take());
    }

    @Test
    void a_compensation_that_keeps_failing_waits_for_a_person_and_the_first_error_stays_first() {
        Telling t = new Telling(saga(step("a"), step("b"))).returns().ends(NO).undoFails(LATE);
        assertEquals("compensation-failed", t.last(EngineEvent.RunParked.class).why());
        assertEquals(Long.MAX_VALUE, SagaMachine.nextTick(t.run, t.state));
        t.crash();
        assertEquals(List.of("do a", "do b", "undo a"), t.take());
        t.tell(new SagaEvent.RetryParked(null, "{\"edited\":1}"));
        assertEquals("{\"edited\":1}", t.undos.getLast().inputJson());
        assertEquals(NO, t.undone().end().reason());
    }

    @Test
    void a_failed_compensation_can_be_skipped_or_marked_as_resolved() {
        for (boolean resolved : new boolean[] {true, false}) {
            Telling t = new Telling(saga(step("a"), step("b"), step("c")));
            t.returns().returns().ends(NO).undoFails(NO);
            t.tell(new SagaEvent.SkipParked(null, resolved)).undone();
            assertEquals("end failed", t.take().getLast());
            assertEquals(
                    resolved ? "resolved-by-person" : "skipped-by-person",
                    t.last(EngineEvent.CompensationSkipped.class).why());
        }
    }

    @Test
    void a_crash_in_the_middle_of_a_compensation_repeats_it_with_the_same_key_and_costs_no_try() {
        Telling t = new Telling(saga(step("a"), step("b"))).returns().ends(NO);
        t.crash().crash().undone();
        assertEquals(List.of("do a", "do b", "undo a", "undo a", "undo a", "end failed"), t.take());
        assertEquals(1, t.undos.stream().map(CallUndo::key).distinct().count());
    }

    // ---- cancel and time

    @Test
    void cancelling_ends_the_action_and_undoes_it_with_all_before() {
        Telling t = new Telling(saga(step("a"), step("b"))).returns();
        t.tell(new SagaEvent.Cancel());
        t.ends(ExitReason.of(Kind.KILLED, "cancelled")).undone().undone();
        assertEquals(List.of("do a", "do b", "cancel killed", "undo b", "undo a", "end cancelled"), t.take());
    }

    @Test
    void an_action_that_returned_although_it_was_cancelled_is_recorded_and_undone() {
        Telling t = new Telling(saga(step("a"), step("b")));
        t.tell(new SagaEvent.Cancel());
        t.returns();
        assertEquals("\"a\"", t.last(EngineEvent.StepDone.class).outputJson());
        t.undone();
        assertEquals(List.of("do a", "cancel killed", "undo a", "end cancelled"), t.take());
    }

    @Test
    void a_cancel_survives_a_crash() {
        Telling t = new Telling(saga(idempotent(step("a"))));
        t.tell(new SagaEvent.Cancel()).crash().undone();
        assertEquals(List.of("do a", "cancel killed", "undo a", "end cancelled"), t.take());
    }

    @Test
    void a_cancel_between_two_tries_takes_effect_at_once() {
        Telling t = new Telling(saga(retry(step("a"), 3, SECOND))).ends(NO);
        t.tell(new SagaEvent.Cancel());
        assertEquals(List.of("do a", "end cancelled"), t.take());
    }

    @Test
    void a_roll_back_is_not_cancelled() {
        Telling t = new Telling(saga(step("a"), step("b"))).returns().ends(NO);
        t.tell(new SagaEvent.Cancel());
        assertEquals("already", t.refused);
        assertEquals("undo a", t.take().getLast());
    }

    @Test
    void a_saga_whose_time_is_over_rolls_back_and_rolling_back_takes_its_time() {
        Telling t = new Telling(timeout(saga(step("a"), step("b")), SECOND)).returns();
        t.pass(SECOND).ends(LATE);
        t.pass(Duration.ofHours(1)).undone().pass(Duration.ofHours(1)).undone();
        assertEquals(List.of("do a", "do b", "cancel timeout", "undo b", "undo a", "end failed"), t.take());
        assertEquals(Kind.TIMEOUT, t.end().reason().kind());
        assertEquals("b", t.end().failedStep());
    }

    @Test
    void nothing_is_parked_means_nothing_to_retry_or_skip() {
        Telling t = new Telling(saga(step("a")));
        t.tell(new SagaEvent.RetryParked(null, null));
        assertEquals("not-parked", t.refused);
        t.tell(new SagaEvent.SkipParked(null, true));
        assertEquals(List.of("do a"), t.take());
    }

    // ---- inputs, outputs and the end of the process

    @Test
    void an_input_with_expressions_is_resolved_before_the_intent() {
        Telling t = new Telling(saga(input(step("a"), "\"${input.n}\"")));
        assertEquals(List.of("resolve a"), t.take());
        assertTrue(t.notes.isEmpty());
        t.tell(new SagaEvent.InputReady(0, "1"));
        assertEquals("1", t.last(EngineEvent.StepStarted.class).inputJson());
    }

    @Test
    void an_input_that_can_not_be_resolved_fails_the_step_that_never_began() {
        Telling t = new Telling(saga(step("a"), input(step("b"), "\"${\""))).returns();
        t.tell(new SagaEvent.InputBroken(1, ExitReason.error("bad-expression", "")));
        assertEquals(List.of("do a", "resolve b", "undo a"), t.take());
    }

    @Test
    void a_crash_before_the_input_was_resolved_resolves_it_again() {
        Telling t = new Telling(saga(input(step("a"), "1"))).crash();
        assertEquals(List.of("resolve a", "resolve a"), t.take());
    }

    @Test
    void an_action_that_ended_with_a_wrong_answer_did_happen() {
        for (String code : List.of("output-schema", "bad-output", "output-too-large")) {
            Telling t = new Telling(saga(step("a"))).ends(ExitReason.error(code, ""));
            assertEquals(List.of("do a", "undo a"), t.take());
        }
    }

    @Test
    void before_the_process_ends_outcomes_are_kept_and_nothing_is_begun() {
        Telling t = new Telling(saga(step("a"), step("b")));
        t.tell(new SagaEvent.Suspend()).returns();
        assertEquals(List.of("do a"), t.take());
        assertEquals("a", t.last(EngineEvent.StepDone.class).step());
        assertEquals(List.of("do b"), t.crash().take());
    }

    @Test
    void news_of_an_older_attempt_change_nothing() {
        Telling t = new Telling(saga(idempotent(step("a")), step("b"))).crash();
        t.tell(new SagaEvent.Returned(0, 1, "1"));
        t.tell(new SagaEvent.Ended(0, 1, NO));
        t.tell(new SagaEvent.Undone(0, 1, "1"));
        assertEquals(List.of("do a", "do a"), t.take());
    }

    @Test
    void a_saga_without_steps_is_done() {
        assertEquals(List.of("end done"), new Telling(saga()).take());
    }
}
