package nexus.aiagents.app.desktop.shell;

import java.util.Map;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.input.Clipboard;
import javafx.scene.input.DataFormat;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import nexus.aiagents.engine.project.Position;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

/// Says why the project is not open: what happened, what it means, what to do.
final class ProblemBanner extends HBox {
    private final Workspace workspace;
    private final Label title = new Label();
    private final Label message = new Label();
    private final Label remedy = new Label();
    private final Button edit = new Button("Open the editor", new FontIcon(Feather.EDIT_2));
    private final Button again = new Button("Try again", new FontIcon(Feather.REFRESH_CW));
    private final Button copy = new Button("Copy details", new FontIcon(Feather.COPY));

    ProblemBanner(Workspace workspace) {
        this.workspace = workspace;
        setId("problem");
        getStyleClass().add("problem");
        setAlignment(Pos.CENTER_LEFT);
        title.getStyleClass().add("strong");
        message.setWrapText(true);
        remedy.setWrapText(true);
        remedy.getStyleClass().add("muted");
        VBox text = new VBox(2, title, message, remedy);
        HBox.setHgrow(text, Priority.ALWAYS);
        edit.setId("problem-edit");
        again.setId("problem-again");
        again.setOnAction(_ -> workspace.open(workspace.folder().get()));
        for (Button button : new Button[] {edit, again, copy}) {
            button.setMinWidth(USE_PREF_SIZE);
            button.setAccessibleText(button.getText());
        }
        FontIcon icon = new FontIcon(Feather.ALERT_CIRCLE);
        icon.getStyleClass().add("kind");
        getChildren().addAll(icon, text, edit, again, copy);
        workspace.problem().addListener((_, _, now) -> show(now));
        show(null);
    }

    private void show(@Nullable CannotOpen problem) {
        setVisible(problem != null);
        setManaged(problem != null);
        if (problem == null) {
            return;
        }
        title.setText(problem.title());
        message.setText(problem.getMessage());
        remedy.setText(problem.remedy());
        boolean inYaml = !problem.diagnostics().isEmpty();
        edit.setVisible(inYaml);
        edit.setManaged(inYaml);
        if (inYaml) {
            Position at = problem.diagnostics().getFirst().at();
            edit.setOnAction(_ -> workspace.show(Screen.EDITOR, at.file() + ":" + at.line() + ":" + at.column()));
        }
        copy.setOnAction(
                _ -> Clipboard.getSystemClipboard().setContent(Map.of(DataFormat.PLAIN_TEXT, problem.details())));
        setAccessibleText(problem.title() + ". " + problem.getMessage() + " " + problem.remedy());
    }
}
