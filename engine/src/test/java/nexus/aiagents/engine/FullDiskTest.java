package nexus.aiagents.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import nexus.aiagents.engine.control.Command;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.journal.RunQuery;
import nexus.aiagents.engine.journal.RunRecord;
import nexus.aiagents.engine.view.RunView;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A project on a small file system of its own that really is full. Runs where one can be mounted: on
/// Linux, as root.
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FullDiskTest {
    @TempDir
    Path folder;

    private Path disk;
    private Path ballast;
    private boolean mounted;
    private TestProject project;

    @BeforeEach
    void aSmallDisk() throws Exception {
        disk = Files.createDirectory(folder.resolve("small"));
        ballast = disk.resolve("ballast");
        mounted = Files.isExecutable(Path.of("/bin/mount"))
                && succeeds("/bin/mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", disk.toString());
        assumeTrue(mounted, "no file system can be mounted here");
        project = new TestProject(disk);
        project.write("nexus.yaml", """
                project: {name: test}
                ---
                saga: {name: asks, steps: [{name: first, action: echo, approval: required}]}
                """);
        project.agent("echo", "export default (input) => ({got: input});", "");
    }

    @AfterEach
    void noDisk() throws Exception {
        if (mounted) {
            assertTrue(succeeds("/bin/umount", "-l", disk.toString()));
        }
    }

    private static boolean succeeds(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor()
                == 0;
    }

    /// To the last byte.
    private void fill() throws IOException {
        try (OutputStream out = Files.newOutputStream(ballast)) {
            for (int block = 1 << 16; block > 0; block /= 2) {
                try {
                    while (true) {
                        out.write(new byte[block]);
                    }
                } catch (IOException _) {
                    // a smaller one may fit
                }
            }
        }
        assertEquals(0, Files.getFileStore(disk).getUsableSpace());
    }

    private static List<String> notices(Engine engine) {
        return engine.view().notices().stream().map(n -> n.code()).toList();
    }

    @Test
    void what_is_refused_is_said_nothing_acknowledged_is_lost_and_it_goes_on_by_itself() throws Exception {
        List<String> acknowledged = new ArrayList<>();
        try (Engine engine = project.open()) {
            acknowledged.add(project.runAgent(engine, "echo", "{}").id());
            CommandResult.RunStarted asks = assertInstanceOf(
                    CommandResult.RunStarted.class, project.submit(engine, new Command.RunSaga("asks", "{}")));
            acknowledged.add(asks.runId());
            project.await("it asks", () -> project.run(engine, asks.runId()).state() == RunView.State.WAITING);
            fill();
            // What is left of the last block of a file that is there already may still take some.
            CommandResult result = project.submit(engine, new Command.RunAgent("echo", "{}"));
            for (int i = 0; i < 1_000 && result instanceof CommandResult.RunStarted begun; i++) {
                acknowledged.add(begun.runId());
                result = project.submit(engine, new Command.RunAgent("echo", "{}"));
            }
            CommandResult.Refused refused = assertInstanceOf(CommandResult.Refused.class, result, result.toString());
            assertEquals("store-full", refused.code());
            assertTrue(refused.message().contains(disk.toString()), refused.message());
            project.await("the views say it", () -> notices(engine).contains("store-full"));
            assertTrue(engine.audit().isWhole(), "what is stored stays readable");
            Command approve = new Command.ApproveStep(asks.runId(), "first", null);
            var approving = engine.submit(approve, "test").toCompletableFuture();
            assertEquals(
                    RunView.State.WAITING, project.run(engine, asks.runId()).state());

            Files.delete(ballast);
            project.await(
                    "the notice goes away by itself", () -> !notices(engine).contains("store-full"));
            project.await("it is said that it goes on", () -> notices(engine).contains("store-goes-on"));
            // It was refused, or the run has it and waits for the store.
            if (approving.get(60, TimeUnit.SECONDS) instanceof CommandResult.Refused) {
                assertInstanceOf(CommandResult.Done.class, project.submit(engine, approve));
            }
            acknowledged.forEach(run -> assertEquals(
                    RunView.State.DONE, project.finished(engine, run).state(), run));
            acknowledged.add(project.runAgent(engine, "echo", "{}").id());
        }
        try (Engine engine = project.open()) {
            assertTrue(engine.audit().isWhole(), engine.audit().toString());
            assertFalse(
                    notices(engine).contains("store-repaired"), notices(engine).toString());
            assertEquals(
                    acknowledged.reversed(),
                    engine.runs(RunQuery.newest(2_000)).stream()
                            .map(RunRecord::id)
                            .toList());
        }
    }
}
