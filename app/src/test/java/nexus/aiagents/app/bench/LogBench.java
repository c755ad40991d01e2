package nexus.aiagents.app.bench;

import static nexus.aiagents.app.bench.Table.text;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
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
    private static final double WARM_SECONDS = 6;
    private static final String[] LEVELS = {"info", "info", "info", "warn", "info", "error"};

    @Override
    public void measure(Table table) throws Exception {
        Frames.begin();
        table.columns(
                "lines a second",
                "said, and shown at the end",
                "times a second that lines are taken in",
                "JavaFX thread each time",
                "drawing each time",
                "JavaFX thread, of a core");
        for (int rate : linesPerSecond) {
            row(table, rate);
        }
    }

    private void row(Table table, int rate) throws Exception {
        List<Consumer<JournalEntry>> log = new CopyOnWriteArrayList<>();
        FakeEngineClient fake = new FakeEngineClient(new LivelyViews(Instant.now()).project());
        BenchWindow desktop =
                BenchWindow.open(_ -> following(fake, log), workspace -> List.of(new AgentScreen(workspace)));
        desktop.show(Path.of("/demo").toAbsolutePath(), Screen.AGENT, null);
        BenchWindow.await("the project is open", () -> desktop.workspace.view().get() != null);
        Frames.onFx(() -> {
            desktop.window.show(Screen.AGENT, "researcher");
            return true;
        });
        AtomicBoolean over = new AtomicBoolean();
        AtomicLong said = new AtomicLong();
        Thread agent = Thread.ofPlatform().daemon().start(() -> talk(log, rate, said, over));
        BenchWindow.await("the log is shown", () -> !shown(desktop).isEmpty());
        List<?> lines = Frames.onFx(() -> shown(desktop));
        Taken taken = new Taken();
        Frames frames = Frames.of(WARM_SECONDS, seconds, _ -> taken.frame(lines));
        over.set(true);
        agent.join();
        List<Double> fx = taken.each(frames.fx());
        table.row(
                text("%,d", rate),
                text("%,d, the last %,d", said.get(), Frames.onFx(lines::size)),
                text("%.0f", fx.size() / seconds),
                figures(fx),
                figures(taken.each(frames.draw())),
                text("%.0f %%", frames.fx().stream().mapToDouble(d -> d).sum() / seconds / 10));
        desktop.close();
    }

    private static List<?> shown(BenchWindow desktop) {
        ListView<?> list = (ListView<?>) desktop.window.scene().lookup("#log-list");
        return list == null ? List.of() : list.getItems();
    }

    private static String figures(List<Double> times) {
        return times.isEmpty() ? "" : text("%.1f / %.1f ms", Table.median(times), Table.quantile(times, 0.95));
    }

    /// Which frames took lines in. Lines are put into the list between two pulses, laid out by the next of
    /// them and drawn meanwhile, so a time is that of two frames.
    private static final class Taken {
        private final List<Boolean> before = new ArrayList<>();
        private Object last = "";

        void frame(List<?> lines) {
            Object now = lines.isEmpty() ? "" : lines.getLast();
            before.add(now != last);
            last = now;
        }

        /// @param times of the frames that were measured, which are the last
        List<Double> each(List<Double> times) {
            List<Double> each = new ArrayList<>();
            int first = before.size() - times.size();
            for (int i = 0; i + 1 < times.size(); i++) {
                // What is seen at the beginning of a frame was put in during the one before it.
                if (first + i + 1 < before.size() && before.get(first + i + 1)) {
                    each.add(times.get(i) + times.get(i + 1));
                }
            }
            return each;
        }
    }

    private static EngineClient following(FakeEngineClient fake, List<Consumer<JournalEntry>> log) {
        return (EngineClient) Proxy.newProxyInstance(
                EngineClient.class.getClassLoader(), new Class<?>[] {EngineClient.class}, (_, method, args) -> {
                    if (method.getName().equals("follow")) {
                        @SuppressWarnings("unchecked")
                        Consumer<JournalEntry> listener = (Consumer<JournalEntry>) args[1];
                        log.add(listener); // whoever follows is told, as by the journal
                        return (Runnable) () -> log.remove(listener);
                    }
                    try {
                        return method.invoke(fake, args);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    /// As many lines as are due, a hundred times a second.
    private static void talk(List<Consumer<JournalEntry>> log, int rate, AtomicLong said, AtomicBoolean over) {
        long began = System.nanoTime();
        while (!over.get()) {
            long due = (System.nanoTime() - began) * rate / 1_000_000_000L;
            for (long i = said.get(); i < due; i++) {
                String level = LEVELS[(int) (i % LEVELS.length)];
                String line = "line " + i + ": otters hold hands while they sleep, so that they do not drift apart";
                JournalEntry entry = new JournalEntry(
                        10_000 + i,
                        Instant.now(),
                        new EngineEvent.AgentLogged("researcher", "r-1", level, line),
                        "hash");
                log.forEach(follower -> follower.accept(entry));
            }
            said.set(due);
            LockSupport.parkNanos(10_000_000);
        }
    }
}
