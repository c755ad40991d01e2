package nexus.aiagents.engine.run;

import static nexus.aiagents.engine.run.RunSpecs.idempotent;
import static nexus.aiagents.engine.run.RunSpecs.input;
import static nexus.aiagents.engine.run.RunSpecs.retry;
import static nexus.aiagents.engine.run.RunSpecs.step;
import static nexus.aiagents.engine.run.RunSpecs.undoRetry;
import static nexus.aiagents.engine.run.RunSpecs.withoutCompensation;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import nexus.aiagents.engine.agent.AgentCalls.Request;
import nexus.aiagents.engine.agent.AgentCalls.Result;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.EngineEvent.CompensationDone;
import nexus.aiagents.engine.journal.EngineEvent.CompensationSkipped;
import nexus.aiagents.engine.journal.EngineEvent.CompensationStarted;
import nexus.aiagents.engine.journal.EngineEvent.RunEnded;
import nexus.aiagents.engine.journal.EngineEvent.RunStarted;
import nexus.aiagents.engine.journal.EngineEvent.StepDone;
import nexus.aiagents.engine.journal.EngineEvent.StepStarted;
import nexus.aiagents.engine.journal.EngineEvent.StepUnknown;
import nexus.aiagents.engine.journal.ExitReason;
import nexus.aiagents.engine.journal.InMemoryJournal;
import nexus.aiagents.engine.project.SagaSpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The power goes after every single write of a run, and again after every write of what follows; the run
/// always comes to its end, with nothing done twice and nothing left lying about.
class SagaCrashTest {
    private static final Duration SHORT = Duration.ofMillis(1);
    /// Every crash here is reported as an error, as it should be, and says nothing about the test.
    private static final Logger LOG = Logger.getLogger(RunWorker.class.getName());

    @BeforeAll
    static void quiet() {
        LOG.setLevel(Level.OFF);
    }

    @AfterAll
    static void loud() {
        LOG.setLevel(null);
    }

    enum Story {
        SUCCESS,
        FAILS_AT_THE_END,
        FAILS_AFTER_A_RETRY,
        COMPENSATION_NEEDS_A_RETRY;

        SagaSpec saga() {
            return RunSpecs.saga(
                    step("a"),
                    undoRetry(input(step("b"), "{\"from\":\"${steps.a.output.did}\"}"), 3, SHORT),
                    withoutCompensation(step("c")),
                    retry(idempotent(step("d")), 2, SHORT),
                    step("e"));
        }

        Result answer(World world, Request r) {
            boolean fails = switch (this) {
                case SUCCESS -> false;
                case FAILS_AT_THE_END -> r.agent().equals("do-e");
                case FAILS_AFTER_A_RETRY -> r.agent().equals("do-d");
                case COMPENSATION_NEEDS_A_RETRY ->
                    r.agent().equals("do-e") || (r.agent().equals("undo-b") && world.count("undo-b") < 3);
            };
            return fails
                    ? new Result.Ended(ExitReason.error("no", "it says no"))
                    : new Result.Returned("{\"did\":\"" + r.step() + "\"}");
        }
    }

    /// What agents really did, across all processes.
    private static final class World {
        final Story story;
        final List<Request> done = new ArrayList<>();
        final Map<String, String> keys = new ConcurrentHashMap<>();

        World(Story story) {
            this.story = story;
        }

        synchronized long count(String agent) {
            return done.stream().filter(r -> r.agent().equals(agent)).count();
        }

        FakeCalls calls() {
            FakeCalls calls = new FakeCalls();
            for (String name : List.of("a", "b", "c", "d", "e")) {
                calls.on("do-" + name, this::act).on("undo-" + name, this::act);
            }
            return calls;
        }

