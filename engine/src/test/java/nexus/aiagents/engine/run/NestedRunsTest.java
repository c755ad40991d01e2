package nexus.aiagents.engine.run;

import static nexus.aiagents.engine.run.RunSpecs.inPool;
import static nexus.aiagents.engine.run.RunSpecs.inWorkflow;
import static nexus.aiagents.engine.run.RunSpecs.named;
import static nexus.aiagents.engine.run.RunSpecs.nested;
import static nexus.aiagents.engine.run.RunSpecs.pinned;
import static nexus.aiagents.engine.run.RunSpecs.pool;
import static nexus.aiagents.engine.run.RunSpecs.saga;
import static nexus.aiagents.engine.run.RunSpecs.step;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import nexus.aiagents.engine.agent.AgentCalls;
import nexus.aiagents.engine.control.CommandResult.Done;
import nexus.aiagents.engine.control.CommandResult.RunStarted;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.EngineEvent.RunEnded;
import nexus.aiagents.engine.journal.ExitReason;
import nexus.aiagents.engine.journal.InMemoryJournal;
import nexus.aiagents.engine.project.Pinned;
import nexus.aiagents.engine.project.PoolSpec;
import nexus.aiagents.engine.project.SagaSpec;
import nexus.aiagents.engine.project.WorkflowSpec;
import nexus.aiagents.engine.project.WorkflowSpec.Called;
import nexus.aiagents.engine.saga.SagaEvent;
import nexus.aiagents.engine.saga.SagaRun;
import nexus.aiagents.engine.saga.SagaState;
import nexus.aiagents.engine.workflow.Flows;
import nexus.aiagents.engine.workflow.Flows.Step;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Runs that are steps of runs, with and without a crash between.
class NestedRunsTest {
    private static final SagaSpec CHILD = named("child", step("x"), step("y"));

    private InMemoryJournal journal = new InMemoryJournal();
    private FakeCalls calls = new FakeCalls();
    private DurableRuns runs = open();

    /// Another process draws other ids.
    private int opened;

