package nexus.aiagents.app.desktop.shell;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
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

/// One of many things, found by typing: actions, blocks of a file, places.
final class QuickPick {
    private static final double ROW = 39;
    private static final int FEWEST = 3;
    private static final int MOST = 10;

    private record Ranked(Choice choice, int score) {}

    private final Overlay overlay;
    private final TextField query = new TextField();
    private final ObservableList<Choice> found = FXCollections.observableArrayList();
    private final ListView<Choice> list = new ListView<>(found);
    private final VBox panel = new VBox(query, list);
    private List<Choice> all = List.of();

    QuickPick(Overlay overlay) {
        this.overlay = overlay;
        query.setId("palette-query");
        query.textProperty().addListener((_, _, typed) -> filter(typed));
        query.addEventFilter(KeyEvent.KEY_PRESSED, this::steer);
        list.setId("palette-list");
        list.setAccessibleText("Found");
        list.setCellFactory(_ -> new ChoiceCell());
        list.setFocusTraversable(false);
        list.setOnMouseClicked(_ -> fire());
        Label nothing = new Label("Nothing like that. Try fewer letters.");
        nothing.getStyleClass().add("muted");
        list.setPlaceholder(nothing);
        panel.getStyleClass().add("palette");
        panel.setMaxSize(Region.USE_PREF_SIZE, Region.USE_PREF_SIZE);
    }

    /// @param prompt what is asked: `What do you want to do?`
    void open(String prompt, List<Choice> choices) {
        all = choices;
        query.setPromptText(prompt);
        query.setAccessibleText(prompt);
        query.clear();
        list.setPrefHeight(Math.clamp(choices.size(), FEWEST, MOST) * ROW + 2);
        filter("");
        overlay.present(panel, Pos.TOP_CENTER, query);
    }

    private void filter(String typed) {
        List<Ranked> ranked = new ArrayList<>();
        for (Choice choice : all) {
            int score = Match.score(typed, choice.title());
            if (score >= 0) {
                ranked.add(new Ranked(choice, score + (choice.enabled() ? 3 : 0)));
            }
        }
        ranked.sort(Comparator.comparingInt(Ranked::score).reversed());
        found.setAll(ranked.stream().map(Ranked::choice).toList());
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
        Choice chosen = list.getSelectionModel().getSelectedItem();
        if (chosen != null && chosen.enabled()) {
            overlay.dismiss();
            chosen.run().run();
        }
    }

    private static final class ChoiceCell extends ListCell<Choice> {
        private final FontIcon icon = new FontIcon();
        private final Label title = new Label();
        private final Label detail = new Label();
        private final Label keys = new Label();
        private final HBox row;

        ChoiceCell() {
            Region gap = new Region();
            HBox.setHgrow(gap, Priority.ALWAYS);
            detail.getStyleClass().addAll("muted", "small");
            keys.getStyleClass().add("keys");
            keys.setMinWidth(Region.USE_PREF_SIZE);
            row = new HBox(12, icon, title, detail, gap, keys);
            row.setAlignment(Pos.CENTER_LEFT);
            title.setMinWidth(Region.USE_PREF_SIZE);
            detail.setMinWidth(0);
            setPrefWidth(0); // as wide as the list: a long detail ends in an ellipsis
        }

        @Override
        protected void updateItem(@Nullable Choice choice, boolean empty) {
            super.updateItem(choice, empty);
            if (empty || choice == null) {
                setGraphic(null);
                return;
            }
            icon.setIconCode(choice.icon() == null ? Feather.CHEVRON_RIGHT : choice.icon());
            title.setText(choice.title());
            title.setDisable(!choice.enabled());
            icon.setDisable(!choice.enabled());
            detail.setText(choice.detail());
            keys.setText(choice.keys());
            keys.setVisible(!choice.keys().isEmpty());
            setGraphic(row);
            setAccessibleText(choice.hint());
        }
    }
}
