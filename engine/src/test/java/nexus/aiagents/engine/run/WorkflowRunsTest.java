package nexus.aiagents.engine.run;

import static nexus.aiagents.engine.workflow.Flows.chain;
import static nexus.aiagents.engine.workflow.Flows.graph;
import static nexus.aiagents.engine.workflow.Flows.step;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import nexus.aiagents.engine.agent.AgentCalls.Request;
import nexus.aiagents.engine.agent.AgentCalls.Result;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.control.CommandResult.Refused;
import nexus.aiagents.engine.control.CommandResult.RunStarted;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.EngineEvent.ApprovalAsked;
import nexus.aiagents.engine.journal.EngineEvent.RunEnded;
import nexus.aiagents.engine.journal.EngineEvent.StepDone;
import nexus.aiagents.engine.journal.EngineEvent.StepSkipped;
import nexus.aiagents.engine.journal.InMemoryJournal;
import nexus.aiagents.engine.project.Pinned;
import nexus.aiagents.engine.project.PoolSpec;
import nexus.aiagents.engine.project.WorkflowSpec;
import nexus.aiagents.engine.project.WorkflowSpec.Called;
import nexus.aiagents.engine.workflow.Flows;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class WorkflowRunsTest {
    private InMemoryJournal journal = new InMemoryJournal();
    private FakeCalls calls = new FakeCalls();
    private DurableRuns runs = open();

    private DurableRuns open() {
        return new DurableRuns(
                journal, calls, Clock.systemUTC(), new Random(1), name -> name.equals("HOME") ? "/home/me" : "secret");
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

    private static String code(CompletionStage<CommandResult> answer) throws Exception {
        return assertInstanceOf(Refused.class, get(answer)).code();
    }

    private String start(WorkflowSpec flow, String input) throws Exception {
        return started(runs.startWorkflow(flow, Pinned.NONE, input));
    }

    private RunEnded end(String runId) throws Exception {
        return journal.await(RunEnded.class, e -> e.runId().equals(runId));
    }

    private String input(String agent) {
        return calls.requests().stream()
                .filter(r -> r.agent().equals(agent))
                .map(Request::inputJson)
                .findFirst()
                .orElse("never called");
    }

    // ---- data

    @Test
    void the_usual_input_is_what_came_before() throws Exception {
        calls.returns("do-a", "1").returns("do-b", "2").returns("do-c", "3");
        String run =
                start(graph(step("a"), step("b", "a"), step("c", "a"), step("d", "b", "c")), "{\"topic\":\"otters\"}");
        end(run);
        assertEquals("{\"topic\":\"otters\"}", input("do-a"));
        assertEquals("1", input("do-b"));
        assertEquals("{\"b\":2,\"c\":3}", input("do-d"));
    }

    @Test
    void in_a_chain_the_output_of_the_last_step_that_was_not_skipped_goes_on() throws Exception {
        calls.returns("do-a", "1");
        end(start(chain(step("a"), step("b").when("steps.a.output > 5"), step("c")), "{}"));
        assertEquals("1", input("do-c"));
        assertEquals("condition", journal.events(StepSkipped.class).getFirst().why());
    }

    @Test
    void expressions_see_input_outputs_run_env_item_and_index() throws Exception {
        calls.returns("do-a", "{\"n\":[10,20]}");
        WorkflowSpec flow = graph(
                step("a"),
                step("b", "a")
                        .forEach("\"${steps.a.output.n}\"", 2)
                        .input("{\"of\":\"${input.who}\",\"n\":\"${item * 2}\",\"i\":\"${index}\"}"));
        String run = start(
                Flows.output(flow, "{\"all\":\"${$count(steps.b.output)}\",\"w\":\"${run.workflow}\"}"),
                "{\"who\":\"me\"}");
        assertEquals("{\"all\":2,\"w\":\"flow\"}", end(run).outputJson());
        List<String> inputs = calls.requests().stream()
                .filter(r -> r.agent().equals("do-b"))
                .map(Request::inputJson)
                .sorted()
                .toList();
        assertEquals(List.of("{\"of\":\"me\",\"n\":20,\"i\":0}", "{\"of\":\"me\",\"n\":40,\"i\":1}"), inputs);
    }

    @Test
    void one_thing_is_a_list_of_one_and_nothing_a_list_of_none() throws Exception {
        WorkflowSpec flow = graph(
                step("one").forEach("\"${input.list[x=2]}\"", 2), step("none").forEach("\"${input.missing}\"", 2));
        RunEnded end = end(start(
                Flows.output(flow, "\"${[$count(steps.one.output), $count(steps.none.output)]}\""),
                "{\"list\":[{\"x\":1},{\"x\":2}]}"));
        assertEquals("[1,0]", end.outputJson());
    }

    @Test
    void a_condition_that_is_neither_true_nor_false_and_a_broken_input_fail_the_step() throws Exception {
        RunEnded end = end(start(chain(step("a").when("3")), "{}"));
        assertEquals("bad-expression", end.reason().code());
        assertTrue(end.reason().message().contains("gives 3"), end.reason().message());
        end = end(start(chain(step("a").input("\"${$error('no way')}\"")), "{}"));
        assertEquals("bad-expression", end.reason().code());
        assertEquals(List.of(), calls.agents());
    }

    @Test
    void an_output_that_breaks_its_schema_is_named_as_such_also_of_an_item() throws Exception {
        calls.returns("do-a", "\"text\"");
        RunEnded end = end(start(chain(step("a").schema("{\"type\":\"number\"}")), "{}"));
        assertEquals("output-schema", end.reason().code());
        end = end(start(chain(step("a").forEach("[1]", 1).schema("{\"type\":\"number\"}")), "{}"));
        assertTrue(end.reason().message().contains("step a[0]"), end.reason().message());
    }

    @Test
    void spending_counts_against_the_workflow_s_budget() throws Exception {
        String run = start(chain(step("a").forEach("[1]", 1)), "{}");
        end(run);
        Request request = calls.requests().getFirst();
        assertEquals(List.of("workflow/flow"), request.budgets());
        assertEquals("a[0]", request.step());
        assertEquals(run, request.runId());
    }

    @Test
    void nothing_is_left_in_the_store_of_a_run_that_ended() throws Exception {
        end(start(graph(step("a").forEach("[1,2]", 1), step("b", "a")), "{}"));
        end(start(chain(step("a").forEach("[1]", 1).when("input.go")), "{}"));
        assertEquals(Map.of(), journal.states("run"));
    }

    // ---- crashes

    @Test
    void after_a_crash_done_steps_and_items_are_kept_and_idempotent_ones_go_on() throws Exception {
        calls.on("do-a", r -> r.step().equals("a[1]") ? null : new Result.Returned("\"" + r.step() + "\""));
        calls.waits("do-b");
        String run = start(
                graph(step("a").forEach("[1,2,3]", 1).idempotent(), step("b").idempotent(), step("c", "a", "b")), "{}");
        calls.await("do-a", 2);
        calls.await("do-b", 1);
        assertEquals(1, crashAndReopen());
        RunEnded end = end(run);
        assertEquals("done", end.state());
        assertEquals(
                List.of("a[1]", "a[2]", "b", "c"),
                calls.requests().stream().map(Request::step).sorted().toList());
        assertEquals(
                "[\"a[0]\",{\"did\":\"a[1]\"},{\"did\":\"a[2]\"}]",
                journal.await(StepDone.class, d -> d.step().equals("a")).outputJson());
    }

    @Test
    void a_run_goes_on_by_the_definition_it_began_with() throws Exception {
        calls.waits("do-a");
        String run = start(chain(step("a").idempotent(), step("old")), "{}");
        calls.await("do-a", 1);
        crashAndReopen();
        end(run);
        assertEquals(List.of("do-a", "do-old"), calls.agents());
    }

    @Test
    void pause_and_approval_survive_a_crash() throws Exception {
        String run = start(graph(step("a").approval(), step("b").approval()), "{}");
        journal.await(ApprovalAsked.class, e -> e.step().equals("b"));
        assertInstanceOf(CommandResult.Done.class, get(runs.pause(run)));
        assertEquals(0, crashAndReopen(), "it waits for a person");
        assertInstanceOf(CommandResult.Done.class, get(runs.approve(run, "a", "go")));
        assertEquals(List.of(), calls.agents());
        assertInstanceOf(CommandResult.Done.class, get(runs.resume(run)));
        calls.await("do-a", 1);
        assertInstanceOf(CommandResult.Done.class, get(runs.reject(run, "b", "no")));
        assertEquals("rejected", end(run).reason().code());
    }

    // ---- going back

    @Test
    void a_run_that_ended_is_retried_from_a_step_after_a_restart() throws Exception {
        calls.returns("do-a", "1").fails("do-b", "no");
        String run = start(graph(step("a"), step("b", "a"), step("c", "b")), "{}");
        assertEquals("failed", end(run).state());
        crashAndReopen();
        assertEquals("undone", code(runs.retryFrom(run, "c", null)));
        assertEquals("unknown-name", code(runs.retryFrom(run, "zz", null)));
        assertEquals("bad-input", code(runs.retryFrom(run, "b", "{")));
        assertInstanceOf(CommandResult.Done.class, get(runs.retryFrom(run, "b", "{\"edited\":true}")));
        journal.await(RunEnded.class, e -> e.state().equals("done"));
        assertEquals(List.of("do-b", "do-c"), calls.agents());
        assertEquals("{\"edited\":true}", input("do-b"));
        assertEquals(Map.of(), journal.states("run"));
    }

    @Test
    void a_failed_for_each_is_taken_up_again_where_it_was_also_from_the_journal_alone() throws Exception {
        calls.on(
                "do-a",
                r -> r.step().equals("a[2]")
                        ? new Result.Ended(nexus.aiagents.engine.journal.ExitReason.error("no", ""))
                        : new Result.Returned("1"));
        String run = start(chain(step("a").forEach("[1,2,3,4]", 1)), "{}");
        end(run);
        crashAndReopen();
        calls.returns("do-a", "2");
        get(runs.retryFrom(run, "a", null));
        RunEnded end = journal.await(RunEnded.class, e -> e.state().equals("done"));
        assertEquals("[1,1,2,2]", end.outputJson());
        assertEquals(2, calls.requests().size());
    }

    @Test
    void a_fork_is_a_run_of_its_own_that_takes_over_the_outputs_before() throws Exception {
        calls.returns("do-a", "1");
        String run = start(graph(step("a"), step("b", "a"), step("side", "a")), "{}");
        end(run);
        String fork = started(runs.fork(run, "b", "7"));
        assertNotEquals(run, fork);
        assertEquals("done", end(fork).state());
        EngineEvent.RunStarted begun =
                journal.await(EngineEvent.RunStarted.class, e -> e.runId().equals(fork));
        assertEquals(run, begun.forkedFrom());
        assertEquals(
                List.of("do-a", "do-b", "do-b", "do-side"),
                calls.agents().stream().sorted().toList());
        get(runs.retryFrom(fork, "side", null));
        calls.await("do-side", 2);
        assertEquals(2, calls.agents().stream().filter("do-side"::equals).count(), "a fork's outputs are its own");
    }

    // ---- runs of runs

    private static Pinned pinned(WorkflowSpec inner) {
        PoolSpec pool = RunSpecs.pool(PoolSpec.Strategy.ALL, "m1", "m2");
        return new Pinned(
                Map.of("order", RunSpecs.saga(RunSpecs.step("x"))), Map.of(pool.name(), pool), Map.of("inner", inner));
    }

    @Test
    void steps_run_sagas_pools_and_workflows_with_their_parent_named_and_their_spending_counted() throws Exception {
        Pinned pinned = pinned(Flows.named("inner", chain(step("i"))));
        String pool = pinned.pools().keySet().iterator().next();
        WorkflowSpec flow = graph(
                step("s").calls(Called.SAGA, "order"),
                step("p").calls(Called.POOL, pool),
                step("w").forEach("[1,2]", 2).calls(Called.WORKFLOW, "inner"));
        String run = started(runs.startWorkflow(flow, pinned, "{}"));
        assertEquals("done", end(run).state());
        List<String> parts = journal.events(EngineEvent.RunStarted.class).stream()
                .filter(e -> run.equals(e.parentRunId()))
                .map(e -> e.kind() + " " + e.parentStep())
                .sorted()
                .toList();
        assertEquals(List.of("pool p", "saga s", "workflow w[0]", "workflow w[1]"), parts);
        assertEquals(
                List.of("workflow/flow", "workflow/inner"),
                calls.requests().stream()
                        .filter(r -> r.agent().equals("do-i"))
                        .findFirst()
                        .orElseThrow()
                        .budgets());
        assertEquals(Map.of(), journal.states("run"));
    }

    @Test
    void a_nested_run_goes_on_after_a_crash_and_its_parent_with_it() throws Exception {
        calls.waits("do-j");
        WorkflowSpec inner = Flows.named("inner", chain(step("i"), step("j").idempotent()));
        WorkflowSpec flow = chain(step("w").calls(Called.WORKFLOW, "inner"), step("after"));
        String run = started(runs.startWorkflow(flow, pinned(inner), "{}"));
        calls.await("do-j", 1);
        crashAndReopen();
        assertEquals("done", end(run).state());
        assertEquals(List.of("do-j", "do-after"), calls.agents());
    }

    @Test
    void cancel_and_pause_reach_nested_runs() throws Exception {
        calls.waits("do-i");
        WorkflowSpec inner = Flows.named("inner", chain(step("i"), step("j")));
        String run = started(runs.startWorkflow(chain(step("w").calls(Called.WORKFLOW, "inner")), pinned(inner), "{}"));
        FakeCalls.Pending call = calls.await("do-i", 1);
        get(runs.pause(run));
        journal.await(EngineEvent.RunPaused.class, e -> !e.runId().equals(run));
        get(runs.cancel(run));
        call.cancelled.get(30, TimeUnit.SECONDS);
        assertEquals("cancelled", end(run).state());
        assertEquals(
                List.of("cancelled", "cancelled"),
                journal.events(RunEnded.class).stream().map(RunEnded::state).toList());
    }

    @Test
    void a_nested_run_that_failed_is_retried_as_a_new_run() throws Exception {
        int[] tries = new int[1];
        calls.on(
                "do-i",
                _ -> ++tries[0] == 1
                        ? new Result.Ended(nexus.aiagents.engine.journal.ExitReason.error("no", ""))
                        : new Result.Returned("1"));
        WorkflowSpec inner = Flows.named("inner", chain(step("i")));
        String run = started(runs.startWorkflow(
                chain(step("w").calls(Called.WORKFLOW, "inner").retry(2, Duration.ofMillis(1))), pinned(inner), "{}"));
        assertEquals("done", end(run).state());
        get(runs.retryFrom(run, "w", null));
        journal.await(EngineEvent.RunReopened.class, _ -> true);
        runs.awaitIdle();
        List<String> nested = journal.events(EngineEvent.RunStarted.class).stream()
                .filter(e -> e.parentRunId() != null)
                .map(EngineEvent.RunStarted::runId)
                .toList();
        assertEquals(3, nested.stream().distinct().count(), nested.toString());
    }

    // ---- scale

    @Test
    void many_steps_and_many_items_are_not_quadratic() throws Exception {
        scale(200, 1_000);
    }

    @Tag("soak")
    @Test
    void a_thousand_steps_and_ten_thousand_items_take_seconds() throws Exception {
        scale(1_000, 10_000);
    }

    private void scale(int count, int most) throws Exception {
        Flows.Step[] steps = IntStream.range(0, count)
                .mapToObj(i -> i == 0
                        ? step("s0")
                        : step("s" + i, "s" + (i - 1)).input("{\"n\":\"${steps.s" + (i - 1) + ".output}\"}"))
                .toArray(Flows.Step[]::new);
        long began = System.nanoTime();
        String run = start(graph(steps), "{}");
        runs.awaitIdle();
        long chainMillis = (System.nanoTime() - began) / 1_000_000;
        assertEquals("done", end(run).state());
        String items = IntStream.range(0, most).mapToObj(String::valueOf).collect(Collectors.joining(",", "[", "]"));
        began = System.nanoTime();
        run = start(chain(step("a").forEach(items, 50).input("{\"n\":\"${item}\"}")), "{}");
        runs.awaitIdle();
        long itemsMillis = (System.nanoTime() - began) / 1_000_000;
        assertEquals("done", end(run).state());
        assertTrue(chainMillis < 60_000 && itemsMillis < 120_000, chainMillis + " and " + itemsMillis + " ms");
        System.getLogger("scale")
                .log(
                        System.Logger.Level.INFO,
                        "{0} steps {1} ms, {2} items {3} ms",
                        count,
                        chainMillis,
                        most,
                        itemsMillis);
    }
}
