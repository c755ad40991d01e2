package nexus.aiagents.app.desktop.parts;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.concurrent.Callable;
import javafx.application.ColorScheme;
import javafx.beans.property.SimpleObjectProperty;
import javafx.scene.Group;
import javafx.scene.Scene;
import javafx.scene.SnapshotParameters;
import javafx.scene.image.PixelReader;
import javafx.scene.image.WritableImage;
import javafx.scene.text.Font;
import javafx.scene.text.Text;
import javafx.scene.transform.Scale;
import nexus.aiagents.app.desktop.shell.Theme;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.testfx.api.FxToolkit;
import org.testfx.util.WaitForAsyncUtils;

/// Letters whose strokes overlap are drawn with gaps where they cross, and a plus then reads as a
/// division sign: the fonts of the product have none.
class LettersTest {
    private static final int ACROSS = 40;

    @BeforeAll
    static void fonts() throws Exception {
        FxToolkit.registerPrimaryStage();
        onFx(() -> new Theme(new SimpleObjectProperty<>(ColorScheme.LIGHT), Theme.Choice.LIGHT));
    }

    private static <T> T onFx(Callable<T> what) throws Exception {
        return WaitForAsyncUtils.asyncFx(what).get();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Inter", "Inter SemiBold"})
    void a_plus_is_one_upright_stroke_at_every_size(String family) throws Exception {
        for (double scale : new double[] {1, 1.25, 1.5, 2}) {
            for (double size = 10; size <= 20; size += 0.5) {
                double at = size;
                double weakest = onFx(() -> weakestOfTheStroke(family, at, scale));
                assertTrue(weakest > 0.9, family + " " + size + " at " + scale + ": " + weakest);
            }
        }
    }

    /// How dark the upright stroke of a plus is in its middle, of what it is elsewhere; 1: as dark.
    private static double weakestOfTheStroke(String family, double size, double scale) {
        Text plus = new Text("+");
        plus.setFont(Font.font(family, size));
        plus.getTransforms().add(new Scale(scale, scale));
        Group root = new Group(plus);
        new Scene(root);
        WritableImage image = plus.snapshot(new SnapshotParameters(), new WritableImage(ACROSS, ACROSS));
        PixelReader pixels = image.getPixelReader();
        double[] best = new double[0];
        double most = 0;
        for (int x = 0; x < ACROSS; x++) {
            double[] column = new double[ACROSS];
            double sum = 0;
            for (int y = 0; y < ACROSS; y++) {
                column[y] = 1 - pixels.getColor(x, y).getBrightness();
                sum += column[y];
            }
            if (sum > most) {
                most = sum;
                best = column;
            }
        }
        int first = -1;
        int last = -1;
        for (int y = 0; y < best.length; y++) {
            if (best[y] > 0.05) {
                first = first < 0 ? y : first;
                last = y;
            }
        }
        double[] stroke = Arrays.copyOfRange(best, first, last + 1);
        Arrays.sort(stroke);
        double usual = stroke[stroke.length / 2];
        double weakest = usual;
        int third = (last - first + 1) / 3;
        for (int y = first + third; y <= last - third; y++) {
            weakest = Math.min(weakest, best[y]);
        }
        return weakest / usual;
    }
}
