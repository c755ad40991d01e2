package nexus.aiagents.app.samples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import nexus.aiagents.engine.Engine;
import nexus.aiagents.engine.control.Command;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.control.EngineClient.HistoryQuery;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.project.LanguageService;
import nexus.aiagents.engine.view.AgentView;
import nexus.aiagents.engine.view.RunView;
import nexus.aiagents.engine.view.ScheduleView;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What `sample-projects/night-shift` promises in its README, on the real engine; its times are seconds.
@Timeout(value = 180, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class NightShiftTest {
    @TempDir
    Path folder;

    @BeforeEach
    void copy() throws IOException {
        Path from = Path.of("..", "sample-projects", "night-shift");
        try (Stream<Path> all = Files.walk(from)) {
            all.filter(file -> !file.toString().contains(".nexus")).forEach(source -> {
                try {
                    Path target = folder.resolve(from.relativize(source).toString());
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

    private static CommandResult submit(Engine engine, Command command) throws Exception {
        return engine.submit(command, "test").toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    private static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(90).toNanos();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, "waited in vain for " + what);
            LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
        }
    }

    private static AgentView watchman(Engine engine) {
        return agent(engine, "watchman");
    }

    private static ScheduleView schedule(Engine engine, String id) {
        return engine.view().schedules().stream()
                .filter(s -> s.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private static long lastRound(Engine engine) {
        return engine.history(HistoryQuery.last(10_000, "AgentEmitted")).stream()
                .map(entry -> (EngineEvent.AgentEmitted) entry.event())
                .mapToLong(e -> Long.parseLong(e.dataJson().replaceAll("\\D", "")))
                .max()
                .orElse(0);
    }

    @Test
    void it_has_neither_errors_nor_warnings() {
        assertEquals(List.of(), new LanguageService().analyze(folder, Map.of()).diagnostics());
    }

    @Test
    void the_watchman_is_caught_asleep_the_clerk_comes_on_time_and_the_counters_survive() throws Exception {
        long rounds;
        long runs;
        try (Engine engine = Engine.open(folder, Engine.Options.RUN)) {
            submit(engine, new Command.Up());
            await("a second sleep", () -> watchman(engine).restarts() >= 2);
            await("the clerk", () -> schedule(engine, "agent/clerk").started() >= 2);
            assertEquals("stuck", watchman(engine).lastExit().kind());
            String run = schedule(engine, "agent/clerk").lastRunId();
            await(
                    "its end",
                    () -> engine.view().runs().stream()
                            .anyMatch(r -> r.id().equals(run) && r.state() == RunView.State.DONE));
            rounds = lastRound(engine);
            assertTrue(rounds >= 6, "rounds go on where the one before fell asleep: " + rounds);
            submit(engine, new Command.PauseSchedule("agent/clerk"));
            runs = schedule(engine, "agent/clerk").started();
        }
        try (Engine engine = Engine.open(folder, Engine.Options.RUN)) {
            assertTrue(engine.view().lifecycle().wasUp());
            assertEquals("start", engine.view().lifecycle().onOpen());
            submit(engine, new Command.Up());
            await("another round", () -> lastRound(engine) > rounds);
            assertTrue(lastRound(engine) <= rounds + 3, "it counts on: " + lastRound(engine));
            assertEquals(runs, schedule(engine, "agent/clerk").started(), "it is still paused");
        }
    }

    private static AgentView agent(Engine engine, String name) {
        return engine.view().agents().stream()
                .filter(a -> a.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void the_stocktaker_is_completed_after_five_shelves_and_counts_again_only_when_it_is_started() throws Exception {
        try (Engine engine = Engine.open(folder, Engine.Options.RUN)) {
            submit(engine, new Command.Up());
            await("the end of the count", () -> agent(engine, "stocktaker").state() == AgentView.State.COMPLETED);
            assertEquals(5, agent(engine, "stocktaker").calls());
            assertEquals(0, agent(engine, "stocktaker").restarts());
            submit(engine, new Command.StartAgent("stocktaker"));
            await("five more", () -> agent(engine, "stocktaker").calls() == 10);
            await("the end of that", () -> agent(engine, "stocktaker").state() == AgentView.State.COMPLETED);
        }
    }

    @Test
    void crates_are_loaded_while_the_shift_is_on_and_wait_else() throws Exception {
        String waits;
        try (Engine engine = Engine.open(folder, Engine.Options.RUN)) {
            submit(engine, new Command.Up());
            done(engine, crate(engine, "apples"));
            submit(engine, new Command.StopChild("guards", "loaders"));
            waits = crate(engine, "pears");
            assertEquals(1, engine.view().pools().getFirst().queue().depth());
            submit(engine, new Command.StartChild("guards", "loaders"));
            done(engine, waits);
            submit(engine, new Command.StopChild("guards", "loaders"));
            waits = crate(engine, "plums");
        }
        try (Engine engine = Engine.open(folder, Engine.Options.RUN)) {
            submit(engine, new Command.Up());
            done(engine, waits);
        }
    }

    private static String crate(Engine engine, String what) throws Exception {
        CommandResult begun = submit(engine, new Command.RunPool("loaders", "{\"crate\":\"" + what + "\"}"));
        return ((CommandResult.RunStarted) begun).runId();
    }

    private static void done(Engine engine, String id) {
        await(
                id + " to be loaded",
                () -> engine.view().runs().stream()
                        .anyMatch(r -> r.id().equals(id) && r.state() == RunView.State.DONE));
    }

    @Test
    void the_morning_report_can_be_had_now() throws Exception {
        try (Engine engine = Engine.open(folder, Engine.Options.RUN)) {
            CommandResult begun = submit(engine, new Command.RunScheduleNow("saga/morning-report"));
            String id = ((CommandResult.RunStarted) begun).runId();
            await(
                    "the report",
                    () -> engine.view().runs().stream()
                            .anyMatch(r -> r.id().equals(id) && r.state() == RunView.State.DONE));
            assertEquals(
                    "Europe/Berlin", schedule(engine, "saga/morning-report").timezone());
        }
    }
}
