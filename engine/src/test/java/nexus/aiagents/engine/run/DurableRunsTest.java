package nexus.aiagents.engine.run;

import static nexus.aiagents.engine.run.RunSpecs.agent;
import static nexus.aiagents.engine.run.RunSpecs.input;
import static nexus.aiagents.engine.run.RunSpecs.pool;
import static nexus.aiagents.engine.run.RunSpecs.saga;
import static nexus.aiagents.engine.run.RunSpecs.schema;
import static nexus.aiagents.engine.run.RunSpecs.step;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import nexus.aiagents.engine.agent.AgentCalls.Result;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.control.CommandResult.Done;
import nexus.aiagents.engine.control.CommandResult.Refused;
import nexus.aiagents.engine.control.CommandResult.RunStarted;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.EngineEvent.CompensationDone;
import nexus.aiagents.engine.journal.EngineEvent.PoolDecided;
import nexus.aiagents.engine.journal.EngineEvent.RunEnded;
import nexus.aiagents.engine.journal.EngineEvent.RunResumed;
import nexus.aiagents.engine.journal.EngineEvent.StepDone;
import nexus.aiagents.engine.journal.EngineEvent.StepFailed;
import nexus.aiagents.engine.journal.EngineEvent.StepStarted;
import nexus.aiagents.engine.journal.EngineEvent.StepUnknown;
import nexus.aiagents.engine.journal.ExitReason;
import nexus.aiagents.engine.journal.InMemoryJournal;
import nexus.aiagents.engine.project.Pinned;
import nexus.aiagents.engine.project.PoolSpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DurableRunsTest {
    private InMemoryJournal journal = new InMemoryJournal();
    private FakeCalls calls = new FakeCalls();
    private DurableRuns runs = open();

    /// Another process draws other ids.
    private int opened;

    private DurableRuns open() {
        return new DurableRuns(journal, calls, Clock.systemUTC(), new Random(++opened), _ -> null);
    }

    /// As after kill -9: nothing is said to the old process, and it writes nothing more.
    private int crashAndReopen() {
        InMemoryJournal found = journal.reopened();
        journal.refuseAfter(0);
        journal = found;
        calls = new FakeCalls();
        runs = open();
        return runs.recover();
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

    private CompletionStage<CommandResult> start(nexus.aiagents.engine.project.SagaSpec saga, String input) {
        return runs.startSaga(saga, Pinned.NONE, input);
    }

    private RunEnded end(String runId) throws Exception {
        return journal.await(RunEnded.class, e -> e.runId().equals(runId));
    }

    private static String code(CompletionStage<CommandResult> answer) throws Exception {
        return assertInstanceOf(Refused.class, get(answer)).code();
    }

    @Test
    void a_saga_runs_its_steps_in_order_and_its_output_is_the_last_one() throws Exception {
        String run = started(start(saga(step("a"), step("b")), "{\"n\":1}"));
        assertEquals(new RunEnded(run, "done", "{\"did\":\"b\"}", null, null), end(run));
        assertEquals(List.of("do-a", "do-b"), calls.agents());
        var first = calls.requests().getFirst();
        assertEquals("{\"input\":{\"n\":1},\"previous\":null,\"step\":\"a\"}", first.inputJson());
        assertEquals(List.of("saga/order"), first.budgets());
        assertEquals(run, first.runId());
        assertEquals(
                "{\"input\":{\"n\":1},\"previous\":{\"did\":\"a\"},\"step\":\"b\"}",
                calls.requests().getLast().inputJson());
        assertEquals(Map.of(), journal.states("run"));
    }

    @Test
    void a_failing_step_rolls_back_what_was_done_in_reverse() throws Exception {
        calls.fails("do-c", "no-stock");
        String run = started(start(saga(step("a"), step("b"), step("c")), "{}"));
        RunEnded end = end(run);
        assertEquals("failed", end.state());
        assertEquals("c", end.failedStep());
        assertEquals(ExitReason.error("no-stock", "no-stock happened"), end.reason());
        assertEquals(List.of("do-a", "do-b", "do-c", "undo-b", "undo-a"), calls.agents());
        assertEquals(
                "{\"input\":{\"input\":{},\"previous\":null,\"step\":\"a\"},\"output\":{\"did\":\"a\"},"
                        + "\"step\":\"a\",\"error\":{\"code\":\"no-stock\",\"message\":\"no-stock happened\"}}",
                calls.requests().getLast().inputJson());
    }

    @Test
    void inputs_are_expressions_over_the_input_and_the_outputs() throws Exception {
        calls.returns("do-a", "{\"list\":[1,2,3]}");
        started(start(
                saga(
                        step("a"),
                        input(step("b"), "{\"sum\":\"${$sum(steps.a.output.list)}\",\"who\":\"${input.who}\"}")),
                "{\"who\":\"me\"}"));
        assertEquals(
                "{\"sum\":6,\"who\":\"me\"}", calls.await("do-b", 1).request.inputJson());
    }

    @Test
    void a_broken_expression_fails_its_step_by_name() throws Exception {
        String run = started(start(saga(step("a"), input(step("b"), "{\"x\":\"${1 +}\"}")), "{}"));
        RunEnded end = end(run);
        assertEquals("b", end.failedStep());
        assertEquals("bad-expression", end.reason().code());
        assertEquals(List.of("do-a", "undo-a"), calls.agents());
    }

    @Test
    void an_output_that_breaks_its_schema_fails_the_step_and_is_undone() throws Exception {
        String run = started(start(saga(schema(step("a"), "{\"type\":\"object\",\"required\":[\"id\"]}")), "{}"));
        RunEnded end = end(run);
        assertEquals("output-schema", end.reason().code());
        assertTrue(end.reason().message().contains("id"), end.reason()::message);
        assertEquals(List.of("do-a", "undo-a"), calls.agents());
    }

    @Test
    void what_is_no_json_is_refused_with_its_place() throws Exception {
        for (String bad : List.of("", "{", "{} x", "nope", "{\"a\":1,}")) {
            Refused refused = assertInstanceOf(Refused.class, get(start(saga(step("a")), bad)));
            assertEquals("bad-input", refused.code());
        }
        assertEquals(List.of(), journal.events());
    }

    @Test
    void what_is_too_large_to_keep_is_refused_or_fails_its_step() throws Exception {
        String large = "\"" + "x".repeat(RunJson.MAX_BYTES) + "\"";
        assertEquals("bad-input", code(start(saga(step("a")), large)));
        calls.returns("do-a", large);
        String run = started(start(saga(step("a")), "{}"));
        assertEquals("output-too-large", end(run).reason().code());
        calls.returns("do-a", "{} {}");
        run = started(start(saga(step("a")), "{}"));
        assertEquals("bad-output", end(run).reason().code());
    }

    @Test
    void an_agents_run_ends_with_its_output_or_its_reason() throws Exception {
        calls.returns("good", "[1]").fails("bad", "oops");
        String good = started(runs.startAgent(agent("good"), "1"));
        assertEquals(new RunEnded(good, "done", "[1]", null, null), end(good));
        String bad = started(runs.startAgent(agent("bad"), "1"));
        assertEquals(new RunEnded(bad, "failed", null, null, ExitReason.error("oops", "oops happened")), end(bad));
    }

    @Test
    void a_pool_answers_what_its_majority_said() throws Exception {
        calls.returns("x", "{\"v\":1}").returns("y", "{\"v\":2}").returns("z", "{\"v\":1.0}");
        String run = started(runs.startPool(pool(PoolSpec.Strategy.MAJORITY, "x", "y", "z"), "{}"));
        assertEquals("{\"v\":1}", end(run).outputJson());
        assertEquals(List.of(1), journal.events(PoolDecided.class).getFirst().dissent());
        assertEquals(List.of("pool/jury"), calls.requests().getFirst().budgets());
    }

    @Test
    void a_cancelled_saga_ends_its_call_and_compensates() throws Exception {
        calls.waits("do-b");
        String run = started(start(saga(step("a"), step("b")), "{}"));
        calls.await("do-b", 1);
        assertInstanceOf(Done.class, get(runs.cancel(run)));
        assertEquals("cancelled", end(run).state());
        assertEquals(List.of("do-a", "do-b", "undo-b", "undo-a"), calls.agents());
        assertEquals("unknown-name", code(runs.cancel(run)));
    }

    @Test
    void runs_that_were_cancelled_as_agent_or_pool_say_so() throws Exception {
        calls.waits("x").waits("slow");
        String agentRun = started(runs.startAgent(agent("slow"), "1"));
        get(runs.cancel(agentRun));
        assertEquals("cancelled", end(agentRun).state());
        String poolRun = started(runs.startPool(pool(PoolSpec.Strategy.ALL, "x", "x"), "{}"));
        get(runs.cancel(poolRun));
        assertEquals("cancelled", end(poolRun).state());
        calls.await("x", 2).cancelled.get(30, TimeUnit.SECONDS);
    }

    @Test
    void a_parked_compensation_goes_on_when_a_person_says_so() throws Exception {
        calls.fails("do-b", "boom").fails("undo-a", "stuck");
        String run = started(start(saga(step("a"), step("b")), "{}"));
        journal.await(EngineEvent.RunParked.class, e -> e.why().equals("compensation-failed"));
        assertEquals("bad-input", code(runs.retryParked(run, null, "{")));
        calls.returns("undo-a", "\"ok\"");
        assertInstanceOf(Done.class, get(runs.retryParked(run, null, "{\"edited\":true}")));
        assertEquals("b", end(run).failedStep());
        assertEquals("{\"edited\":true}", calls.requests().getLast().inputJson());
        assertEquals(1, journal.events(CompensationDone.class).size());
    }

    @Test
    void a_run_that_waits_for_nobody_refuses_to_be_unparked() throws Exception {
        calls.waits("do-a");
        String run = started(start(saga(step("a")), "{}"));
        assertEquals("not-parked", code(runs.retryParked(run, null, null)));
        assertEquals("not-parked", code(runs.skipParked(run, null, false)));
        assertEquals("unknown-name", code(runs.skipParked("r-none", null, false)));
    }

    @Test
    void after_a_crash_the_run_goes_on_with_the_definition_it_began_with() throws Exception {
        calls.waits("do-b");
        String run = started(start(saga(step("a"), step("b")), "{}"));
        calls.await("do-b", 1);
        assertEquals(1, crashAndReopen());
        assertEquals("failed", end(run).state());
        assertEquals(1, journal.events(RunResumed.class).size());
        assertEquals("b", journal.events(StepUnknown.class).getFirst().step());
        assertEquals(List.of("undo-b", "undo-a"), calls.agents());
    }

    @Test
    void after_a_crash_only_the_members_that_had_not_voted_are_asked_again() throws Exception {
        calls.returns("x", "1").waits("y").waits("z");
        String run = started(runs.startPool(pool(PoolSpec.Strategy.ALL, "x", "y", "z"), "{}"));
        journal.await(EngineEvent.PoolVoted.class, _ -> true);
        crashAndReopen();
        assertEquals("{\"results\":[1,{\"did\":\"member-1\"},{\"did\":\"member-2\"}]}", end(run).outputJson());
        assertEquals(List.of("y", "z"), calls.agents());
    }

    @Test
    void an_agents_run_that_a_crash_cut_short_has_failed_as_interrupted() throws Exception {
        calls.waits("slow");
        String run = started(runs.startAgent(agent("slow"), "1"));
        crashAndReopen();
        assertEquals("interrupted", end(run).reason().code());
        assertEquals(List.of(), calls.agents());
    }

    @Test
    void closing_cancels_the_call_and_leaves_the_step_to_the_next_open() throws Exception {
        calls.waits("do-b");
        String run = started(start(saga(step("a"), step("b")), "{}"));
        FakeCalls.Pending call = calls.await("do-b", 1);
        runs.close();
        assertEquals(
                ExitReason.Kind.SHUTDOWN,
                call.cancelled.get(30, TimeUnit.SECONDS).kind());
        assertEquals(List.of(), journal.events(StepFailed.class));
        assertEquals(List.of(), journal.events(RunEnded.class));
        assertEquals("not-up", code(start(saga(step("a")), "{}")));
        crashAndReopen();
        assertEquals("failed", end(run).state());
    }

    @Test
    void an_agent_that_is_stopped_once_its_run_was_left_fails_no_step_of_it() throws Exception {
        calls.waits("do-b");
        started(start(saga(step("a"), step("b")), "{}"));
        FakeCalls.Pending call = calls.await("do-b", 1);
        runs.leave(Duration.ofSeconds(60));
        call.result.complete(new Result.Ended(ExitReason.SHUTDOWN));
        runs.close();
        assertEquals(List.of(), journal.events(StepFailed.class));
        assertEquals(List.of(), journal.events(RunEnded.class));
    }

    @Test
    void closing_does_not_wait_for_a_call_that_waits_for_somebody() throws Exception {
        calls.waits("do-b");
        started(start(saga(step("a"), step("b")), "{}"));
        FakeCalls.Pending call = calls.await("do-b", 1);
        runs.leave(Duration.ofDays(1));
        call.waitsForSomebody = true;
        runs.close();
        assertEquals(
                ExitReason.Kind.SHUTDOWN,
                call.cancelled.get(30, TimeUnit.SECONDS).kind());
        assertEquals(List.of(), journal.events(StepFailed.class));
        assertEquals(List.of(), journal.events(RunEnded.class));
    }

    @Test
    void a_call_that_returns_while_closing_is_kept_and_nothing_new_is_begun() throws Exception {
        calls.on("do-a", _ -> null);
        started(start(saga(step("a"), step("b")), "{}"));
        FakeCalls.Pending call = calls.await("do-a", 1);
        call.cancelled.thenRun(() -> {});
        Thread closer = Thread.startVirtualThread(() -> {
            call.result.complete(new Result.Returned("{\"n\":1}"));
            runs.close();
        });
        closer.join();
        // Either it was over before closing began, or it was kept while closing: it is durable in both
        // cases.
        assertEquals(
                1,
                journal.events(StepDone.class).stream()
                        .filter(e -> e.step().equals("a"))
                        .count());
    }

    @Test
    void closing_ends_an_agents_run_as_interrupted() throws Exception {
        calls.waits("slow");
        String run = started(runs.startAgent(agent("slow"), "1"));
        calls.await("slow", 1);
        runs.close();
        assertEquals("interrupted", end(run).reason().code());
    }

    @Test
    void a_run_the_store_refuses_is_not_started() throws Exception {
        journal.refuseAfter(0);
        assertEquals("store-closed", code(start(saga(step("a")), "{}")));
        assertEquals(List.of(), calls.agents());
    }

    @Test
    void no_step_is_started_that_is_not_in_the_journal() throws Exception {
        calls.on("do-a", _ -> {
            assertEquals(1, journal.events(StepStarted.class).size());
            return new Result.Returned("1");
        });
        String run = started(start(saga(step("a")), "{}"));
        assertEquals("done", end(run).state());
    }

    @Test
    void run_ids_sort_by_time_and_do_not_meet() {
        Random random = new Random(7);
        String early = RunIds.next(1_700_000_000_000L, random);
        String late = RunIds.next(1_700_000_000_001L, random);
        assertTrue(early.compareTo(late) < 0);
        assertEquals(16, early.length());
        assertTrue(early.matches("r-[0-9a-z]{14}"));
    }
}
