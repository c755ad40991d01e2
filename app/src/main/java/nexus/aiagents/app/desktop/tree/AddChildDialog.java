package nexus.aiagents.app.desktop.tree;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import javafx.geometry.Insets;
import javafx.scene.Node;
import javafx.scene.control.ButtonBar;
import javafx.scene.control.ButtonType;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Dialog;
import javafx.scene.control.Label;
import javafx.scene.layout.VBox;
import javafx.stage.Window;
import nexus.aiagents.app.desktop.shell.Theme;
import nexus.aiagents.engine.control.Command;
import nexus.aiagents.engine.view.ProjectView;
import nexus.aiagents.engine.view.SupervisorView;
import org.jspecify.annotations.Nullable;

/// Asks what becomes a supervisor's child, and when it is restarted.
final class AddChildDialog extends Dialog<Command.AddChild> {
    private static final List<String> RESTARTS = List.of("permanent", "transient", "temporary");

    /// @param kind in words
    record Candidate(String name, String kind) {
        /// What has no supervisor yet. What the parent is itself a part of can not become its child.
        static List<Candidate> of(ProjectView view, SupervisorView parent) {
            Set<String> taken = new HashSet<>();
            for (SupervisorView s : view.supervisors()) {
                s.children().forEach(child -> taken.add(child.name()));
                if (s.template() != null) {
                    taken.add(s.template().agent());
                }
            }
            for (SupervisorView s = parent; s != null; s = named(view, s.parent())) {
                taken.add(s.name());
            }
            Stream<Candidate> agents = view.agents().stream().map(a -> new Candidate(a.name(), "An agent."));
            Stream<Candidate> pools = view.pools().stream()
                    .filter(p -> p.queue() != null)
                    .map(p -> new Candidate(p.name(), "A pool: its queue is open while it is up."));
            Stream<Candidate> supervisors =
                    view.supervisors().stream().map(s -> new Candidate(s.name(), "A supervisor, with its children."));
            return Stream.of(agents, pools, supervisors)
                    .flatMap(all -> all)
                    .filter(candidate -> taken.add(candidate.name()))
                    .toList();
        }

        private static @Nullable SupervisorView named(ProjectView view, @Nullable String name) {
            return view.supervisors().stream()
                    .filter(s -> s.name().equals(name))
                    .findFirst()
                    .orElse(null);
        }
    }

    /// @param candidates at least one
    AddChildDialog(@Nullable Window owner, String supervisor, List<Candidate> candidates) {
        initOwner(owner);
        String title = "Add a child to " + supervisor;
        setTitle(title);
        setHeaderText(title);
        Theme.adopt(getDialogPane(), owner);
        ComboBox<String> child = choice(
                "child-name",
                "Which child",
                candidates.stream().map(Candidate::name).toList());
        Label kind = remark();
        child.valueProperty().addListener((_, _, now) -> kind.setText(kind(candidates, now)));
        kind.setText(kind(candidates, child.getValue()));
        ComboBox<String> restart = choice("child-restart", "When it is restarted", RESTARTS);
        Label meaning = remark();
        restart.valueProperty().addListener((_, _, now) -> meaning.setText(meaning(now)));
        meaning.setText(meaning(restart.getValue()));
        Label written =
                new Label("It becomes the last child, is written into the YAML, and starts if its supervisor is up.");
        written.setWrapText(true);
        written.setMinHeight(Label.USE_PREF_SIZE);
        VBox content = new VBox(
                16, new VBox(4, field("Child", child), kind), new VBox(4, field("Restart", restart), meaning), written);
        content.setPadding(new Insets(16));
        content.setPrefWidth(440);
        getDialogPane().setContent(content);
        ButtonType add = new ButtonType("Add child", ButtonBar.ButtonData.OK_DONE);
        ButtonType stay = new ButtonType("Add none", ButtonBar.ButtonData.CANCEL_CLOSE);
        getDialogPane().getButtonTypes().addAll(add, stay);
        getDialogPane().lookupButton(add).setId("child-add");
        setResultConverter(pressed -> pressed == add
                ? new Command.AddChild(supervisor, child.getValue(), restart.getValue(), null, false)
                : null);
    }

    Optional<Command.AddChild> ask() {
        return showAndWait();
    }

    private static String kind(List<Candidate> candidates, String name) {
        return candidates.stream()
                .filter(c -> c.name().equals(name))
                .map(Candidate::kind)
                .findFirst()
                .orElse("");
    }

    private static Label remark() {
        Label label = new Label();
        label.getStyleClass().addAll("muted", "small");
        label.setWrapText(true);
        label.setMinHeight(Label.USE_PREF_SIZE);
        return label;
    }

    private static String meaning(String restart) {
        return switch (restart) {
            case "transient" -> "It is restarted when it fails, not when it ends normally.";
            case "temporary" -> "It is never restarted.";
            default -> "It is restarted whenever it ends.";
        };
    }

    private static ComboBox<String> choice(String id, String name, List<String> values) {
        ComboBox<String> box = new ComboBox<>();
        box.setId(id);
        box.setAccessibleText(name);
        box.setMaxWidth(Double.MAX_VALUE);
        box.getItems().setAll(values);
        box.setValue(values.getFirst());
        return box;
    }

    private static VBox field(String name, Node control) {
        Label label = new Label(name);
        label.setLabelFor(control);
        return new VBox(4, label, control);
    }
}
