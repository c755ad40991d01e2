package nexus.aiagents.engine.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.EngineEvent.PoolJobFailed;
import nexus.aiagents.engine.journal.EngineEvent.PoolJobStarted;
import nexus.aiagents.engine.journal.EngineEvent.PoolJobUnknown;
import nexus.aiagents.engine.journal.EngineEvent.PoolScaled;
import nexus.aiagents.engine.journal.ExitReason;
import nexus.aiagents.engine.pool.QueueState.Mode;
import nexus.aiagents.engine.pool.QueueTelling.Rules;
import nexus.aiagents.engine.project.PoolSpec.OnFull;
import nexus.aiagents.engine.project.PoolSpec.Strategy;
import org.junit.jupiter.api.Test;

class QueueMachineTest {
    @Test
    void jobs_start_in_the_order_in_which_they_came_and_one_at_a_time_for_each_worker() {
        QueueTelling t = Rules.of(2).open().submit("a", "b", "c", "d");
        assertEquals(List.of("a>0", "b>1"), t.started);
        t.returns("b");
        assertEquals(List.of("a>0", "b>1", "c>1"), t.started);
        t.returns("a").returns("d").returns("c");
        assertEquals(Map.of("a", "done", "b", "done", "c", "done", "d", "done"), t.ends);
        assertTrue(t.stored.isEmpty());
    }

    @Test
    void round_robin_goes_around_those_who_are_free() {
        QueueTelling t = Rules.of(3).open();
        for (String id : List.of("a", "b", "c", "d")) {
            t.submit(id).returns(id);
        }
        assertEquals(List.of("a>0", "b>1", "c>2", "d>0"), t.started);
    }

    @Test
    void least_busy_takes_who_has_worked_least() {
        QueueTelling t = Rules.of(2).strategy(Strategy.LEAST_BUSY).open().submit("long", "short");
        t.now += 100;
        t.returns("short");
        t.now += 900;
        t.returns("long");
        t.submit("a").returns("a").submit("b").returns("b");
        assertEquals(List.of("long>0", "short>1", "a>1", "b>1"), t.started);
    }

    @Test
    void random_uses_everyone_and_is_the_same_when_it_is_decided_again() {
        QueueTelling t = Rules.of(4).strategy(Strategy.RANDOM).open();
        QueueTelling again = Rules.of(4).strategy(Strategy.RANDOM).open();
        for (int i = 0; i < 100; i++) {
            t.submit("j" + i).returns("j" + i);
            again.submit("j" + i).returns("j" + i);
        }
        assertEquals(t.started, again.started);
        for (int worker = 0; worker < 4; worker++) {
            String end = ">" + worker;
            long share = t.started.stream().filter(s -> s.endsWith(end)).count();
            assertTrue(share > 10, "worker " + worker + " did " + share);
        }
    }

    @Test
    void a_full_queue_refuses_with_a_code_and_the_remedy() {
        QueueTelling t = Rules.of(1).full(2, OnFull.REJECT).open().submit("a", "b", "c", "d");
        assertEquals("{a=accepted, b=accepted, c=accepted, d=queue-full}", t.answers.toString());
        assertEquals(1, t.all(EngineEvent.PoolJobRefused.class).size());
        assertFalse(t.stored.containsKey("d"));
        t.returns("a").submit("e");
        assertEquals("accepted", t.answers.get("e"));
    }

    @Test
    void a_limit_of_nothing_takes_a_job_only_if_a_worker_is_free() {
        QueueTelling t = Rules.of(1).full(0, OnFull.REJECT).open().submit("a", "b");
        assertEquals("{a=accepted, b=queue-full}", t.answers.toString());
    }

    @Test
    void a_full_queue_can_let_its_callers_wait_for_room_in_order() {
        QueueTelling t = Rules.of(1).full(1, OnFull.BLOCK).open().submit("a", "b", "c", "d");
        assertNull(t.answers.get("c"));
        assertFalse(t.stored.containsKey("c"), "it is not accepted yet");
        t.returns("a");
        assertEquals("accepted", t.answers.get("c"));
        assertNull(t.answers.get("d"));
        t.passes(Duration.ofSeconds(10));
        assertEquals("queue-full", t.answers.get("d"));
    }

    @Test
    void a_full_queue_can_give_up_what_has_waited_longest() {
        QueueTelling t = Rules.of(1).full(2, OnFull.DROP_OLDEST).open().submit("a", "b", "c", "d");
        assertEquals(Map.of("b", "failed"), t.ends);
        assertEquals(
                "dropped", t.all(EngineEvent.RunEnded.class).getFirst().reason().code());
        t.returns("a").returns("c").returns("d");
        assertEquals("{b=failed, a=done, c=done, d=done}", t.ends.toString());
    }