        private synchronized Result act(Request r) {
            done.add(r);
            return story.answer(this, r);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_crash_after_any_write_loses_nothing_and_repeats_nothing(Story story) throws Exception {
        int writes = writesOfAQuietRun(story);
        assertTrue(writes > 5, () -> "only " + writes);
        for (int first = 1; first <= writes; first++) {
            for (int second = 0; second <= writes; second++) {
                World world = new World(story);
                InMemoryJournal journal = crashTwice(world, first, second);
                check(world, journal, story + ", crash after write " + first + " and then " + second);
            }
        }
    }

    private static int writesOfAQuietRun(Story story) throws Exception {
        World world = new World(story);
        InMemoryJournal journal = new InMemoryJournal();
        DurableRuns runs = new DurableRuns(journal, world.calls(), Clock.systemUTC(), new Random(1), _ -> null);
        runs.startSaga(story.saga(), nexus.aiagents.engine.project.Pinned.NONE, "{}")
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
        journal.await(RunEnded.class, _ -> true);
        runs.close();
        check(world, journal, story + ", no crash");
        return journal.writes();
    }

    private static InMemoryJournal crashTwice(World world, int first, int second) throws Exception {
        InMemoryJournal journal = new InMemoryJournal().refuseAfter(first);
        DurableRuns runs = new DurableRuns(journal, world.calls(), Clock.systemUTC(), new Random(1), _ -> null);
        runs.startSaga(world.story.saga(), nexus.aiagents.engine.project.Pinned.NONE, "{}")
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
        runs.awaitIdle();
        for (int left : new int[] {second, Integer.MAX_VALUE}) {
            journal = journal.reopened().refuseAfter(left);
            runs = new DurableRuns(journal, world.calls(), Clock.systemUTC(), new Random(1), _ -> null);
            runs.recover();
            runs.awaitIdle();
        }
        return journal;
    }

    private static void check(World world, InMemoryJournal journal, String where) {
        List<EngineEvent> events = journal.events();
        String full = where + "\n" + events;
        assertEquals(1, journal.events(RunStarted.class).size(), full);
        assertEquals(1, journal.events(RunEnded.class).size(), full);
        assertTrue(events.getLast() instanceof RunEnded, full);
        assertEquals(Map.of(), journal.states("run"), full);

        List<String> done =
                journal.events(StepDone.class).stream().map(StepDone::step).toList();
        assertEquals(new HashSet<>(done).size(), done.size(), "a step was done twice durably: " + full);
        Set<String> unknown = new HashSet<>(journal.events(StepUnknown.class).stream()
                .map(StepUnknown::step)
                .toList());
        // Only a step that says it may is ever acted on twice without a failure between.
        for (String name : List.of("a", "b", "c", "e")) {
            assertTrue(world.count("do-" + name) <= 1, name + " was acted on twice: " + full);
        }
        for (Request r : world.done) {
            String before = world.keys.putIfAbsent(r.agent(), String.valueOf(r.idempotencyKey()));
            assertTrue(before == null || before.equals(r.idempotencyKey()), "another key for " + r + ": " + full);
            if (r.agent().startsWith("do-")) {
                assertTrue(
                        journal.events(StepStarted.class).stream()
                                .anyMatch(s -> s.step().equals(r.step()) && s.attempt() == r.attempt()),
                        "no intent of " + r + ": " + full);
            }
        }
        RunEnded end = journal.events(RunEnded.class).getFirst();
        if (end.state().equals("done")) {
            assertEquals(List.of("a", "b", "c", "d", "e"), done, full);
            assertEquals(List.of(), journal.events(CompensationStarted.class), full);
            return;
        }
        assertEquals("failed", end.state(), full);
        List<String> undone = events.stream()
                .filter(e -> e instanceof CompensationDone || e instanceof CompensationSkipped)
                .map(e -> e instanceof CompensationDone d ? d.step() : ((CompensationSkipped) e).step())
                .toList();
        List<String> expected = List.of("e", "d", "c", "b", "a").stream()
                .filter(name -> done.contains(name) || unknown.contains(name))
                .toList();
        assertEquals(expected, undone, "not in reverse, or not all: " + full);
    }
}
