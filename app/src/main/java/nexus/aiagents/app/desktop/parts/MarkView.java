package nexus.aiagents.app.desktop.parts;

import javafx.geometry.Pos;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.StackPane;
import javafx.scene.shape.SVGPath;

/// A {@link Mark} as a control: shape and, unless it stands beside text that says the same, its word.
public final class MarkView extends HBox {
    private final SVGPath shape = new SVGPath();
    private final Label word = new Label();
    private Tone tone = Tone.NEUTRAL;

    public MarkView(boolean withWord) {
        getStyleClass().add("mark");
        setAlignment(Pos.CENTER_LEFT);
        StackPane box = new StackPane(shape);
        box.getStyleClass().add("mark-box");
        shape.getStyleClass().addAll("mark-shape", tone.styleClass());
        word.getStyleClass().addAll("mark-word", tone.styleClass());
        getChildren().add(box);
        if (withWord) {
            getChildren().add(word);
        }
    }

    public MarkView(Mark mark, boolean withWord) {
        this(withWord);
        show(mark);
    }

    public void show(Mark mark) {
        shape.setContent(mark.shape().path());
        word.setText(mark.text());
        setAccessibleText(mark.text());
        if (tone != mark.tone()) {
            shape.getStyleClass().remove(tone.styleClass());
            word.getStyleClass().remove(tone.styleClass());
            tone = mark.tone();
            shape.getStyleClass().add(tone.styleClass());
            word.getStyleClass().add(tone.styleClass());
        }
    }
}
