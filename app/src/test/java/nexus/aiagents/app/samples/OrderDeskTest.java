package nexus.aiagents.app.samples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.Stream;
import nexus.aiagents.engine.Engine;
import nexus.aiagents.engine.control.Command;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.project.LanguageService;
import nexus.aiagents.engine.view.ProjectView;
import nexus.aiagents.engine.view.RunView;
import nexus.aiagents.engine.view.RunView.State;
import nexus.aiagents.engine.view.RunView.StepState;
import nexus.aiagents.engine.view.RunView.StepView;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What `sample-projects/order-desk` promises in its README, on the real engine.
class OrderDeskTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private Engine engine;

    @BeforeEach
    void open() throws Exception {
        copy(Path.of("..", "sample-projects", "order-desk"), folder);
        engine = Engine.open(folder, Engine.Options.RUN);
    }

    @AfterEach
    void close() {
        engine.close();
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                Files.createDirectories(target.getParent());
                Files.copy(file, target);
            }
        }
    }

    @Test
    void the_view_says_which_steps_run_at_the_same_time() {
        List<ProjectView.SagaStepView> steps = engine.view().sagas().stream()
                .filter(s -> s.name().equals("take-order"))
                .findFirst()
                .orElseThrow()
                .steps();
        List<String> together = steps.stream()
                .filter(s -> "checks".equals(s.group()))
                .map(ProjectView.SagaStepView::name)
                .toList();
        assertEquals(List.of("address", "fraud"), together);
        assertEquals(
                List.of("reserve"),
                steps.stream()
                        .filter(s -> s.group() == null)
                        .map(ProjectView.SagaStepView::name)
                        .limit(1)
                        .toList());
    }

    private CommandResult submit(Command command) throws Exception {
        return engine.submit(command, "test").toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private String order(String input) throws Exception {
        return assertInstanceOf(CommandResult.RunStarted.class, submit(new Command.RunSaga("take-order", input)))
                .runId();
    }

    private void done(Command command) throws Exception {
        assertInstanceOf(CommandResult.Done.class, submit(command));
    }

    private RunView await(String run, Predicate<RunView> so) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            RunView now = run(run);
            if (so.test(now)) {
                return now;
            }
            assertTrue(System.nanoTime() < end, () -> "only " + now);
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
    }

    private RunView run(String run) {
        return engine.view().runs().stream()
                .filter(r -> r.id().equals(run))
                .findFirst()
                .orElseThrow();
    }

    private RunView await(String run, State state) {
        return await(run, r -> r.state() == state);
    }

    private List<String> files(String order) throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("workspace"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith(order + "-"))
                    .map(name -> name.substring(order.length() + 1).replace(".txt", ""))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void it_has_neither_errors_nor_warnings() {
        assertEquals(List.of(), new LanguageService().analyze(folder, Map.of()).diagnostics());
    }

    @Test
    void an_order_waits_for_approval_and_is_shipped_when_it_has_it() throws Exception {
        String run = order("{\"order\":\"7\"}");
        RunView waiting = await(run, State.WAITING);
        StepView charge = waiting.steps().get(4);
        assertEquals(StepState.WAITING, charge.state());
        assertEquals(
                "{\"order\":\"7\",\"invoice\":\"INV-7\",\"amount\":4200}",
                charge.inputJson(),
                "what is approved is shown");
        done(new Command.ApproveStep(run, "charge", "fine"));
        assertEquals("{\"label\":\"L-7\"}", await(run, State.DONE).outputJson());
        assertEquals(List.of("charge", "fraud-case", "invoice", "number", "parcel", "stock"), files("7"));
        RunView invoice = run(run + "-3-1");
        assertEquals(run, invoice.parentRunId());
        assertEquals("invoice", invoice.parentStep());
    }

    @Test
    void a_rejected_order_is_taken_back_in_reverse_also_the_invoice() throws Exception {
        String run = order("{\"order\":\"7\"}");
        await(run, State.WAITING);
        done(new Command.RejectStep(run, "charge", "too dear"));
        RunView failed = await(run, State.FAILED);
        assertEquals("rejected", failed.errorCode());
        assertEquals(List.of(), files("7"));
        assertEquals(
                List.of("invoice", "fraud", "reserve"),
                failed.steps().stream()
                        .filter(step -> step.undoOrder() > 0)
                        .sorted(java.util.Comparator.comparingInt(StepView::undoOrder))
                        .map(StepView::name)
                        .toList());
        assertEquals(
                List.of(2, 1),
                run(run + "-3-1").steps().stream().map(StepView::undoOrder).toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"reserve", "address", "fraud", "number", "file"})
    void an_order_that_fails_before_the_charge_leaves_nothing_behind(String step) throws Exception {
        String run = order("{\"order\":\"8\",\"failAt\":\"" + step + "\"}");
        assertEquals("asked-to-fail", await(run, State.FAILED).errorCode());
        assertEquals(List.of(), files("8"));
    }

    @Test
    void past_the_charge_an_order_waits_for_a_person_who_lets_it_go_on() throws Exception {
        String run = order("{\"order\":\"9\",\"failAt\":\"ship\"}");
        await(run, State.WAITING);
        done(new Command.ApproveStep(run, "charge", null));
        assertEquals("step-failed", await(run, State.PARKED).steps().getLast().parked());
        assertEquals(
                "pivot",
                assertInstanceOf(CommandResult.Refused.class, submit(new Command.CancelRun(run)))
                        .code());
        done(new Command.RetryParked(run, null, "{\"input\":{\"order\":\"9\"}}"));
        await(run, State.DONE);
        assertTrue(files("9").contains("parcel"));
    }

    @Test
    void what_waits_for_approval_still_does_after_the_process_was_closed() throws Exception {
        String run = order("{\"order\":\"7\"}");
        await(run, State.WAITING);
        engine.close();
        engine = Engine.open(folder, Engine.Options.RUN);
        assertEquals(State.WAITING, run(run).state());
        done(new Command.PauseRun(run));
        done(new Command.ApproveStep(run, "charge", null));
        assertEquals(State.PAUSED, run(run).state());
        done(new Command.ResumeRun(run));
        await(run, State.DONE);
    }

    @Test
    void a_fork_takes_over_what_was_found_and_leaves_the_other_run_alone() throws Exception {
        String run = order("{\"order\":\"7\",\"failAt\":\"file\"}");
        await(run, State.FAILED);
        String fork = assertInstanceOf(
                        CommandResult.RunStarted.class,
                        submit(new Command.ForkRun(run, "invoice", "{\"order\":\"7\",\"amount\":1}")))
                .runId();
        RunView forked = await(fork, State.WAITING);
        assertEquals(run, forked.forkedFrom());
        assertEquals(List.of("invoice", "number"), files("7"));
        done(new Command.CancelRun(fork));
        await(fork, State.CANCELLED);
        assertEquals(List.of(), files("7"));
    }
}
