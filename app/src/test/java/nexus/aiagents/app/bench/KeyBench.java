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
import javafx.animation.AnimationTimer;
import javafx.beans.InvalidationListener;
import javafx.beans.Observable;
import javafx.event.Event;
import javafx.scene.control.ListView;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import nexus.aiagents.app.desktop.editor.EditorScreen;
import nexus.aiagents.app.desktop.shell.CannotOpen;
import nexus.aiagents.app.desktop.shell.Screen;
import org.fxmisc.richtext.CodeArea;

/// Keys in the editor of the window: what one costs the JavaFX thread until its frame is drawn, and when
/// the list of problems says what it did.
record KeyBench(List<Integer> sizes) implements Figures {
    private static final int KEYS = 90;
    private static final int WARM = 30;

    @Override
    public void measure(Table table) throws Exception {
        Frames.begin();
        table.columns(
                "keys in the window, median / p95",
                "JavaFX thread, until it is drawn",
                "the same if it makes or mends an error",
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
        List<Double> echo = new ArrayList<>();
        List<Double> fx = new ArrayList<>();
        List<Double> told = new ArrayList<>();
        for (int i = 0; i < KEYS; i++) {
            boolean wrong = i % 2 == 0;
            double plain = plainKey(area, yaml.indexOf("# shared", place) + 2, wrong);
            double[] took = key(desktop, area, place + (wrong ? 0 : 1), wrong);
            if (i >= WARM) {
                echo.add(plain);
                fx.add(took[0]);
                told.add(took[1]);
            }
        }
        table.row(text("%,d lines", lines), figures(echo), figures(fx), figures(told));
        desktop.close();
        Team.delete(folder);
    }

    private static Set<javafx.scene.Node> areas(BenchWindow desktop) {
        return desktop.window.scene().getRoot().lookupAll(".editor-area");
    }

    private static String figures(List<Double> times) {
        return text("%.1f / %.1f ms", Table.median(times), Table.quantile(times, 0.95));
    }

    /// A key in a comment, of which there is nothing to say.
    private static double plainKey(CodeArea area, int place, boolean more) throws Exception {
        CompletableFuture<Double> drawn = new CompletableFuture<>();
        Frames.onFx(() -> {
            area.moveTo(place + (more ? 0 : 1));
            return true;
        });
        Frames.of(0, 0.1, _ -> {});
        Frames.onFx(() -> {
            long cpu = Frames.cpu();
            Event.fireEvent(area, more ? typed("x") : back());
            whenDrawn(cpu, drawn);
            return true;
        });
        double took = drawn.get(60, TimeUnit.SECONDS);
        Frames.of(0, 0.1, _ -> {});
        return took;
    }

    private static void whenDrawn(long cpu, CompletableFuture<Double> drawn) {
        new AnimationTimer() {
            private int frames;

            @Override
            public void handle(long ignored) {
                if (++frames == 2) {
                    stop();
                    drawn.complete((Frames.cpu() - cpu) / 1e6);
                }
            }
        }.start();
    }

    /// @return milliseconds of the JavaFX thread until the frame is drawn, and until the problems are
    ///     listed
    private static double[] key(BenchWindow desktop, CodeArea area, int place, boolean wrong) throws Exception {
        CompletableFuture<Double> drawn = new CompletableFuture<>();
        CompletableFuture<Long> listed = new CompletableFuture<>();
        Frames.onFx(() -> {
            area.moveTo(place);
            return true;
        });
        Frames.of(0, 0.1, _ -> {});
        long began = Frames.onFx(() -> {
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
            long cpu = Frames.cpu();
            long now = System.nanoTime();
            Event.fireEvent(area, wrong ? typed("x") : back());
            whenDrawn(cpu, drawn);
            return now;
        });
        return new double[] {
            drawn.get(60, TimeUnit.SECONDS), (listed.get(60, TimeUnit.SECONDS) - began) / 1e6,
        };
    }

    private static KeyEvent typed(String character) {
        return new KeyEvent(KeyEvent.KEY_TYPED, character, "", KeyCode.UNDEFINED, false, false, false, false);
    }

    private static KeyEvent back() {
        return new KeyEvent(KeyEvent.KEY_PRESSED, "", "", KeyCode.BACK_SPACE, false, false, false, false);
    }
}