    @Test
    void a_failed_job_is_tried_again_later_and_meanwhile_others_go_on() {
        QueueTelling t = Rules.of(1).attempts(3).open().submit("a", "b").fails("a");
        assertEquals(List.of("a>0", "b>0"), t.started);
        assertEquals(1_000, t.all(PoolJobFailed.class).getFirst().retryAtEpochMillis() - t.now);
        t.returns("b").passes(Duration.ofMillis(999));
        assertEquals(2, t.started.size());
        t.passes(Duration.ofMillis(1)).fails("a").passes(Duration.ofSeconds(2)).fails("a");
        assertEquals("failed", t.ends.get("a"));
        assertEquals(3, t.all(PoolJobFailed.class).size());
        assertEquals(
                1,
                t.all(PoolJobStarted.class).stream()
                        .filter(s -> s.runId().equals("a"))
                        .map(PoolJobStarted::idempotencyKey)
                        .distinct()
                        .count());
    }

    @Test
    void some_errors_are_not_tried_again() {
        QueueTelling t = Rules.of(1).attempts(3).open().submit("a");
        t.fails("a", ExitReason.error("never", ""));
        assertEquals("failed", t.ends.get("a"));
    }

    @Test
    void a_job_that_was_cut_short_by_the_end_of_the_process_is_named_and_started_again_with_its_key() {
        QueueTelling t = Rules.of(1).open().submit("a", "b").dies();
        t.tell(new QueueEvent.Open());
        assertEquals(List.of("a>0", "a>0"), t.started);
        assertEquals("a", t.all(PoolJobUnknown.class).getFirst().runId());
        assertEquals(2, t.all(PoolJobStarted.class).getLast().attempt());
        t.returns("a").returns("b");
        assertEquals("{a=done, b=done}", t.ends.toString());
    }

    @Test
    void a_job_that_keeps_ending_the_process_is_given_up() {
        QueueTelling t = Rules.of(1).open().submit("poison");
        for (int i = 1; i < QueueMachine.MAX_INTERRUPTIONS; i++) {
            t.dies().tell(new QueueEvent.Open());
            assertEquals(1, t.calls.size());
        }
        t.dies().tell(new QueueEvent.Open());
        assertEquals(
                "unknown", t.all(EngineEvent.RunEnded.class).getFirst().reason().code());
        assertTrue(t.stored.isEmpty());
    }

    @Test
    void a_cancelled_job_ends_at_once_and_its_worker_is_free_when_the_call_has_ended() {
        QueueTelling t = Rules.of(1).open().submit("a", "b");
        t.tell(new QueueEvent.CancelJob("a"));
        assertEquals(Map.of("a", "cancelled"), t.ends);
        assertEquals(List.of("a>0"), t.started, "the worker is not free before its call has ended");
        t.fails("a");
        assertEquals(List.of("a>0", "b>0"), t.started);
        t.tell(new QueueEvent.CancelJob("a"));
        assertEquals("unknown-name", t.refused.code());
    }

    @Test
    void workers_double_under_load_and_go_one_by_one_when_they_are_idle() {
        QueueTelling t = Rules.between(1, 4).open().submit("a", "b", "c", "d", "e");
        assertEquals(1, t.workers());
        t.passes(Duration.ZERO);
        assertEquals(2, t.workers(), "more wait than there are workers");
        t.passes(Duration.ofSeconds(5));
        assertEquals(4, t.workers(), "after the cool-down, and not before");
        assertEquals(
                List.of("queue", "queue"),
                t.all(PoolScaled.class).stream().map(PoolScaled::cause).toList());
        for (String id : List.of("a", "b", "c", "d", "e")) {
            t.returns(id);
        }
        t.passes(Duration.ofMillis(29_999));
        assertEquals(4, t.workers());
        t.passes(Duration.ofMillis(1));
        assertEquals(3, t.workers());
        t.passes(Duration.ofMinutes(1));
        assertEquals(1, t.workers());
    }

    @Test
    void a_single_job_that_waits_too_long_gets_another_worker() {
        QueueTelling t = Rules.between(1, 4).open().submit("a", "b");
        t.passes(Duration.ofMillis(999));
        assertEquals(1, t.workers());
        t.passes(Duration.ofMillis(1));
        assertEquals(2, t.workers());
        assertEquals("wait", t.all(PoolScaled.class).getFirst().cause());
    }

    @Test
    void a_pool_without_workers_gets_one_as_soon_as_there_is_a_job() {
        QueueTelling t = Rules.between(0, 4).open().submit("a");
        assertEquals(0, t.calls.size());
        t.passes(Duration.ZERO);
        assertEquals(1, t.calls.size());
    }

