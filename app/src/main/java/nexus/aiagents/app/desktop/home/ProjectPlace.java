package nexus.aiagents.app.desktop.home;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import nexus.aiagents.app.desktop.shell.Workspace;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

/// What a new project is called and where it goes: three rows of a form.
final class ProjectPlace {
    private final Workspace workspace;
    private final TextField name = new TextField();
    private final TextField parent = new TextField();
    private final Label problem = new Label();
    private final StringProperty wrong = new SimpleStringProperty("");

    ProjectPlace(Workspace workspace, String suggested) {
        this.workspace = workspace;
        name.setText(suggested);
        parent.setText(System.getProperty("user.home"));
        name.setId("new-name");
        parent.setId("new-parent");
        problem.setId("new-problem");
        name.setAccessibleText("Project name");
        parent.setAccessibleText("Folder it is made in");
        problem.getStyleClass().add("form-problem");
        problem.setWrapText(true);
        problem.setMinHeight(36);
        problem.textProperty().bind(wrong);
        name.textProperty().addListener(_ -> check());
        parent.textProperty().addListener(_ -> check());
        check();
    }

    /// Puts the rows into a form of two columns.
    void addTo(GridPane form, int row) {
        Button browse = new Button("Choose…", new FontIcon(Feather.FOLDER));
        browse.setMinWidth(Button.USE_PREF_SIZE);
        browse.setAccessibleText("Choose the folder it is made in");
        browse.setOnAction(_ -> workspace
                .chooser()
                .choose("Where the project goes", path())
                .ifPresent(p -> parent.setText(p.toString())));
        HBox.setHgrow(parent, Priority.ALWAYS);
        HBox where = new HBox(8, parent, browse);
        where.setAlignment(Pos.CENTER_LEFT);
        GridPane.setHgrow(where, Priority.ALWAYS);
        form.addRow(row, new Label("Name"), name);
        form.addRow(row + 1, new Label("In folder"), where);
        form.add(problem, 1, row + 2);
    }

    /// The button works only while nothing is wrong, and typing begins at the name.
    void guard(Node button) {
        button.disableProperty().bind(wrong.isNotEmpty());
        name.selectAll();
    }

    TextField name() {
        return name;
    }

    /// Where the project goes.
    Path folder() {
        return path().resolve(name.getText());
    }

    private Path path() {
        try {
            return Path.of(parent.getText());
        } catch (InvalidPathException _) {
            return Path.of("");
        }
    }

    /// The disk is asked in the background; until it answers, nothing can be made.
    private void check() {
        String named = name.getText();
        String into = parent.getText();
        if (!named.matches("[A-Za-z0-9][A-Za-z0-9_-]{0,63}")) {
            wrong.set("A name has letters, digits, - and _, and begins with a letter or digit.");
            return;
        }
        wrong.set("Looking at the folder…");
        Path in = path();
        workspace
                .background()
                .quietly(
                        _ -> wrong(in, into, named),
                        found -> {
                            if (named.equals(name.getText()) && into.equals(parent.getText())) {
                                wrong.set(found);
                            }
                        },
                        e -> wrong.set("The folder can not be looked at: " + e.getMessage()));
    }

    private static String wrong(Path in, String typed, String name) {
        if (!Files.isDirectory(in)) {
            return "The folder " + typed + " does not exist.";
        }
        return Files.exists(in.resolve(name)) ? in.resolve(name) + " is there already; take another name." : "";
    }
}
