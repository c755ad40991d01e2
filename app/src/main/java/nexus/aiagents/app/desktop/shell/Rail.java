package nexus.aiagents.app.desktop.shell;

import java.util.List;
import java.util.function.Consumer;
import javafx.css.PseudoClass;
import javafx.scene.AccessibleRole;
import javafx.scene.control.ContentDisplay;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.ToggleGroup;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.javafx.FontIcon;

/// The screens, down the left side; the last one sits at the bottom. Narrow windows get icons above labels.
final class Rail extends VBox {
    private static final PseudoClass COMPACT = PseudoClass.getPseudoClass("compact");

    private final ToggleGroup group = new ToggleGroup();

    Rail(List<Screen> screens, List<Action> actions, Consumer<Screen> onChosen) {
        getStyleClass().add("rail");
        setAccessibleRole(AccessibleRole.TOOL_BAR);
        setAccessibleText("Screens");
        for (int i = 0; i < screens.size(); i++) {
            Screen screen = screens.get(i);
            ToggleButton button = new ToggleButton(screen.title(), new FontIcon(screen.icon()));
            button.setId("rail-" + screen.id());
            button.getStyleClass().setAll("rail-item");
            button.setMaxWidth(Double.MAX_VALUE);
            button.setToggleGroup(group);
            button.setUserData(screen.id());
            button.setAccessibleText(screen.title());
            button.setTooltip(new Tooltip(actions.get(i).hint()));
            button.setOnAction(_ -> onChosen.accept(screen));
            if (i == screens.size() - 1) {
                Region gap = new Region();
                VBox.setVgrow(gap, Priority.ALWAYS);
                getChildren().add(gap);
            }
            getChildren().add(button);
        }
    }

    void mark(Screen screen) {
        for (var toggle : group.getToggles()) {
            toggle.setSelected(screen.id().equals(toggle.getUserData()));
        }
    }

    void setCompact(boolean compact) {
        pseudoClassStateChanged(COMPACT, compact);
        for (var toggle : group.getToggles()) {
            ToggleButton button = (ToggleButton) toggle;
            button.setContentDisplay(compact ? ContentDisplay.TOP : ContentDisplay.LEFT);
            button.pseudoClassStateChanged(COMPACT, compact);
        }
    }
}
