package nexus.aiagents.app.desktop.shell;

import java.util.List;
import java.util.function.Consumer;
import javafx.css.PseudoClass;
import javafx.scene.AccessibleRole;
import javafx.scene.control.ContentDisplay;
import javafx.scene.control.Label;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.ToggleGroup;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.scene.shape.FillRule;
import javafx.scene.shape.SVGPath;
import org.kordamp.ikonli.javafx.FontIcon;

/// The screens, down the left side; the last one sits at the bottom. Narrow windows get icons above labels.
final class Rail extends VBox {
    private static final PseudoClass COMPACT = PseudoClass.getPseudoClass("compact");

    /// A supervisor and its three agents.
    private static final String MARK = "M11 0 L20.5 5.5 L20.5 16.5 L11 22 L1.5 16.5 L1.5 5.5 Z M11 3.4 L4.5 7.2 "
            + "L4.5 14.8 L11 18.6 L17.5 14.8 L17.5 7.2 Z M11 7.5 A3.5 3.5 0 1 0 11 14.5 A3.5 3.5 0 1 0 11 7.5 Z";

    private final Label name = new Label("Nexus OS");
    private final ToggleGroup group = new ToggleGroup();
    private boolean marking;

    Rail(List<Screen> screens, List<Action> actions, Consumer<Screen> onChosen) {
        getStyleClass().add("rail");
        setAccessibleRole(AccessibleRole.TOOL_BAR);
        setAccessibleText("Screens");
        SVGPath mark = new SVGPath();
        mark.setContent(MARK);
        mark.setFillRule(FillRule.EVEN_ODD);
        mark.getStyleClass().add("brand-mark");
        getChildren().add(new HBox(mark, name));
        getChildren().getFirst().getStyleClass().add("brand");
        for (int i = 0; i < screens.size(); i++) {
            Screen screen = screens.get(i);
            ToggleButton button = new ToggleButton(screen.title(), new FontIcon(screen.icon()));
            button.setId("rail-" + screen.id());
            button.getStyleClass().setAll("rail-item");
            button.setMaxWidth(Double.MAX_VALUE);
            button.setToggleGroup(group);
            button.setUserData(screen.id());
            button.setAccessibleText(screen.title());
            button.setTooltip(ActionButton.tooltip(actions.get(i)));
            button.setOnAction(_ -> onChosen.accept(screen));
            button.selectedProperty().addListener((_, _, selected) -> {
                if (selected && !marking && button.isFocused()) { // by an arrow key, which is no action
                    onChosen.accept(screen);
                }
            });
            if (i == screens.size() - 1) {
                Region gap = new Region();
                VBox.setVgrow(gap, Priority.ALWAYS);
                getChildren().add(gap);
            }
            getChildren().add(button);
        }
    }

    void mark(Screen screen) {
        marking = true;
        for (var toggle : group.getToggles()) {
            toggle.setSelected(screen.id().equals(toggle.getUserData()));
        }
        marking = false;
    }

    void setCompact(boolean compact) {
        pseudoClassStateChanged(COMPACT, compact);
        name.setVisible(!compact);
        name.setManaged(!compact);
        for (var toggle : group.getToggles()) {
            ToggleButton button = (ToggleButton) toggle;
            button.setContentDisplay(compact ? ContentDisplay.TOP : ContentDisplay.LEFT);
            button.pseudoClassStateChanged(COMPACT, compact);
        }
    }
}
