package nexus.aiagents.app.desktop.editor;

import javafx.geometry.Pos;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.layout.HBox;
import nexus.aiagents.app.desktop.editor.merge.InlineDiff;
import nexus.aiagents.app.desktop.editor.merge.Unified;
import org.jspecify.annotations.Nullable;

/// One line of a difference: its numbers in both files, and the words in it that differ set off.
final class DiffCell extends ListCell<Unified.Line> {
    private final Label old = new Label();
    private final Label now = new Label();
    private final Label sign = new Label();
    private final HBox text = new HBox();
    private final HBox row = new HBox(old, now, sign, text);

    DiffCell() {
        getStyleClass().add("diff-cell");
        for (Label number : new Label[] {old, now}) {
            number.getStyleClass().add("diff-number");
            number.setMinWidth(40);
            number.setPrefWidth(40);
        }
        sign.getStyleClass().add("diff-sign");
        sign.setMinWidth(20);
        text.setAlignment(Pos.CENTER_LEFT);
        row.setAlignment(Pos.CENTER_LEFT);
    }

    @Override
    protected void updateItem(Unified.@Nullable Line line, boolean empty) {
        super.updateItem(line, empty);
        getStyleClass().removeAll("diff-file", "diff-added", "diff-removed", "diff-folded");
        text.getChildren().clear();
        if (empty || line == null) {
            setGraphic(null);
            setAccessibleText(null);
            return;
        }
        old.setText(line.old() > 0 ? String.valueOf(line.old()) : "");
        now.setText(line.now() > 0 ? String.valueOf(line.now()) : "");
        String word = switch (line.kind()) {
            case FILE -> style("diff-file", "");
            case FOLDED -> style("diff-folded", "");
            case ADDED -> style("diff-added", "+");
            case REMOVED -> style("diff-removed", "−");
            case SAME -> style(null, "");
        };
        boolean numbered = line.kind() != Unified.Kind.FILE;
        for (Label label : new Label[] {old, now, sign}) {
            label.setVisible(numbered);
            label.setManaged(numbered);
        }
        words(text, line);
        setAccessibleText(word + line.text());
        setGraphic(row);
    }

    private String style(@Nullable String styleClass, String mark) {
        if (styleClass != null) {
            getStyleClass().add(styleClass);
        }
        sign.setText(mark);
        return mark.equals("+") ? "new: " : mark.isEmpty() ? "" : "gone: ";
    }

    /// The words of a line, those that differ set off.
    static void words(HBox into, Unified.Line line) {
        into.getChildren().clear();
        String all = line.text();
        int at = 0;
        for (InlineDiff.Range range : line.marks()) {
            part(into, all.substring(at, range.from()), "diff-text");
            part(into, all.substring(range.from(), range.to()), "diff-word");
            at = range.to();
        }
        part(into, all.substring(at), "diff-text");
    }

    private static void part(HBox into, String words, String styleClass) {
        if (!words.isEmpty()) {
            Label part = new Label(words.replace("\t", "  "));
            part.setMinWidth(USE_PREF_SIZE);
            part.getStyleClass().add(styleClass);
            into.getChildren().add(part);
        }
    }
}
