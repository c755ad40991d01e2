package nexus.aiagents.app.desktop.tree;

import java.util.List;
import java.util.Optional;
import javafx.geometry.Insets;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ButtonBar;
import javafx.scene.control.ButtonType;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Dialog;
import javafx.scene.control.Label;
import javafx.scene.layout.VBox;
import javafx.stage.Window;
import nexus.aiagents.app.desktop.shell.Theme;
import nexus.aiagents.engine.view.ProjectView;
import nexus.aiagents.engine.view.SupervisorView;
import org.jspecify.annotations.Nullable;

/// Asks which supervisor and which place a node gets, and says what is started again by it.
final class MoveDialog extends Dialog<Relocation> {
    private static final String LAST = "Last";
    private static final String HERE = "Move it there";

    private final ProjectView view;
    private final TreeNode node;
    private final ComboBox<String> supervisor = new ComboBox<>();
    private final ComboBox<String> place = new ComboBox<>();
    private final Label consequence = new Label();
    private final Button go;

    /// @param targets supervisors that it can be a child of, at least one
    MoveDialog(@Nullable Window owner, ProjectView view, TreeNode node, List<String> targets) {
        this.view = view;
        this.node = node;
        initOwner(owner);
        String title = "Move " + node.name();
        setTitle(title);
        setHeaderText(title);
        Theme.adopt(getDialogPane(), owner);
        setUp(supervisor, "move-supervisor", "Supervisor");
        setUp(place, "move-place", "Place");
        supervisor.getItems().setAll(targets);
        consequence.setWrapText(true);
        consequence.setMinHeight(Label.USE_PREF_SIZE);
        consequence.setId("move-consequence");
        VBox content = new VBox(16, field("Supervisor", supervisor), field("Place", place), consequence);
        content.setPadding(new Insets(16));
        content.setPrefWidth(440);
        content.setMinHeight(232);
        getDialogPane().setContent(content);
        ButtonType move = new ButtonType(HERE, ButtonBar.ButtonData.OK_DONE);
        ButtonType stay = new ButtonType("Leave it where it is", ButtonBar.ButtonData.CANCEL_CLOSE);
        getDialogPane().getButtonTypes().addAll(move, stay);
        go = (Button) getDialogPane().lookupButton(move);
        go.setId("move-go");
        setResultConverter(pressed -> pressed == move ? Relocation.of(view, wish()) : null);
        supervisor.valueProperty().addListener((_, _, _) -> places());
        place.valueProperty().addListener((_, _, _) -> tell());
        SupervisorView now = Relocation.parentOf(view, node);
        supervisor.setValue(now != null && targets.contains(now.name()) ? now.name() : targets.getFirst());
    }

    private static void setUp(ComboBox<String> box, String id, String name) {
        box.setId(id);
        box.setAccessibleText(name);
        box.setMaxWidth(Double.MAX_VALUE);
    }

    private void places() {
        SupervisorView to = Relocation.named(view, supervisor.getValue());
        if (to == null) {
            return;
        }
        SupervisorView now = Relocation.parentOf(view, node);
        List<String> places = now == null ? List.of(LAST) : Relocation.places(to, node.name());
        place.getItems().setAll(places);
        place.setDisable(places.size() == 1);
        int at = now == to ? Relocation.placeOf(to, node.name()) : places.size() - 1;
        place.setValue(places.get(at));
        tell();
    }

    private Relocation.Wish wish() {
        int index = place.getSelectionModel().getSelectedIndex();
        boolean known = Relocation.parentOf(view, node) != null && index >= 0;
        return new Relocation.Wish(node, supervisor.getValue(), known ? index : null);
    }

    private void tell() {
        String why = Relocation.whyNot(view, wish());
        go.setDisable(!why.isEmpty());
        consequence.setText(why.isEmpty() ? Relocation.of(view, wish()).consequence() : why);
    }

    Optional<Relocation> ask() {
        return showAndWait();
    }

    private static VBox field(String name, Node control) {
        Label label = new Label(name);
        label.setLabelFor(control);
        return new VBox(4, label, control);
    }
}
