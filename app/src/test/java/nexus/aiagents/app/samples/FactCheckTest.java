package nexus.aiagents.app.samples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.Stream;
import nexus.aiagents.engine.Engine;
import nexus.aiagents.engine.control.Command;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.control.EngineClient.HistoryQuery;
import nexus.aiagents.engine.project.LanguageService;
import nexus.aiagents.engine.replay.Recording;
import nexus.aiagents.engine.replay.RecordingFile;
import nexus.aiagents.engine.replay.ReplayReport;
import nexus.aiagents.engine.replay.ReplayRequest;
import nexus.aiagents.engine.replay.Replayer;
import nexus.aiagents.engine.view.ProjectView;
import nexus.aiagents.engine.view.ProjectView.QueueView;
import nexus.aiagents.engine.view.RunView;
import nexus.aiagents.engine.view.RunView.VoteView;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What `sample-projects/fact-check` promises in its README, on the real engine.
class FactCheckTest {
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final String FISH = "{\"claim\":\"Otters are fish\"}";

    @TempDir
    Path folder;

    private Engine engine;

    @BeforeEach
    void open() throws Exception {
        Path sample = Path.of("..", "sample-projects", "fact-check");
        try (Stream<Path> all = Files.walk(sample)) {
            all.filter(Files::isRegularFile)
                    .forEach(file ->
                            copy(file, folder.resolve(sample.relativize(file).toString())));
        }
        engine = Engine.open(folder, Engine.Options.RUN);
    }

