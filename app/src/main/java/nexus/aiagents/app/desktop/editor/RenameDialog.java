package nexus.aiagents.app.desktop.editor;

import java.util.List;
import javafx.event.ActionEvent;
import javafx.geometry.Insets;
import javafx.scene.Node;
import javafx.scene.control.ButtonBar;
import javafx.scene.control.ButtonType;
import javafx.scene.control.Dialog;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.layout.VBox;
import javafx.stage.Window;
import nexus.aiagents.app.desktop.fx.Background;
import nexus.aiagents.app.desktop.shell.Theme;
import nexus.aiagents.engine.project.LanguageService.Named;
import nexus.aiagents.engine.project.LanguageService.RenameRefused;
import nexus.aiagents.engine.project.LanguageService.TextEdit;
import org.jspecify.annotations.Nullable;

/// Asks for another name. It closes once the edits are known; a name that can not be given is told in it.
final class RenameDialog extends Dialog<List<TextEdit>> {

    interface Renaming {
        List<TextEdit> to(String newName) throws RenameRefused;
    }

    private final Label refused = new Label();

    RenameDialog(@Nullable Window owner, Background background, Named named, Renaming renaming) {
        initOwner(owner);
        String title = "Rename " + named.kind() + " " + named.name();
        setTitle(title);
        setHeaderText(title);
        Theme.adopt(getDialogPane(), owner);
        TextField field = new TextField(named.name());
        field.setId("rename-name");
        field.selectAll();
        Label label = new Label("New name");
        label.setLabelFor(field);
        Label meaning = new Label(meaning(named.kind()));
        meaning.getStyleClass().add("muted");
        refused.setId("rename-refused");
        refused.getStyleClass().add("danger");
        for (Label text : List.of(meaning, refused)) {
            text.setWrapText(true);
            text.setMinHeight(Label.USE_PREF_SIZE);
        }
        say("");
        VBox content = new VBox(16, meaning, new VBox(4, label, field), refused);
        content.setPadding(new Insets(16));
        content.setPrefWidth(460);
        getDialogPane().setContent(content);
        ButtonType go = new ButtonType("Rename", ButtonBar.ButtonData.OK_DONE);
        getDialogPane().getButtonTypes().addAll(go, new ButtonType("Keep the name", ButtonBar.ButtonData.CANCEL_CLOSE));
        Node button = getDialogPane().lookupButton(go);
        button.setId("rename-go");
        button.disableProperty().bind(field.textProperty().map(text -> text.isBlank() || text.equals(named.name())));
        button.addEventFilter(ActionEvent.ACTION, e -> {
            e.consume(); // it closes when the answer is there
            background.quietly(_ -> renaming.to(field.getText().strip()), this::found, this::failed);
        });
        setOnShown(_ -> field.requestFocus());
    }

    private static String meaning(String kind) {
        return switch (kind) {
            case "agent" ->
                "In all YAML files. Programs that call it by its name are not changed, and its durable keys and history stay"
                        + " under the old one.";
            case "step" -> "In its saga or workflow, also where expressions name it.";
            default -> "In all YAML files.";
        };
    }

    private void found(List<TextEdit> edits) {
        setResult(edits);
        close();
    }

    private void failed(Throwable e) {
        say(e instanceof RenameRefused ? String.valueOf(e.getMessage()) : "It could not be renamed: " + e.getMessage());
    }

    private void say(String text) {
        refused.setText(text);
        refused.setVisible(!text.isEmpty());
        refused.setManaged(!text.isEmpty());
        if (getDialogPane().getScene() != null && getDialogPane().getScene().getWindow() != null) {
            getDialogPane().getScene().getWindow().sizeToScene();
        }
    }
}
