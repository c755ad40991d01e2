package nexus.aiagents.engine.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.JournalEntry;
import nexus.aiagents.engine.journal.XodusJournal;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Processes of their own, ended without a warning: at a write in turn, and by kill -9 at random. What
/// they leave in the store is checked when all runs have ended or wait for a person.
@Timeout(1800)
class SagaKillTest {
    @TempDir
    Path folder;

    private int deaths;

    @Test
    void runs_survive_a_process_that_ends_at_some_writes_and_one_that_is_killed() throws Exception {
        int runs = CrashStories.values().length;
        assertEquals(KilledProcess.HALTED, live(runs, 9, "before", 0));
        assertEquals(KilledProcess.HALTED, live(runs, 40, "after", 0));
        live(runs, Integer.MAX_VALUE, "after", 25);
        settle(runs);
        check(runs);
    }

    /// `-Dnexus.kill.runs=N` runs in all, `-Dnexus.kill.seed=S`.
    @Test
    @Tag("soak")
    void hundreds_of_runs_survive_processes_that_end_at_every_write_and_at_random() throws Exception {
        int runs = Integer.getInteger("nexus.kill.runs", 400);
        Random random = new Random(Long.getLong("nexus.kill.seed", 1));
        for (int write = 1; write <= Integer.getInteger("nexus.kill.writes", 60); write++) {
            live(runs, write, write % 2 == 0 ? "before" : "after", 0);
        }
        for (int i = 0; i < Integer.getInteger("nexus.kill.random", 60); i++) {
            boolean kill = random.nextBoolean();
            int at = 1 + random.nextInt(400);
            live(runs, kill ? Integer.MAX_VALUE : at, random.nextBoolean() ? "before" : "after", kill ? at : 0);
        }
        settle(runs);
        check(runs);
    }

    private void settle(int runs) throws Exception {
        assertEquals(KilledProcess.SETTLED, live(runs, Integer.MAX_VALUE, "after", 0));
    }

    /// @param killAt kill it after so many writes, 0: leave it alone
    /// @return how it ended
    private int live(int runs, int haltAt, String when, int killAt) throws Exception {
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledProcess.class.getName(),
                        folder.toString(),
                        String.valueOf(runs),
                        String.valueOf(haltAt),
                        when)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        int writes = 0;
        try (BufferedReader said = child.inputReader()) {
            while (said.readLine() != null) {
                if (++writes == killAt) {
                    child.toHandle().destroyForcibly();
                }
            }
        }
        assertTrue(child.waitFor(120, TimeUnit.SECONDS));
        deaths += child.exitValue() == KilledProcess.SETTLED ? 0 : 1;
        return child.exitValue();
    }

    private void check(int runs) {
        try (XodusJournal journal = XodusJournal.open(folder, Clock.systemUTC())) {
            assertEquals(0, journal.verify());
            List<EngineEvent> events = journal.read(0, Integer.MAX_VALUE).stream()
                    .map(JournalEntry::event)
                    .toList();
            CrashStories.check(events, journal.states("run"), "after " + deaths + " deaths");
            long begun = events.stream()
                    .filter(e -> e instanceof EngineEvent.RunStarted s && s.parentRunId() == null)
                    .count();
            assertEquals(runs, begun);
            org.slf4j.LoggerFactory.getLogger(SagaKillTest.class)
                    .info("{} runs, {} processes that died, {} entries", runs, deaths, events.size());
        }
    }
}
