package nexus.aiagents.app.desktop.editor;

import javafx.beans.binding.Bindings;
import javafx.beans.value.ObservableDoubleValue;
import javafx.geometry.Pos;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Pane;
import javafx.scene.layout.Priority;
import javafx.scene.layout.StackPane;
import javafx.scene.shape.Rectangle;
import nexus.aiagents.app.desktop.editor.merge.SideBySide;
import nexus.aiagents.app.desktop.editor.merge.Unified;
import org.jspecify.annotations.Nullable;

/// One row of a difference side by side: what was, and what is now.
final class SidesCell extends ListCell<SideBySide.Row> {
    private final Half old;
    private final Half now;
    private final HBox halves;
    private final Label all = new Label();

    /// @param across how far both texts are moved to the left
    SidesCell(ObservableDoubleValue across) {
        getStyleClass().addAll("diff-cell", "sides-cell");
        old = new Half(across);
        now = new Half(across);
        halves = new HBox(old, now);
        halves.setFillHeight(true);
        old.getStyleClass().add("sides-old");
        all.getStyleClass().add("sides-all");
        setPrefWidth(0); // as wide as the list: what is longer is moved by the bar below
    }

    @Override
    protected void updateItem(SideBySide.@Nullable Row row, boolean empty) {
        super.updateItem(row, empty);
        getStyleClass().removeAll("diff-file", "diff-folded");
        if (empty || row == null) {
            setGraphic(null);
            setAccessibleText(null);
            return;
        }
        setAccessibleText(row.words());
        Unified.Line line = row.line();
        if (line.kind() == Unified.Kind.FILE || line.kind() == Unified.Kind.FOLDED) {
            getStyleClass().add(line.kind() == Unified.Kind.FILE ? "diff-file" : "diff-folded");
            all.setText(line.text());
            setGraphic(all);
            return;
        }
        old.show(row.left(), true);
        now.show(row.right(), false);
        setGraphic(halves);
    }

    /// The number, the sign and the text of one side, which ends where the side ends.
    private static final class Half extends HBox {
        private final Label number = new Label();
        private final Label sign = new Label();
        private final HBox text = new HBox();

        Half(ObservableDoubleValue across) {
            getStyleClass().add("sides-half");
            number.getStyleClass().add("diff-number");
            number.setMinWidth(44);
            number.setPrefWidth(44);
            sign.getStyleClass().add("diff-sign");
            sign.setMinWidth(20);
            text.setAlignment(Pos.CENTER_LEFT);
            text.translateXProperty().bind(Bindings.negate(across));
            Pane place = new StackPane(text);
            place.setMinWidth(0);
            place.setPrefWidth(0);
            Rectangle clip = new Rectangle();
            clip.widthProperty().bind(place.widthProperty());
            clip.heightProperty().bind(place.heightProperty());
            place.setClip(clip);
            HBox.setHgrow(place, Priority.ALWAYS);
            setAlignment(Pos.CENTER_LEFT);
            setMinWidth(0);
            setPrefWidth(1); // half each, whatever is in it
            HBox.setHgrow(this, Priority.ALWAYS);
            getChildren().addAll(number, sign, place);
        }

        void show(Unified.@Nullable Line line, boolean isOld) {
            getStyleClass().removeAll("diff-added", "diff-removed", "diff-none");
            text.getChildren().clear();
            if (line == null) {
                getStyleClass().add("diff-none");
                number.setText("");
                sign.setText("");
                return;
            }
            int at = isOld ? line.old() : line.now();
            number.setText(at > 0 ? String.valueOf(at) : "");
            switch (line.kind()) {
                case ADDED -> getStyleClass().add("diff-added");
                case REMOVED -> getStyleClass().add("diff-removed");
                case SAME, FILE, FOLDED -> {}
            }
            sign.setText(line.kind() == Unified.Kind.ADDED ? "+" : line.kind() == Unified.Kind.REMOVED ? "−" : "");
            DiffCell.words(text, line);
        }
    }
}
