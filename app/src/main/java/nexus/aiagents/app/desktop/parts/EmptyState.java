package nexus.aiagents.app.desktop.parts;

import javafx.geometry.Pos;
import javafx.scene.control.Label;
import javafx.scene.layout.VBox;
import nexus.aiagents.app.desktop.shell.Action;
import nexus.aiagents.app.desktop.shell.ActionButton;
import org.jspecify.annotations.Nullable;

/// What stands where there is nothing to show: one sentence, at most one button.
public final class EmptyState extends VBox {
    public EmptyState(String sentence, @Nullable Action action) {
        getStyleClass().add("empty-state");
        setAlignment(Pos.CENTER);
        Label label = new Label(sentence);
        label.setWrapText(true);
        getChildren().add(label);
        if (action != null) {
            getChildren().add(new ActionButton(action, "accent"));
        }
    }
}
