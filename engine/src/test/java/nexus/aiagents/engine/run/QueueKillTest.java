package nexus.aiagents.engine.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import nexus.aiagents.engine.agent.AgentCalls;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.JournalEntry;
import nexus.aiagents.engine.journal.XodusJournal;
import nexus.aiagents.engine.project.PoolSpec;
import nexus.aiagents.engine.project.SagaSpec.RetrySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Processes of their own that take jobs into a queue and are ended by kill -9 in the middle of it, one
/// after the other on the same store. No job whose acceptance was told is lost, and none is completed
/// twice.
@Timeout(600)
class QueueKillTest {
    @TempDir
    Path folder;

    private final Set<String> accepted = new HashSet<>();

    @Test
    void no_accepted_job_is_lost_and_none_completed_twice_whenever_the_process_is_killed() throws Exception {
        for (int killAt : new int[] {1, 17, 60}) {
            live("work", killAt);
        }
        assertEquals(0, live("settle", 0));
        assertTrue(accepted.size() >= 78, accepted.size() + " accepted");
        check();
    }

    /// @param killAt kill it when so many jobs are accepted, 0: leave it alone
    private int live(String what, int killAt) throws Exception {
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Child.class.getName(),
                        folder.toString(),
                        what)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        int told = 0;
        try (BufferedReader said = child.inputReader()) {
            for (String line = said.readLine(); line != null; line = said.readLine()) {
                accepted.add(line);
                if (++told == killAt) {
                    child.toHandle().destroyForcibly();
                }
            }
        }
        assertTrue(child.waitFor(120, TimeUnit.SECONDS));
        return child.exitValue();
    }

    private void check() {
        try (XodusJournal journal = XodusJournal.open(folder, Clock.systemUTC())) {
            assertEquals(0, journal.verify());
            Set<String> done = new HashSet<>();
            Map<String, Boolean> mayStart = new HashMap<>();
            for (JournalEntry entry : journal.read(0, Integer.MAX_VALUE)) {
                switch (entry.event()) {
                    case EngineEvent.RunStarted e -> mayStart.put(e.runId(), true);
                    case EngineEvent.PoolJobStarted e ->
                        assertEquals(true, mayStart.put(e.runId(), false), e.runId() + " was repeated without a word");
                    case EngineEvent.PoolJobUnknown e -> mayStart.put(e.runId(), true);
                    case EngineEvent.RunEnded e -> {
                        assertEquals("done", e.state());
                        assertTrue(done.add(e.runId()), e.runId() + " was completed twice");
                    }
                    default -> {}
                }
            }
            accepted.forEach(id -> assertTrue(done.contains(id), id + " was accepted and lost"));
            assertEquals(Map.of(), journal.states(QueueWorker.JOB));
        }
    }

    /// `FOLDER work` brings jobs without end and says the id of each that is accepted; `FOLDER settle`
    /// ends when no job is left.
    static final class Child {
        private Child() {}

        public static void main(String[] args) throws Exception {
            PoolSpec pool = pool();
            try (XodusJournal journal = XodusJournal.open(Path.of(args[0]), Clock.systemUTC());
                    DurableRuns runs =
                            new DurableRuns(journal, Child::call, Clock.systemUTC(), new Random(), _ -> null)) {
                runs.configure(List.of(pool), Set.of());
                runs.recover();
                while (args[1].equals("work")) {
                    if (runs.startPool(pool, "{}").toCompletableFuture().get()
                            instanceof CommandResult.RunStarted(String id)) {
                        System.out.println(id);
                    }
                }
                while (!journal.states(QueueWorker.JOB).isEmpty()) {
                    LockSupport.parkNanos(1_000_000);
                }
            }
            Runtime.getRuntime().halt(0);
        }

        private static AgentCalls.Call call(AgentCalls.Request request) {
            FakeCalls.Pending call = new FakeCalls.Pending(request);
            Thread.startVirtualThread(() -> {
                LockSupport.parkNanos(2_000_000);
                call.result.complete(new AgentCalls.Result.Returned("1"));
            });
            return call;
        }

        private static PoolSpec pool() {
            return RunSpecs.queue(new PoolSpec.QueueSpec(
                    4,
                    4,
                    4,
                    false,
                    100_000,
                    PoolSpec.OnFull.REJECT,
                    Duration.ofSeconds(1),
                    RetrySpec.ONCE,
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(5)));
        }
    }
}
