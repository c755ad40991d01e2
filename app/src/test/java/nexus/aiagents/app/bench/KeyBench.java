package nexus.aiagents.app.bench;

import static nexus.aiagents.app.bench.Table.text;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import javafx.animation.AnimationTimer;
import javafx.application.Platform;
import javafx.beans.InvalidationListener;
import javafx.beans.Observable;
import javafx.event.Event;
import javafx.scene.Scene;
import javafx.scene.control.ListView;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import nexus.aiagents.app.desktop.editor.EditorScreen;
import nexus.aiagents.app.desktop.shell.CannotOpen;
import nexus.aiagents.app.desktop.shell.Screen;
import org.fxmisc.richtext.CodeArea;

/// Keys in the editor of the window: what one costs the JavaFX thread until its frame is with the
/// thread that draws, what it costs with all that follows until the frame after that, and when the list
/// of problems says what it did. What follows has the copy of the finished picture in it, which the
/// headless platform makes in Java, pixel by pixel.
record KeyBench(List<Integer> sizes) implements Figures {
    private static final int KEYS = 60;
    private static final int WARM = 250;

    /// @param handed milliseconds of the JavaFX thread, until the frame is with the thread that draws
    /// @param all    the same, with what follows until the next frame
    private record Cost(double handed, double all) {}

    @Override
    public void measure(Table table) throws Exception {
        Frames.begin();
        table.columns(
                "keys in the window, median / p95",
                "JavaFX thread, until its frame is handed over",
                "with what follows",
                "until it is handed over, if it makes or mends an error",
                "with what follows",
                "key to the list of problems");
        for (int lines : sizes) {
            row(table, lines);
        }
    }

    private static void row(Table table, int lines) throws Exception {
        Path folder = Files.createTempDirectory("nexus-bench");
        String yaml = BenchProjects.lines(folder, lines);
        BenchWindow desktop = BenchWindow.open(
                _ -> {
                    throw new CannotOpen("closed", "only its text is looked at", "", List.of());
                },
                workspace -> List.of(new EditorScreen(workspace)));
        desktop.show(folder, Screen.EDITOR, "nexus.yaml");
        BenchWindow.await("the file is open", () -> !areas(desktop).isEmpty());
        CodeArea area = Frames.onFx(() -> (CodeArea) areas(desktop).iterator().next());
        BenchWindow.await("it is read", () -> area.getLength() >= yaml.length());
        int place = yaml.indexOf("runtime: javascript", yaml.length() / 2) + "runtime: javascript".length();
        Frames.onFx(() -> {
            area.moveTo(place);
            area.requestFollowCaret();
            area.requestFocus();
            return true;
        });
        int comment = yaml.indexOf("# shared", place) + 2;
        for (int i = 0; i < WARM; i++) {
            boolean more = i % 2 == 0;
            press(area, (i % 4 < 2 ? comment : place) + (more ? 0 : 1), more).get(60, TimeUnit.SECONDS);
        }
        List<Cost> plain = new ArrayList<>();
        List<Cost> telling = new ArrayList<>();
        List<Double> told = new ArrayList<>();
        for (int i = 0; i < KEYS; i++) {
            boolean wrong = i % 2 == 0;
            pause();
            plain.add(press(area, comment + (wrong ? 0 : 1), wrong).get(60, TimeUnit.SECONDS));
            pause();
            told.add(key(desktop, area, place + (wrong ? 0 : 1), wrong, telling));
        }
        table.row(
                text("%,d lines", lines),
                figures(plain, Cost::handed),
                figures(plain, Cost::all),
                figures(telling, Cost::handed),
                figures(telling, Cost::all),
                figures(told));
        desktop.close();
        Team.delete(folder);
    }

    private static Set<javafx.scene.Node> areas(BenchWindow desktop) {
        return desktop.window.scene().getRoot().lookupAll(".editor-area");
    }

    private static String figures(List<Double> times) {
        return text("%.1f / %.1f ms", Table.median(times), Table.quantile(times, 0.95));
    }

    private static String figures(List<Cost> costs, ToDoubleFunction<Cost> which) {
        return figures(costs.stream().map(which::applyAsDouble).toList());
    }

    /// As between two keys of somebody who types.
    private static void pause() throws Exception {
        Frames.of(0, 0.1, _ -> {});
    }

    private static CompletableFuture<Cost> press(CodeArea area, int place, boolean more) throws Exception {
        Frames.onFx(() -> {
            area.moveTo(place);
            return true;
        });
        return Frames.onFx(() -> pressed(area, more));
    }

    /// JavaFX thread.
    private static CompletableFuture<Cost> pressed(CodeArea area, boolean more) {
        CompletableFuture<Cost> cost = new CompletableFuture<>();
        CompletableFuture<Double> handed = new CompletableFuture<>();
        long before = Frames.cpu();
        Event.fireEvent(area, more ? typed("x") : back());
        Scene scene = area.getScene();
        Runnable afterLayout = new Runnable() {
            @Override
            public void run() {
                scene.removePostLayoutPulseListener(this);
                // Comes when the pulse is over.
                Platform.runLater(() -> handed.complete((Frames.cpu() - before) / 1e6));
            }
        };
        scene.addPostLayoutPulseListener(afterLayout);
        new AnimationTimer() {
            private int frames;

            @Override
            public void handle(long ignored) {
                if (++frames >= 2 && handed.isDone()) {
                    stop();
                    cost.complete(new Cost(handed.join(), (Frames.cpu() - before) / 1e6));
                }
            }
        }.start();
        return cost;
    }

    /// @return milliseconds until the problems are listed
    private static double key(BenchWindow desktop, CodeArea area, int place, boolean wrong, List<Cost> costs)
            throws Exception {
        CompletableFuture<Long> listed = new CompletableFuture<>();
        Frames.onFx(() -> {
            area.moveTo(place);
            ListView<?> problems =
                    (ListView<?>) Objects.requireNonNull(desktop.window.scene().lookup("#problems"));
            problems.getItems().addListener(new InvalidationListener() {
                @Override
                public void invalidated(Observable list) {
                    if (problems.getItems().isEmpty() != wrong) {
                        problems.getItems().removeListener(this);
                        listed.complete(System.nanoTime());
                    }
                }
            });
            return true;
        });
        pause();
        long began = System.nanoTime();
        costs.add(Frames.onFx(() -> pressed(area, wrong)).get(60, TimeUnit.SECONDS));
        return (listed.get(60, TimeUnit.SECONDS) - began) / 1e6;
    }

    private static KeyEvent typed(String character) {
        return new KeyEvent(KeyEvent.KEY_TYPED, character, "", KeyCode.UNDEFINED, false, false, false, false);
    }

    private static KeyEvent back() {
        return new KeyEvent(KeyEvent.KEY_PRESSED, "", "", KeyCode.BACK_SPACE, false, false, false, false);
    }
}
