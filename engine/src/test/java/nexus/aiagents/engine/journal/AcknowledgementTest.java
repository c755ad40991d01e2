package nexus.aiagents.engine.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import jdk.jfr.Event;
import jdk.jfr.Name;
import jdk.jfr.Recording;
import jdk.jfr.StackTrace;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import nexus.aiagents.engine.journal.Journal.Batch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// That an acknowledged entry survives the loss of power can not be seen by killing a process: what the
/// operating system holds survives that. So the virtual machine is asked what it forced to the disk,
/// and when.
@Timeout(120)
class AcknowledgementTest {
    private static final int COMMITS = 60;

    @TempDir
    Path folder;

    /// From the call to its acknowledgement, by the same clock as the forced writes.
    @Name("nexus.test.Acknowledged")
    @StackTrace(false)
    static final class Acknowledged extends Event {}

    @Test
    void every_acknowledgement_waits_for_one_forced_write_of_its_own() throws Exception {
        Path recorded = folder.resolve("forced.jfr");
        try (XodusJournal journal = XodusJournal.open(folder.resolve("store"), Clock.systemUTC());
                Recording recording = new Recording()) {
            journal.commitAndWait(batch(0));
            recording.enable("jdk.FileForce").withoutThreshold().withoutStackTrace();
            recording.enable(Acknowledged.class).withoutThreshold();
            recording.start();
            for (int i = 1; i <= COMMITS; i++) {
                Acknowledged acknowledged = new Acknowledged();
                acknowledged.begin();
                journal.commitAndWait(batch(i));
                acknowledged.commit();
            }
            recording.stop();
            recording.dump(recorded);
        }
        List<RecordedEvent> events = RecordingFile.readAllEvents(recorded);
        List<RecordedEvent> acknowledged = named(events, "nexus.test.Acknowledged");
        List<RecordedEvent> forced = named(events, "jdk.FileForce").stream()
                .filter(e -> String.valueOf(e.getString("path")).endsWith(".xd"))
                .toList();
        assertEquals(COMMITS, acknowledged.size());
        for (RecordedEvent one : acknowledged) {
            assertTrue(
                    forced.stream().anyMatch(f -> within(one.getStartTime(), f, one.getEndTime())),
                    "acknowledged at " + one.getEndTime() + " without a forced write since " + one.getStartTime());
        }
        assertEquals(COMMITS, forced.size(), "a second forced write would only cost time");
    }

    private static boolean within(Instant from, RecordedEvent forced, Instant to) {
        return !forced.getStartTime().isBefore(from) && !forced.getEndTime().isAfter(to);
    }

    private static List<RecordedEvent> named(List<RecordedEvent> events, String name) {
        return events.stream()
                .filter(e -> e.getEventType().getName().equals(name))
                .toList();
    }

    /// Every third also changes what is searched for, which is written another way.
    private static Batch batch(int number) {
        EngineEvent event = number % 3 == 0
                ? new EngineEvent.RunStarted("r" + number, "saga", "s", "h", "{}", "{}", null, null, null)
                : new EngineEvent.AgentLogged("a", null, "info", "line " + number);
        return new Batch(List.of(event), Map.of("last", "" + number));
    }
}
