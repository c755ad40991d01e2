package nexus.aiagents.engine.view;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.EventJson;
import nexus.aiagents.engine.journal.ExitReason;
import nexus.aiagents.engine.journal.JournalEntry;
import nexus.aiagents.engine.project.AgentSpec;
import nexus.aiagents.engine.project.Position;
import nexus.aiagents.engine.project.Project;
import nexus.aiagents.engine.project.SupervisorSpec;
import nexus.aiagents.engine.view.AgentView.State;
import nexus.aiagents.engine.view.AgentView.TrustView;
import nexus.aiagents.engine.view.RunView.StepState;
import org.junit.jupiter.api.Test;

class ViewFoldTest {
    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
    private static final Position HERE = new Position("nexus.yaml", 0, 0, 0, 5);
    private static final ExitReason BOOM = ExitReason.error("boom", "it broke");

    private final ViewFold fold = new ViewFold(
            project(),
            List::of,
            _ -> new TrustView(true, 75, 4, "BBB", ""),
            Clock.fixed(NOON.plusSeconds(30), ZoneOffset.UTC));
    private long seq;

    @Test
    void an_agent_is_what_its_last_events_say() {
        assertEquals(State.STOPPED, agent().state());
        happen(new EngineEvent.AgentStarting("a", 1));
        assertEquals(State.STARTING, agent().state());
        happen(new EngineEvent.AgentUp("a", 1));
        assertEquals(State.IDLE, agent().state());
        happen(new EngineEvent.CallStarted("c1", "a", null, null, "{}", true));
        assertEquals(State.RUNNING, agent().state());
        happen(new EngineEvent.AgentPaused("a", "budget", "agent/a has spent its $1.00"));
        assertEquals(State.PAUSED, agent().state());
        assertEquals("budget", agent().pausedBy());
        happen(new EngineEvent.AgentResumed("a"));
        assertEquals(State.RUNNING, agent().state());
        happen(
                new EngineEvent.CallEnded("c1", "a", BOOM, null, 5, 65_536, 3),
                new EngineEvent.AgentExited("a", 1, BOOM, 0));
        assertEquals(State.FAILED, agent().state());
        assertEquals("it broke", agent().detail());
        happen(new EngineEvent.SupervisorRestarted("team", "a", BOOM, List.of("a"), 1, 3, 0));
        happen(new EngineEvent.AgentStarting("a", 2), new EngineEvent.AgentUp("a", 2));
        assertEquals(State.IDLE, agent().state());
        assertEquals(1, agent().restarts());
        assertEquals(
                "boom", agent().lastExit() == null ? "" : agent().lastExit().code());
    }

    @Test
    void what_was_alive_before_the_process_ended_is_not_shown_as_alive() {
        happen(new EngineEvent.TeamStarted(), new EngineEvent.AgentUp("a", 1));
        happen(new EngineEvent.CallStarted("c1", "a", null, null, "{}", true));
        happen(new EngineEvent.ProjectOpened("p", "h", 0));
        assertEquals(State.STOPPED, agent().state());
        assertEquals(0, agent().activeCalls());
        assertTrue(!fold.view().up());
    }

    @Test
    void restarts_leave_the_window() {
        happen(new EngineEvent.SupervisorStarted("team"));
        fold.apply(new JournalEntry(
                ++seq,
                NOON.minusSeconds(31),
                new EngineEvent.SupervisorRestarted("team", "a", BOOM, List.of("a"), 1, 3, 0),
                ""));
        happen(new EngineEvent.SupervisorRestarted("team", "a", BOOM, List.of("a"), 2, 3, 0));
        SupervisorView team = fold.view().supervisors().getFirst();
        assertEquals(1, team.inWindow());
        assertEquals(2, team.restartsLeft());
    }

    @Test
    void a_failed_saga_shows_the_failed_step_and_the_order_of_its_compensations() {
        String definition = """
                {"steps":[{"name":"one","action":"a","compensation":"b"},{"name":"two","action":"a"},
                 {"name":"three","action":"a","compensation":"b"},{"name":"four","action":"a"}]}""";
        happen(new EngineEvent.RunStarted("r1", "saga", "s", "h", definition, "{}"));
        assertEquals(
                List.of("one", "two", "three", "four"),
                run().steps().stream().map(RunView.StepView::name).toList());
        done("one", "b");
        done("two", null);
        happen(new EngineEvent.StepStarted("r1", "three", 1, "a", "k", "{}", "b"));
        happen(new EngineEvent.StepFailed("r1", "three", 1, BOOM, 0));
        happen(new EngineEvent.CompensationSkipped("r1", "two", "none-declared"));
        happen(new EngineEvent.CompensationStarted("r1", "one", 1, "b", "k"));
        assertEquals(RunView.State.COMPENSATING, run().state());
        happen(new EngineEvent.CompensationDone("r1", "one", "{}"));
        happen(new EngineEvent.RunEnded("r1", "failed", null, "three", BOOM));
        assertEquals(RunView.State.FAILED, run().state());
        assertEquals("three", run().failedStep());
        assertEquals("it broke", run().errorMessage());
        assertEquals(StepState.COMPENSATED, run().steps().get(0).undoState());
        assertEquals(1, run().steps().get(0).undoOrder());
        assertEquals(StepState.SKIPPED, run().steps().get(1).undoState());
        assertNull(run().steps().get(2).undoState());
        assertEquals(StepState.SKIPPED, run().steps().get(3).state());
    }

