package nexus.aiagents.app.bench;

import static nexus.aiagents.app.bench.Table.text;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import javafx.scene.control.ListView;
import nexus.aiagents.app.desktop.FakeEngineClient;
import nexus.aiagents.app.desktop.LivelyViews;
import nexus.aiagents.app.desktop.agent.AgentScreen;
import nexus.aiagents.app.desktop.shell.Screen;
import nexus.aiagents.engine.control.EngineClient;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.JournalEntry;

/// The log of an agent in the window while it says so many lines a second.
record LogBench(List<Integer> linesPerSecond, double seconds) implements Figures {
    private static final String[] LEVELS = {"info", "info", "info", "warn", "info", "error"};

    @Override
    public void measure(Table table) throws Exception {
        Frames.begin();
        table.columns("lines a second", "taken in", "frames/s", "JavaFX thread a frame", "drawing a frame");
        for (int rate : linesPerSecond) {
            row(table, rate);
        }
    }

    private void row(Table table, int rate) throws Exception {
        AtomicReference<Consumer<JournalEntry>> log = new AtomicReference<>();
        FakeEngineClient fake = new FakeEngineClient(new LivelyViews(Instant.now()).project());
        BenchWindow desktop =
                BenchWindow.open(_ -> following(fake, log), workspace -> List.of(new AgentScreen(workspace)));
        desktop.show(Path.of("/demo").toAbsolutePath(), Screen.AGENT, null);
        BenchWindow.await("the project is open", () -> desktop.workspace.view().get() != null);
        Frames.onFx(() -> {
            desktop.window.show(Screen.AGENT, "researcher");
            return true;
        });
        BenchWindow.await("the log follows", () -> log.get() != null);
        AtomicBoolean over = new AtomicBoolean();
        AtomicLong said = new AtomicLong();
        Thread agent = Thread.ofPlatform().daemon().start(() -> talk(log.get(), rate, said, over));
        Frames frames = Frames.of(3, seconds, _ -> {});
        over.set(true);
        agent.join();
        int shown = Frames.onFx(() -> ((ListView<?>) desktop.window.scene().lookup("#log-list"))
                .getItems()
                .size());
        table.row(
                text("%,d", rate),
                text("%,d, the last %,d are shown", said.get(), shown),
                text("%.0f", frames.perSecond()),
                frames.fxTime(),
                frames.drawTime());
        desktop.close();
    }

    private static EngineClient following(FakeEngineClient fake, AtomicReference<Consumer<JournalEntry>> log) {
        return (EngineClient) Proxy.newProxyInstance(
                EngineClient.class.getClassLoader(), new Class<?>[] {EngineClient.class}, (_, method, args) -> {
                    if (method.getName().equals("follow")) {
                        @SuppressWarnings("unchecked")
                        Consumer<JournalEntry> listener = (Consumer<JournalEntry>) args[1];
                        log.set(listener);
                        return (Runnable) () -> {};
                    }
                    try {
                        return method.invoke(fake, args);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    /// As many lines as are due, a hundred times a second.
    private static void talk(Consumer<JournalEntry> log, int rate, AtomicLong said, AtomicBoolean over) {
        long began = System.nanoTime();
        while (!over.get()) {
            long due = (System.nanoTime() - began) * rate / 1_000_000_000L;
            for (long i = said.get(); i < due; i++) {
                String level = LEVELS[(int) (i % LEVELS.length)];
                String line = "line " + i + ": otters hold hands while they sleep, so that they do not drift apart";
                log.accept(new JournalEntry(
                        10_000 + i,
                        Instant.now(),
                        new EngineEvent.AgentLogged("researcher", "r-1", level, line),
                        "hash"));
            }
            said.set(due);
            LockSupport.parkNanos(10_000_000);
        }
    }
}
