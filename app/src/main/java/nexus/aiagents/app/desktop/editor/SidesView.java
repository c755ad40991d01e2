package nexus.aiagents.app.desktop.editor;

import javafx.beans.property.DoubleProperty;
import javafx.geometry.Orientation;
import javafx.scene.control.ListView;
import javafx.scene.control.ScrollBar;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.ScrollEvent;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import javafx.scene.text.Font;
import javafx.scene.text.Text;
import nexus.aiagents.app.desktop.editor.merge.SideBySide;
import nexus.aiagents.app.desktop.editor.merge.Unified;
import org.jspecify.annotations.Nullable;

/// Old and new text beside each other, row by row in one list, so that both scroll as one: down by the
/// list, across by one bar below for both halves.
final class SidesView extends VBox {
    /// What stands before the text of a half: its number, its sign and some room.
    private static final double BEFORE_TEXT = 80;
    private static final double STEP = 40;

    private final ListView<SideBySide.Row> list = new ListView<>();
    private final ScrollBar across = new ScrollBar();
    private double widest;

    SidesView() {
        list.setId("difference-sides");
        list.setAccessibleText("Old and new lines beside each other");
        list.getStyleClass().addAll("dense", "diff-lines");
        list.setCellFactory(_ -> new SidesCell(across.valueProperty()));
        list.addEventFilter(ScrollEvent.SCROLL, e -> {
            if (Math.abs(e.getDeltaX()) > Math.abs(e.getDeltaY())) {
                move(-e.getDeltaX());
                e.consume();
            }
        });
        list.addEventFilter(KeyEvent.KEY_PRESSED, e -> {
            if (e.getCode() == KeyCode.LEFT || e.getCode() == KeyCode.RIGHT) {
                move(e.getCode() == KeyCode.LEFT ? -STEP : STEP);
                e.consume();
            }
        });
        across.setOrientation(Orientation.HORIZONTAL);
        across.setId("difference-across");
        across.setAccessibleText("Both texts, across");
        across.setUnitIncrement(STEP);
        across.managedProperty().bind(across.visibleProperty());
        list.widthProperty().addListener((_, _, _) -> measure());
        VBox.setVgrow(list, Priority.ALWAYS);
        getChildren().addAll(list, across);
        measure();
    }

    ListView<SideBySide.Row> list() {
        return list;
    }

    void show(SideBySide sides) {
        list.getItems().setAll(sides.rows());
        int longest = 0;
        for (SideBySide.Row row : sides.rows()) {
            longest = Math.max(longest, Math.max(length(row.left()), length(row.right())));
        }
        Text text = new Text("0".repeat(longest));
        text.setFont(Font.font("JetBrains Mono", 13));
        widest = text.getLayoutBounds().getWidth();
        across.setValue(0);
        measure();
    }

    private static int length(Unified.@Nullable Line line) {
        return line == null || line.kind() == Unified.Kind.FILE || line.kind() == Unified.Kind.FOLDED
                ? 0
                : line.text().replace("\t", "  ").length();
    }

    private void measure() {
        double room = Math.max(40, list.getWidth() / 2 - BEFORE_TEXT);
        double hidden = Math.max(0, widest - room);
        across.setVisible(hidden > 0);
        across.setMax(hidden);
        across.setVisibleAmount(hidden == 0 ? 0 : hidden * room / widest);
        across.setBlockIncrement(room / 2);
        across.setValue(Math.min(across.getValue(), hidden));
    }

    private void move(double by) {
        DoubleProperty value = across.valueProperty();
        value.set(Math.clamp(value.get() + by, 0, across.getMax()));
    }
}