    private DurableRuns open() {
        return new DurableRuns(journal, calls, Clock.systemUTC(), new Random(++opened), _ -> null);
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

    private String start(SagaSpec saga, Pinned pinned) throws Exception {
        return assertInstanceOf(
                        RunStarted.class,
                        runs.startSaga(saga, pinned, "{}").toCompletableFuture().get(30, TimeUnit.SECONDS))
                .runId();
    }

    private RunEnded end(String runId) throws Exception {
        return journal.await(RunEnded.class, e -> e.runId().equals(runId));
    }

    @Test
    void a_step_that_is_a_saga_is_a_run_of_its_own_with_a_link_to_its_parent() throws Exception {
        String run = start(saga(step("a"), nested(step("b"), "child"), step("c")), pinned(CHILD));
        assertEquals("done", end(run).state());
        EngineEvent.RunStarted child =
                journal.events(EngineEvent.RunStarted.class).getLast();
        assertEquals(run + "-1-1", child.runId());
        assertEquals(run, child.parentRunId());
        assertEquals("b", child.parentStep());
        assertEquals(List.of("do-a", "do-x", "do-y", "do-c"), calls.agents());
        assertEquals(
                List.of("saga/order", "saga/child"), calls.requests().get(1).budgets());
        runs.awaitIdle();
        assertEquals(Map.of(), journal.states("run"), "nothing is left of either");
    }

    @Test
    void a_nested_saga_that_fails_undoes_itself_and_then_the_saga_around_it_rolls_back() throws Exception {
        calls.fails("do-y", "boom");
        String run = start(saga(step("a"), nested(step("b"), "child")), pinned(CHILD));
        RunEnded end = end(run);
        assertEquals("b", end.failedStep());
        assertEquals("boom", end.reason().code());
        assertEquals(List.of("do-a", "do-x", "do-y", "undo-x", "undo-a"), calls.agents());
    }

    @Test
    void a_nested_saga_that_ended_well_is_undone_in_reverse_when_a_later_step_fails() throws Exception {
        calls.fails("do-c", "boom");
        String run = start(saga(step("a"), nested(step("b"), "child"), step("c")), pinned(CHILD));
        assertEquals("c", end(run).failedStep());
        assertEquals(List.of("do-a", "do-x", "do-y", "do-c", "undo-y", "undo-x", "undo-a"), calls.agents());
        assertEquals(
                List.of("done", "cancelled", "failed"),
                journal.events(RunEnded.class).stream().map(RunEnded::state).toList());
        runs.awaitIdle();
        assertEquals(Map.of(), journal.states("run"));
    }

    @Test
    void cancelling_the_run_around_it_cancels_a_nested_run() throws Exception {
        calls.waits("do-y");
        String run = start(saga(step("a"), nested(step("b"), "child")), pinned(CHILD));
        calls.await("do-y", 1);
        assertInstanceOf(Done.class, runs.cancel(run).toCompletableFuture().get(30, TimeUnit.SECONDS));
        assertEquals("cancelled", end(run).state());
        assertEquals(List.of("do-a", "do-x", "do-y", "undo-y", "undo-x", "undo-a"), calls.agents());
    }

    @Test
    void cancelling_a_nested_run_fails_the_step_that_it_is() throws Exception {
        calls.waits("do-y");
        String run = start(saga(step("a"), nested(step("b"), "child")), pinned(CHILD));
        calls.await("do-y", 1);
        assertInstanceOf(
                Done.class, runs.cancel(run + "-1-1").toCompletableFuture().get(30, TimeUnit.SECONDS));
        assertEquals("failed", end(run).state());
        assertEquals("b", end(run).failedStep());
    }

    @Test
    void a_crash_in_a_nested_run_is_a_crash_of_that_run_alone() throws Exception {
        calls.waits("do-y");
        String run = start(saga(step("a"), nested(step("b"), "child"), step("c")), pinned(CHILD));
        calls.await("do-y", 1);
        crashAndReopen();
        assertEquals("b", end(run).failedStep());
        assertEquals("unknown-effect", end(run).reason().code());
        assertEquals(List.of("undo-y", "undo-x", "undo-a"), calls.agents());
    }

    @Test
    void a_crash_while_a_nested_run_is_undone_goes_on_with_that() throws Exception {
        calls.fails("do-c", "boom").waits("undo-x");
        String run = start(saga(step("a"), nested(step("b"), "child"), step("c")), pinned(CHILD));
        calls.await("undo-x", 1);
        crashAndReopen();
        assertEquals("c", end(run).failedStep());
        assertEquals(List.of("undo-x", "undo-a"), calls.agents());
    }

    @Test
    void a_nested_run_of_long_ago_is_undone_from_what_the_journal_says() throws Exception {
        String run = start(saga(step("a"), nested(step("b"), "child"), step("c")), pinned(CHILD));
        end(run);
        crashAndReopen();
        assertInstanceOf(
                Done.class, runs.retryFrom(run, "b", null).toCompletableFuture().get(30, TimeUnit.SECONDS));
        runs.awaitIdle();
        assertEquals(List.of("undo-c", "undo-y", "undo-x", "do-x", "do-y", "do-c"), calls.agents());
        assertEquals("done", journal.events(RunEnded.class).getLast().state());
        assertEquals(Map.of(), journal.states("run"));
    }

    @Test
    void a_step_that_is_a_pool_gets_its_decision() throws Exception {
        calls.returns("m1", "7").returns("m2", "7").returns("m3", "8");
        PoolSpec jury = pool(PoolSpec.Strategy.MAJORITY, "m1", "m2", "m3");
        String run = start(saga(inPool(step("a"), "jury"), step("b")), new Pinned(Map.of(), Map.of("jury", jury)));
        end(run);
        assertEquals(
                "{\"input\":{},\"previous\":7,\"step\":\"b\"}",
                calls.await("do-b", 1).request.inputJson());
        assertEquals(
                List.of("pool/jury", "saga/order"), calls.requests().getFirst().budgets());
    }

    @Test
    void sagas_go_into_each_other_as_deep_as_one_likes() throws Exception {
        SagaSpec inner = named("inner", step("z"));
        SagaSpec middle = named("middle", nested(step("m"), "inner"));
        calls.fails("do-last", "boom");
        String run = start(saga(nested(step("a"), "middle"), step("last")), pinned(middle, inner));
        assertEquals("last", end(run).failedStep());
        assertEquals(List.of("do-z", "do-last", "undo-z"), calls.agents());
        runs.awaitIdle();
        assertEquals(Map.of(), journal.states("run"));
    }

    private static Pinned flow(SagaSpec saga, Step... steps) {
        return new Pinned(Map.of(saga.name(), saga), Map.of(), Map.of("flow", Flows.named("flow", Flows.chain(steps))));
    }

    private static Pinned flow(Step... steps) {
        return flow(CHILD, steps);
    }

    @Test
    void a_workflow_that_ended_well_is_undone_by_the_compensation_of_its_step_which_gets_its_output() throws Exception {
        calls.returns("do-y", "{\"room\":7}").fails("do-c", "boom");
        String run = start(
                saga(step("a"), inWorkflow(step("b"), "flow"), step("c")), flow(Flows.step("x"), Flows.step("y")));
        assertEquals("c", end(run).failedStep());
        assertEquals(List.of("do-a", "do-x", "do-y", "do-c", "undo-b", "undo-a"), calls.agents());
        String undo = calls.requests().get(4).inputJson();
        assertTrue(undo.contains("\"output\":{\"room\":7}"), undo);
        assertEquals(
                List.of("saga/order", "workflow/flow"), calls.requests().get(1).budgets());
        runs.awaitIdle();
        assertEquals(Map.of(), journal.states("run"), "nothing is left of either");
    }

    @Test
    void a_workflow_that_failed_midway_may_have_had_effects_and_its_step_is_undone() throws Exception {
        calls.fails("do-y", "boom");
        String run = start(saga(step("a"), inWorkflow(step("b"), "flow")), flow(Flows.step("x"), Flows.step("y")));
        assertEquals("b", end(run).failedStep());
        assertEquals("boom", end(run).reason().code());
        assertEquals(List.of("do-a", "do-x", "do-y", "undo-b", "undo-a"), calls.agents());
        String undo = calls.requests().get(3).inputJson();
        assertTrue(undo.contains("\"output\":null"), undo);
    }

    @Test
    void cancelling_a_saga_reaches_through_a_workflow_the_saga_in_that_and_all_is_undone() throws Exception {
        calls.waits("do-y");
        String run = start(
                saga(step("a"), inWorkflow(step("b"), "flow")),
                flow(Flows.step("s").calls(Called.SAGA, "child")));
        FakeCalls.Pending inner = calls.await("do-y", 1);
        assertInstanceOf(Done.class, runs.cancel(run).toCompletableFuture().get(30, TimeUnit.SECONDS));
        inner.cancelled.get(30, TimeUnit.SECONDS);
        assertEquals("cancelled", end(run).state());
        assertEquals(List.of("do-a", "do-x", "do-y", "undo-y", "undo-x", "undo-b", "undo-a"), calls.agents());
        assertEquals(
                List.of("cancelled", "cancelled", "cancelled"),
                journal.events(RunEnded.class).stream().map(RunEnded::state).toList());
    }

    @Test
    void cancelling_a_workflow_reaches_through_a_saga_the_workflow_in_that() throws Exception {
        calls.waits("do-x");
        SagaSpec child = named("child", step("a"), inWorkflow(step("b"), "flow"));
        WorkflowSpec outer = Flows.chain(Flows.step("s").calls(Called.SAGA, "child"));
        String run = assertInstanceOf(
                        RunStarted.class,
                        runs.startWorkflow(outer, flow(child, Flows.step("x")), "{}")
                                .toCompletableFuture()
                                .get(30, TimeUnit.SECONDS))
                .runId();
        FakeCalls.Pending inner = calls.await("do-x", 1);
        assertInstanceOf(Done.class, runs.cancel(run).toCompletableFuture().get(30, TimeUnit.SECONDS));
        inner.cancelled.get(30, TimeUnit.SECONDS);
        assertEquals("cancelled", end(run).state());
        assertEquals(List.of("do-a", "do-x", "undo-b", "undo-a"), calls.agents());
    }

    @Test
    void cancelling_a_workflow_that_is_a_step_fails_the_step() throws Exception {
        calls.waits("do-x");
        String run = start(saga(step("a"), inWorkflow(step("b"), "flow")), flow(Flows.step("x")));
        calls.await("do-x", 1);
        assertInstanceOf(
                Done.class, runs.cancel(run + "-1-1").toCompletableFuture().get(30, TimeUnit.SECONDS));
        assertEquals("failed", end(run).state());
        assertEquals("b", end(run).failedStep());
    }

    @Test
    void a_crash_in_a_workflow_that_is_a_step_goes_on_in_that() throws Exception {
        calls.waits("do-y");
        String run = start(
                saga(step("a"), inWorkflow(step("b"), "flow"), step("c")),
                flow(Flows.step("x"), Flows.step("y").idempotent()));
        calls.await("do-y", 1);
        crashAndReopen();
        assertEquals("done", end(run).state());
        assertEquals(List.of("do-y", "do-c"), calls.agents(), "what is done is not done again");
    }

    /// Closing tells the one and then the other, in no order.
    @Test
    void a_run_left_where_it_is_by_closing_is_no_failed_step_of_the_run_around_it_that_has_not_heard_of_it_yet()
            throws Exception {
        CompletableFuture<AgentCalls.Result> child = new CompletableFuture<>();
        CountDownLatch begun = new CountDownLatch(1);
        NestedRuns nested = new NestedRuns() {
            @Override
            public AgentCalls.Call run(String id, NestedStart begin) {
                begun.countDown();
                return new AgentCalls.Call() {
                    @Override
                    public CompletionStage<AgentCalls.Result> result() {
                        return child;
                    }

                    @Override
                    public void cancel(ExitReason reason) {}
                };
            }

            @Override
            public AgentCalls.Call undo(String id) {
                throw new AssertionError("nothing is undone");
            }

            @Override
            public void pause(String id, boolean paused) {}
        };
        SagaSpec around = saga(nested(step("b"), "child"), step("c"));
        SagaRun run = new SagaRun("r-1", around, "{}", pinned(CHILD), List.of(), 0);
        RunContext context =
                new RunContext(journal, calls, Clock.systemUTC(), new Random(1), nested, _ -> null, _ -> {});
        SagaWorker worker =
                new SagaWorker(run, SagaState.initial(run), context, RunJson.write(StoredRun.of(run)), List.of());
        worker.post(new SagaEvent.Begin());
        worker.start();
        assertTrue(begun.await(30, TimeUnit.SECONDS));
        child.complete(new AgentCalls.Result.Ended(RunWorker.CLOSING));
        worker.close(Duration.ZERO);
        worker.awaitEnd();
        assertEquals(List.of(), journal.events(EngineEvent.StepFailed.class));
        assertEquals(List.of(), journal.events(RunEnded.class));
        assertNotNull(journal.state(StoredRun.STATE + "r-1"), "the next process goes on with it");
    }
}
