package nexus.aiagents.engine.run;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Clock;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import nexus.aiagents.engine.agent.AgentCalls.Request;
import nexus.aiagents.engine.agent.AgentCalls.Result;
import nexus.aiagents.engine.journal.EngineEvent.RunEnded;
import nexus.aiagents.engine.journal.EngineEvent.RunParked;
import nexus.aiagents.engine.journal.ExitReason;
import nexus.aiagents.engine.journal.InMemoryJournal;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Cuts the process off after every journal write in turn, and after every second one that follows, in
/// one process: the store refuses what comes after, and the next store has only what was before.
class EveryWriteTest {
    /// What agents did, across all processes.
    private final Map<String, Long> count = new ConcurrentHashMap<>();

    private FakeCalls calls() {
        return new FakeCalls() {
            @Override
            public Call call(Request request) {
                on(request.agent(), EveryWriteTest.this::act);
                return super.call(request);
            }
        };
    }

    private Result act(Request request) {
        long before = count.merge(request.agent(), 1L, Long::sum) - 1;
        return CrashStories.fails(request.agent(), before)
                ? new Result.Ended(ExitReason.error("no", "it says no"))
                : new Result.Returned("{\"did\":\"" + request.step() + "\"}");
    }

    private DurableRuns open(InMemoryJournal journal) {
        return new DurableRuns(journal, calls(), Clock.systemUTC(), new Random(1), _ -> null);
    }

    @ParameterizedTest
    @EnumSource
    void nothing_is_lost_or_done_twice_wherever_the_process_ends(CrashStories story) throws Exception {
        int writes = quiet(story);
        assertTrue(writes >= 4, () -> "only " + writes);
        for (int first = 1; first <= writes; first++) {
            for (int second = 0; second <= writes; second += Boolean.getBoolean("nexus.soak") ? 1 : 3) {
                crash(story, first, second);
            }
        }
    }

    private int quiet(CrashStories story) throws Exception {
        InMemoryJournal journal = new InMemoryJournal();
        DurableRuns runs = open(journal);
        start(runs, story);
        settle(journal, runs);
        CrashStories.check(journal.events(), journal.states("run"), story + ", no crash");
        return journal.writes();
    }

    private static void start(DurableRuns runs, CrashStories story) throws Exception {
        runs.startSaga(story.saga(), story.pinned(), "{}").toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    /// Until the run has ended, or waits for a person, or the store takes nothing more.
    private static void settle(InMemoryJournal journal, DurableRuns runs) throws Exception {
        String root = journal.events().isEmpty()
                ? ""
                : String.valueOf(journal.events().getFirst().runId());
        journal.awaitWritten(() ->
                journal.events(RunEnded.class).stream().anyMatch(e -> e.runId().equals(root))
                        || !journal.events(RunParked.class).isEmpty()
                        || journal.isRefusing());
        runs.close();
    }

    private void crash(CrashStories story, int first, int second) throws Exception {
        count.clear();
        InMemoryJournal journal = new InMemoryJournal().refuseAfter(first);
        DurableRuns runs = open(journal);
        start(runs, story);
        settle(journal, runs);
        for (int left : new int[] {second, Integer.MAX_VALUE}) {
            journal = journal.reopened().refuseAfter(left);
            runs = open(journal);
            runs.recover();
            settle(journal, runs);
        }
        CrashStories.check(
                journal.events(),
                journal.states("run"),
                story + ", crash after write " + first + " and then " + second + "\n" + journal.events());
    }
}
