package nexus.aiagents.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import nexus.aiagents.app.cli.EventLines;
import nexus.aiagents.app.cli.Terminal;
import nexus.aiagents.app.templates.Templates;
import nexus.aiagents.engine.Engine;
import nexus.aiagents.engine.control.Command;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.JournalEntry;
import nexus.aiagents.engine.journal.StoreException;
import org.jspecify.annotations.Nullable;

/// The demo without a window: the research-team sample runs for real in a fresh folder, and its lines are
/// printed until a crash was healed, a saga was rolled back and a budget has paused an agent.
final class TerminalDemo {
    private static final long PATIENCE_SECONDS = 90;

    private enum Scene {
        RESTART,
        ROLL_BACK,
        BUDGET
    }

    private final Terminal terminal;
    private final Set<Scene> missing = EnumSet.allOf(Scene.class);
    private final BlockingQueue<JournalEntry> entries = new LinkedBlockingQueue<>();
    private @Nullable String crashed;

    private TerminalDemo(Terminal terminal) {
        this.terminal = terminal;
    }

    /// @return whether everything was to be seen
    static boolean run(Terminal terminal) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("nexus-demo").resolve("research-team");
        Templates.write(Templates.files("research-team"), folder, Map.of(), Map.of("PROJECT", "research-team"));
        terminal.line("There is no display, so the demo runs here. Its model is the built-in scripted one: no key, no"
                + " network, no real money.");
        terminal.line("Project: " + folder);
        terminal.line("");
        TerminalDemo demo = new TerminalDemo(terminal);
        try (Engine engine = Engine.open(folder, new Engine.Options(true, false))) {
            demo.play(engine);
        } catch (Engine.ProjectHasErrors e) {
            e.diagnostics().forEach(d -> terminal.line(d.at().file() + ":" + (d.at().line() + 1) + " " + d.message()));
            return false;
        } catch (StoreException e) {
            terminal.line(String.valueOf(e.getMessage()));
            return false;
        }
        return demo.closing();
    }

    private void play(Engine engine) throws InterruptedException {
        Runnable unsubscribe = engine.follow(engine.view().seq(), entries::add);
        submit(engine, new Command.Up());
        submit(engine, new Command.RunSaga("publish-article", "{\"topic\":\"otters\",\"failAt\":\"publish\"}"));
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!missing.isEmpty() && System.nanoTime() < deadline) {
            JournalEntry entry = entries.poll(1, TimeUnit.SECONDS);
            if (entry != null) {
                show(entry);
                watch(entry.event());
            }
        }
        submit(engine, new Command.Down());
        unsubscribe.run();
    }

    private void show(JournalEntry entry) {
        EventLines.@Nullable Line line = EventLines.of(entry.event());
        if (line != null && !(entry.event() instanceof EngineEvent.AgentEmitted)) {
            terminal.line(EventLines.text(terminal, entry, line));
        }
    }

    private void watch(EngineEvent event) {
        switch (event) {
            case EngineEvent.SupervisorRestarted e -> crashed = e.child();
            case EngineEvent.AgentUp e when e.agent().equals(crashed) -> missing.remove(Scene.RESTART);
            case EngineEvent.RunEnded e
            when e.state().equals("failed") -> {
                terminal.line("          publish-article failed at '" + e.failedStep() + "' and was rolled back.");
                missing.remove(Scene.ROLL_BACK);
            }
            case EngineEvent.AgentPaused e when e.cause().equals("budget") -> missing.remove(Scene.BUDGET);
            default -> {}
        }
    }

    private void submit(Engine engine, Command command) {
        try {
            CommandResult result =
                    engine.submit(command, "naos").toCompletableFuture().join();
            if (result instanceof CommandResult.Refused refused) {
                terminal.line(refused.message());
            }
        } catch (CompletionException e) {
            terminal.line(String.valueOf(
                    e.getCause() == null ? e.getMessage() : e.getCause().getMessage()));
        }
    }

    private boolean closing() {
        terminal.line("");
        if (!missing.isEmpty()) {
            terminal.line("The demo did not get to the end within " + PATIENCE_SECONDS + " seconds; still missing: "
                    + missing + ". The machine may be very busy: try again.");
            return false;
        }
        terminal.line("You saw a crash and its restart, a roll-back, and a budget that paused a runaway.");
        terminal.line(
                "To open the window, run the same command where DISPLAY or WAYLAND_DISPLAY is set (or on Windows or"
                        + " macOS).");
        return true;
    }
}
