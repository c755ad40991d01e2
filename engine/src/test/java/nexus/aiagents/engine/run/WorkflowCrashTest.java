package nexus.aiagents.engine.run;

import static nexus.aiagents.engine.workflow.Flows.chain;
import static nexus.aiagents.engine.workflow.Flows.graph;
import static nexus.aiagents.engine.workflow.Flows.step;
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
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.EngineEvent.RunEnded;
import nexus.aiagents.engine.journal.EngineEvent.RunParked;
import nexus.aiagents.engine.journal.EngineEvent.StepDone;
import nexus.aiagents.engine.journal.EngineEvent.StepStarted;
import nexus.aiagents.engine.journal.ExitReason;
import nexus.aiagents.engine.journal.InMemoryJournal;
import nexus.aiagents.engine.project.Pinned;
import nexus.aiagents.engine.project.WorkflowSpec;
import nexus.aiagents.engine.project.WorkflowSpec.Called;
import nexus.aiagents.engine.workflow.Flows;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The power goes after every single write of a run; it always comes to its end or waits for a person,
/// with nothing done twice that does not say it may be.
class WorkflowCrashTest {
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
        IDEMPOTENT,
        NOT_REPEATABLE,
        ASKS,
        FAILS_AFTER_RETRIES,
        TOLERANT;

        WorkflowSpec flow() {
            Flows.Step b = step("b", "a").forEach("[1,2,3]", 2);
            Flows.Step c = step("c", "a").retry(2, SHORT);
            Flows.Step w = step("w", "a").calls(Called.WORKFLOW, "inner");
            Flows.Step a = step("a");
            Flows.Step d = step("d", "b", "c", "w");
            switch (this) {
                case IDEMPOTENT, FAILS_AFTER_RETRIES -> List.of(a, b, c, d).forEach(Flows.Step::idempotent);
                case ASKS -> List.of(a, b, c, d).forEach(Flows.Step::ask);
                case TOLERANT -> List.of(a, b, c, d).forEach(Flows.Step::skipOnError);
                case NOT_REPEATABLE -> {}
            }
            return graph(a, b, c, w, d);
        }

        boolean mayRepeat() {
            return this == IDEMPOTENT || this == FAILS_AFTER_RETRIES;
        }

