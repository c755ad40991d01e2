package nexus.aiagents.engine.supervise;

import static nexus.aiagents.engine.supervise.Specs.CRASH;
import static nexus.aiagents.engine.supervise.Specs.child;
import static nexus.aiagents.engine.supervise.Specs.permanent;
import static nexus.aiagents.engine.supervise.Specs.shutdown;
import static nexus.aiagents.engine.supervise.Specs.significant;
import static nexus.aiagents.engine.supervise.Specs.supervisor;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import nexus.aiagents.engine.journal.EngineEvent.SupervisorGaveUp;
import nexus.aiagents.engine.journal.EngineEvent.SupervisorRestarted;
import nexus.aiagents.engine.journal.EngineEvent.SupervisorStopped;
import nexus.aiagents.engine.journal.ExitReason;
import nexus.aiagents.engine.journal.ExitReason.Kind;
import nexus.aiagents.engine.project.SupervisorSpec.AutoShutdown;
import nexus.aiagents.engine.project.SupervisorSpec.BackoffSpec;
import nexus.aiagents.engine.project.SupervisorSpec.ChildSpec;
import nexus.aiagents.engine.project.SupervisorSpec.RestartType;
import nexus.aiagents.engine.project.SupervisorSpec.Strategy;
import nexus.aiagents.engine.supervise.SupervisorState.Verb;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SupervisorMachineTest {
    private static final ChildSpec A = permanent("a");
    private static final ChildSpec B = permanent("b");
    private static final ChildSpec C = permanent("c");
    private static final ChildSpec TRANSIENT = child("t", RestartType.TRANSIENT);
    private static final ChildSpec TEMPORARY = child("x", RestartType.TEMPORARY);

    // ---- restart types

    @Test
    void a_permanent_child_that_ends_normally_is_restarted() {
        Simulation s = Simulation.started(supervisor(Strategy.ONE_FOR_ONE, A));
        s.exit("a", ExitReason.NORMAL);
        assertEquals(List.of("start a"), s.take());
    }

    @Test
    void a_transient_child_stays_down_after_normal_and_shutdown_and_comes_back_after_anything_else() {
        for (ExitReason normal : List.of(ExitReason.NORMAL, ExitReason.SHUTDOWN)) {
            Simulation s = Simulation.started(supervisor(Strategy.ONE_FOR_ONE, TRANSIENT));
            s.exit("t", normal);
            assertEquals(List.of(), s.take());
        }
        for (Kind kind :
                List.of(Kind.ERROR, Kind.TRAP, Kind.OUT_OF_FUEL, Kind.OUT_OF_MEMORY, Kind.TIMEOUT, Kind.KILLED)) {
            Simulation s = Simulation.started(supervisor(Strategy.ONE_FOR_ONE, TRANSIENT));
            s.exit("t", ExitReason.of(kind, ""));
            assertEquals(List.of("start t"), s.take());
        }
    }

    @Test
    void a_temporary_child_is_never_restarted() {
        Simulation s = Simulation.started(supervisor(Strategy.ONE_FOR_ONE, TEMPORARY));
        s.exit("x", CRASH);
        assertEquals(List.of(), s.take());
    }

    @Test
    void a_temporary_child_that_a_siblings_failure_stopped_is_gone_too() {
        Simulation s = Simulation.started(supervisor(Strategy.ONE_FOR_ALL, A, TEMPORARY));
        s.crash("a");
        assertEquals(List.of("stop x", "start a"), s.take());
        assertEquals(List.of("a"), s.notes(SupervisorRestarted.class).getFirst().affected());
    }

    @Test
    void a_transient_child_that_had_finished_comes_back_with_its_group() {
        Simulation s = Simulation.started(supervisor(Strategy.ONE_FOR_ALL, A, TRANSIENT));
        s.exit("t", ExitReason.NORMAL);
        s.crash("a");
        assertEquals(List.of("start a", "start t"), s.take());
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"BUDGET", "UNTRUSTED"})
    void spent_money_and_lost_trust_keep_a_child_down_until_a_person_starts_it(Kind kind) {
        Simulation s = Simulation.started(supervisor(Strategy.ONE_FOR_ALL, A, B));
        s.exit("a", ExitReason.of(kind, ""));
        assertEquals(List.of(), s.take());
        s.crash("b");
        assertEquals(List.of("start b"), s.take());
        s.operator(Verb.START, "a");
        assertEquals(List.of("start a"), s.take());
    }

    @Test
    void an_untrusted_child_does_not_keep_the_others_from_starting() {
        Simulation s = new Simulation(supervisor(Strategy.ONE_FOR_ONE, A, B));
        s.slow.add("a");
        s.tell(new SupervisorEvent.Start());
        s.tell(new SupervisorEvent.ChildStartFailed("a", 1, ExitReason.of(Kind.UNTRUSTED, "tier T1")));
        assertEquals(List.of("starting a", "start b", "up"), s.take());
    }

    // ---- strategies

    @Test
    void one_for_one_restarts_only_the_child_that_ended() {
        Simulation s = Simulation.started(supervisor(Strategy.ONE_FOR_ONE, A, B, C));
        s.crash("b");
        assertEquals(List.of("start b"), s.take());
    }

    @Test
    void one_for_all_stops_all_in_reverse_and_starts_all_in_order() {
        Simulation s = Simulation.started(supervisor(Strategy.ONE_FOR_ALL, A, B, C));
        s.crash("b");
        assertEquals(List.of("stop c", "stop a", "start a", "start b", "start c"), s.take());
    }

    @Test
    void rest_for_one_restarts_the_child_and_those_after_it() {
        Simulation s = Simulation.started(supervisor(Strategy.REST_FOR_ONE, A, B, C));
        s.crash("b");
        assertEquals(List.of("stop c", "start b", "start c"), s.take());
    }

    @Test
    void rest_for_one_retries_from_the_child_that_failed_to_start() {
        Simulation s = Simulation.started(supervisor(Strategy.REST_FOR_ONE, A, B, C));
        s.failingStarts.put("c", 1);
        s.crash("b");
        assertEquals(List.of("stop c", "start b", "fail c", "start c"), s.take());
    }

    @Test
    void one_for_all_stops_everything_again_when_a_child_fails_to_start() {
        Simulation s = Simulation.started(supervisor(Strategy.ONE_FOR_ALL, A, B, C));
        s.failingStarts.put("b", 1);
        s.crash("c");
        assertEquals(
                List.of("stop b", "stop a", "start a", "fail b", "stop a", "start a", "start b", "start c"), s.take());
    }

    @Test
    void children_that_end_together_in_a_group_are_one_incident() {
        Simulation s =
                Simulation.started(supervisor(Strategy.ONE_FOR_ALL, A, B, C).intensity(1, Duration.ofSeconds(5)));
        s.deaf.add("c");
        s.crash("a");
        s.exit("b", CRASH);
        s.pass(Duration.ofSeconds(5));
        assertEquals(List.of("stop c", "kill c", "start a", "start b", "start c"), s.take());
        assertEquals(1, s.notes(SupervisorRestarted.class).size());
    }

    @Test
    void a_child_that_ends_again_while_its_group_starts_is_a_new_incident() {
        Simulation s = Simulation.started(supervisor(Strategy.ONE_FOR_ALL, A, B));
        s.slow.add("b");
        s.crash("a");
        assertEquals(List.of("stop b", "start a", "starting b"), s.take());
        s.crash("a");
        assertEquals(List.of("kill b", "start a", "starting b"), s.take());
        assertEquals(2, s.state.restarts().size());
    }

    @Test
    void children_of_one_for_one_do_not_wait_for_each_other() {
        Simulation s = Simulation.started(supervisor(Strategy.ONE_FOR_ONE, A, B));
        s.slow.add("a");
        s.crash("a");
        s.crash("b");
        assertEquals(List.of("starting a", "start b"), s.take());
    }

    // ---- intensity

    @Test
    void one_restart_more_than_allowed_within_the_period_gives_up() {
        Simulation s = Simulation.started(supervisor(Strategy.ONE_FOR_ONE, A, B).intensity(2, Duration.ofSeconds(10)));
        s.crash("a");
        s.crash("b");
        assertEquals(List.of("start a", "start b"), s.take());
        s.crash("a");
        assertEquals(List.of("stop b", "ended shutdown"), s.take());
        assertEquals(List.of(new SupervisorGaveUp("team", "a", CRASH, "restarts")), s.notes(SupervisorGaveUp.class));
        assertEquals(List.of(), s.notes(SupervisorStopped.class));
    }

    @Test
    void a_restart_exactly_one_period_old_still_counts() {
        Simulation s = Simulation.started(supervisor(Strategy.ONE_FOR_ONE, A).intensity(1, Duration.ofSeconds(10)));
        s.crash("a");
        s.pass(Duration.ofSeconds(10));
        s.crash("a");
        assertEquals(List.of("start a", "ended shutdown"), s.take());
    }

    @Test
    void a_restart_older_than_the_period_no_longer_counts() {
        Simulation s = Simulation.started(supervisor(Strategy.ONE_FOR_ONE, A).intensity(1, Duration.ofSeconds(10)));
        s.crash("a");
        s.pass(Duration.ofSeconds(10).plusNanos(1));
        s.crash("a");
        assertEquals(List.of("start a", "start a"), s.take());
        assertEquals(1, s.notes(SupervisorRestarted.class).getLast().inWindow());
    }

    @Test
    void no_restarts_allowed_means_giving_up_at_the_first() {
        Simulation s = Simulation.started(supervisor(Strategy.ONE_FOR_ONE, A).intensity(0, Duration.ofSeconds(10)));
        s.crash("a");
        assertEquals(List.of("ended shutdown"), s.take());
    }

    @Test
    void every_failed_attempt_to_start_again_counts() {
        Simulation s = Simulation.started(supervisor(Strategy.ONE_FOR_ONE, A).intensity(3, Duration.ofSeconds(10)));
        s.failingStarts.put("a", -1);
        s.crash("a");
        assertEquals(List.of("fail a", "fail a", "fail a", "ended shutdown"), s.take());
    }

    @Test
    void a_restarted_supervisor_counts_from_zero() {
        Simulation s = Simulation.started(supervisor(Strategy.ONE_FOR_ONE, A).intensity(1, Duration.ofSeconds(10)));
        s.crash("a");
        s.crash("a");
        s.tell(new SupervisorEvent.Start());
        s.crash("a");
        assertTrue(s.isLive("a"));
    }

    // ---- start

    @Test
    void a_failed_first_start_stops_what_was_started_in_reverse() {
        Simulation s = new Simulation(supervisor(Strategy.ONE_FOR_ONE, A, B, C));
        s.failingStarts.put("c", 1);
        s.tell(new SupervisorEvent.Start());
        assertEquals(List.of("start a", "start b", "fail c", "stop b", "stop a", "not up because of c"), s.take());
    }

    @Test
    void a_child_that_ends_during_the_first_start_is_restarted_when_that_is_complete() {
        Simulation s = new Simulation(supervisor(Strategy.ONE_FOR_ONE, A, B));
        s.slow.add("b");
        s.tell(new SupervisorEvent.Start());
        s.crash("a");
        assertEquals(List.of("start a", "starting b"), s.take());
        s.comesUp("b");
        assertEquals(List.of("up", "start a"), s.take());
    }

    @Test
    void a_supervisor_without_children_is_up_at_once() {
        Simulation s = new Simulation(supervisor(Strategy.ONE_FOR_ALL));
        s.tell(new SupervisorEvent.Start());
        s.tell(new SupervisorEvent.Stop());
        assertEquals(List.of("up", "ended shutdown"), s.take());
    }

    // ---- shutdown

    @Test
    void stopping_is_strictly_in_reverse_also_when_a_child_takes_its_time() {
        Simulation s = Simulation.started(supervisor(Strategy.ONE_FOR_ONE, A, B, C));
        s.deaf.add("b");
        s.tell(new SupervisorEvent.Stop());
        assertEquals(List.of("stop c", "stop b"), s.take());
        s.pass(Duration.ofSeconds(5));
        assertEquals(List.of("kill b", "stop a", "ended shutdown"), s.take());
        assertEquals(List.of(new SupervisorStopped("team", "asked")), s.notes(SupervisorStopped.class));
    }

    @Test
    void brutal_kill_does_not_ask() {
        Simulation s = Simulation.started(supervisor(Strategy.ONE_FOR_ONE, shutdown(A, Duration.ZERO)));
        s.tell(new SupervisorEvent.Stop());
        assertEquals(List.of("kill a", "ended shutdown"), s.take());
    }

    @Test
    void infinity_waits_for_ever() {
        Simulation s = Simulation.started(supervisor(Strategy.ONE_FOR_ONE, shutdown(A, null)));
        s.deaf.add("a");
        s.tell(new SupervisorEvent.Stop());
        s.pass(Duration.ofDays(365));
        assertEquals(List.of("stop a"), s.take());
        s.exit("a", ExitReason.SHUTDOWN);
        assertEquals(List.of("ended shutdown"), s.take());
    }

    @Test
    void a_child_that_can_not_be_killed_is_given_up() {
        Simulation s = Simulation.started(supervisor(Strategy.ONE_FOR_ONE, A));
        s.undead.add("a");
        s.tell(new SupervisorEvent.Stop());
        s.pass(Duration.ofSeconds(5));
        s.pass(SupervisorTurn.GRACE);
        assertEquals(List.of("stop a", "kill a", "abandon a", "ended shutdown"), s.take());
    }

    @Test
    void a_start_that_never_ends_does_not_hold_up_stopping() {
        Simulation s = new Simulation(supervisor(Strategy.ONE_FOR_ONE, A, shutdown(B, null)));
        s.slow.add("b");
        s.tell(new SupervisorEvent.Start());
        s.tell(new SupervisorEvent.Stop());
        assertEquals(List.of("start a", "starting b", "kill b", "stop a", "ended shutdown"), s.take());
    }

    @Test
    void being_killed_kills_all_at_once() {
        Simulation s = Simulation.started(supervisor(Strategy.ONE_FOR_ONE, A, B));
        s.deaf.add("b");
        s.tell(new SupervisorEvent.Stop());
        s.tell(new SupervisorEvent.Kill());
        assertEquals(List.of("stop b", "kill a", "kill b", "ended shutdown"), s.take());
    }

    @Test
    void news_of_an_earlier_life_change_nothing() {
        Simulation s = Simulation.started(supervisor(Strategy.ONE_FOR_ONE, A));
        s.crash("a");
        s.take();
        s.tell(new SupervisorEvent.ChildEnded("a", 1, CRASH));
        s.tell(new SupervisorEvent.ChildStartFailed("a", 1, CRASH));
        s.tell(new SupervisorEvent.TimeUp("a", 1, SupervisorEvent.TimerKind.SHUTDOWN));
        assertEquals(List.of(), s.take());
    }

    // ---- significant children

    @Test
    void any_significant_child_that_ends_by_itself_shuts_the_supervisor_down() {
        Simulation s = Simulation.started(
                supervisor(Strategy.ONE_FOR_ONE, A, significant(TRANSIENT)).autoShutdown(AutoShutdown.ANY));
        s.exit("t", CRASH);
        assertEquals(List.of("start t"), s.take());
        s.exit("t", ExitReason.NORMAL);
        assertEquals(List.of("stop a", "ended shutdown"), s.take());
    }

    @Test
    void all_significant_children_have_to_end() {
        Simulation s =
                Simulation.started(supervisor(Strategy.ONE_FOR_ONE, A, significant(TRANSIENT), significant(TEMPORARY))
                        .autoShutdown(AutoShutdown.ALL));
        s.exit("x", CRASH);
        assertEquals(List.of(), s.take());
        s.exit("t", ExitReason.NORMAL);
        assertEquals(List.of("stop a", "ended shutdown"), s.take());
    }

    @Test
    void a_significant_child_that_a_person_stops_shuts_nothing_down() {
        Simulation s = Simulation.started(
                supervisor(Strategy.ONE_FOR_ONE, A, significant(TRANSIENT)).autoShutdown(AutoShutdown.ANY));
        s.operator(Verb.STOP, "t");
        assertEquals(List.of("stop t"), s.take());
    }

    @Test
    void significant_children_that_make_no_sense_are_refused() {
        assertThrows(
                IllegalArgumentException.class,
                () -> new Simulation(
                        supervisor(Strategy.ONE_FOR_ONE, significant(A)).autoShutdown(AutoShutdown.ANY)));
        assertThrows(
                IllegalArgumentException.class,
                () -> new Simulation(supervisor(Strategy.ONE_FOR_ONE, significant(TRANSIENT))));
    }

    // ---- operators

    @Test
    void what_a_person_stopped_stays_down_when_its_group_restarts() {
        Simulation s = Simulation.started(supervisor(Strategy.ONE_FOR_ALL, A, B));
        s.operator(Verb.STOP, "a");
        s.take();
        s.crash("b");
        assertEquals(List.of("start b"), s.take());
        s.operator(Verb.START, "a");
        assertTrue(s.isLive("a"));
    }

    @Test
    void what_a_person_stopped_stays_down_when_the_supervisor_is_restarted_by_its_parent() {
        Simulation s = Simulation.started(supervisor(Strategy.ONE_FOR_ONE, A, B).intensity(0, Duration.ofSeconds(1)));
        s.operator(Verb.STOP, "a");
        s.crash("b");
        s.take();
        s.tell(new SupervisorEvent.Start());
        assertEquals(List.of("start b", "up"), s.take());
    }

    @Test
    void a_restart_by_a_person_does_not_count() {
        Simulation s = Simulation.started(supervisor(Strategy.ONE_FOR_ONE, A).intensity(0, Duration.ofSeconds(1)));
        long request = s.operator(Verb.RESTART, "a");
        assertEquals(List.of("stop a", "start a"), s.take());
        assertTrue(s.answers.get(request).done());
    }

    @Test
    void a_start_by_a_person_that_fails_is_answered_and_not_retried() {
        Simulation s = Simulation.started(supervisor(Strategy.ONE_FOR_ONE, A));
        s.operator(Verb.STOP, "a");
        s.take();
        s.failingStarts.put("a", -1);
        long request = s.operator(Verb.START, "a");
        assertEquals(List.of("fail a"), s.take());
        assertEquals("start-failed", s.answers.get(request).code());
    }

    @Test
    void a_stop_during_a_restart_is_not_lost() {
        Simulation s = Simulation.started(supervisor(Strategy.ONE_FOR_ONE, A));
        s.slow.add("a");
        s.crash("a");
        long request = s.operator(Verb.STOP, "a");
        assertEquals(List.of("starting a", "kill a"), s.take());
        assertTrue(s.answers.get(request).done());
        assertFalse(s.isLive("a"));
    }

    @Test
    void a_restart_during_a_stop_is_not_lost() {
        Simulation s = Simulation.started(supervisor(Strategy.ONE_FOR_ONE, A));
        s.deaf.add("a");
        long stop = s.operator(Verb.STOP, "a");
        long restart = s.operator(Verb.RESTART, "a");
        assertNull(s.answers.get(stop));
        s.pass(Duration.ofSeconds(5));
        assertEquals(List.of("stop a", "kill a", "start a"), s.take());
        assertTrue(s.answers.get(stop).done());
        assertTrue(s.answers.get(restart).done());
    }

    @Test
    void a_restart_during_a_start_gives_a_new_incarnation() {
        Simulation s = Simulation.started(supervisor(Strategy.ONE_FOR_ONE, A));
        s.slow.add("a");
        s.crash("a");
        s.slow.clear();
        s.operator(Verb.RESTART, "a");
        assertEquals(List.of("starting a", "kill a", "start a"), s.take());
    }

    @Test
    void a_start_overtaken_by_a_stop_is_answered_so() {
        Simulation s = Simulation.started(supervisor(Strategy.ONE_FOR_ONE, A));
        s.operator(Verb.STOP, "a");
        s.slow.add("a");
        long start = s.operator(Verb.START, "a");
        s.operator(Verb.STOP, "a");
        assertFalse(s.answers.get(start).done());
        assertFalse(s.isLive("a"));
    }

    @Test
    void operators_are_answered_when_the_supervisor_ends() {
        Simulation s = Simulation.started(supervisor(Strategy.ONE_FOR_ONE, A));
        s.operator(Verb.STOP, "a");
        s.slow.add("a");
        long start = s.operator(Verb.START, "a");
        s.tell(new SupervisorEvent.Stop());
        assertEquals("not-up", s.answers.get(start).code());
    }

    @Test
    void a_temporary_child_that_is_gone_can_be_asked_back_by_a_person() {
        Simulation s = Simulation.started(supervisor(Strategy.ONE_FOR_ONE, TEMPORARY));
        s.exit("x", ExitReason.NORMAL);
        s.operator(Verb.START, "x");
        assertEquals(List.of("start x"), s.take());
    }

    @Test
    void a_temporary_child_that_a_person_asked_for_comes_up_when_its_group_fails_before_its_turn() {
        Simulation s = Simulation.started(supervisor(Strategy.ONE_FOR_ALL, A, B, TEMPORARY));
        s.exit("x", ExitReason.NORMAL);
        s.slow.add("b");
        s.crash("a");
        long asked = s.operator(Verb.RESTART, "x");
        s.crash("a");
        assertFalse(s.isLive("x"));
        s.comesUp("b");
        assertTrue(s.isLive("x"));
        assertTrue(s.answers.get(asked).done());
    }

    @Test
    void who_waits_for_a_temporary_child_that_is_stopped_with_its_group_hears_so_at_once() {
        Simulation s = Simulation.started(supervisor(Strategy.ONE_FOR_ALL, A, TEMPORARY));
        s.exit("x", ExitReason.NORMAL);
        s.slow.add("x");
        long asked = s.operator(Verb.START, "x");
        assertTrue(s.isStarting("x"));
        s.crash("a");
        assertEquals("not-up", s.answers.get(asked).code());
        assertFalse(s.isLive("x"));
    }

    // ---- back-off

    private static final BackoffSpec BACKOFF =
            new BackoffSpec(Duration.ofSeconds(1), 2, Duration.ofSeconds(3), Duration.ofSeconds(60), 0);

    @Test
    void back_off_grows_up_to_its_cap_and_starts_over_after_a_healthy_time() {
        Simulation s = Simulation.started(supervisor(Strategy.ONE_FOR_ONE, A)
                .intensity(100, Duration.ofSeconds(1))
                .backoff(BACKOFF));
        for (String pause : List.of("1000", "2000", "3000", "3000")) {
            s.crash("a");
            assertEquals(List.of("back off a " + pause), s.take());
            s.pass(Duration.ofSeconds(3));
            assertEquals(List.of("start a"), s.take());
        }
        s.pass(Duration.ofSeconds(60));
        s.crash("a");
        assertEquals(List.of("back off a 1000"), s.take());
    }

    @Test
    void a_group_is_stopped_at_once_and_waits_with_the_child_that_failed() {
        Simulation s = Simulation.started(supervisor(Strategy.ONE_FOR_ALL, A, B).backoff(BACKOFF));
        s.crash("b");
        assertEquals(List.of("back off b 1000", "stop a"), s.take());
        s.pass(Duration.ofSeconds(1));
        assertEquals(List.of("start a", "start b"), s.take());
    }

    @Test
    void a_person_who_starts_one_of_a_group_ends_its_waiting() {
        Simulation s = Simulation.started(supervisor(Strategy.ONE_FOR_ALL, A, B).backoff(BACKOFF));
        s.crash("b");
        s.take();
        s.operator(Verb.START, "b");
        assertEquals(List.of("start a", "start b"), s.take());
    }

    @Test
    void stopping_a_child_that_backs_off_keeps_it_down() {
        Simulation s = Simulation.started(supervisor(Strategy.ONE_FOR_ONE, A).backoff(BACKOFF));
        s.crash("a");
        s.operator(Verb.STOP, "a");
        s.pass(Duration.ofHours(1));
        assertFalse(s.isLive("a"));
    }
}
