package nexus.aiagents.engine.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import nexus.aiagents.engine.agent.AgentCalls;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.control.CommandResult.Done;
import nexus.aiagents.engine.control.CommandResult.Refused;
import nexus.aiagents.engine.control.CommandResult.RunStarted;
import nexus.aiagents.engine.journal.EngineEvent.PoolDrained;
import nexus.aiagents.engine.journal.EngineEvent.PoolJobStarted;
import nexus.aiagents.engine.journal.EngineEvent.PoolJobUnknown;
import nexus.aiagents.engine.journal.EngineEvent.PoolOpened;
import nexus.aiagents.engine.journal.EngineEvent.RunEnded;
import nexus.aiagents.engine.journal.EngineEvent.StepFailed;
import nexus.aiagents.engine.journal.EngineEvent.StepStarted;
import nexus.aiagents.engine.journal.InMemoryJournal;
import nexus.aiagents.engine.project.Pinned;
import nexus.aiagents.engine.project.PoolSpec;
import nexus.aiagents.engine.project.PoolSpec.OnFull;
import nexus.aiagents.engine.project.SagaSpec;
import nexus.aiagents.engine.project.SagaSpec.RetrySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Queues on a store that can die at any write.
class QueueWorkerTest {
    private static final Logger LOG = Logger.getLogger(RunWorker.class.getName());

    private InMemoryJournal journal = new InMemoryJournal();
    private FakeCalls calls = new FakeCalls();
    private DurableRuns runs = open();

    @BeforeAll
    static void quiet() {
        LOG.setLevel(Level.OFF);
    }

    @AfterAll
    static void loud() {
        LOG.setLevel(null);
    }

    /// Another process draws other ids.
    private int opened;

    private DurableRuns open() {
        return new DurableRuns(journal, calls, Clock.systemUTC(), new Random(++opened), _ -> null);
    }

    @AfterEach
    void close() {
        runs.close();
    }

    private static PoolSpec queue(int workers, int limit, OnFull onFull) {
        return RunSpecs.queue(new PoolSpec.QueueSpec(
                0,
                workers,
                20,
                false,
                limit,
                onFull,
                Duration.ofSeconds(20),
                RetrySpec.ONCE,
                Duration.ofSeconds(1),
                Duration.ofSeconds(30),
                Duration.ofSeconds(5)));
    }

    private PoolSpec begin(PoolSpec pool) {
        runs.configure(List.of(pool), Set.of());
        runs.recover();
        return pool;
    }

    private void crashAndReopen(PoolSpec pool) {
        InMemoryJournal found = journal.reopened();
        journal.refuseAfter(0);
        journal = found;
        calls = new FakeCalls();
        runs = open();
        begin(pool);
    }

