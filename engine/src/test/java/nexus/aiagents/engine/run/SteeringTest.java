package nexus.aiagents.engine.run;

import static nexus.aiagents.engine.run.RunSpecs.approval;
import static nexus.aiagents.engine.run.RunSpecs.saga;
import static nexus.aiagents.engine.run.RunSpecs.step;
import static nexus.aiagents.engine.run.RunSpecs.withoutCompensation;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.control.CommandResult.Done;
import nexus.aiagents.engine.control.CommandResult.Refused;
import nexus.aiagents.engine.control.CommandResult.RunStarted;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.EngineEvent.RunEnded;
import nexus.aiagents.engine.journal.InMemoryJournal;
import nexus.aiagents.engine.project.Pinned;
import nexus.aiagents.engine.project.SagaSpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What a person does with a run, with and without a crash between.
class SteeringTest {
    private InMemoryJournal journal = new InMemoryJournal();
    private FakeCalls calls = new FakeCalls();
    private DurableRuns runs = open();

    private DurableRuns open() {
        return new DurableRuns(journal, calls, Clock.systemUTC(), new Random(1), _ -> null);
    }

    private void crashAndReopen() {
        InMemoryJournal found = journal.reopened();
        journal.refuseAfter(0);
        journal = found;
        calls = new FakeCalls();
        runs = open();
        runs.recover();
    }

    @AfterEach
    void close() {
        runs.close();
    }