    @Test
    void a_run_shows_what_it_waits_for_and_that_it_is_taken_up_again() {
        String definition = """
                {"steps":[{"name":"one","action":"a","group":"g"},{"name":"two","action":"a","pivot":true}]}""";
        happen(new EngineEvent.RunStarted("r1", "saga", "s", "h", definition, "{}"));
        assertEquals("g", run().steps().getFirst().group());
        assertTrue(run().steps().getLast().pivot());
        done("one", null);
        happen(new EngineEvent.ApprovalAsked("r1", "two", "{\"n\":1}"));
        assertEquals(RunView.State.WAITING, run().state());
        assertEquals(StepState.WAITING, run().steps().getLast().state());
        assertEquals("{\"n\":1}", run().steps().getLast().inputJson());
        happen(new EngineEvent.RunPaused("r1"));
        assertEquals(RunView.State.PAUSED, run().state());
        happen(new EngineEvent.RunUnpaused("r1"));
        happen(new EngineEvent.StepApproved("r1", "two", null));
        happen(new EngineEvent.StepStarted("r1", "two", 1, "a", "k", "{}", null));
        assertEquals(RunView.State.RUNNING, run().state());
        happen(new EngineEvent.StepUnknown("r1", "two", 1, "cut off"));
        happen(new EngineEvent.RunParked("r1", "two", "unknown"));
        assertEquals(RunView.State.PARKED, run().state());
        assertEquals("unknown", run().steps().getLast().parked());
        happen(new EngineEvent.StepSkipped("r1", "two", "resolved-by-person"));
        happen(new EngineEvent.RunEnded("r1", "done", "1", null, null));
        assertEquals(RunView.State.DONE, run().state());
        happen(new EngineEvent.RunReopened("r1", "two"));
        assertEquals(RunView.State.RUNNING, run().state());
        assertNull(run().outputJson());
        assertNull(run().endedAt());
    }

    @Test
    void a_nested_run_that_is_undone_long_after_it_ended_still_spends_its_parents_money() {
        happen(new EngineEvent.RunStarted("r-1", "saga", "s", "h", "{}", "{}"));
        happen(new EngineEvent.RunStarted("r-1-0-1", "saga", "s", "h", "{}", "{}", "r-1", "one", null));
        happen(new EngineEvent.RunEnded("r-1-0-1", "done", "1", null, null));
        for (int i = 0; i < 205; i++) {
            happen(new EngineEvent.RunStarted("r-x" + i, "agent", "a", "h", "{}", "{}"));
            happen(new EngineEvent.RunEnded("r-x" + i, "done", "1", null, null));
        }
        assertTrue(fold.view().runs().stream().noneMatch(r -> r.id().equals("r-1-0-1")));
        happen(new EngineEvent.HoldSettled("h1", "a", "r-1-0-1", "m", List.of(), 10, 5, 42, true, false));
        assertEquals(42, fold.view().runs().getLast().microDollars());
    }

    @Test
    void what_a_nested_run_spends_its_parent_spends() {
        happen(new EngineEvent.RunStarted("r1-0-1", "saga", "s", "h", "{}", "{}", "r1", "one", null));
        happen(new EngineEvent.RunStarted("r1", "saga", "s", "h", "{}", "{}"));
        happen(new EngineEvent.HoldSettled("h1", "a", "r1-0-1", "m", List.of(), 10, 5, 42, true, false));
        assertEquals(42, run().microDollars());
        RunView nested = fold.view().runs().getLast();
        assertEquals(42, nested.microDollars());
        assertEquals("r1", nested.parentRunId());
        assertEquals("one", nested.parentStep());
    }

