package nexus.aiagents.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import nexus.aiagents.engine.control.Command;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.control.EngineClient.FoundRun;
import nexus.aiagents.engine.view.RunView;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Runs that so many others came after that the views do not hold them any more.
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OldRunsTest {
    /// More than the views hold.
    private static final int MANY = 205;

    @TempDir
    Path folder;

    TestProject project;

    @BeforeEach
    void project() throws Exception {
        project = new TestProject(folder);
        project.write("nexus.yaml", """
                project: {name: test}
                ---
                model: {name: default, provider: scripted, model: scripted-small, price: {input: 3, output: 15}}
                ---
                saga:
                  name: trip
                  steps:
                    - {name: book, action: act, compensation: undo}
                    - {name: pay, action: act}
                ---
                workflow:
                  name: both
                  steps:
                    - {name: travel, saga: trip, input: {failAt: pay}, onError: skip}
                ---
                workflow:
                  name: nothing
                  steps:
                    - {name: never, agent: act, when: "${false}"}
                """);
        project.agent("act", """
                export default async function (input, nexus) {
                  await nexus.model({prompt: "say", maxTokens: 20});
                  const step = nexus.context.step;
                  if (input.failAt === step || input.input?.failAt === step) throw new Error("no");
                  return {step};
                }
                """, "grants: {models: [default]}");
        project.agent("undo", "export default () => ({});", "");
    }

    private RunView trip(Engine engine) throws Exception {
        CommandResult begun = project.submit(engine, new Command.RunSaga("trip", "{\"failAt\":\"pay\"}"));
        return project.finished(engine, ((CommandResult.RunStarted) begun).runId());
    }

    private void manyMore(Engine engine) {
        List<CompletableFuture<CommandResult>> begun = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            begun.add(engine.submit(new Command.RunWorkflow("nothing", "{}"), "test")
                    .toCompletableFuture());
        }
        begun.forEach(CompletableFuture::join);
        project.await(
                "all of them",
                () -> engine.view().runs().stream().allMatch(r -> r.state().isFinal()));
    }

    private static RunView found(Engine engine, String runId) {
        return engine.run(runId).map(FoundRun::run).orElseThrow();
    }

    private static boolean isHeld(Engine engine, String runId) {
        return engine.view().runs().stream().anyMatch(r -> r.id().equals(runId));
    }

    @Test
    void a_run_of_long_ago_is_found_as_it_was() throws Exception {
        RunView before;
        RunView whole;
        try (Engine engine = project.open()) {
            before = trip(engine);
            assertEquals(RunView.State.FAILED, before.state());
            assertTrue(before.microDollars() > 0);
            CommandResult begun = project.submit(engine, new Command.RunWorkflow("both", "{}"));
            whole = project.finished(engine, ((CommandResult.RunStarted) begun).runId());
            assertTrue(whole.microDollars() > 0, "spent by the saga in it");
            manyMore(engine);
            assertTrue(!isHeld(engine, before.id()) && !isHeld(engine, whole.id()));
            assertEquals(before, found(engine, before.id()));
            assertEquals(whole, found(engine, whole.id()));
            assertEquals(Optional.empty(), engine.run("r-never"));
        }
        Files.deleteIfExists(folder.resolve(".nexus/store/folds"));
        try (Engine engine = project.open()) {
            assertEquals(before, found(engine, before.id()));
        }
    }

    @Test
    void a_run_of_long_ago_is_taken_up_again_and_shown_with_all_it_did() throws Exception {
        RunView after;
        try (Engine engine = project.open()) {
            RunView before = trip(engine);
            manyMore(engine);
            assertInstanceOf(
                    CommandResult.Done.class,
                    project.submit(engine, new Command.RetryFrom(before.id(), "book", "{\"failAt\":\"nowhere\"}")));
            assertTrue(isHeld(engine, before.id()), "it is under way again");
            after = project.finished(engine, before.id());
            assertEquals(before.startedAt(), after.startedAt());
            assertTrue(after.microDollars() > before.microDollars(), "what it spent before still counts");
            assertEquals(engine.run(before.id()).orElseThrow().record().microDollars(), after.microDollars());
            assertEquals(before.id(), engine.view().runs().getLast().id(), "newest first, and it began long ago");
        }
        Files.deleteIfExists(folder.resolve(".nexus/store/folds"));
        try (Engine engine = project.open()) {
            assertEquals(after, found(engine, after.id()), "folded from the first entry it is the same");
        }
    }

    @Test
    void a_run_of_long_ago_can_be_forked() throws Exception {
        try (Engine engine = project.open()) {
            RunView before = trip(engine);
            manyMore(engine);
            CommandResult forked = project.submit(engine, new Command.ForkRun(before.id(), "pay", "{}"));
            RunView run = project.finished(engine, ((CommandResult.RunStarted) forked).runId());
            assertEquals(RunView.State.DONE, run.state());
            assertEquals(before.id(), run.forkedFrom());
        }
    }

    @Test
    void of_a_run_whose_entries_are_in_an_archive_the_record_is_left_and_it_is_said_so() throws Exception {
        try (Engine engine = project.open()) {
            RunView before = trip(engine);
            manyMore(engine);
            project.submit(
                    engine,
                    new Command.CompactJournal(
                            "2999-01-01T00:00:00Z", folder.resolve("old.jsonl").toString()));
            FoundRun left = engine.run(before.id()).orElseThrow();
            assertNull(left.run());
            assertEquals("failed", left.record().state());
            for (Command command : List.of(
                    new Command.RetryFrom(before.id(), "pay", null), new Command.ForkRun(before.id(), "pay", null))) {
                CommandResult.Refused refused =
                        assertInstanceOf(CommandResult.Refused.class, project.submit(engine, command));
                assertEquals("archived", refused.code());
            }
        }
    }
}
