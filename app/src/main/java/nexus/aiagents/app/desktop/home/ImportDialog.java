package nexus.aiagents.app.desktop.home;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import javafx.scene.Node;
import javafx.scene.control.ButtonBar;
import javafx.scene.control.ButtonType;
import javafx.scene.control.Dialog;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import javafx.stage.Window;
import nexus.aiagents.app.desktop.parts.Mark;
import nexus.aiagents.app.desktop.parts.MarkView;
import nexus.aiagents.app.desktop.parts.Tone;
import nexus.aiagents.app.desktop.shell.Theme;
import nexus.aiagents.app.desktop.shell.Workspace;
import nexus.aiagents.engine.imports.Imported;
import nexus.aiagents.engine.imports.Imported.Item;
import org.jspecify.annotations.Nullable;

/// Shows what would come over and what would not, and asks where the project goes. Nothing is written
/// by it.
final class ImportDialog {
    private static final double WIDTH = 720;
    private static final double MOST_HIGH = 320;
    private static final double WHAT = 220;

    private final Imported imported;
    private final ProjectPlace place;

    ImportDialog(Workspace workspace, Imported imported) {
        this.imported = imported;
        place = new ProjectPlace(workspace, imported.name());
    }

    /// @return the folder of the new project
    Optional<Path> ask(@Nullable Window owner) {
        ButtonType make = new ButtonType("Import project", ButtonBar.ButtonData.OK_DONE);
        Dialog<Path> dialog = new Dialog<>();
        dialog.initOwner(owner);
        Theme.adopt(dialog.getDialogPane(), owner);
        dialog.setTitle("Import");
        dialog.setHeaderText("Import from " + imported.kind());
        dialog.getDialogPane().getButtonTypes().addAll(make, ButtonType.CANCEL);
        dialog.getDialogPane().setContent(content());
        place.guard(dialog.getDialogPane().lookupButton(make));
        dialog.setResultConverter(pressed -> pressed == make ? place.folder() : null);
        dialog.setOnShown(_ -> place.name().requestFocus());
        return dialog.showAndWait();
    }

    private Node content() {
        VBox report = new VBox(16);
        report.setId("import-report");
        add(report, "Comes over", imported.carried(), new Mark(Mark.Shape.CHECK, Tone.SUCCESS, "Comes over"));
        add(report, "Does not come over", imported.left(), new Mark(Mark.Shape.CROSS, Tone.WARNING, "Does not"));
        ScrollPane scroll = new ScrollPane(report);
        scroll.setFitToWidth(true);
        scroll.setMaxHeight(MOST_HIGH);
        scroll.setPrefViewportHeight(MOST_HIGH);
        scroll.setAccessibleText("What comes over and what does not");
        VBox.setVgrow(scroll, Priority.ALWAYS);
        GridPane form = new GridPane(16, 12);
        place.addTo(form, 0);
        VBox all = new VBox(16, scroll, form);
        all.setPrefWidth(WIDTH);
        return all;
    }

    private static void add(VBox report, String title, List<Item> items, Mark mark) {
        if (items.isEmpty()) {
            return;
        }
        Label head = new Label(title);
        head.getStyleClass().add("strong");
        GridPane rows = new GridPane(12, 6);
        rows.getColumnConstraints().addAll(new ColumnConstraints(16), new ColumnConstraints(WHAT), grows());
        for (int i = 0; i < items.size(); i++) {
            Label what = new Label(items.get(i).what());
            Label text = new Label(items.get(i).text());
            text.getStyleClass().add("muted");
            for (Label label : List.of(what, text)) {
                label.setWrapText(true);
                label.setMinHeight(Label.USE_PREF_SIZE);
                GridPane.setValignment(label, javafx.geometry.VPos.TOP);
            }
            MarkView icon = new MarkView(mark, false);
            icon.setMaxHeight(MarkView.USE_PREF_SIZE);
            GridPane.setValignment(icon, javafx.geometry.VPos.TOP);
            rows.addRow(i, icon, what, text);
        }
        report.getChildren().add(new VBox(8, head, rows));
    }

    private static ColumnConstraints grows() {
        ColumnConstraints rest = new ColumnConstraints();
        rest.setHgrow(Priority.ALWAYS);
        return rest;
    }
}
