package nexus.aiagents.app.desktop.shell;

import javafx.beans.binding.Bindings;
import javafx.scene.control.Button;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.StackPane;
import org.kordamp.ikonli.javafx.FontIcon;

/// A button for an {@link Action}. Its tooltip says why it is disabled, which a disabled button alone would
/// not show.
public final class ActionButton extends StackPane {
    private final Button button = new Button();

    public ActionButton(Action action, String... styleClasses) {
        getStyleClass().add("action-button");
        button.setText(action.title());
        button.setId(action.id().replace('.', '-'));
        if (action.icon() != null) {
            button.setGraphic(new FontIcon(action.icon()));
        }
        button.setMinWidth(USE_PREF_SIZE);
        setMinWidth(USE_PREF_SIZE);
        button.getStyleClass().addAll(styleClasses);
        button.disableProperty().bind(Bindings.createBooleanBinding(() -> !action.isEnabled(), action.whyDisabled()));
        button.setOnAction(_ -> action.fire());
        Tooltip tooltip = tooltip(action);
        Tooltip.install(this, tooltip);
        button.accessibleHelpProperty().bind(tooltip.textProperty());
        button.setAccessibleText(action.title());
        getChildren().add(button);
    }

    /// One that is there only while its action can be done.
    public static ActionButton whileEnabled(Action action, String... styleClasses) {
        ActionButton button = new ActionButton(action, styleClasses);
        button.visibleProperty().bind(Bindings.createBooleanBinding(action::isEnabled, action.whyDisabled()));
        button.managedProperty().bind(button.visibleProperty());
        return button;
    }

    /// Says at any time what the action is and which keys do it, or why it can not be done.
    public static Tooltip tooltip(Action action) {
        Tooltip tooltip = new Tooltip();
        tooltip.textProperty().bind(Bindings.createStringBinding(action::hint, action.whyDisabled(), action.keys()));
        return tooltip;
    }

    public Button button() {
        return button;
    }
}
