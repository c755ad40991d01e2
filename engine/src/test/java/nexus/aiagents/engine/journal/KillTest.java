package nexus.aiagents.engine.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import nexus.aiagents.engine.journal.Journal.Batch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class KillTest {
    private static final int THREADS = 4;

    @TempDir
    Path folder;

    /// Commits from several threads and says what was acknowledged, until it is killed.
    static final class Child {
        public static void main(String[] args) {
            XodusJournal journal = XodusJournal.open(Path.of(args[0]), Clock.systemUTC());
            for (int t = 0; t < THREADS; t++) {
                String name = "t" + t;
                String before = journal.state(name);
                int from = before == null ? 1 : Integer.parseInt(before) + 1;
                Thread.ofPlatform().start(() -> {
                    for (int i = from; ; i++) {
                        long seq = journal.commitAndWait(new Batch(
                                        List.of(new EngineEvent.AgentLogged(name, null, "info", "" + i)),
                                        Map.of(name, "" + i)))
                                .getFirst()
                                .seq();
                        System.out.println(seq + " " + name + " " + i);
                    }
                });
            }
        }
    }

    @Test
    void what_was_acknowledged_survives_kill_9_and_nothing_is_half_there() throws Exception {
        long kept = 0;
        for (int round = 0; round < 2; round++) {
            Process child = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Child.class.getName(),
                            folder.toString())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            long acknowledged = 0;
            int[] each = new int[THREADS];
            try (BufferedReader said = child.inputReader()) {
                String line = said.readLine();
                StoreException e =
                        assertThrows(StoreException.class, () -> XodusJournal.open(folder, Clock.systemUTC()));
                assertEquals("store-locked", e.code());
                assertTrue(e.getMessage().contains("(pid " + child.pid() + ")"), e.getMessage());
                for (int lines = 0; line != null; line = said.readLine()) {
                    if (++lines == 200) {
                        // By its handle, because Process.destroyForcibly also closes the stream that is
                        // read here.
                        child.toHandle().destroyForcibly();
                    }
                    String[] parts = line.split(" ");
                    if (parts.length == 3) {
                        acknowledged = Math.max(acknowledged, Long.parseLong(parts[0]));
                        each[parts[1].charAt(1) - '0'] = Integer.parseInt(parts[2]);
                    }
                }
            }
            assertTrue(child.waitFor(30, TimeUnit.SECONDS));
            assertTrue(acknowledged > kept, "the child did commit");
            try (XodusJournal journal = XodusJournal.open(folder, Clock.systemUTC())) {
                assertEquals(List.of(), journal.repairs());
                assertEquals(0, journal.verify());
                assertTrue(journal.lastSeq() >= acknowledged, journal.lastSeq() + " < " + acknowledged);
                kept = journal.lastSeq();
                for (int t = 0; t < THREADS; t++) {
                    String name = "t" + t;
                    long entries = journal.read(0, Integer.MAX_VALUE).stream()
                            .filter(entry -> entry.event() instanceof EngineEvent.AgentLogged l
                                    && l.agent().equals(name))
                            .count();
                    assertEquals("" + entries, journal.state(name), "state and entries are of the same moment");
                    assertTrue(entries >= each[t]);
                }
            }
        }
    }
}
