package nexus.aiagents.app.desktop.parts;

import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import javafx.beans.binding.Bindings;
import javafx.geometry.Insets;
import javafx.scene.control.ButtonBar;
import javafx.scene.control.ButtonType;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Dialog;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.stage.Window;
import nexus.aiagents.app.desktop.shell.Theme;
import nexus.aiagents.engine.view.ProjectView;
import nexus.aiagents.engine.view.RunView;
import org.jspecify.annotations.Nullable;

/// Asks what to run and with which input.
public final class RunDialog extends Dialog<RunDialog.Choice> {
    private static final String NO_INPUT = "{}";
    private static final String NOWHERE = "";

    /// @param steps its input can make fail by `failAt`; empty: that is not asked
    /// @param input what it is offered to begin with
    public record Target(String name, List<String> steps, String input) {

        /// With the input of its last run, as a person seldom wants to write all of it again.
        public static Target of(ProjectView view, String kind, String name, List<String> steps) {
            String last = view.runs().stream()
                    .filter(r -> r.kind().equals(kind) && r.name().equals(name))
                    .max(Comparator.comparing(RunView::startedAt))
                    .map(RunView::inputJson)
                    .orElse(NO_INPUT);
            return new Target(name, steps, last);
        }
    }

    public record Choice(String name, String inputJson) {}

    private final ComboBox<Target> target = new ComboBox<>();
    private final ComboBox<String> failAt = new ComboBox<>();
    private final JsonField input = new JsonField("run-input", JsonText.pretty(NO_INPUT), 7);

    /// @param kind     `saga` or `pool`
    /// @param selected what is chosen at first, null: the first
    public RunDialog(@Nullable Window owner, String kind, List<Target> targets, @Nullable String selected) {
        initOwner(owner);
        setTitle("Run a " + kind);
        setHeaderText("Run a " + kind);
        setResizable(true);
        Theme.adopt(getDialogPane(), owner);
        target.setId("run-target");
        target.setMaxWidth(Double.MAX_VALUE);
        target.setAccessibleText("Which " + kind);
        target.setCellFactory(_ -> new TargetCell());
        target.setButtonCell(new TargetCell());
        target.getItems().setAll(targets);
        target.setValue(targets.stream()
                .filter(t -> t.name().equals(selected))
                .findFirst()
                .orElse(targets.getFirst()));
        failAt.setId("run-fail-at");
        failAt.setMaxWidth(Double.MAX_VALUE);
        failAt.setAccessibleText("Make it fail at this step");
        failAt.setCellFactory(_ -> new FailCell());
        failAt.setButtonCell(new FailCell());
        VBox failBox = field("Make it fail at a step, to see it roll back", failAt);
        Label how = new Label(
                "Sets failAt in the input: what fails by it are agents that read it, as those of the" + " samples do.");
        how.setWrapText(true);
        how.setMinHeight(Region.USE_PREF_SIZE);
        how.getStyleClass().addAll("muted", "small");
        failBox.getChildren().add(how);
        target.valueProperty().addListener((_, _, now) -> offerSteps(failBox, now));
        failAt.valueProperty()
                .addListener((_, _, step) -> input.setText(JsonText.with(
                        input.text(),
                        "failAt",
                        Objects.requireNonNullElse(step, NOWHERE).isEmpty() ? null : step)));
        offerSteps(failBox, target.getValue());
        VBox content = new VBox(field(capital(kind), target), field("Input", input), failBox);
        content.setSpacing(16);
        content.setPadding(new Insets(16));
        content.setPrefWidth(472);
        getDialogPane().setContent(content);
        ButtonType run = new ButtonType("Run " + kind, ButtonBar.ButtonData.OK_DONE);
        ButtonType cancel = new ButtonType("Do not run", ButtonBar.ButtonData.CANCEL_CLOSE);
        getDialogPane().getButtonTypes().addAll(run, cancel);
        var button = getDialogPane().lookupButton(run);
        button.setId("run-go");
        button.disableProperty()
                .bind(Bindings.createBooleanBinding(() -> !input.problem().get().isEmpty(), input.problem()));
        setResultConverter(
                pressed -> pressed == run ? new Choice(target.getValue().name(), input.text()) : null);
        setOnShown(_ -> button.requestFocus());
    }

    public Optional<Choice> ask() {
        return showAndWait();
    }

    private void offerSteps(VBox failBox, Target now) {
        failAt.getItems().setAll(NOWHERE);
        failAt.getItems().addAll(now.steps());
        failAt.setValue(NOWHERE);
        input.setText(
                JsonText.pretty(now.steps().isEmpty() ? now.input() : JsonText.with(now.input(), "failAt", null)));
        boolean offered = !now.steps().isEmpty();
        failBox.setVisible(offered);
        failBox.setManaged(offered);
    }

    private static VBox field(String name, javafx.scene.Node control) {
        Label label = new Label(name);
        label.setLabelFor(control);
        VBox box = new VBox(label, control);
        box.setSpacing(4);
        return box;
    }

    private static String capital(String word) {
        return Character.toUpperCase(word.charAt(0)) + word.substring(1);
    }

    private static final class TargetCell extends ListCell<Target> {
        @Override
        protected void updateItem(@Nullable Target item, boolean empty) {
            super.updateItem(item, empty);
            setText(item == null || empty ? null : item.name());
        }
    }

    private static final class FailCell extends ListCell<String> {
        @Override
        protected void updateItem(@Nullable String item, boolean empty) {
            super.updateItem(item, empty);
            setText(item == null || empty ? null : item.isEmpty() ? "Nowhere, let it run" : item);
        }
    }
}
