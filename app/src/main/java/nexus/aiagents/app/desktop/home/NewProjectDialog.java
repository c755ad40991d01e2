package nexus.aiagents.app.desktop.home;

import java.nio.file.Path;
import java.util.Optional;
import java.util.SequencedMap;
import javafx.geometry.Pos;
import javafx.geometry.VPos;
import javafx.scene.Node;
import javafx.scene.control.ButtonBar;
import javafx.scene.control.ButtonType;
import javafx.scene.control.Dialog;
import javafx.scene.control.Label;
import javafx.scene.control.RadioButton;
import javafx.scene.control.ToggleGroup;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.VBox;
import javafx.stage.Window;
import nexus.aiagents.app.desktop.shell.Theme;
import nexus.aiagents.app.desktop.shell.Workspace;
import org.jspecify.annotations.Nullable;

/// Asks what a new project begins as, what it is called and where it goes.
final class NewProjectDialog {
    private static final double TITLE = 128;

    record Wanted(String template, Path folder) {}

    private final SequencedMap<String, String> all;
    private final ToggleGroup templates = new ToggleGroup();
    private final ProjectPlace place;

    /// @param all what a project can begin as: what each is, by name
    NewProjectDialog(Workspace workspace, SequencedMap<String, String> all) {
        this.all = all;
        place = new ProjectPlace(workspace, "my-team");
    }

    Optional<Wanted> ask(@Nullable Window owner) {
        ButtonType make = new ButtonType("Create project", ButtonBar.ButtonData.OK_DONE);
        Dialog<Wanted> dialog = new Dialog<>();
        dialog.initOwner(owner);
        Theme.adopt(dialog.getDialogPane(), owner);
        dialog.setTitle("New project");
        dialog.setHeaderText("New project");
        dialog.getDialogPane().getButtonTypes().addAll(make, ButtonType.CANCEL);
        dialog.getDialogPane().setContent(form());
        place.guard(dialog.getDialogPane().lookupButton(make));
        dialog.setResultConverter(pressed -> pressed == make ? wanted() : null);
        dialog.setOnShown(_ -> place.name().requestFocus());
        return dialog.showAndWait();
    }

    private Node form() {
        VBox choices = new VBox(8);
        all.forEach((template, description) -> choices.getChildren().add(choice(template, description)));
        GridPane grid = new GridPane(16, 12);
        Label begin = new Label("Begin with");
        begin.setMinWidth(Label.USE_PREF_SIZE);
        grid.addRow(0, begin, choices);
        GridPane.setValignment(begin, VPos.TOP); // beside the first of them
        place.addTo(grid, 1);
        grid.setPrefWidth(620);
        return grid;
    }

    private Node choice(String template, String text) {
        RadioButton button = new RadioButton(Samples.title(template));
        button.setMinWidth(TITLE);
        button.setToggleGroup(templates);
        button.setUserData(template);
        button.setSelected(template.equals(ProjectTemplates.RESEARCH_TEAM) || templates.getSelectedToggle() == null);
        Label label = new Label(text);
        label.setWrapText(true);
        HBox row = new HBox(12, button, label);
        row.setAlignment(Pos.CENTER_LEFT);
        return row;
    }

    private Wanted wanted() {
        Object template = templates.getSelectedToggle().getUserData();
        return new Wanted(String.valueOf(template), place.folder());
    }
}
