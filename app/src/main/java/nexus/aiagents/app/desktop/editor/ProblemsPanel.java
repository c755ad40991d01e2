package nexus.aiagents.app.desktop.editor;

import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javafx.beans.binding.Bindings;
import javafx.beans.binding.DoubleBinding;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.control.OverrunStyle;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import nexus.aiagents.app.desktop.shell.Action;
import nexus.aiagents.engine.project.Diagnostic;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

/// Everything that is wrong with the project; a click goes there.
final class ProblemsPanel extends VBox {
    private static final double NARROW = 480;

    private final ListView<Diagnostic> list = new ListView<>();
    private final Label summary = new Label();
    private final Label keys = new Label();
    private final Label none = new Label();
    private final Consumer<Diagnostic> onChosen;
    private final Consumer<Diagnostic> onFix;

    ProblemsPanel(Consumer<Diagnostic> onChosen, Consumer<Diagnostic> onFix) {
        this.onChosen = onChosen;
        this.onFix = onFix;
        getStyleClass().add("problems");
        list.setId("problems");
        list.setAccessibleText("Problems");
        list.getStyleClass().add("dense");
        list.setCellFactory(_ -> new Cell());
        list.setOnMouseClicked(_ -> choose());
        list.setOnKeyPressed(e -> {
            if (e.getCode() == KeyCode.ENTER) {
                choose();
            }
        });
        none.getStyleClass().add("muted");
        list.setPlaceholder(none);
        list.setMinHeight(0);
        VBox.setVgrow(list, Priority.ALWAYS);
        Label title = new Label("Problems");
        title.getStyleClass().add("strong");
        summary.getStyleClass().addAll("muted", "small");
        summary.setId("problems-summary");
        Region gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        keys.getStyleClass().addAll("muted", "small");
        HBox head = new HBox(8, title, summary, gap, keys);
        head.setAlignment(Pos.CENTER_LEFT);
        head.getStyleClass().add("panel-head");
        getChildren().addAll(head, list);
        setMinHeight(36);
    }

    /// Says which keys these have.
    void keys(Action next, Action fix) {
        keys.textProperty()
                .bind(Bindings.createStringBinding(
                        () -> Stream.of(words(next, "next"), words(fix, "fix"))
                                .filter(words -> !words.isEmpty())
                                .collect(Collectors.joining("  ·  ")),
                        next.keys(),
                        fix.keys()));
    }

    private static String words(Action action, String does) {
        return action.shortcut() == null ? "" : action.keysText() + " " + does;
    }

    /// @param isOpen whether there is a project that could have problems
    void show(List<Diagnostic> diagnostics, boolean isOpen) {
        none.setText(isOpen ? "No problems. The project can start." : "");
        if (!diagnostics.equals(list.getItems())) {
            list.getItems().setAll(diagnostics);
        }
        long errors = diagnostics.stream().filter(Diagnostic::isError).count();
        long others = diagnostics.size() - errors;
        summary.setText(
                diagnostics.isEmpty()
                        ? isOpen ? "none" : ""
                        : counted(errors, "error") + (others == 0 ? "" : ", " + counted(others, "warning")));
    }

    private static String counted(long n, String word) {
        return n + " " + word + (n == 1 ? "" : "s");
    }

    private void choose() {
        Diagnostic chosen = list.getSelectionModel().getSelectedItem();
        if (chosen != null) {
            onChosen.accept(chosen);
        }
    }

    private final class Cell extends ListCell<Diagnostic> {
        private final FontIcon icon = new FontIcon();
        private final Label message = new Label();
        private final Label place = new Label();
        private final Button fix = new Button();
        private final HBox row = new HBox(8, icon, message, fix, place);

        Cell() {
            row.setAlignment(Pos.CENTER_LEFT);
            row.setMinWidth(0);
            message.minWidthProperty().bind(inNarrow(104, 0));
            HBox.setHgrow(message, Priority.ALWAYS);
            message.setMaxWidth(Double.MAX_VALUE);
            place.getStyleClass().addAll("muted", "small");
            place.minWidthProperty().bind(inNarrow(36, Region.USE_PREF_SIZE));
            place.getStyleClass().add("gives-way");
            message.getStyleClass().add("gives-way");
            place.setTextOverrun(OverrunStyle.LEADING_ELLIPSIS);
            fix.getStyleClass().addAll("small", "flat", "link");
            fix.setMinWidth(Region.USE_PREF_SIZE);
            fix.setOnAction(_ -> onFix.accept(getItem()));
            setPrefWidth(0);
        }

        /// Where there is no room for all of it, the place gives way to what is wrong.
        private DoubleBinding inNarrow(double narrow, double wide) {
            return Bindings.createDoubleBinding(() -> getWidth() < NARROW ? narrow : wide, widthProperty());
        }

        @Override
        protected void updateItem(@Nullable Diagnostic d, boolean empty) {
            super.updateItem(d, empty);
            if (empty || d == null) {
                setGraphic(null);
                setTooltip(null);
                setOnMouseEntered(null);
                return;
            }
            icon.setIconCode(d.isError() ? Feather.X_CIRCLE : Feather.ALERT_TRIANGLE);
            icon.getStyleClass().removeAll("danger-icon", "warning-icon");
            icon.getStyleClass().add(d.isError() ? "danger-icon" : "warning-icon");
            message.setText(d.message());
            String at = d.at().file() + ":" + (d.at().line() + 1);
            place.textProperty()
                    .bind(Bindings.when(widthProperty().lessThan(NARROW))
                            .then(at)
                            .otherwise(d.code() + "  " + at + ":" + (d.at().column() + 1)));
            Diagnostic.QuickFix quick = d.fix();
            fix.setText(quick == null ? "" : quick.title());
            fix.setVisible(quick != null);
            fix.setManaged(quick != null);
            setTooltip(null);
            // Only where somebody points: to make one takes longer than the rest of the line.
            setOnMouseEntered(_ -> {
                setOnMouseEntered(null);
                setTooltip(new Tooltip(d.message()));
            });
            setGraphic(row);
            setAccessibleText((d.isError() ? "Error: " : "Warning: ") + d.message() + " " + place.getText());
        }
    }
}
