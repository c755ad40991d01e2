package nexus.aiagents.engine.supervise;

import static nexus.aiagents.engine.supervise.Specs.CRASH;
import static nexus.aiagents.engine.supervise.Specs.child;
import static nexus.aiagents.engine.supervise.Specs.nested;
import static nexus.aiagents.engine.supervise.Specs.permanent;
import static nexus.aiagents.engine.supervise.Specs.shutdown;
import static nexus.aiagents.engine.supervise.Specs.supervisor;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.control.CommandResult.Done;
import nexus.aiagents.engine.control.CommandResult.Refused;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.EngineEvent.ChildBackingOff;
import nexus.aiagents.engine.journal.EngineEvent.SupervisorGaveUp;
import nexus.aiagents.engine.journal.EngineEvent.SupervisorRestarted;
import nexus.aiagents.engine.journal.EngineEvent.SupervisorStarted;
import nexus.aiagents.engine.journal.EngineEvent.SupervisorStopped;
import nexus.aiagents.engine.journal.ExitReason;
import nexus.aiagents.engine.journal.InMemoryJournal;
import nexus.aiagents.engine.project.SupervisorSpec.BackoffSpec;
import nexus.aiagents.engine.project.SupervisorSpec.RestartType;
import nexus.aiagents.engine.project.SupervisorSpec.Strategy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SupervisionTreeTest {
    private final InMemoryJournal journal = new InMemoryJournal();
    private final FakeLauncher launcher = new FakeLauncher();
    private SupervisionTree tree;

    @AfterEach
    void close() {
        launcher.never.countDown();
        if (tree != null) {
            tree.close();
        }
    }

    private SupervisionTree open(Specs... supervisors) {
        tree = new SupervisionTree(Specs.project(supervisors), launcher, journal, Clock.systemUTC());
        return tree;
    }

    private static CommandResult get(CompletionStage<CommandResult> answer) throws Exception {
        return answer.toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private static void done(CompletionStage<CommandResult> answer) throws Exception {
        assertInstanceOf(Done.class, get(answer));
    }

    private static String code(CompletionStage<CommandResult> answer) throws Exception {
        return assertInstanceOf(Refused.class, get(answer)).code();
    }

    @Test
    void a_team_starts_in_order_and_stops_in_reverse() throws Exception {
        open(supervisor(Strategy.ONE_FOR_ONE, permanent("a"), permanent("b")));
        done(tree.start());
        assertTrue(tree.isUp());
        done(tree.stop());
        assertFalse(tree.isUp());
        assertEquals(
                List.of("start a", "up a", "start b", "up b", "ask b", "down b", "ask a", "down a"), launcher.log());
        assertEquals(List.of(new SupervisorStarted("team"), new SupervisorStopped("team", "asked")), journal.events());
    }

    @Test
    void a_crashed_agent_comes_back_and_the_incident_was_journalled_before() throws Exception {
        open(supervisor(Strategy.ONE_FOR_ONE, permanent("a"), permanent("b")));
        done(tree.start());
        launcher.forget();
        journal.subscribe(
                entry -> launcher.write("journal " + entry.event().getClass().getSimpleName()));
        launcher.crash("a", CRASH);
        launcher.await(log -> log.contains("up a"));
        assertEquals(List.of("down a", "journal SupervisorRestarted", "start a", "up a"), launcher.log());
        assertEquals(
                new SupervisorRestarted("team", "a", CRASH, List.of("a"), 1, 3, 0),
                journal.events(SupervisorRestarted.class).getFirst());
    }

    @Test
    void a_tree_that_was_stopped_starts_again_whole() throws Exception {
        open(supervisor(Strategy.ONE_FOR_ONE, permanent("a"), child("b", RestartType.TEMPORARY)));
        done(tree.start());
        done(tree.stopChild(null, "a"));
        done(tree.stop());
        assertEquals("not-up", code(tree.stop()));
        done(tree.start());
        assertTrue(launcher.isLive("a") && launcher.isLive("b"));
        assertEquals("already", code(tree.start()));
    }

    @Test
    void an_agent_that_does_not_start_is_named_and_those_before_it_are_stopped() throws Exception {
        launcher.broken.put("b", CRASH);
        open(supervisor(Strategy.ONE_FOR_ONE, permanent("a"), permanent("b"), permanent("c")));
        Refused refused = assertInstanceOf(Refused.class, get(tree.start()));
        assertEquals(new Refused("start-failed", "team: b did not start: it broke"), refused);
        assertEquals(List.of("start a", "up a", "start b", "ask a", "down a"), launcher.log());
        assertEquals(
                List.of(new SupervisorGaveUp("team", "b", CRASH, "start")), journal.events(SupervisorGaveUp.class));
        assertFalse(tree.isUp());
    }

    @Test
    void an_agent_that_does_not_listen_is_killed_after_its_time() throws Exception {
        launcher.deaf.add("a");
        open(supervisor(Strategy.ONE_FOR_ONE, shutdown(permanent("a"), Duration.ofMillis(20))));
        done(tree.start());
        done(tree.stop());
        assertEquals(List.of("start a", "up a", "ask a", "kill a", "down a"), launcher.log());
    }

    @Test
    void an_agent_that_survives_being_killed_holds_nobody_up() throws Exception {
        launcher.undead.add("a");
        open(supervisor(Strategy.ONE_FOR_ONE, permanent("b"), shutdown(permanent("a"), Duration.ZERO)));
        done(tree.start());
        done(tree.stop());
        assertFalse(launcher.isLive("b"));
    }

    @Test
    void a_launch_that_never_returns_is_given_up_and_killed_if_it_comes_after_all() throws Exception {
        launcher.hanging.add("b");
        open(supervisor(Strategy.ONE_FOR_ONE, permanent("a"), shutdown(permanent("b"), null)));
        CompletionStage<CommandResult> started = tree.start();
        launcher.await(log -> log.contains("start b"));
        done(tree.stop());
        assertEquals("not-up", code(started));
        assertFalse(launcher.isLive("a"));
        launcher.hanging.clear();
        launcher.never.countDown();
        launcher.await(log -> log.contains("down b"));
        assertTrue(launcher.log().containsAll(List.of("up b", "kill b")), launcher.log()::toString);
    }

    @Test
    void an_agent_that_comes_up_after_everything_was_closed_is_killed() throws Exception {
        launcher.hanging.add("a");
        open(supervisor(Strategy.ONE_FOR_ONE, permanent("a")));
        tree.start();
        launcher.await(log -> log.contains("start a"));
        tree.close();
        launcher.hanging.clear();
        launcher.never.countDown();
        launcher.await(log -> log.contains("down a"));
    }

    @Test
    void a_launch_that_hangs_can_be_restarted_by_a_person() throws Exception {
        launcher.hanging.add("a");
        open(supervisor(Strategy.ONE_FOR_ONE, permanent("a")));
        CompletionStage<CommandResult> started = tree.start();
        launcher.await(log -> log.contains("start a"));
        launcher.hanging.clear();
        done(tree.restartChild(null, "a"));
        done(started);
    }

    @Test
    void operators_are_answered_when_it_is_done_or_told_why_not() throws Exception {
        open(supervisor(Strategy.ONE_FOR_ONE, permanent("a"), permanent("b")));
        assertEquals("not-up", code(tree.startChild(null, "a")));
        done(tree.start());
        assertEquals("already", code(tree.startChild(null, "a")));
        done(tree.stopChild(null, "a"));
        assertFalse(launcher.isLive("a"));
        assertEquals("already", code(tree.stopChild(null, "a")));
        assertEquals("unknown-name", code(tree.stopChild(null, "nobody")));
        launcher.broken.put("a", CRASH);
        assertEquals(new Refused("start-failed", "a did not start: it broke"), get(tree.startChild(null, "a")));
        launcher.broken.clear();
        done(tree.startChild(null, "a"));
        launcher.forget();
        done(tree.restartChild(null, "a"));
        assertEquals(List.of("ask a", "down a", "start a", "up a"), launcher.log());
        assertTrue(journal.events(SupervisorRestarted.class).isEmpty());
    }

    @Test
    void verbs_that_race_all_take_effect_in_their_order() throws Exception {
        open(supervisor(Strategy.ONE_FOR_ONE, permanent("a")));
        done(tree.start());
        CompletionStage<CommandResult> restarted = tree.restartChild(null, "a");
        CompletionStage<CommandResult> stopped = tree.stopChild(null, "a");
        CompletionStage<CommandResult> again = tree.startChild(null, "a");
        done(stopped);
        done(again);
        get(restarted);
        assertTrue(launcher.isLive("a"));
    }

    @Test
    void a_supervisor_that_gives_up_is_restarted_whole_by_its_parent() throws Exception {
        Specs inner = supervisor(Strategy.ONE_FOR_ONE, permanent("x"), permanent("y"))
                .named("inner")
                .intensity(0, Duration.ofSeconds(60));
        open(supervisor(Strategy.ONE_FOR_ONE, permanent("a"), nested("inner")), inner);
        done(tree.start());
        launcher.forget();
        launcher.crash("x", CRASH);
        launcher.await(log -> log.contains("up y"));
        assertEquals(List.of("down x", "ask y", "down y", "start x", "up x", "start y", "up y"), launcher.log());
        assertEquals(
                List.of(
                        new SupervisorStarted("team"),
                        new SupervisorStarted("inner"),
                        new SupervisorGaveUp("inner", "x", CRASH, "restarts"),
                        new SupervisorRestarted("team", "inner", ExitReason.SHUTDOWN, List.of("inner"), 1, 3, 0),
                        new SupervisorStarted("inner")),
                journal.events());
    }

    @Test
    void a_root_that_gives_up_takes_its_tree_down_and_leaves_other_trees_alone() throws Exception {
        Specs other = supervisor(Strategy.ONE_FOR_ONE, permanent("z")).named("other");
        open(
                supervisor(Strategy.ONE_FOR_ONE, permanent("a"), permanent("b")).intensity(0, Duration.ofSeconds(5)),
                other);
        done(tree.start());
        launcher.crash("a", CRASH);
        launcher.await(log -> log.contains("down b"));
        journal.await(SupervisorGaveUp.class, _ -> true);
        assertTrue(launcher.isLive("z"));
        assertEquals("not-up", code(tree.startChild(null, "a")));
        done(tree.start());
        assertTrue(launcher.isLive("a") && launcher.isLive("b"));
    }

    @Test
    void back_off_is_told_with_its_time_and_a_person_need_not_wait_for_it() throws Exception {
        BackoffSpec hour = new BackoffSpec(Duration.ofHours(1), 2, Duration.ofHours(9), Duration.ofHours(1), 0);
        open(supervisor(Strategy.ONE_FOR_ONE, permanent("a")).backoff(hour));
        done(tree.start());
        long before = System.currentTimeMillis();
        launcher.crash("a", CRASH);
        ChildBackingOff told = journal.await(ChildBackingOff.class, _ -> true);
        assertTrue(told.untilEpochMillis() - before >= Duration.ofHours(1).toMillis());
        assertFalse(launcher.isLive("a"));
        done(tree.startChild(null, "a"));
        assertTrue(launcher.isLive("a"));
    }

    @Test
    void a_short_back_off_ends_by_itself() throws Exception {
        BackoffSpec shortly = new BackoffSpec(Duration.ofMillis(5), 2, Duration.ofMillis(9), Duration.ofHours(1), 0);
        open(supervisor(Strategy.ONE_FOR_ONE, permanent("a")).backoff(shortly));
        done(tree.start());
        launcher.forget();
        launcher.crash("a", CRASH);
        launcher.await(log -> log.contains("up a"));
    }

    @Test
    void an_agent_whose_money_is_spent_stays_down() throws Exception {
        open(supervisor(Strategy.ONE_FOR_ALL, permanent("a"), permanent("b")));
        done(tree.start());
        launcher.crash("a", ExitReason.of(ExitReason.Kind.BUDGET, "agent/a is spent"));
        done(tree.restartChild(null, "b"));
        assertFalse(launcher.isLive("a"));
        done(tree.startChild(null, "a"));
    }

    @Test
    void agents_still_stop_when_the_journal_takes_nothing_more() throws Exception {
        open(supervisor(Strategy.ONE_FOR_ONE, permanent("a")));
        done(tree.start());
        journal.refuseAfter(0);
        done(tree.stop());
        assertFalse(launcher.isLive("a"));
    }

    @Test
    void a_closed_tree_refuses() throws Exception {
        open(supervisor(Strategy.ONE_FOR_ONE, permanent("a")));
        done(tree.start());
        tree.close();
        assertFalse(launcher.isLive("a"));
        assertEquals("not-up", code(tree.start()));
        assertTrue(tree.isSupervised("a"));
        assertFalse(tree.isSupervised("b"));
    }

    @Test
    void a_project_without_supervisors_has_nothing_to_start() throws Exception {
        open();
        done(tree.start());
        assertEquals(List.<EngineEvent>of(), journal.events());
    }
}