    @Test
    void a_person_who_says_how_many_is_obeyed_until_it_is_automatic_again() {
        QueueTelling t = Rules.between(1, 4).open().tell(new QueueEvent.Scale(3));
        assertEquals(3, t.workers());
        t.submit("a", "b", "c", "d", "e", "f", "g", "h").passes(Duration.ofMinutes(10));
        assertEquals(3, t.workers());
        t.tell(new QueueEvent.Scale(5));
        assertEquals("bad-input", t.refused.code());
        t.tell(new QueueEvent.Scale(null)).passes(Duration.ZERO);
        assertEquals(4, t.workers());
    }

    @Test
    void who_is_at_work_when_there_are_to_be_fewer_finishes_first() {
        QueueTelling t = Rules.of(3).open().submit("a", "b", "c").tell(new QueueEvent.Scale(1));
        assertEquals(3, t.calls.size());
        t.submit("d").returns("c").returns("b");
        assertEquals(1, t.calls.size());
        t.returns("a");
        assertEquals("d>0", t.started.getLast());
    }

    @Test
    void who_was_about_to_leave_stays_when_there_are_to_be_more_again() {
        QueueTelling t = Rules.of(3).open().submit("a", "b", "c");
        t.tell(new QueueEvent.Scale(1)).tell(new QueueEvent.Scale(3));
        assertEquals(3, t.state.workers().size());
    }

    @Test
    void a_draining_queue_takes_no_new_jobs_and_finishes_those_it_has() {
        QueueTelling t =
                Rules.of(1).full(1, OnFull.BLOCK).open().submit("a", "b", "c").tell(new QueueEvent.Drain());
        assertEquals("draining", t.answers.get("c"), "who waited for room is told");
        t.submit("d");
        assertEquals("draining", t.answers.get("d"));
        t.returns("a");
        assertEquals(Mode.DRAINING, t.state.mode());
        t.returns("b");
        assertEquals(Mode.DRAINED, t.state.mode());
        assertEquals(1, t.all(EngineEvent.PoolDrained.class).size());
        t.tell(new QueueEvent.Resume()).submit("e");
        assertEquals("accepted", t.answers.get("e"));
        t.tell(new QueueEvent.Resume());
        assertEquals("already", t.refused.code());
    }

    @Test
    void how_many_workers_and_that_it_is_drained_outlive_the_process() {
        QueueTelling t = Rules.between(1, 4).open();
        t.tell(new QueueEvent.Scale(3)).tell(new QueueEvent.Drain()).dies().tell(new QueueEvent.Open());
        assertEquals(3, t.workers());
        assertTrue(t.state.pinned());
        t.submit("a");
        assertEquals("draining", t.answers.get("a"));
    }

    @Test
    void a_closed_queue_takes_jobs_and_starts_none() {
        QueueTelling t = new QueueTelling(Rules.of(1).pool()).submit("a");
        assertEquals("accepted", t.answers.get("a"));
        assertTrue(t.calls.isEmpty());
        t.tell(new QueueEvent.Open());
        assertEquals(List.of("a>0"), t.started);
    }

    @Test
    void a_queue_that_is_stopped_by_force_keeps_its_jobs() {
        QueueTelling t = Rules.of(2).open().submit("a", "b", "c").tell(new QueueEvent.Kill());
        assertEquals(2, t.all(PoolJobUnknown.class).size());
        t.fails("a").fails("b");
        assertTrue(t.ends.isEmpty(), "what was cut short has not failed");
        t.tell(new QueueEvent.Open());
        t.returns("a").returns("b").returns("c");
        assertEquals("{a=done, b=done, c=done}", t.ends.toString());
    }

    @Test
    void a_pool_that_has_failed_begins_nothing_more_and_finishes_what_is_at_work() {
        QueueTelling t = Rules.of(2).open().submit("a", "b", "c");
        ExitReason why = ExitReason.of(ExitReason.Kind.UNTRUSTED, "it fell");
        t.calls.remove("a#1");
        t.tell(new QueueEvent.Broke(new QueueEvent.Ended(0, "a", 1, why)));
        t.returns("b");
        assertEquals("{a=failed, b=done}", t.ends.toString());
        assertTrue(t.calls.isEmpty());
        t.tell(new QueueEvent.Open()).returns("c");
        assertEquals("{a=failed, b=done, c=done}", t.ends.toString());
    }

    @Test
    void what_was_cut_short_and_came_to_its_end_all_the_same_is_not_done_again() {
        QueueTelling t =
                Rules.of(1).open().submit("a").tell(new QueueEvent.Kill()).returns("a");
        assertEquals(Map.of("a", "done"), t.ends);
        t.tell(new QueueEvent.Open());
        assertTrue(t.calls.isEmpty());
    }

    @Test
    void new_bounds_in_the_yaml_hold_at_once() {
        QueueTelling t = Rules.between(4, 8).open().submit("a", "b", "c", "d");
        t.pool = Rules.between(5, 8).pool();
        t.tell(new QueueEvent.Reconfigured());
        assertEquals(5, t.workers());
        assertEquals("configuration", t.all(PoolScaled.class).getLast().cause());
    }
}
