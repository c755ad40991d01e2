package nexus.aiagents.app.desktop.home;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.SequencedMap;
import javafx.beans.binding.Bindings;
import javafx.beans.binding.StringBinding;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ButtonBar;
import javafx.scene.control.ButtonType;
import javafx.scene.control.Dialog;
import javafx.scene.control.Label;
import javafx.scene.control.RadioButton;
import javafx.scene.control.TextField;
import javafx.scene.control.ToggleGroup;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import javafx.stage.Window;
import nexus.aiagents.app.desktop.shell.Theme;
import nexus.aiagents.app.desktop.shell.Workspace;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

/// Asks what a new project begins as, what it is called and where it goes.
final class NewProjectDialog {
    private static final double TITLE = 128;

    record Wanted(String template, Path folder) {}

    private final Workspace workspace;
    private final SequencedMap<String, String> all;
    private final ToggleGroup templates = new ToggleGroup();
    private final TextField name = new TextField("my-team");
    private final TextField parent = new TextField();
    private final Label problem = new Label();

    /// @param all what a project can begin as: what each is, by name
    NewProjectDialog(Workspace workspace, SequencedMap<String, String> all) {
        this.workspace = workspace;
        this.all = all;
        parent.setText(System.getProperty("user.home"));
        name.setId("new-name");
        parent.setId("new-parent");
        problem.setId("new-problem");
        name.setAccessibleText("Project name");
        parent.setAccessibleText("Folder it is made in");
        problem.getStyleClass().add("form-problem");
        problem.setWrapText(true);
        problem.setMinHeight(36);
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
        StringBinding wrong = Bindings.createStringBinding(this::problem, name.textProperty(), parent.textProperty());
        problem.textProperty().bind(wrong);
        Node button = dialog.getDialogPane().lookupButton(make);
        button.disableProperty().bind(wrong.isNotEmpty());
        dialog.setResultConverter(pressed -> pressed == make ? wanted() : null);
        name.selectAll();
        dialog.setOnShown(_ -> name.requestFocus());
        return dialog.showAndWait();
    }

    private Node form() {
        VBox choices = new VBox(8);
        all.forEach((template, description) -> choices.getChildren().add(choice(template, description)));
        Button browse = new Button("Choose…", new FontIcon(Feather.FOLDER));
        browse.setMinWidth(Button.USE_PREF_SIZE);
        browse.setOnAction(_ -> workspace
                .chooser()
                .choose("Where the project goes", Path.of(parent.getText()))
                .ifPresent(p -> parent.setText(p.toString())));
        HBox.setHgrow(parent, Priority.ALWAYS);
        GridPane grid = new GridPane(16, 12);
        Label begin = new Label("Begin with");
        begin.setMinWidth(Label.USE_PREF_SIZE);
        grid.addRow(0, begin, choices);
        grid.addRow(1, new Label("Name"), name);
        HBox where = new HBox(8, parent, browse);
        where.setAlignment(Pos.CENTER_LEFT);
        grid.addRow(2, new Label("In folder"), where);
        grid.add(problem, 1, 3);
        grid.setPrefWidth(620);
        GridPane.setHgrow(where, Priority.ALWAYS);
        return grid;
    }

    private Node choice(String template, String text) {
        RadioButton button = new RadioButton(title(template));
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

    private static String title(String template) {
        return template.substring(0, 1).toUpperCase(Locale.ROOT)
                + template.substring(1).replace('-', ' ');
    }

    private String problem() {
        if (!name.getText().matches("[A-Za-z0-9][A-Za-z0-9_-]{0,63}")) {
            return "A name has letters, digits, - and _, and begins with a letter or digit.";
        }
        Path in = Path.of(parent.getText());
        if (!Files.isDirectory(in)) {
            return "The folder " + in + " does not exist.";
        }
        return Files.exists(in.resolve(name.getText()))
                ? in.resolve(name.getText()) + " is there already; take another name."
                : "";
    }

    private Wanted wanted() {
        Object template = templates.getSelectedToggle().getUserData();
        return new Wanted(String.valueOf(template), Path.of(parent.getText(), name.getText()));
    }
}