    private static CommandResult get(CompletionStage<CommandResult> answer) throws Exception {
        return answer.toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private String submit(PoolSpec pool, String input) throws Exception {
        return assertInstanceOf(RunStarted.class, get(runs.startPool(pool, input)))
                .runId();
    }

    private RunEnded end(String runId) throws Exception {
        return journal.await(RunEnded.class, e -> e.runId().equals(runId));
    }

    private static String code(CompletionStage<CommandResult> answer) throws Exception {
        return assertInstanceOf(Refused.class, get(answer)).code();
    }

    @Test
    void a_job_is_worked_on_and_its_output_is_that_of_its_run() throws Exception {
        calls.on("w", r -> new AgentCalls.Result.Returned(r.inputJson()));
        PoolSpec pool = begin(queue(2, 10, OnFull.REJECT));
        String job = submit(pool, "{\"n\":1}");
        assertEquals("{\"n\":1}", end(job).outputJson());
        AgentCalls.Request request = calls.requests().getFirst();
        assertEquals(List.of("pool/q"), request.budgets());
        assertEquals(job, request.runId());
        assertEquals(
                request.idempotencyKey(),
                journal.events(PoolJobStarted.class).getFirst().idempotencyKey());
        assertTrue(journal.states("pool-job/").isEmpty());
    }

    @Test
    void a_caller_that_waits_for_room_is_answered_when_there_is_some() throws Exception {
        calls.waits("w");
        PoolSpec pool = begin(queue(1, 1, OnFull.BLOCK));
        submit(pool, "1");
        submit(pool, "2");
        CompletableFuture<CommandResult> third = runs.startPool(pool, "3").toCompletableFuture();
        FakeCalls.Pending first = calls.await("w", 1);
        assertFalse(third.isDone());
        first.result.complete(new AgentCalls.Result.Returned("1"));
        assertInstanceOf(RunStarted.class, get(third));
    }

    @Test
    void a_caller_that_waits_for_room_when_the_project_closes_is_told_so() throws Exception {
        calls.waits("w");
        PoolSpec pool = begin(queue(1, 0, OnFull.BLOCK));
        submit(pool, "1");
        CompletableFuture<CommandResult> second = runs.startPool(pool, "2").toCompletableFuture();
        calls.await("w", 1);
        runs.close();
        assertEquals("not-up", code(second));
    }

    @Test
    void a_queue_is_scaled_drained_and_resumed_and_remembers_it() throws Exception {
        calls.waits("w");
        PoolSpec pool = begin(queue(1, 10, OnFull.REJECT));
        assertInstanceOf(Done.class, get(runs.scalePool("q", 3)));
        assertEquals("bad-input", code(runs.scalePool("q", 21)));
        assertEquals("bad-input", code(runs.scalePool("q", null)), "it has no min and max");
        for (int i = 0; i < 4; i++) {
            submit(pool, "1");
        }
        calls.await("w", 3);
        assertEquals(3, calls.requests().size());
        assertInstanceOf(Done.class, get(runs.drainPool("q")));
        assertEquals("draining", code(runs.startPool(pool, "1")));
        assertEquals("already", code(runs.drainPool("q")));
        crashAndReopen(pool);
        assertEquals("draining", code(runs.startPool(pool, "1")));
        journal.await(PoolDrained.class, _ -> true);
        assertEquals(3, journal.events(PoolOpened.class).getLast().workers());
        assertInstanceOf(Done.class, get(runs.resumePool("q")));
        end(submit(pool, "1"));
    }

    @Test
    void a_pool_that_votes_has_no_queue_to_scale() throws Exception {
        runs.configure(List.of(RunSpecs.pool(PoolSpec.Strategy.ALL, "x")), Set.of());
        assertEquals("not-a-queue", code(runs.scalePool("jury", 1)));
        assertEquals("not-a-queue", code(runs.drainPool("jury")));
        assertEquals("not-a-queue", code(runs.resumePool("jury")));
    }

    @Test
    void a_job_is_cancelled_whether_it_waits_or_is_at_work() throws Exception {
        calls.waits("w");
        PoolSpec pool = begin(queue(1, 10, OnFull.REJECT));
        String first = submit(pool, "1");
        String second = submit(pool, "2");
        FakeCalls.Pending call = calls.await("w", 1);
        assertInstanceOf(Done.class, get(runs.cancel(second)));
        assertEquals("cancelled", end(second).state());
        assertInstanceOf(Done.class, get(runs.cancel(first)));
        assertEquals("cancelled", end(first).state());
        call.cancelled.get(30, TimeUnit.SECONDS);
        assertEquals("unknown-name", code(runs.cancel(first)));
        String third = submit(pool, "3");
        calls.await("w", 2).result.complete(new AgentCalls.Result.Returned("3"));
        assertEquals("done", end(third).state());
    }

    @Test
    void closing_leaves_jobs_to_the_next_open_which_names_what_was_cut_short() throws Exception {
        calls.waits("w");
        PoolSpec pool = begin(queue(1, 10, OnFull.REJECT));
        String first = submit(pool, "1");
        String second = submit(pool, "2");
        calls.await("w", 1);
        runs.close();
        assertTrue(journal.events(RunEnded.class).isEmpty());
        crashAndReopen(pool);
        assertEquals("done", end(first).state());
        assertEquals("done", end(second).state());
        assertEquals(first, journal.events(PoolJobUnknown.class).getFirst().runId());
        assertEquals(2, calls.requests().getFirst().attempt());
    }

    @Test
    void jobs_of_a_pool_that_is_no_more_end_with_the_reason() throws Exception {
        calls.waits("w");
        PoolSpec pool = begin(queue(1, 10, OnFull.REJECT));
        String job = submit(pool, "1");
        calls.await("w", 1);
        runs.configure(List.of(), Set.of());
        assertEquals("pool-removed", end(job).reason().code());
        assertTrue(journal.states("pool-job/").isEmpty());
    }

    @Test
    void a_step_of_a_saga_can_be_a_job_also_across_a_crash() throws Exception {
        calls.waits("w");
        PoolSpec pool = begin(queue(1, 10, OnFull.REJECT));
        Pinned pinned = new Pinned(Map.of(), Map.of("q", pool), Map.of());
        SagaSpec saga = RunSpecs.saga(RunSpecs.inPool(RunSpecs.step("one"), "q"), RunSpecs.step("two"));
        String run = assertInstanceOf(RunStarted.class, get(runs.startSaga(saga, pinned, "{}")))
                .runId();
        String job = String.valueOf(calls.await("w", 1).request.runId());
        assertTrue(job.startsWith(run), job);
        crashAndReopen(pool);
        assertEquals("done", end(run).state());
        assertEquals("done", end(job).state());
        assertEquals(
                1,
                journal.events(RunEnded.class).stream()
                        .filter(e -> e.runId().equals(job))
                        .count());
        assertTrue(journal.states("run-result/").isEmpty());
    }

    @Test
    void a_step_whose_job_is_not_taken_has_failed_with_the_queues_code() throws Exception {
        PoolSpec pool = begin(queue(1, 10, OnFull.REJECT));
        get(runs.drainPool("q"));
        SagaSpec saga = RunSpecs.saga(RunSpecs.inPool(RunSpecs.step("one"), "q"));
        Pinned pinned = new Pinned(Map.of(), Map.of("q", pool), Map.of());
        String run = assertInstanceOf(RunStarted.class, get(runs.startSaga(saga, pinned, "{}")))
                .runId();
        assertEquals("draining", end(run).reason().code());
    }

    @Test
    void a_step_that_waits_for_room_when_the_project_closes_is_brought_again_by_the_next_process() throws Exception {
        calls.waits("w");
        PoolSpec pool = begin(queue(1, 0, OnFull.BLOCK));
        submit(pool, "1");
        FakeCalls.Pending first = calls.await("w", 1);
        SagaSpec saga = RunSpecs.saga(RunSpecs.inPool(RunSpecs.step("one"), "q"));
        Pinned pinned = new Pinned(Map.of(), Map.of("q", pool), Map.of());
        String run = assertInstanceOf(RunStarted.class, get(runs.startSaga(saga, pinned, "{}")))
                .runId();
        journal.await(StepStarted.class, e -> e.runId().equals(run));
        runs.leave(Duration.ofSeconds(30));
        first.result.complete(new AgentCalls.Result.Returned("1")); // so its queue is through before the saga is
        runs.close();
        assertEquals(List.of(), journal.events(StepFailed.class));
        journal = journal.reopened();
        calls = new FakeCalls();
        runs = open();
        begin(pool);
        assertEquals("done", end(run).state());
    }

    @Test
    void what_waits_is_made_durable_together() throws Exception {
        CountDownLatch busy = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        calls.on("w", _ -> {
            busy.countDown();
            try {
                go.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return null;
        });
        PoolSpec pool = begin(queue(1, 100, OnFull.REJECT));
        submit(pool, "0");
        busy.await();
        List<CompletionStage<CommandResult>> answers = new ArrayList<>();
        for (int i = 1; i <= 40; i++) {
            answers.add(runs.startPool(pool, String.valueOf(i)));
        }
        int before = journal.writes();
        go.countDown();
        for (CompletionStage<CommandResult> answer : answers) {
            assertInstanceOf(RunStarted.class, get(answer));
        }
        assertEquals(1, journal.writes() - before);
        assertEquals(41, journal.states("pool-job/").size());
    }

    /// The power goes after every single write in turn; whatever was accepted is done, once unless it
    /// was named as unknown, and always with the same key.
    @Test
    void whatever_was_accepted_is_done_wherever_the_process_ends() throws Exception {
        int writes = story(Integer.MAX_VALUE);
        assertTrue(writes > 10, "the story is long enough: " + writes);
        for (int n = 1; n <= writes; n++) {
            story(n);
        }
    }

    private int story(int dieAfter) throws Exception {
        runs.close();
        journal = new InMemoryJournal().refuseAfter(dieAfter);
        calls = new FakeCalls();
        Map<String, List<String>> keys = new HashMap<>();
        count(keys);
        runs = open();
        PoolSpec pool = queue(2, 3, OnFull.REJECT);
        runs.configure(List.of(pool), Set.of());
        runs.recover();
        Map<String, Boolean> accepted = new LinkedHashMap<>();
        for (int i = 0; i < 12; i++) {
            if (get(runs.startPool(pool, String.valueOf(i))) instanceof RunStarted(String id)) {
                accepted.put(id, true);
            }
        }
        if (dieAfter < Integer.MAX_VALUE) {
            InMemoryJournal found = journal.reopened();
            journal.refuseAfter(0);
            runs.close();
            journal = found;
            calls = new FakeCalls();
            count(keys);
            runs = open();
            runs.configure(List.of(pool), Set.of());
            runs.recover();
        }
        for (String id : accepted.keySet()) {
            assertEquals("done", end(id).state(), "died after " + dieAfter);
        }
        Set<String> unknown = new HashSet<>();
        journal.events(PoolJobUnknown.class).forEach(e -> unknown.add(e.runId()));
        keys.forEach((id, used) -> {
            assertEquals(1, new HashSet<>(used).size(), "one key for " + id);
            assertTrue(used.size() == 1 || unknown.contains(id), id + " was repeated without a word");
        });
        List<String> ends = new ArrayList<>();
        journal.events(RunEnded.class).forEach(e -> ends.add(e.runId()));
        assertEquals(ends.size(), new HashSet<>(ends).size(), "nothing ends twice");
        return journal.writes();
    }

    private void count(Map<String, List<String>> keys) {
        calls.on("w", r -> {
            synchronized (keys) {
                keys.computeIfAbsent(String.valueOf(r.runId()), _ -> new ArrayList<>())
                        .add(r.idempotencyKey());
            }
            return new AgentCalls.Result.Returned("1");
        });
    }
}
