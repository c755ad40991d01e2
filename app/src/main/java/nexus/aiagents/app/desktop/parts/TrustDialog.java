package nexus.aiagents.app.desktop.parts;

import java.util.List;
import java.util.Optional;
import javafx.geometry.Insets;
import javafx.scene.Node;
import javafx.scene.control.ButtonBar;
import javafx.scene.control.ButtonType;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Dialog;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.layout.VBox;
import javafx.stage.Window;
import nexus.aiagents.app.desktop.shell.Theme;
import nexus.aiagents.engine.control.Command;
import org.jspecify.annotations.Nullable;

/// Asks why an agent may or may not run whatever its score, and for how long that is good.
public final class TrustDialog extends Dialog<Command.DecideTrust> {
    /// @param minutes null: until another is said
    private record Term(String title, @Nullable Long minutes) {}

    private static final List<Term> TERMS = List.of(
            new Term("An hour", 60L),
            new Term("A day", 1_440L),
            new Term("A week", 10_080L),
            new Term("Until I say otherwise", null));

    /// @param allow else it may not run
    public TrustDialog(@Nullable Window owner, String agent, boolean allow) {
        initOwner(owner);
        String title = (allow ? "Allow " : "Refuse ") + agent;
        setTitle(title);
        setHeaderText(title);
        Theme.adopt(getDialogPane(), owner);
        TextField reason = new TextField();
        reason.setId("trust-reason");
        reason.setPromptText("Why (you need not say it)");
        ComboBox<String> term = new ComboBox<>();
        term.setId("trust-term");
        term.setMaxWidth(Double.MAX_VALUE);
        term.getItems().setAll(TERMS.stream().map(Term::title).toList());
        term.setValue((allow ? TERMS.getFirst() : TERMS.getLast()).title());
        Label meaning = new Label(
                allow
                        ? "It runs whatever its score; what waits for that goes on. Reason and time are kept in the journal."
                        : "It does not run whatever its score; what waits ends as untrusted. Reason and time are kept in"
                                + " the journal.");
        meaning.setWrapText(true);
        meaning.setMinHeight(Label.USE_PREF_SIZE);
        meaning.getStyleClass().addAll("muted", "small");
        VBox content = new VBox(16, field("Reason", reason), field("For", term), meaning);
        content.setPadding(new Insets(16));
        content.setPrefWidth(440);
        getDialogPane().setContent(content);
        ButtonType go = new ButtonType(title, ButtonBar.ButtonData.OK_DONE);
        ButtonType stay = new ButtonType("Decide later", ButtonBar.ButtonData.CANCEL_CLOSE);
        getDialogPane().getButtonTypes().addAll(go, stay);
        getDialogPane().lookupButton(go).setId("trust-go");
        setResultConverter(pressed -> pressed == go
                ? new Command.DecideTrust(
                        agent, allow ? "allow" : "refuse", reason.getText().strip(), minutes(term.getValue()))
                : null);
        setOnShown(_ -> reason.requestFocus());
    }

    private static @Nullable Long minutes(String title) {
        for (Term term : TERMS) {
            if (term.title().equals(title)) {
                return term.minutes();
            }
        }
        return null;
    }

    private static VBox field(String name, Node control) {
        Label label = new Label(name);
        label.setLabelFor(control);
        control.setAccessibleText(name);
        return new VBox(4, label, control);
    }

    public Optional<Command.DecideTrust> ask() {
        return showAndWait();
    }
}
