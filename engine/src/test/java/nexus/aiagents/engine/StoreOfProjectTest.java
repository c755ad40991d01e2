package nexus.aiagents.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import nexus.aiagents.engine.control.Command;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.control.ControlClient;
import nexus.aiagents.engine.control.EngineClient;
import nexus.aiagents.engine.control.EngineClient.HistoryQuery;
import nexus.aiagents.engine.journal.AuditFile;
import nexus.aiagents.engine.journal.RunQuery;
import nexus.aiagents.engine.view.AgentView;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What an open project does with its store: archives, copies, and what it still knows after them.
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StoreOfProjectTest {
    private static final String LATER = "2100-01-01T00:00:00Z";

    @TempDir
    Path folder;

    private TestProject project;

    @BeforeEach
    void project() throws Exception {
        project = new TestProject(folder);
        project.write("nexus.yaml", "project: {name: test}\n");
        project.agent("echo", "export default (input) => ({got: input});", "");
    }

    private static String done(EngineClient engine, Command command) throws Exception {
        CommandResult result =
                engine.submit(command, "naos").toCompletableFuture().get();
        return assertInstanceOf(CommandResult.Done.class, result, result.toString())
                .message();
    }

    private static AgentView echo(Engine engine) {
        return engine.view().agents().getFirst();
    }

    @Test
    void what_was_archived_is_proved_by_its_file_and_still_known_to_views_and_searches() throws Exception {
        Path archive = folder.resolve("old.jsonl");
        try (Engine engine = project.open()) {
            for (int i = 0; i < 3; i++) {
                project.runAgent(engine, "echo", "{}");
            }
            String said = done(engine, new Command.CompactJournal(LATER, archive.toString()));
            assertTrue(said.contains(archive.toString()), said);
            assertTrue(engine.audit().isWhole(), engine.audit().toString());
            assertNull(AuditFile.verify(archive).finding());
        }
        Files.deleteIfExists(folder.resolve(".nexus/store/folds"));
        try (Engine engine = project.open()) {
            assertEquals(3, echo(engine).calls(), "folded from what was kept at the compaction");
            assertEquals(3, engine.runs(RunQuery.newest(10)).size());
            assertEquals(3, engine.agentTotals().getFirst().calls());
            assertEquals(1, engine.audit().notes().size());
            List<?> commands = engine.history(
                    new HistoryQuery(0, 100, false, Set.of("OperatorActed"), null, null, null, null, "naos"));
            assertEquals(List.of(), commands, "the command that asked for it is in the archive too");
        }
    }

    @Test
    void a_copy_is_made_while_it_is_open_and_put_back_when_it_is_closed() throws Exception {
        String name;
        try (Engine engine = project.open()) {
            project.runAgent(engine, "echo", "{}");
            done(engine, new Command.BackUp());
            name = engine.backups().getFirst().name();
            project.runAgent(engine, "echo", "{}");
            assertEquals(2, echo(engine).calls());
        }
        new ClosedProject(folder).backups().restore(name);
        try (Engine engine = project.open()) {
            assertEquals(1, echo(engine).calls());
            assertTrue(engine.audit().isWhole());
            assertTrue(engine.view().notices().stream().anyMatch(n -> n.code().equals("store-restored")));
        }
    }

    @Test
    void another_process_asks_the_same_of_the_one_that_has_it_open() throws Exception {
        try (Engine engine = Engine.open(folder, Engine.Options.RUN)) {
            project.runAgent(engine, "echo", "{}");
            try (EngineClient other =
                    ControlClient.connect(folder.resolve(".nexus")).orElseThrow()) {
                assertEquals(engine.runs(RunQuery.newest(5)), other.runs(RunQuery.newest(5)));
                assertEquals(engine.agentTotals(), other.agentTotals());
                HistoryQuery first = new HistoryQuery(0, 5, false, Set.of(), null, null);
                assertEquals(engine.lines(first), other.lines(first));
                assertTrue(other.lines(first).stream().allMatch(AuditFile::fits));
                assertTrue(other.audit().isWhole());
                done(other, new Command.BackUp());
                assertEquals(engine.backups(), other.backups());
            }
        }
    }
}
