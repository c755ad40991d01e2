package nexus.aiagents.app.desktop.parts;

import javafx.geometry.Pos;
import javafx.scene.control.Label;
import javafx.scene.layout.VBox;
import nexus.aiagents.app.desktop.shell.Action;
import nexus.aiagents.app.desktop.shell.ActionButton;
import nexus.aiagents.app.desktop.shell.Screen;
import nexus.aiagents.app.desktop.shell.Workspace;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.feather.Feather;

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

    /// Stands on a screen while no project is open, and leads to where one is opened.
    ///
    /// @param screen   its id
    /// @param sentence `Open a project to …`
    public static EmptyState noProject(Workspace workspace, String screen, String sentence) {
        return new EmptyState(
                sentence,
                Action.always(
                        screen + ".home", "Go to Home", Feather.HOME, null, () -> workspace.show(Screen.HOME, null)));
    }
}
