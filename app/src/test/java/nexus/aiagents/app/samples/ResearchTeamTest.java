package nexus.aiagents.app.samples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.Stream;
import nexus.aiagents.engine.Engine;
import nexus.aiagents.engine.control.Command;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.control.EngineClient.HistoryQuery;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.JournalEntry;
import nexus.aiagents.engine.project.LanguageService;
import nexus.aiagents.engine.view.AgentView;
import nexus.aiagents.engine.view.ProjectView;
import nexus.aiagents.engine.view.RunView;
import nexus.aiagents.engine.view.RunView.StepState;
import nexus.aiagents.engine.view.RunView.StepView;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What `sample-projects/research-team` promises in its README, on the real engine.
class ResearchTeamTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private Engine engine;

    @BeforeEach
    void open() throws Exception {
        copy(Path.of("..", "sample-projects", "research-team"), folder);
        engine = Engine.open(folder, Engine.Options.RUN);
    }

    @AfterEach
    void close() {
        engine.close();
    }

    @Test
    void it_has_neither_errors_nor_warnings() {
        assertEquals(List.of(), new LanguageService().analyze(folder, Map.of()).diagnostics());
    }

    @Test
    void the_saga_publishes() {
        RunView run = saga("{\"topic\":\"otters\"}");
        assertEquals(RunView.State.DONE, run.state(), () -> run.errorMessage());
        assertEquals(
                List.of(StepState.DONE, StepState.DONE, StepState.DONE, StepState.DONE),
                run.steps().stream().map(StepView::state).toList());
        assertTrue(run.microDollars() > 0, "its model calls are paid for");
        assertTrue(Files.exists(folder.resolve("workspace/published-" + run.id() + ".md")));
    }

    @ParameterizedTest
    @CsvSource({"research, 0", "draft, 1", "review, 2", "publish, 3"})
    void it_fails_where_its_input_says_and_undoes_what_was_done_in_reverse(String step, int done) throws Exception {
        RunView run = saga("{\"topic\":\"otters\",\"failAt\":\"" + step + "\"}");
        assertEquals(RunView.State.FAILED, run.state());
        assertEquals(step, run.failedStep());
        assertEquals("asked-to-fail", run.errorCode());
        for (int i = 0; i < done; i++) {
            StepView undone = run.steps().get(i);
            assertEquals(StepState.COMPENSATED, undone.undoState(), undone.name());
            assertEquals(done - i, undone.undoOrder(), undone.name());
        }
        try (Stream<Path> left = Files.list(folder.resolve("workspace"))) {
            assertEquals(
                    List.of("README.md"),
                    left.map(p -> p.getFileName().toString()).sorted().toList(),
                    "nothing half-finished is left behind");
        }
    }

    @Test
    void two_of_three_researchers_agree_and_the_third_dissents() {
        RunView run = finished(started(new Command.RunPool("research-pool", "{}")));
        assertEquals(RunView.State.DONE, run.state(), () -> run.errorMessage());
        assertTrue(Objects.requireNonNull(run.outputJson()).contains("kelp"), run.outputJson());
        assertEquals(
                2,
                run.votes().stream().filter(v -> v.verdict().equals("agreed")).count());
    }

    @Test
    void the_researcher_crashes_and_comes_back_and_the_bot_stops_at_its_budget() throws Exception {
        done(new Command.Up());
        JournalEntry crash = event(e -> e.event() instanceof EngineEvent.SupervisorRestarted r
                && r.child().equals("researcher")
                && r.reason().code().equals("connection-lost"));
        event(e -> e.seq() > crash.seq()
                && e.event() instanceof EngineEvent.AgentUp up
                && up.agent().equals("researcher"));
        ProjectView view = until(v -> agent(v, "research-bot").state() == AgentView.State.PAUSED);
        assertEquals("budget", agent(view, "research-bot").pausedBy());
        var budget = view.budgets().stream()
                .filter(b -> b.id().equals("agent/research-bot"))
                .findFirst()
                .orElseThrow();
        assertTrue(budget.spentMicroDollars() <= 250_000, "never more than the limit: " + budget);
        assertTrue(budget.spentMicroDollars() > 200_000, "it was the budget that stopped it: " + budget);

        done(new Command.SetBudget("agent/research-bot", 300_000L, null, null, null));
        until(v -> v.budgets().stream()
                .anyMatch(b -> b.id().equals("agent/research-bot") && b.spentMicroDollars() > 250_000));
        String yaml = Files.readString(folder.resolve("nexus.yaml"));
        assertTrue(yaml.contains("maxDollars: 0.30"), yaml);
        assertTrue(yaml.contains("# or: throttle, alert, kill"), "comments are kept");
        done(new Command.Down());
        until(v -> v.agents().stream().noneMatch(a -> a.activeCalls() > 0));
    }

    @Test
    void the_journal_is_whole() {
        saga("{}");
        assertEquals(0, engine.verifyAudit());
        assertFalse(engine.history(HistoryQuery.last(10, "RunEnded")).isEmpty());
    }

    private RunView saga(String input) {
        return finished(started(new Command.RunSaga("publish-article", input)));
    }

    private String started(Command command) {
        CommandResult result = submit(command);
        assertTrue(result instanceof CommandResult.RunStarted, result.toString());
        return ((CommandResult.RunStarted) result).runId();
    }

    private void done(Command command) {
        CommandResult result = submit(command);
        assertTrue(result instanceof CommandResult.Done, result.toString());
    }

    private CommandResult submit(Command command) {
        return engine.submit(command, "test")
                .toCompletableFuture()
                .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .join();
    }

    private RunView finished(String runId) {
        ProjectView view =
                until(v -> run(v, runId) != null && run(v, runId).state().isFinal());
        RunView run = run(view, runId);
        assertNotNull(run);
        return run;
    }

    private static RunView run(ProjectView view, String runId) {
        return view.runs().stream()
                .filter(r -> r.id().equals(runId))
                .findFirst()
                .orElse(null);
    }

    private static AgentView agent(ProjectView view, String name) {
        return view.agents().stream()
                .filter(a -> a.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private ProjectView until(Predicate<ProjectView> condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            ProjectView view = engine.view();
            if (condition.test(view)) {
                return view;
            }
            assertTrue(System.nanoTime() < deadline, () -> "never happened; the view is " + view);
            LockSupport.parkNanos(20_000_000);
        }
    }

    private JournalEntry event(Predicate<JournalEntry> condition) {
        JournalEntry[] found = new JournalEntry[1];
        until(_ -> {
            found[0] = engine.history(new HistoryQuery(0, 100_000, false, java.util.Set.of(), null, null)).stream()
                    .filter(condition)
                    .findFirst()
                    .orElse(null);
            return found[0] != null;
        });
        return found[0];
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            all.forEach(source -> {
                try {
                    Path target = to.resolve(from.relativize(source).toString());
                    if (Files.isDirectory(source)) {
                        Files.createDirectories(target);
                    } else {
                        Files.copy(source, target);
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }
}