    @Test
    void a_step_spends_what_its_calls_say_and_the_step_around_a_nested_run_what_that_spends() {
        happen(new EngineEvent.RunStarted("r1", "saga", "s", "h", "{}", "{}"));
        happen(new EngineEvent.StepStarted("r1", "one", 1, "a", "k", "{}", null));
        happen(new EngineEvent.StepStarted("r1", "two", 1, "a", "k", "{}", null));
        happen(new EngineEvent.RunStarted("r1-0-1", "workflow", "s", "h", "{}", "{}", "r1", "one", null));
        happen(new EngineEvent.StepStarted("r1-0-1", "each", 1, "a", "k", "[1,2]", null));
        happen(settled("h1", "r1-0-1", "each[1]", 42));
        happen(settled("h2", "r1", "two", 8));
        assertEquals(List.of(42L, 8L), spentBySteps(fold.view().runs().getLast()));
        assertEquals(List.of(42L), spentBySteps(fold.view().runs().getFirst()));
    }

    @Test
    void of_entries_that_do_not_say_the_step_the_run_is_known_to_have_spent_and_no_step() {
        happen(new EngineEvent.RunStarted("r1", "saga", "s", "h", "{}", "{}"));
        happen(new EngineEvent.StepStarted("r1", "one", 1, "a", "k", "{}", null));
        happen(new EngineEvent.StepStarted("r1", "two", 1, "a", "k", "{}", null));
        String now = EventJson.write(settled("h1", "r1", null, 42));
        String old = now.replace(",\"step\":null", "");
        assertTrue(now.length() > old.length(), now);
        happen(EventJson.readEvent(old));
        happen(settled("h2", "r1", "two", 8));
        assertEquals(50, run().microDollars());
        assertEquals(Arrays.asList(null, 8L), spentBySteps(run()));
    }

    private static EngineEvent settled(String hold, String run, String step, long micro) {
        return new EngineEvent.HoldSettled(hold, "a", run, "m", List.of(), 10, 5, micro, true, false, step);
    }

    private static List<Long> spentBySteps(RunView run) {
        return run.steps().stream().map(RunView.StepView::microDollars).toList();
    }

    @Test
    void spend_is_added_to_the_agent_and_to_the_run() {
        happen(new EngineEvent.RunStarted("r1", "agent", "a", "h", "{}", "{}"));
        happen(new EngineEvent.HoldSettled("h1", "a", "r1", "m", List.of(), 10, 5, 42, true, false));
        assertEquals(42, agent().microDollars());
        assertEquals(15, run().tokens());
        assertEquals(1, fold.view().spend().size());
        assertTrue(fold.view().spend().getFirst().scripted());
    }

    @Test
    void what_needs_a_person_becomes_a_notice() {
        happen(new EngineEvent.SupervisorGaveUp("team", "a", BOOM, "restarts"));
        var notice = fold.view().notices().getFirst();
        assertEquals("gave-up", notice.code());
        assertTrue(notice.message().contains("it broke"), notice.message());
        assertEquals(State.FAILED, agent().state());
    }

    private void done(String step, String compensation) {
        happen(new EngineEvent.StepStarted("r1", step, 1, "a", "k", "{}", compensation));
        happen(new EngineEvent.StepDone("r1", step, 1, "{}"));
    }

    private void happen(EngineEvent... events) {
        for (EngineEvent event : events) {
            fold.apply(new JournalEntry(++seq, NOON, event, ""));
        }
    }

    private AgentView agent() {
        return fold.view().agents().getFirst();
    }

    private RunView run() {
        RunView run = fold.view().runs().getFirst();
        assertNotNull(run);
        return run;
    }

    static Project project() {
        var agent = new AgentSpec(
                "a",
                AgentSpec.Runtime.JAVASCRIPT,
                "a.js",
                null,
                null,
                100,
                "",
                new AgentSpec.GrantSpec(Set.of(), List.of(), List.of(), Set.of(), false, Set.of()),
                new AgentSpec.LimitSpec(1, 1, Duration.ofSeconds(1)),
                AgentSpec.LivenessSpec.NONE,
                AgentSpec.RunawaySpec.DEFAULT,
                null,
                null,
                "h",
                HERE);
        var child = new SupervisorSpec.ChildSpec(
                "a", SupervisorSpec.ChildKind.AGENT, SupervisorSpec.RestartType.PERMANENT, Duration.ZERO, false);
        var team = new SupervisorSpec(
                "team",
                SupervisorSpec.Strategy.ONE_FOR_ONE,
                3,
                Duration.ofSeconds(60),
                null,
                List.of(child),
                null,
                SupervisorSpec.AutoShutdown.NEVER,
                null,
                HERE);
        return new Project(
                Path.of("p"),
                "p",
                "h",
                Map.of("a", agent),
                Map.of("team", team),
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                List.of(),
                null);
    }
}
