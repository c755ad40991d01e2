package nexus.aiagents.app.desktop.parts;

import javafx.scene.control.MenuButton;
import javafx.scene.control.MenuItem;
import javafx.scene.control.Tooltip;
import nexus.aiagents.app.desktop.shell.Action;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

/// Trouble that can be made for the selected agent, to watch how the team takes it.
public final class ChaosMenu extends MenuButton {
    /// @param id for tests and style sheets
    public ChaosMenu(String id, AgentActions actions) {
        super("Chaos", new FontIcon(Feather.WIND));
        setId(id);
        setAccessibleText("Make trouble for this agent on purpose");
        setTooltip(new Tooltip("Make trouble for this agent on purpose"));
        getStyleClass().add("small");
        add(actions.crash);
        actions.chaos.forEach(this::add);
        setOnShowing(_ -> getItems().forEach(item -> refresh(item, (Action) item.getUserData())));
    }

    private void add(Action action) {
        MenuItem item = new MenuItem(action.title(), action.icon() == null ? null : new FontIcon(action.icon()));
        item.setUserData(action);
        item.setOnAction(_ -> action.fire());
        getItems().add(item);
    }

    private static void refresh(MenuItem item, Action action) {
        item.setDisable(!action.isEnabled());
        item.setText(
                action.isEnabled()
                        ? action.title()
                        : action.title() + " – " + action.whyDisabled().get());
    }
}
