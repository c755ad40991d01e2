package nexus.aiagents.app.desktop.shell;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import javafx.geometry.Pos;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

/// Everything that can be done, found by typing.
final class CommandPalette {
    private record Ranked(Action action, int score) {}

    private final Overlay overlay;
    private final Supplier<List<Action>> actions;
    private final TextField query = new TextField();
    private final ObservableList<Action> found = FXCollections.observableArrayList();
    private final ListView<Action> list = new ListView<>(found);
    private final VBox panel = new VBox(query, list);
    private List<Action> all = List.of();

    CommandPalette(Overlay overlay, Supplier<List<Action>> actions) {
        this.overlay = overlay;
        this.actions = actions;
        query.setId("palette-query");
        query.setPromptText("What do you want to do?");
        query.setAccessibleText("Search actions");
        query.textProperty().addListener((_, _, typed) -> filter(typed));
        query.addEventFilter(KeyEvent.KEY_PRESSED, this::steer);
        list.setId("palette-list");
        list.setAccessibleText("Actions found");
        list.setCellFactory(_ -> new ActionCell());
        list.setFocusTraversable(false);
        list.setOnMouseClicked(_ -> fire());
        Label nothing = new Label("Nothing like that. Try fewer letters.");
        nothing.getStyleClass().add("muted");
        list.setPlaceholder(nothing);
        panel.getStyleClass().add("palette");
        panel.setMaxSize(Region.USE_PREF_SIZE, Region.USE_PREF_SIZE);
    }

    void open() {
        all = actions.get();
        query.clear();
        filter("");
        overlay.present(panel, Pos.TOP_CENTER, query);
    }

    private void filter(String typed) {
        List<Ranked> ranked = new ArrayList<>();
        for (Action action : all) {
            int score = Match.score(typed, action.title());
            if (score >= 0) {
                ranked.add(new Ranked(action, score + (action.isEnabled() ? 3 : 0)));
            }
        }
        ranked.sort(Comparator.comparingInt(Ranked::score).reversed());
        found.setAll(ranked.stream().map(Ranked::action).toList());
        list.getSelectionModel().selectFirst();
        list.scrollTo(0);
    }

    private void steer(KeyEvent e) {
        switch (e.getCode()) {
            case DOWN -> move(1);
            case UP -> move(-1);
            case PAGE_DOWN -> move(8);
            case PAGE_UP -> move(-8);
            case ENTER -> fire();
            default -> {
                return;
            }
        }
        e.consume();
    }

    private void move(int by) {
        int last = found.size() - 1;
        int next = Math.clamp((long) list.getSelectionModel().getSelectedIndex() + by, 0, Math.max(0, last));
        list.getSelectionModel().select(next);
        list.scrollTo(Math.max(0, next - 4));
    }

    private void fire() {
        Action chosen = list.getSelectionModel().getSelectedItem();
        if (chosen != null && chosen.isEnabled()) {
            overlay.dismiss();
            chosen.fire();
        }
    }

    private static final class ActionCell extends ListCell<Action> {
        private final FontIcon icon = new FontIcon();
        private final Label title = new Label();
        private final Label reason = new Label();
        private final Label keys = new Label();
        private final HBox row;

        ActionCell() {
            Region gap = new Region();
            HBox.setHgrow(gap, Priority.ALWAYS);
            reason.getStyleClass().addAll("muted", "small");
            keys.getStyleClass().add("keys");
            keys.setMinWidth(Region.USE_PREF_SIZE);
            row = new HBox(12, icon, title, reason, gap, keys);
            row.setAlignment(Pos.CENTER_LEFT);
            title.setMinWidth(Region.USE_PREF_SIZE);
        }

        @Override
        protected void updateItem(@Nullable Action action, boolean empty) {
            super.updateItem(action, empty);
            if (empty || action == null) {
                setGraphic(null);
                return;
            }
            icon.setIconCode(action.icon() == null ? Feather.CHEVRON_RIGHT : action.icon());
            title.setText(action.title());
            title.setDisable(!action.isEnabled());
            icon.setDisable(!action.isEnabled());
            reason.setText(action.isEnabled() ? "" : action.whyDisabled().get());
            keys.setText(action.shortcut() == null ? "" : action.shortcut().getDisplayText());
            keys.setVisible(action.shortcut() != null);
            setGraphic(row);
            setAccessibleText(action.hint());
        }
    }
}