    private static CommandResult get(CompletionStage<CommandResult> answer) throws Exception {
        return answer.toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private static String started(CompletionStage<CommandResult> answer) throws Exception {
        return assertInstanceOf(RunStarted.class, get(answer)).runId();
    }

    private static void done(CompletionStage<CommandResult> answer) throws Exception {
        assertInstanceOf(Done.class, get(answer));
    }

    private static String code(CompletionStage<CommandResult> answer) throws Exception {
        return assertInstanceOf(Refused.class, get(answer)).code();
    }

    private String start(SagaSpec saga) throws Exception {
        return started(runs.startSaga(saga, Pinned.NONE, "{\"n\":1}"));
    }

    private RunEnded end(String runId) throws Exception {
        return journal.await(RunEnded.class, e -> e.runId().equals(runId));
    }

    private void awaitEnds(int n) throws Exception {
        runs.awaitIdle();
        assertEquals(n, journal.events(RunEnded.class).size());
    }

    // ---- pause

    @Test
    void a_paused_run_lets_its_action_end_and_begins_nothing_until_it_is_resumed() throws Exception {
        calls.waits("do-a");
        String run = start(saga(step("a"), step("b")));
        FakeCalls.Pending action = calls.await("do-a", 1);
        done(runs.pause(run));
        assertEquals("already", code(runs.pause(run)));
        action.result.complete(new nexus.aiagents.engine.agent.AgentCalls.Result.Returned("1"));
        journal.await(EngineEvent.StepDone.class, _ -> true);
        assertEquals("already", code(runs.pause(run)), "it still is");
        assertEquals(List.of("do-a"), calls.agents());
        done(runs.resume(run));
        assertEquals("done", end(run).state());
        assertEquals(1, journal.events(EngineEvent.RunUnpaused.class).size());
    }

    @Test
    void a_paused_run_is_still_paused_after_a_crash() throws Exception {
        calls.waits("do-b");
        String run = start(saga(step("a"), step("b")));
        calls.await("do-b", 1);
        done(runs.pause(run));
        crashAndReopen();
        assertEquals("already", code(runs.pause(run)));
        assertEquals(List.of(), calls.agents(), "not even what has to be undone is undone");
        done(runs.resume(run));
        assertEquals("b", end(run).failedStep());
        assertEquals(List.of("undo-b", "undo-a"), calls.agents());
    }

    @Test
    void a_paused_run_can_be_cancelled() throws Exception {
        calls.waits("do-b");
        String run = start(saga(step("a"), step("b")));
        calls.await("do-b", 1);
        done(runs.pause(run));
        done(runs.cancel(run));
        assertEquals("cancelled", end(run).state());
        assertEquals(List.of("do-a", "do-b", "undo-b", "undo-a"), calls.agents());
    }

    // ---- approval

    @Test
    void a_step_that_needs_approval_waits_for_it_also_over_a_crash() throws Exception {
        String run = start(saga(step("a"), approval(step("b"))));
        EngineEvent.ApprovalAsked asked = journal.await(EngineEvent.ApprovalAsked.class, _ -> true);
        assertEquals("{\"input\":{\"n\":1},\"previous\":{\"did\":\"a\"},\"step\":\"b\"}", asked.inputJson());
        crashAndReopen();
        assertEquals("not-waiting", code(runs.approve(run, "a", null)));
        assertEquals("unknown-name", code(runs.approve(run, "z", null)));
        done(runs.approve(run, "b", "looks good"));
        assertEquals("done", end(run).state());
        assertEquals(
                "looks good",
                journal.events(EngineEvent.StepApproved.class).getFirst().comment());
        assertEquals(1, journal.events(EngineEvent.ApprovalAsked.class).size(), "nobody is asked twice");
        assertEquals(asked.inputJson(), calls.requests().getFirst().inputJson());
    }

    @Test
    void a_rejected_step_fails_and_what_was_done_is_undone() throws Exception {
        String run = start(saga(step("a"), approval(step("b"))));
        journal.await(EngineEvent.ApprovalAsked.class, _ -> true);
        done(runs.reject(run, "b", "too dear"));
        RunEnded end = end(run);
        assertEquals("b", end.failedStep());
        assertEquals("rejected", end.reason().code());
        assertEquals("too dear", end.reason().message());
        assertEquals(List.of("do-a", "undo-a"), calls.agents());
    }

    @Test
    void a_run_that_waits_for_approval_can_be_cancelled() throws Exception {
        String run = start(saga(step("a"), approval(step("b"))));
        journal.await(EngineEvent.ApprovalAsked.class, _ -> true);
        done(runs.cancel(run));
        assertEquals("cancelled", end(run).state());
        assertEquals(List.of("do-a", "undo-a"), calls.agents());
    }

    // ---- retry from a step

    @Test
    void a_run_that_ended_is_taken_up_from_a_step_and_keeps_what_was_before() throws Exception {
        calls.fails("do-c", "boom");
        String run = start(saga(withoutCompensation(step("a")), step("b"), step("c")));
        end(run);
        crashAndReopen();
        assertEquals("undone", code(runs.retryFrom(run, "c", null)), "b is not there any more");
        assertEquals("unknown-name", code(runs.retryFrom(run, "z", null)));
        assertEquals("unknown-name", code(runs.retryFrom("r-none", "a", null)));
        done(runs.retryFrom(run, "b", null));
        runs.awaitIdle();
        assertEquals(List.of("do-b", "do-c"), calls.agents());
        assertEquals("done", journal.events(RunEnded.class).getLast().state());
        assertEquals(Map.of(), journal.states("run"));
        assertEquals(2, journal.events(EngineEvent.StepStarted.class).getLast().attempt(), "attempts are counted on");
    }

    @Test
    void what_was_done_from_that_step_on_is_undone_before_it_is_done_again() throws Exception {
        String run = start(saga(step("a"), step("b"), step("c")));
        end(run);
        done(runs.retryFrom(run, "b", "{\"edited\":true}"));
        awaitEnds(2);
        assertEquals(List.of("do-a", "do-b", "do-c", "undo-c", "undo-b", "do-b", "do-c"), calls.agents());
        var again = calls.requests().get(5);
        assertEquals("{\"edited\":true}", again.inputJson());
        assertTrue(
                !calls.requests()
                        .get(2)
                        .idempotencyKey()
                        .equals(calls.requests().get(6).idempotencyKey()),
                "it was undone, so the same input is a new wish");
    }

    @Test
    void a_run_taken_up_again_can_fail_and_roll_back_as_any_other() throws Exception {
        String run = start(saga(step("a"), step("b")));
        end(run);
        calls.fails("do-b", "boom");
        done(runs.retryFrom(run, "b", null));
        awaitEnds(2);
        assertEquals(List.of("do-a", "do-b", "undo-b", "do-b", "undo-a"), calls.agents());
        assertEquals("b", journal.events(RunEnded.class).getLast().failedStep());
    }

    @Test
    void a_parked_run_is_taken_up_from_the_step_whose_compensation_failed() throws Exception {
        calls.fails("do-b", "boom").fails("undo-a", "stuck");
        String run = start(saga(step("a"), step("b")));
        journal.await(EngineEvent.RunParked.class, _ -> true);
        calls.returns("do-b", "2");
        done(runs.retryFrom(run, "a", null));
        assertEquals("done", end(run).state());
        assertEquals(List.of("do-a", "do-b", "undo-a", "do-a", "do-b"), calls.agents());
    }

    @Test
    void a_run_under_way_is_not_taken_back() throws Exception {
        calls.waits("do-a");
        String run = start(saga(step("a")));
        calls.await("do-a", 1);
        assertEquals("under-way", code(runs.retryFrom(run, "a", null)));
    }

    // ---- fork

    @Test
    void a_fork_takes_over_the_outputs_before_its_step_and_leaves_their_effects_alone() throws Exception {
        calls.fails("do-c", "boom").returns("do-b", "\"b\"");
        SagaSpec saga = saga(step("a"), step("b"), step("c"));
        String run = start(saga);
        end(run);
        crashAndReopen();
        calls.fails("do-c", "boom again");
        String fork = started(runs.fork(run, "c", null));
        RunEnded end = end(fork);
        assertEquals("c", end.failedStep());
        assertEquals(List.of("do-c"), calls.agents(), "a and b belong to the other run");
        assertEquals(
                "{\"input\":{\"n\":1},\"previous\":\"b\",\"step\":\"c\"}",
                calls.requests().getFirst().inputJson());
        EngineEvent.RunStarted began =
                journal.events(EngineEvent.RunStarted.class).getLast();
        assertEquals(run, began.forkedFrom());
        assertEquals(saga.hash(), began.hash());
    }

    @Test
    void a_fork_begins_with_the_input_a_person_gave_its_step() throws Exception {
        String run = start(saga(step("a"), step("b")));
        end(run);
        assertEquals("bad-input", code(runs.fork(run, "b", "{")));
        assertEquals("unknown-name", code(runs.fork(run, "z", null)));
        String fork = started(runs.fork(run, "b", "{\"edited\":1}"));
        assertEquals("done", end(fork).state());
        assertEquals("{\"edited\":1}", calls.requests().getLast().inputJson());
    }

    @Test
    void runs_without_steps_say_that_they_can_not_be_steered_so() throws Exception {
        calls.waits("slow");
        String run = started(runs.startAgent(RunSpecs.agent("slow"), "1"));
        assertEquals("unsupported", code(runs.pause(run)));
        assertEquals("unsupported", code(runs.approve(run, "a", null)));
        assertEquals("unsupported", code(runs.fork(run, "a", null)));
        done(runs.cancel(run));
        end(run);
        assertEquals("unsupported", code(runs.retryFrom(run, "a", null)));
    }
}
