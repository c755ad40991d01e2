package nexus.aiagents.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import nexus.aiagents.engine.control.Command;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.control.EngineClient.HistoryQuery;
import nexus.aiagents.engine.journal.AuditFile;
import nexus.aiagents.engine.journal.Backups;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.RunQuery;
import nexus.aiagents.engine.view.RunView;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What an open project does with its old entries by itself.
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RetentionTest {
    @TempDir
    Path folder;

    TestProject project;
    private final Ahead clock = new Ahead();

    /// Today, or so many days later. Counts how often it is asked, which tells that a look was over.
    private static final class Ahead extends Clock {
        private volatile Duration by = Duration.ZERO;
        private final AtomicInteger asked = new AtomicInteger();

        @Override
        public Instant instant() {
            asked.incrementAndGet();
            return Instant.now().plus(by);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    @BeforeEach
    void project() throws Exception {
        project = new TestProject(folder);
        project.agent("echo", "export default (input) => input;", "");
    }

    private Engine open(String rules, long worthAnArchive) throws Exception {
        project.write("nexus.yaml", "project: {name: test" + rules + """
                }
                ---
                workflow: {name: nothing, steps: [{name: never, agent: echo, when: "${false}"}]}
                ---
                saga: {name: asks, steps: [{name: one, action: echo, approval: required}]}
                """);
        Upkeep.Pace often = new Upkeep.Pace(clock, Duration.ofMillis(1), Duration.ofMillis(10), worthAnArchive);
        return Engine.open(folder, new Engine.Options(true, false), often);
    }

    private void looksAgain() {
        int before = clock.asked.get();
        project.await("another look", () -> clock.asked.get() >= before + 4);
    }

    private static List<EngineEvent.JournalCompacted> archived(Engine engine) {
        return engine.history(HistoryQuery.last(100, "JournalCompacted")).stream()
                .map(entry -> (EngineEvent.JournalCompacted) entry.event())
                .toList();
    }

    @Test
    void what_is_older_than_the_rule_says_goes_to_an_archive_and_what_is_unfinished_stays() throws Exception {
        try (Engine engine = open(", journal: {keep: 90d}", 5)) {
            for (int i = 0; i < 5; i++) {
                project.runAgent(engine, "echo", "{\"i\":" + i + "}");
            }
            String waits =
                    ((CommandResult.RunStarted) project.submit(engine, new Command.RunSaga("asks", "{}"))).runId();
            project.await("the question", () -> project.run(engine, waits).state() == RunView.State.WAITING);
            project.runAgent(engine, "echo", "{}");
            looksAgain();
            assertEquals(List.of(), archived(engine), "nothing is old yet");

            clock.by = Duration.ofDays(89);
            looksAgain();
            assertEquals(List.of(), archived(engine), "nor is it a day before");

            clock.by = Duration.ofDays(91);
            project.await("an archive", () -> !archived(engine).isEmpty());
            long begun = engine.run(waits).orElseThrow().record().firstSeq();
            EngineEvent.JournalCompacted done = archived(engine).getFirst();
            assertEquals(1, done.firstSeq());
            assertTrue(done.lastSeq() < begun, "the run that waits needs what is from " + begun + " on");
            assertNull(AuditFile.verify(Path.of(done.archive())).finding());
            assertTrue(engine.audit().isWhole());
            assertEquals(7, engine.runs(RunQuery.newest(20)).size());

            project.submit(engine, new Command.ApproveStep(waits, "one", null));
            assertEquals(RunView.State.DONE, project.finished(engine, waits).state());
            project.await("the rest", () -> archived(engine).getLast().lastSeq() > begun);
            List<EngineEvent.JournalCompacted> all = archived(engine);
            for (int i = 1; i < all.size(); i++) {
                assertEquals(all.get(i - 1).lastSeq() + 1, all.get(i).firstSeq(), "archives join on");
            }
            assertTrue(engine.audit().isWhole());
        }
    }

    @Test
    void only_so_many_entries_are_kept_and_few_too_many_are_not_worth_an_archive() throws Exception {
        try (Engine engine = open(", journal: {maxEntries: 1000}", 200)) {
            project.await("entries", () -> moreRuns(engine) > 1_100);
            looksAgain();
            assertEquals(List.of(), archived(engine), "a hundred too many are not worth one");
            project.await("entries", () -> moreRuns(engine) > 1_300);
            project.await("an archive", () -> !archived(engine).isEmpty());
            long kept = engine.view().seq() - archived(engine).getFirst().lastSeq();
            assertTrue(kept >= 1_000 && kept < 1_200, kept + " are kept");
            assertTrue(engine.audit().isWhole());
        }
    }

    /// @return the newest entry after ten more
    private static long moreRuns(Engine engine) {
        Stream.generate(() -> engine.submit(new Command.RunWorkflow("nothing", "{}"), "test"))
                .limit(10)
                .toList()
                .forEach(begun -> begun.toCompletableFuture().join());
        return engine.view().seq();
    }

    @Test
    void without_a_rule_nothing_is_ever_removed_but_copies_are_made() throws Exception {
        try (Engine engine = open("", 1)) {
            for (int i = 0; i < 5; i++) {
                project.runAgent(engine, "echo", "{}");
            }
            project.await("a copy", () -> !engine.backups().isEmpty());
            clock.by = Duration.ofDays(2);
            project.runAgent(engine, "echo", "{}");
            project.await("one of two days later", () -> engine.backups().size() >= 2);
            assertTrue(engine.backups().stream().allMatch(b -> b.kind().equals(Backups.AUTOMATIC)));
            assertEquals(List.of(), archived(engine));
            assertFalse(Files.exists(folder.resolve(".nexus/archive")));
        }
    }
}
