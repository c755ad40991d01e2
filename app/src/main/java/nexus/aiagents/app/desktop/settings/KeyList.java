package nexus.aiagents.app.desktop.settings;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javafx.scene.control.Label;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.Region;
import nexus.aiagents.app.desktop.shell.Action;

/// Every shortcut there is: those of actions, and those of keys that act where the focus is.
final class KeyList extends GridPane {
    private static final int COLUMNS = 2;
    /// What is no action of its own, because it works on what has the focus.
    private static final Map<String, String> EVERYWHERE = everywhere();

    KeyList() {
        super(24, 8);
        setId("settings-keys");
    }

    private static Map<String, String> everywhere() {
        Map<String, String> keys = new LinkedHashMap<>();
        keys.put("F6", "To the next part of the window; with Shift to the one before");
        keys.put("/", "To the filter of the screen");
        keys.put("Arrows", "Through lists, trees and pictures; left and right fold and unfold");
        keys.put("+  −  0", "In a picture: larger, smaller, all of it");
        keys.put("Escape", "Close what lies above the window; clear what is searched");
        return keys;
    }

    void show(List<Action> actions) {
        getChildren().clear();
        Map<String, String> all = new LinkedHashMap<>();
        actions.stream()
                .filter(a -> a.shortcut() != null)
                .forEach(a -> all.merge(
                        String.valueOf(a.shortcut() == null ? "" : a.shortcut().getDisplayText()),
                        a.title(),
                        (one, other) -> one.contains(other) ? one : one + "; " + other));
        all.putAll(EVERYWHERE);
        int rows = (all.size() + COLUMNS - 1) / COLUMNS;
        int at = 0;
        for (var key : all.entrySet()) {
            Label keys = new Label(key.getKey());
            keys.getStyleClass().add("keys");
            keys.setMinWidth(Region.USE_PREF_SIZE);
            Label does = new Label(key.getValue());
            does.setWrapText(true);
            does.setPrefWidth(260);
            int column = at / rows * COLUMNS;
            add(keys, column, at % rows);
            add(does, column + 1, at % rows);
            at++;
        }
    }
}