    private static void copy(Path from, Path to) {
        try {
            Files.createDirectories(to.getParent());
            Files.copy(from, to);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
    void two_of_three_say_it_is_false_and_the_optimist_dissents() {
        RunView run = finished(asked("verdict", FISH));
        assertEquals(RunView.State.DONE, run.state(), () -> run.errorMessage());
        assertTrue(run.outputJson().contains("\"false\""), run.outputJson());
        assertEquals(List.of("agreed", "agreed"), verdicts(run).subList(0, 2));
        String optimist = verdicts(run).getLast();
        assertTrue(
                List.of("dissent", "cancelled").contains(optimist), "it dissents, if it is asked in time: " + optimist);
    }

    @Test
    void the_optimist_runs_in_a_process_of_its_own() {
        RunView run = finished(asked("estimate", "{\"question\":\"How many otters live in the bay?\"}"));
        assertEquals(RunView.State.DONE, run.state(), () -> run.errorMessage());
        assertEquals(
                List.of("process", "thread"),
                Stream.of("optimist", "archivist")
                        .map(name -> engine.view().agents().stream()
                                .filter(agent -> agent.name().equals(name))
                                .findFirst()
                                .orElseThrow()
                                .isolation())
                        .toList());
        assertEquals(
                1,
                engine.history(HistoryQuery.last(10, "WorkerStarted")).size(),
                "one worker, kept warm from run to run");
    }

    @Test
    void numbers_that_are_near_agree_and_where_none_are_the_editor_picks() {
        RunView heavy = finished(asked("estimate", "{\"question\":\"How heavy is an otter?\"}"));
        assertEquals(RunView.State.DONE, heavy.state(), () -> heavy.errorMessage());
        assertTrue(heavy.steps().isEmpty(), "nobody had to pick");
        RunView many = finished(asked("estimate", "{\"question\":\"How many otters live in the bay?\"}"));
        assertEquals(RunView.State.DONE, many.state(), () -> many.errorMessage());
        assertTrue(many.outputJson().contains("Census"), many.outputJson());
        assertEquals("editor", many.steps().getFirst().agent());
        assertEquals(List.of("agreed", "dissent", "dissent"), verdicts(many));
    }

    @Test
    void two_who_disagree_wait_for_a_person() {
        String id = asked("headline", FISH);
        RunView run = run(until(v -> run(v, id).state() == RunView.State.PARKED), id);
        int archivist = run.votes().getFirst().choice();
        assertInstanceOf(CommandResult.Done.class, submit(new Command.DecidePool(id, archivist)));
        assertTrue(finished(id).outputJson().contains("Systema Naturae"));
    }

    @Test
    void a_model_s_bad_answer_is_replayed_and_a_better_one_tried() throws Exception {
        RunView run = finished(called("dater", "{\"claim\":\"Otters are mammals\"}"));
        assertEquals("bad-answer", run.errorCode());
        long spent =
                engine.view().runs().stream().mapToLong(RunView::microDollars).sum();
        Files.writeString(folder.resolve("agents/dater.js"), "export default () => 1;");
        RecordingFile record = engine.recording(
                engine.recordings(Recording.Query.ofRun(run.id())).getFirst().id());
        try (Replayer replayer = Replayer.open()) {
            ReplayReport same = replayer.replay(record, ReplayRequest.ALL, _ -> true);
            assertEquals(ReplayReport.Result.SAME, same.result(), same.toString());
            assertEquals("model", same.calls().get(1).call());
            JsonNode better = JsonMapper.shared().readTree(Files.readString(folder.resolve("better.json")));
            ReplayReport fork = replayer.replay(
                    record, new ReplayRequest(0, Map.of(2, better.path("2").toString())), _ -> true);
            assertEquals(ReplayReport.Result.FORKED, fork.result(), fork.toString());
            assertTrue(fork.replayed().outputJson().contains("\"year\":1758"), fork.toString());
        }
        assertEquals(
                spent,
                engine.view().runs().stream().mapToLong(RunView::microDollars).sum());
    }

    @Test
    void a_queue_grows_with_its_jobs_and_does_each_of_them() {
        List<String> jobs = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            jobs.add(asked("desk", FISH));
        }
        jobs.forEach(job -> assertEquals(RunView.State.DONE, finished(job).state()));
        assertTrue(
                engine.history(HistoryQuery.last(10, "PoolScaled")).size() > 0,
                "more workers than the one it began with");
        assertEquals(12, queue(engine.view()).done());
        RunView again = finished(asked("desk", "{\"claim\":\"Otters hold hands\",\"failOnce\":true}"));
        assertTrue(again.outputJson().contains("\"attempt\":2"), again.outputJson());
    }

    @Test
    void a_drained_queue_refuses_jobs_also_after_a_restart() throws Exception {
        assertInstanceOf(CommandResult.Done.class, submit(new Command.DrainPool("desk")));
        engine.close();
        engine = Engine.open(folder, Engine.Options.RUN);
        assertEquals("drained", queue(engine.view()).state());
        assertEquals(
                "draining",
                assertInstanceOf(CommandResult.Refused.class, submit(new Command.RunPool("desk", FISH)))
                        .code());
        assertInstanceOf(CommandResult.Done.class, submit(new Command.ResumePool("desk")));
        assertEquals(RunView.State.DONE, finished(asked("desk", FISH)).state());
    }

    private static QueueView queue(ProjectView view) {
        return view.pools().stream()
                .filter(pool -> pool.name().equals("desk"))
                .findFirst()
                .orElseThrow()
                .queue();
    }

    private static List<String> verdicts(RunView run) {
        return run.votes().stream().map(VoteView::verdict).toList();
    }

    private String asked(String pool, String input) {
        return assertInstanceOf(CommandResult.RunStarted.class, submit(new Command.RunPool(pool, input)))
                .runId();
    }

    private String called(String agent, String input) {
        return assertInstanceOf(CommandResult.RunStarted.class, submit(new Command.RunAgent(agent, input)))
                .runId();
    }

    private CommandResult submit(Command command) {
        return engine.submit(command, "test")
                .toCompletableFuture()
                .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .join();
    }

    private RunView finished(String id) {
        return run(until(v -> run(v, id).state().isFinal()), id);
    }

    private static RunView run(ProjectView view, String id) {
        return view.runs().stream().filter(r -> r.id().equals(id)).findFirst().orElseThrow();
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
}
