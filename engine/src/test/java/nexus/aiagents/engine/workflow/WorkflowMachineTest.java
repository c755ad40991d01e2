package nexus.aiagents.engine.workflow;

import static nexus.aiagents.engine.workflow.Flows.chain;
import static nexus.aiagents.engine.workflow.Flows.graph;
import static nexus.aiagents.engine.workflow.Flows.step;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import nexus.aiagents.engine.journal.EngineEvent.ApprovalAsked;
import nexus.aiagents.engine.journal.EngineEvent.RunParked;
import nexus.aiagents.engine.journal.EngineEvent.RunReopened;
import nexus.aiagents.engine.journal.EngineEvent.StepDone;
import nexus.aiagents.engine.journal.EngineEvent.StepFailed;
import nexus.aiagents.engine.journal.EngineEvent.StepSkipped;
import nexus.aiagents.engine.journal.EngineEvent.StepStarted;
import nexus.aiagents.engine.journal.EngineEvent.StepUnknown;
import nexus.aiagents.engine.journal.ExitReason;
import nexus.aiagents.engine.project.WorkflowSpec;
import nexus.aiagents.engine.project.WorkflowSpec.Called;
import nexus.aiagents.engine.workflow.WorkflowState.Phase;
import org.junit.jupiter.api.Test;

class WorkflowMachineTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final ExitReason TIMEOUT = ExitReason.of(ExitReason.Kind.TIMEOUT, "too long");

    /// a → (b, c) → d
    private static WorkflowSpec diamond() {
        return graph(step("a"), step("b", "a"), step("c", "a"), step("d", "b", "c"));
    }

    private static FlowDriver run(WorkflowSpec flow) {
        return new FlowDriver(flow).begin();
    }

    // ---- order

    @Test
    void a_chain_runs_one_after_the_other_and_its_output_is_the_last_one_s() {
        FlowDriver run = run(chain(step("a"), step("b")));
        assertEquals(Set.of("a"), run.underWay.keySet());
        run.done("a");
        assertEquals(Set.of("b"), run.underWay.keySet());
        run.done("b");
        assertEquals("done", run.end().state());
        assertEquals("\"b\"", run.end().outputJson());
    }

    @Test
    void steps_that_need_the_same_run_side_by_side_and_what_needs_both_waits_for_both() {
        FlowDriver run = run(diamond());
        run.done("a");
        assertEquals(Set.of("b", "c"), run.underWay.keySet());
        run.done("c");
        assertEquals(Set.of("b"), run.underWay.keySet());
        run.done("b");
        assertEquals(Set.of("d"), run.underWay.keySet());
    }

    @Test
    void the_intent_is_noted_before_the_call_with_its_key() {
        FlowDriver run = run(chain(step("a")));
        StepStarted intent = run.notes(StepStarted.class).getFirst();
        assertEquals("do-a", intent.agent());
        assertEquals(run.calls.getFirst().key(), intent.idempotencyKey());
    }

    @Test
    void an_output_of_the_workflow_s_own_is_evaluated_at_the_end() {
        FlowDriver run = run(Flows.output(chain(step("a")), "\"${steps.a.output}\""));
        run.done("a");
        assertEquals("\"out\"", run.end().outputJson());
    }

    // ---- conditions

    @Test
    void in_a_chain_a_skipped_step_is_stepped_over() {
        FlowDriver run = new FlowDriver(chain(step("a"), step("b").when("x"), step("c")));
        run.conditions.put("b", false);
        run.begin().done("a");
        assertEquals("skipped", run.status("b"));
        assertEquals(Set.of("c"), run.underWay.keySet());
    }

    @Test
    void in_a_graph_a_skipped_step_takes_with_it_what_needs_nothing_else() {
        FlowDriver run = new FlowDriver(graph(
                step("a"),
                step("b", "a").when("x"),
                step("after-b", "b"),
                step("c", "a"),
                step("join", "after-b", "c")));
        run.conditions.put("b", false);
        run.begin().done("a");
        assertEquals(
                List.of("b condition", "after-b needs-skipped"),
                run.notes(StepSkipped.class).stream()
                        .map(s -> s.step() + " " + s.why())
                        .toList());
        run.done("c");
        assertEquals(Set.of("join"), run.underWay.keySet());
        run.done("join");
        assertEquals("done", run.end().state());
    }

    @Test
    void a_workflow_of_which_all_is_skipped_is_done_with_nothing() {
        FlowDriver run = new FlowDriver(chain(step("a").when("x")));
        run.conditions.put("a", false);
        run.begin();
        assertEquals("done", run.end().state());
        assertEquals("null", run.end().outputJson());
    }

    // ---- forEach

    @Test
    void items_run_within_the_limit_and_their_outputs_keep_the_order() {
        FlowDriver run = new FlowDriver(chain(step("a").forEach("[1,2,3,4]", 2), step("b")));
        run.items.put("a", List.of("1", "2", "3", "4"));
        run.begin();
        assertEquals(Set.of("a[0]", "a[1]"), run.underWay.keySet());
        run.returns("a[1]", "20");
        assertEquals(Set.of("a[0]", "a[2]"), run.underWay.keySet());
        run.returns("a[2]", "30");
        run.returns("a[3]", "40");
        assertEquals("running", run.status("a"));
        run.returns("a[0]", "10");
        StepDone whole = run.notes(StepDone.class).getLast();
        assertEquals("a", whole.step());
        assertEquals("[10,20,30,40]", whole.outputJson());
        assertEquals(Set.of("b"), run.underWay.keySet());
    }

    @Test
    void no_items_are_done_at_once_with_an_empty_list() {
        FlowDriver run = new FlowDriver(chain(step("a").forEach("[]", 2)));
        run.items.put("a", List.of());
        run.begin();
        assertEquals("[]", run.end().outputJson());
    }

    @Test
    void an_item_that_fails_for_good_ends_the_step_but_those_under_way_are_kept() {
        FlowDriver run = run(chain(step("a").forEach("[1,2,3]", 2)));
        run.fails("a[0]");
        assertEquals(Set.of("a[1]"), run.underWay.keySet());
        run.returns("a[1]", "2");
        assertEquals("failed", run.end().state());
        assertEquals("a", run.end().failedStep());
        assertEquals(2, run.calls.size(), "the third is not begun");
    }

    @Test
    void with_on_error_skip_a_failed_item_is_null_in_the_list() {
        FlowDriver run = run(chain(step("a").forEach("[1,2,3]", 3).skipOnError()));
        run.returns("a[0]", "1");
        run.fails("a[1]");
        run.returns("a[2]", "3");
        assertEquals("[1,null,3]", run.end().outputJson());
        assertEquals("done", run.end().state());
    }

    @Test
    void items_are_retried_each_by_itself_and_keep_their_place_while_they_wait() {
        FlowDriver run = run(chain(step("a").forEach("[1,2,3]", 1).retry(2, SECOND)));
        run.fails("a[0]");
        assertEquals(Set.of(), run.underWay.keySet());
        assertEquals(1_000, run.due());
        run.pass(1_000);
        run.returns("a[0]", "1");
        assertEquals(Set.of("a[1]"), run.underWay.keySet());
    }

    // ---- failure

    @Test
    void a_failure_stops_the_run_but_what_is_under_way_comes_to_its_end_and_is_kept() {
        FlowDriver run = run(diamond());
        run.done("a");
        run.fails("b");
        assertEquals(Phase.STOPPING, run.state.phase());
        assertEquals(List.of(), run.cancelled);
        run.done("c");
        assertEquals("done", run.status("c"));
        assertEquals("failed", run.end().state());
        assertEquals("b", run.end().failedStep());
        assertEquals("no", run.end().reason().code());
    }

    @Test
    void retries_wait_longer_each_time_and_jitter_shortens_the_wait() {
        FlowDriver run = run(chain(step("a").retry(3, SECOND)));
        run.fails("a");
        assertEquals(1_000, run.due());
        run.pass(1_000);
        run.fails("a");
        assertEquals(3_000, run.due());
        run.pass(2_000);
        run.fails("a");
        assertEquals("failed", run.end().state());
        assertEquals(
                List.of(FlowDriver.START + 1_000, FlowDriver.START + 3_000, 0L),
                run.notes(StepFailed.class).stream()
                        .map(StepFailed::retryAtEpochMillis)
                        .toList());
    }

    @Test
    void with_on_error_skip_the_run_goes_on_without_the_step_and_those_that_need_it_run() {
        FlowDriver run = run(graph(step("a").skipOnError(), step("b", "a")));
        run.fails("a");
        assertEquals("skipped", run.status("a"));
        run.done("b");
        assertEquals("done", run.end().state());
    }

    @Test
    void budget_and_trust_are_not_retried() {
        FlowDriver run = run(chain(step("a").retry(5, SECOND)));
        run.ends("a", ExitReason.of(ExitReason.Kind.BUDGET, "empty"));
        assertEquals("failed", run.end().state());
    }

    // ---- unknown effects

    @Test
    void after_a_crash_an_idempotent_step_is_tried_again_with_the_same_key() {
        FlowDriver run = run(chain(step("a").idempotent()));
        run.crash();
        assertEquals(2, run.calls.size());
        assertEquals(run.calls.get(0).key(), run.calls.get(1).key());
        run.done("a");
        assertEquals("done", run.end().state());
    }

    @Test
    void after_a_crash_a_step_that_is_not_idempotent_is_never_repeated() {
        FlowDriver run = run(chain(step("a").retry(5, SECOND), step("b")));
        run.crash();
        assertEquals(1, run.calls.size());
        assertEquals("unknown", run.status("a"));
        assertEquals("failed", run.end().state());
        assertEquals("unknown-effect", run.end().reason().code());
    }

    @Test
    void a_step_with_on_unknown_ask_waits_for_a_person_who_may_retry_it() {
        FlowDriver run = run(chain(step("a").ask(), step("b")));
        run.crash();
        assertEquals("unknown", run.notes(RunParked.class).getFirst().why());
        run.tell(new WorkflowEvent.RetryParked(null, "7"));
        assertEquals("7", run.calls.getLast().inputJson());
        run.done("a");
        assertEquals(Set.of("b"), run.underWay.keySet());
    }

    @Test
    void a_step_with_on_unknown_ask_may_be_left_out() {
        FlowDriver run = run(chain(step("a").ask(), step("b")));
        run.ends("a", TIMEOUT);
        run.tell(new WorkflowEvent.SkipParked(null, true));
        assertEquals(
                "resolved-by-person", run.notes(StepSkipped.class).getFirst().why());
        run.done("b");
        assertEquals("done", run.end().state());
    }

    @Test
    void one_item_of_many_may_ask_while_the_others_go_on() {
        FlowDriver run = run(chain(step("a").forEach("[1,2,3]", 2).ask()));
        run.ends("a[0]", TIMEOUT);
        run.returns("a[1]", "2");
        run.returns("a[2]", "3");
        assertEquals("a[0]", run.notes(RunParked.class).getFirst().step());
        run.tell(new WorkflowEvent.RetryParked(null, null));
        run.returns("a[0]", "1");
        assertEquals("[1,2,3]", run.end().outputJson());
    }

    @Test
    void of_several_that_wait_for_a_person_each_can_be_named() {
        FlowDriver run =
                run(graph(step("a").forEach("[1,2,3]", 3).ask(), step("b").ask()));
        run.ends("a[0]", TIMEOUT);
        run.ends("a[2]", TIMEOUT);
        run.returns("a[1]", "2");
        run.ends("b", TIMEOUT);
        run.tell(new WorkflowEvent.RetryParked("a", null));
        assertEquals("not-parked", run.refused.getFirst().code(), "an item is named");
        run.tell(new WorkflowEvent.RetryParked("a[2]", "33"));
        assertEquals(Set.of("a[2]"), run.underWay.keySet());
        assertEquals("33", run.calls.getLast().inputJson());
        run.returns("a[2]", "3");
        run.tell(new WorkflowEvent.SkipParked("b", true));
        assertEquals("b", run.notes(StepSkipped.class).getFirst().step());
        run.tell(new WorkflowEvent.RetryParked(null, null));
        run.returns("a[0]", "1");
        assertEquals("done", run.end().state());
    }

    @Test
    void a_crash_repeats_only_the_items_that_were_under_way() {
        FlowDriver run = run(chain(step("a").forEach("[1,2,3]", 2).idempotent()));
        run.returns("a[0]", "1");
        run.crash();
        assertEquals(Set.of("a[1]", "a[2]"), run.underWay.keySet());
        assertEquals(
                Set.of("a[1]", "a[2]"),
                Set.copyOf(run.notes(StepUnknown.class).stream()
                        .map(StepUnknown::step)
                        .toList()));
    }

    @Test
    void a_nested_run_is_attached_to_again_and_never_unknown() {
        FlowDriver run = run(chain(step("a").calls(Called.WORKFLOW, "inner")));
        run.crash();
        assertEquals(2, run.calls.size());
        assertEquals(1, run.calls.getLast().attempt());
        assertEquals(1, run.notes(StepStarted.class).size());
        run.done("a");
        assertEquals("done", run.end().state());
    }

    // ---- time

    @Test
    void a_workflow_out_of_time_cancels_what_is_under_way() {
        FlowDriver run = run(Flows.timeout(diamond(), SECOND));
        run.done("a");
        assertEquals(1_000, run.due());
        run.pass(1_000);
        assertEquals(List.of("b", "c"), run.cancelled);
        run.ends("b", TIMEOUT);
        run.ends("c", TIMEOUT);
        assertEquals("timeout", run.end().reason().code());
        assertNull(run.end().failedStep());
    }

    @Test
    void a_step_out_of_time_is_not_tried_again() {
        FlowDriver run = run(chain(step("a").retry(9, SECOND).totalTimeout(SECOND.multipliedBy(2))));
        run.fails("a");
        run.pass(1_000);
        run.fails("a");
        run.pass(1_000);
        assertEquals("failed", run.end().state());
        assertEquals("timeout", run.end().reason().code());
    }

    @Test
    void the_time_of_one_attempt_of_a_nested_run_is_minded_and_it_is_retried() {
        FlowDriver run =
                run(chain(step("a").calls(Called.SAGA, "s").timeout(SECOND).retry(2, SECOND)));
        run.pass(1_000);
        assertEquals(List.of("a"), run.cancelled);
        run.ends("a", ExitReason.of(ExitReason.Kind.KILLED, "cancelled"));
        StepFailed failed = run.notes(StepFailed.class).getFirst();
        assertEquals("timeout", failed.reason().code());
        assertEquals(FlowDriver.START + 2_000, failed.retryAtEpochMillis());
    }

    @Test
    void an_agent_s_own_time_is_handed_to_its_call() {
        assertEquals(
                SECOND, run(chain(step("a").timeout(SECOND))).calls.getFirst().timeout());
    }

    // ---- people

    @Test
    void while_paused_nothing_begins_and_what_is_under_way_is_kept() {
        FlowDriver run = run(Flows.timeout(diamond(), SECOND.multipliedBy(10)));
        run.tell(new WorkflowEvent.Pause());
        run.done("a");
        assertEquals(Set.of(), run.underWay.keySet());
        assertEquals(-1, run.due());
        run.now += 60_000;
        run.tell(new WorkflowEvent.Resume());
        assertEquals(Set.of("b", "c"), run.underWay.keySet());
        assertEquals(70_000, run.due(), "the pause does not count");
    }

    @Test
    void approval_is_asked_with_the_input_and_begins_the_step() {
        FlowDriver run = run(chain(step("a").approval()));
        assertEquals("\"a\"", run.notes(ApprovalAsked.class).getFirst().inputJson());
        assertEquals(List.of(), run.calls);
        run.tell(new WorkflowEvent.Approve("a", "fine"));
        run.done("a");
        assertEquals("done", run.end().state());
    }

    @Test
    void a_rejected_step_fails_with_the_comment() {
        FlowDriver run = run(chain(step("a").approval()));
        run.tell(new WorkflowEvent.Reject("a", "too long"));
        assertEquals("rejected", run.end().reason().code());
        assertEquals("too long", run.end().reason().message());
    }

    @Test
    void approval_that_nobody_asked_for_is_refused() {
        FlowDriver run = run(chain(step("a")));
        run.tell(new WorkflowEvent.Approve("a", null));
        run.tell(new WorkflowEvent.Approve("zz", null));
        assertEquals(
                List.of("not-waiting", "unknown-name"),
                run.refused.stream().map(WorkflowEffect.Refused::code).toList());
    }

    @Test
    void cancel_ends_what_is_under_way_and_keeps_what_returned_all_the_same() {
        FlowDriver run = run(diamond());
        run.done("a");
        run.tell(new WorkflowEvent.Cancel());
        assertEquals(List.of("b", "c"), run.cancelled);
        run.done("b");
        run.ends("c", ExitReason.of(ExitReason.Kind.KILLED, "the run was cancelled"));
        assertEquals("cancelled", run.end().state());
        assertEquals("done", run.status("b"));
        assertEquals("unknown", run.status("c"));
    }

    // ---- going back

    @Test
    void a_failed_run_goes_on_from_the_failed_step_and_keeps_what_was_done() {
        FlowDriver run = run(diamond());
        run.done("a");
        run.fails("b");
        run.done("c");
        run.tell(new WorkflowEvent.RetryFrom("b", "5"));
        assertEquals("b", run.notes(RunReopened.class).getFirst().step());
        assertEquals(Set.of("b"), run.underWay.keySet());
        assertEquals("5", run.calls.getLast().inputJson());
        run.done("b");
        run.done("d");
        assertEquals("done", run.end().state());
    }

    @Test
    void a_step_that_was_done_runs_again_with_all_that_use_its_output_and_a_new_key() {
        FlowDriver run = run(diamond());
        run.done("a", "b", "c", "d");
        String key = run.calls.get(1).key();
        run.tell(new WorkflowEvent.RetryFrom("b", null));
        assertEquals(Set.of("b"), run.underWay.keySet());
        assertNotEquals(key, run.calls.getLast().key());
        run.done("b", "d");
        assertEquals("done", run.end().state());
        assertEquals(6, run.calls.size());
    }

    @Test
    void a_failed_for_each_goes_on_with_the_items_that_are_not_done() {
        FlowDriver run = run(chain(step("a").forEach("[1,2,3]", 1)));
        run.returns("a[0]", "1");
        run.fails("a[1]");
        run.tell(new WorkflowEvent.RetryFrom("a", null));
        run.returns("a[1]", "2");
        run.returns("a[2]", "3");
        assertEquals("[1,2,3]", run.end().outputJson());
        assertEquals(4, run.calls.size());
    }

    @Test
    void what_may_have_been_done_beside_it_is_asked_about_and_not_repeated() {
        FlowDriver run = run(graph(step("a"), step("b")));
        run.fails("a");
        run.ends("b", TIMEOUT);
        run.tell(new WorkflowEvent.RetryFrom("a", null));
        assertEquals(Set.of("a"), run.underWay.keySet());
        assertEquals("asking", run.status("b"));
    }

    @Test
    void a_run_under_way_is_not_gone_back_in_and_needs_must_be_done() {
        FlowDriver run = run(diamond());
        run.tell(new WorkflowEvent.RetryFrom("a", null));
        run.fails("a");
        run.tell(new WorkflowEvent.RetryFrom("d", null));
        run.tell(new WorkflowEvent.RetryFrom("x", null));
        assertEquals(
                List.of("under-way", "undone", "unknown-name"),
                run.refused.stream().map(WorkflowEffect.Refused::code).toList());
    }

    @Test
    void a_fork_takes_over_all_that_does_not_use_the_step_s_output() {
        FlowDriver run = run(diamond());
        run.done("a", "b", "c", "d");
        WorkflowRun next = new WorkflowRun("r-2", run.run.workflow(), "{}", run.run.pinned(), List.of(), 5);
        WorkflowState forked = WorkflowHistory.fork(next, run.machine.graph(), run.state, 1, "9");
        FlowDriver fork = new FlowDriver(next);
        fork.state = forked;
        fork.notes.addAll(WorkflowHistory.taken(next, forked));
        fork.begin();
        assertEquals(Set.of("b"), fork.underWay.keySet());
        assertEquals("9", fork.calls.getFirst().inputJson());
        fork.done("b", "d");
        assertEquals("done", fork.end().state());
        assertEquals(
                List.of("a", "c", "b", "d"),
                fork.notes(StepDone.class).stream().map(StepDone::step).toList());
        assertEquals(
                fork.state.steps().stream().map(s -> s.output()).toList(),
                WorkflowHistory.fold(next, fork.machine.graph(), fork.notes).steps().stream()
                        .map(s -> s.output())
                        .toList());
    }

    @Test
    void news_of_an_older_attempt_are_ignored() {
        FlowDriver run = run(chain(step("a").retry(2, SECOND)));
        run.fails("a");
        run.pass(1_000);
        run.tell(new WorkflowEvent.Returned(0, -1, 1, "1"));
        assertEquals("running", run.status("a"));
    }

    // ---- scale

    @Test
    void a_workflow_of_a_thousand_steps_and_a_for_each_of_ten_thousand_items_are_not_quadratic() {
        Flows.Step[] steps =
                IntStream.range(0, 1_000).mapToObj(i -> step("s" + i)).toArray(Flows.Step[]::new);
        long began = System.nanoTime();
        FlowDriver wide = run(graph(steps));
        for (int i = 0; i < 1_000; i++) {
            wide.returns("s" + i, "1");
        }
        assertEquals("done", wide.end().state());
        FlowDriver items = new FlowDriver(chain(step("a").forEach("[]", 100)));
        items.items.put(
                "a", IntStream.range(0, 10_000).mapToObj(String::valueOf).toList());
        items.begin();
        for (int i = 0; i < 10_000; i++) {
            items.returns("a[" + i + "]", "1");
        }
        assertEquals("done", items.end().state());
        long millis = (System.nanoTime() - began) / 1_000_000;
        assertTrue(millis < 10_000, millis + " ms");
    }
}
