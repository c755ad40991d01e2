package nexus.aiagents.app.samples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import nexus.aiagents.engine.Engine;
import nexus.aiagents.engine.control.Command;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.JournalEntry;
import nexus.aiagents.engine.project.LanguageService;
import nexus.aiagents.engine.view.RunView;
import nexus.aiagents.engine.view.RunView.StepState;
import nexus.aiagents.engine.view.RunView.StepView;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `sample-projects/newsletter` promises in its README, on the real engine.
class NewsletterTest {
    @TempDir
    Path folder;

    private Engine engine;
    private final LinkedBlockingQueue<JournalEntry> news = new LinkedBlockingQueue<>();

    @BeforeEach
    void open() throws Exception {
        Path sample = Path.of("..", "sample-projects", "newsletter");
        try (Stream<Path> files = Files.walk(sample)) {
            for (Path file : files.filter(f -> !f.toString().contains(".nexus")).toList()) {
                Path target = folder.resolve(sample.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                }
            }
        }
        engine = Engine.open(folder, Engine.Options.RUN);
        engine.follow(0, news::add);
    }

    @AfterEach
    void close() {
        engine.close();
    }

    private CommandResult submit(Command command) throws Exception {
        return engine.submit(command, "test").toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    private String start(String input) throws Exception {
        return assertInstanceOf(CommandResult.RunStarted.class, submit(new Command.RunWorkflow("newsletter", input)))
                .runId();
    }

    private <E extends EngineEvent> E await(Class<E> type, String runId) throws Exception {
        while (true) {
            JournalEntry entry = Objects.requireNonNull(news.poll(60, TimeUnit.SECONDS), () -> "no " + type);
            if (type.isInstance(entry.event()) && runId.equals(entry.event().runId())) {
                return type.cast(entry.event());
            }
        }
    }

    private RunView view(String runId) throws Exception {
        submit(new Command.PauseRun("none")); // refused, but the view then shows all that was before
        return engine.view().runs().stream()
                .filter(r -> r.id().equals(runId))
                .findFirst()
                .orElseThrow();
    }

    private StepView step(String runId, String name) throws Exception {
        return view(runId).steps().stream()
                .filter(s -> s.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void it_has_neither_errors_nor_warnings() {
        assertEquals(List.of(), new LanguageService().analyze(folder, Map.of()).diagnostics());
        assertEquals(
                List.of("newsletter"),
                engine.view().workflows().stream().map(w -> w.name()).toList());
    }

    @Test
    void it_waits_for_approval_and_then_publishes() throws Exception {
        String run = start("{\"topics\":[\"otters\",\"rivers\",\"kelp\"]}");
        assertEquals("publish", await(EngineEvent.ApprovalAsked.class, run).step());
        assertEquals(RunView.State.WAITING, view(run).state());
        assertEquals("condition", step(run, "events").skipped());
        RunView.ItemsView items = Objects.requireNonNull(step(run, "summarize").items());
        assertEquals(3, items.done());
        assertEquals(3, items.shown().size());
        assertEquals(
                List.of("summarize", "events", "headline"),
                step(run, "assemble").needs());
        submit(new Command.ApproveStep(run, "publish", "looks good"));
        EngineEvent.RunEnded end = await(EngineEvent.RunEnded.class, run);
        assertEquals("done", end.state(), () -> String.valueOf(end.reason()));
        String text = Files.readString(folder.resolve("workspace").resolve(run + ".md"));
        assertTrue(text.startsWith("# This week: News about otters, News about rivers"), text);
        assertTrue(String.valueOf(end.outputJson()).contains("\"stories\":3"), end.outputJson());
        assertTrue(view(run).microDollars() > 0, "its model calls are paid for");
    }

    @Test
    void a_source_that_is_away_is_tried_again_and_a_rejected_issue_is_not_published() throws Exception {
        String run = start("{\"topics\":[\"otters?\"],\"events\":true}");
        await(EngineEvent.ApprovalAsked.class, run);
        assertEquals(StepState.DONE, step(run, "events").state());
        assertEquals(
                2,
                Objects.requireNonNull(step(run, "summarize").items())
                        .shown()
                        .getFirst()
                        .attempts());
        submit(new Command.RejectStep(run, "publish", "too short"));
        EngineEvent.RunEnded end = await(EngineEvent.RunEnded.class, run);
        assertEquals("rejected", Objects.requireNonNull(end.reason()).code());
        try (Stream<Path> left = Files.list(folder.resolve("workspace"))) {
            assertEquals(
                    List.of("README.md"),
                    left.map(p -> p.getFileName().toString()).toList());
        }
    }

    @Test
    void a_story_that_fails_ends_the_run_and_what_was_done_is_kept_for_a_retry_or_a_fork() throws Exception {
        String run = start("{\"topics\":[\"otters\",\"nonsense\"]}");
        EngineEvent.RunEnded end = await(EngineEvent.RunEnded.class, run);
        assertEquals("no-story", Objects.requireNonNull(end.reason()).code());
        submit(new Command.RetryFrom(run, "summarize", null));
        await(EngineEvent.RunEnded.class, run);
        List<RunView.ItemView> items =
                Objects.requireNonNull(step(run, "summarize").items()).shown();
        assertEquals(
                List.of(1, 6), items.stream().map(RunView.ItemView::attempts).toList());
        String fork = assertInstanceOf(
                        CommandResult.RunStarted.class,
                        submit(new Command.ForkRun(
                                run, "summarize", "[{\"topic\":\"rivers\",\"title\":\"News about rivers\"}]")))
                .runId();
        await(EngineEvent.ApprovalAsked.class, fork);
        assertEquals(run, view(fork).forkedFrom());
        assertEquals(0, step(fork, "collect").attempts(), "it is taken over");
    }
}
