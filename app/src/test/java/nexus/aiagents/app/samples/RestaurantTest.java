package nexus.aiagents.app.samples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import nexus.aiagents.engine.Engine;
import nexus.aiagents.engine.control.Command;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.project.LanguageService;
import nexus.aiagents.engine.view.SupervisorView;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `sample-projects/restaurant` promises in its README, on the real engine.
class RestaurantTest {
    @TempDir
    Path folder;

    private Engine engine;

    @BeforeEach
    void open() throws Exception {
        Path sample = Path.of("..", "sample-projects", "restaurant");
        try (Stream<Path> files = Files.walk(sample)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path to = folder.resolve(sample.relativize(file).toString());
                Files.createDirectories(to.getParent());
                Files.copy(file, to);
            }
        }
        engine = Engine.open(folder, Engine.Options.RUN);
        assertInstanceOf(CommandResult.Done.class, submit(new Command.Up()));
    }

    @AfterEach
    void close() {
        engine.close();
    }

    private CommandResult submit(Command command) throws Exception {
        return engine.submit(command, "test").toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    /// Does it and waits for what has to happen then.
    private void crash(String agent, Predicate<EngineEvent> then) throws Exception {
        CompletableFuture<EngineEvent> seen = new CompletableFuture<>();
        Runnable end = engine.follow(engine.view().seq(), entry -> {
            if (then.test(entry.event())) {
                seen.complete(entry.event());
            }
        });
        assertInstanceOf(CommandResult.Done.class, submit(new Command.CrashAgent(agent)));
        seen.get(60, TimeUnit.SECONDS);
        end.run();
    }

    private SupervisorView supervisor(String name) {
        return engine.view().supervisors().stream()
                .filter(s -> s.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private List<String> children(String name) {
        return supervisor(name).children().stream()
                .map(SupervisorView.ChildView::name)
                .toList();
    }

    private static Predicate<EngineEvent> up(String agent, long start) {
        return event -> event instanceof EngineEvent.AgentUp e && e.agent().equals(agent) && e.incarnation() == start;
    }

    @Test
    void it_has_neither_errors_nor_warnings() {
        assertEquals(List.of(), new LanguageService().analyze(folder, Map.of()).diagnostics());
    }

    @Test
    void the_stove_takes_the_cook_along_and_leaves_the_fridge_alone() throws Exception {
        crash("stove", up("cook", 2));
        assertTrue(engine.history(new Engine.HistoryQuery(0, 1_000, false, java.util.Set.of("AgentUp"), "fridge", null))
                        .size()
                == 1);
    }

    @Test
    void waiters_come_back_are_added_up_to_four_and_go() throws Exception {
        assertEquals(List.of("waiter#1", "waiter#2"), children("floor"));
        crash("waiter#1", up("waiter#1", 2));
        assertEquals(
                new CommandResult.ChildAdded("floor", "waiter#3"),
                submit(new Command.AddChild("floor", null, null, null, false)));
        submit(new Command.AddChild("floor", null, null, null, false));
        CommandResult full = submit(new Command.AddChild("floor", null, null, null, false));
        assertEquals("full", assertInstanceOf(CommandResult.Refused.class, full).code());
        assertEquals(new SupervisorView.Counts(4, 4, 0, 4, 0), engine.view().count("floor"));
        assertInstanceOf(CommandResult.Done.class, submit(new Command.StopChild("floor", "waiter#2")));
        assertEquals(List.of("waiter#1", "waiter#3", "waiter#4"), children("floor"));
    }

    @Test
    void a_radio_that_broke_stays_off_and_is_not_counted() throws Exception {
        crash(
                "radio",
                event -> event instanceof EngineEvent.ChildHeld e && e.child().equals("radio"));
        assertEquals(2, engine.view().count("bar").specs());
    }

    @Test
    void without_the_till_the_bar_closes_by_itself_and_stays_closed() throws Exception {
        crash(
                "till",
                event -> event instanceof EngineEvent.SupervisorStopped e
                        && e.supervisor().equals("bar")
                        && e.why().equals("auto-shutdown"));
        submit(new Command.PauseAgent("cook")); // the view shows what was done before
        assertEquals(SupervisorView.State.STOPPED, supervisor("bar").state());
        assertTrue(supervisor("bar").reason().contains("shut itself down"));
        assertEquals(SupervisorView.State.RUNNING, supervisor("house").state());
    }

    @Test
    void a_kitchen_that_gives_up_is_opened_anew_by_the_house() throws Exception {
        for (int start = 2; start <= 4; start++) {
            crash("fridge", up("cook", start));
        }
        crash("fridge", up("cook", 5));
        assertEquals(1, supervisor("house").inWindow());
        assertEquals(SupervisorView.State.RUNNING, supervisor("kitchen").state());
    }

    @Test
    void a_named_child_is_deleted_and_added_in_the_yaml_too() throws Exception {
        Path yaml = folder.resolve("nexus.yaml");
        submit(new Command.StopChild("bar", "barkeeper"));
        assertInstanceOf(CommandResult.Done.class, submit(new Command.DeleteChild("bar", "barkeeper")));
        assertTrue(!Files.readString(yaml).contains("- barkeeper\n"));
        assertEquals(
                new CommandResult.ChildAdded("bar", "barkeeper"),
                submit(new Command.AddChild("bar", "barkeeper", "transient", null, false)));
        assertTrue(Files.readString(yaml).contains("    - name: barkeeper\n      restart: transient\n"));
        assertTrue(Files.readString(yaml).contains("# nobody turns it on again"), "comments are kept");
        assertEquals(List.of("radio", "till", "barkeeper"), children("bar"));
    }
}