        Result answer(Request r) {
            boolean fails = this == FAILS_AFTER_RETRIES && r.agent().equals("do-c");
            return fails
                    ? new Result.Ended(ExitReason.error("no", "it says no"))
                    : new Result.Returned("{\"did\":\"" + r.step() + "\"}");
        }
    }

    private static final Pinned PINNED = new Pinned(
            Map.of(),
            Map.of(),
            Map.of(
                    "inner",
                    Flows.named("inner", chain(step("i").idempotent(), step("j").idempotent()))));

    /// What agents really did, across all processes.
    private static final class World {
        final Story story;
        final List<Request> done = new ArrayList<>();
        final Map<String, String> keys = new ConcurrentHashMap<>();

        World(Story story) {
            this.story = story;
        }

        FakeCalls calls() {
            FakeCalls calls = new FakeCalls();
            List.of("a", "b", "c", "d", "i", "j").forEach(name -> calls.on("do-" + name, this::act));
            return calls;
        }

        private synchronized Result act(Request r) {
            done.add(r);
            return story.answer(r);
        }
    }

    private static DurableRuns runs(InMemoryJournal journal, World world) {
        return new DurableRuns(journal, world.calls(), Clock.systemUTC(), new Random(1), _ -> null);
    }

    private static void begin(DurableRuns runs, Story story) throws Exception {
        runs.startWorkflow(story.flow(), PINNED, "{}").toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @EnumSource
    void a_crash_after_any_write_loses_nothing_and_repeats_nothing(Story story) throws Exception {
        crashes(story, 7);
    }

    @Tag("soak")
    @ParameterizedTest
    @EnumSource
    void and_so_after_any_two_writes(Story story) throws Exception {
        crashes(story, 1);
    }

    /// @param every of the second crash: one in so many places
    private static void crashes(Story story, int every) throws Exception {
        int writes = writesOfAQuietRun(story);
        assertTrue(writes > 8, () -> "only " + writes);
        for (int first = 1; first <= writes; first++) {
            for (int second = first % every; second <= writes; second += every) {
                World world = new World(story);
                InMemoryJournal journal = crashTwice(world, first, second);
                check(world, journal, story + ", crash after write " + first + " and then " + second);
            }
        }
    }

    private static int writesOfAQuietRun(Story story) throws Exception {
        World world = new World(story);
        InMemoryJournal journal = new InMemoryJournal();
        DurableRuns runs = runs(journal, world);
        begin(runs, story);
        journal.await(RunEnded.class, e -> !RunIds.isNested(e.runId()));
        runs.close();
        check(world, journal, story + ", no crash");
        return journal.writes();
    }

    private static InMemoryJournal crashTwice(World world, int first, int second) throws Exception {
        InMemoryJournal journal = new InMemoryJournal().refuseAfter(first);
        DurableRuns runs = runs(journal, world);
        begin(runs, world.story);
        settle(runs, journal, first);
        for (int left : new int[] {second, Integer.MAX_VALUE}) {
            journal = journal.reopened().refuseAfter(left);
            runs = runs(journal, world);
            runs.recover();
            settle(runs, journal, left);
        }
        return journal;
    }

    /// Until the power has gone, or the run has ended; when it waits for a person, that one says that
    /// it is to go on without the step.
    private static void settle(DurableRuns runs, InMemoryJournal journal, int left) throws Exception {
        String run = journal.events(EngineEvent.RunStarted.class).getFirst().runId();
        boolean goesOn = true;
        while (goesOn && journal.writes() < left) {
            CommandResult answer =
                    runs.skipParked(run, null, true).toCompletableFuture().get(30, TimeUnit.SECONDS);
            goesOn = !(answer instanceof CommandResult.Refused(String code, String _)) || code.equals("not-parked");
        }
        runs.close();
    }

    private static void check(World world, InMemoryJournal journal, String where) {
        List<EngineEvent> events = journal.events();
        String full = where + "\n"
                + String.join("\n", events.stream().map(Object::toString).toList());
        List<RunEnded> ends = journal.events(RunEnded.class).stream()
                .filter(e -> !RunIds.isNested(e.runId()))
                .toList();
        assertEquals(1, ends.size(), full);
        assertEquals(Map.of(), journal.states("run"), full);
        List<String> done = journal.events(StepDone.class).stream()
                .map(d -> d.runId() + " " + d.step())
                .toList();
        assertEquals(new HashSet<>(done).size(), done.size(), "done twice durably: " + full);
        Set<String> once = new HashSet<>();
        for (Request r : world.done) {
            String slot = r.runId() + " " + r.step();
            String before = world.keys.putIfAbsent(slot, String.valueOf(r.idempotencyKey()));
            assertTrue(before == null || before.equals(r.idempotencyKey()), "another key for " + r + ": " + full);
            boolean nested = r.agent().equals("do-i") || r.agent().equals("do-j");
            boolean retried = r.agent().equals("do-c") && world.story == Story.FAILS_AFTER_RETRIES;
            assertTrue(
                    nested || retried || world.story.mayRepeat() || once.add(slot),
                    slot + " was acted on twice: " + full);
            assertTrue(
                    journal.events(StepStarted.class).stream()
                            .anyMatch(s -> s.step().equals(r.step()) && s.attempt() == r.attempt()),
                    "no intent of " + r + ": " + full);
        }
        String state = ends.getFirst().state();
        switch (world.story) {
            case IDEMPOTENT, ASKS, TOLERANT -> assertEquals("done", state, full);
            case FAILS_AFTER_RETRIES -> assertEquals("failed", state, full);
            case NOT_REPEATABLE -> {
                boolean cut = events.stream().anyMatch(EngineEvent.StepUnknown.class::isInstance);
                boolean ownCut = journal.events(EngineEvent.StepUnknown.class).stream()
                        .anyMatch(u -> !RunIds.isNested(u.runId()));
                assertEquals(ownCut ? "failed" : "done", state, full + cut);
            }
        }
        boolean asked = events.stream().anyMatch(RunParked.class::isInstance);
        assertTrue(!asked || world.story == Story.ASKS, full);
    }
}
