package nexus.aiagents.app.desktop.editor;

import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Function;
import javafx.geometry.Bounds;
import javafx.geometry.Pos;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.stage.Popup;
import org.fxmisc.richtext.CodeArea;
import org.jspecify.annotations.Nullable;

/// A list at the caret, steered from the text area, which keeps the focus: completions and quick fixes.
final class Suggestions<T> {
    private final Popup popup = new Popup();
    private final ListView<T> list = new ListView<>();
    private final Function<T, String> title;
    private final Function<T, String> detail;
    private final Consumer<T> onChosen;
    private List<T> all = List.of();

    Suggestions(String name, Function<T, String> title, Function<T, String> detail, Consumer<T> onChosen) {
        this.title = title;
        this.detail = detail;
        this.onChosen = onChosen;
        list.setId(name);
        list.setAccessibleText("Suggestions");
        list.getStyleClass().addAll("dense", "suggestions");
        list.setCellFactory(_ -> new Cell());
        list.setOnMouseClicked(_ -> choose());
        list.setFocusTraversable(false);
        popup.setAutoHide(true);
        popup.setHideOnEscape(true);
        popup.getContent().add(list);
    }

    boolean isShowing() {
        return popup.isShowing();
    }

    void hide() {
        popup.hide();
    }

    void show(CodeArea area, List<T> items, String typed) {
        all = items;
        filter(typed);
        if (list.getItems().isEmpty()) {
            return;
        }
        Bounds caret = area.getCaretBounds().orElse(null);
        if (caret == null || area.getScene() == null) {
            return;
        }
        popup.show(area, caret.getMinX() - 12, caret.getMaxY() + 4);
    }

    /// Keeps what begins with, else contains, what was typed.
    void filter(String typed) {
        String want = typed.toLowerCase(Locale.ROOT);
        List<T> first = all.stream().filter(i -> lower(i).startsWith(want)).toList();
        List<T> rest = all.stream()
                .filter(i -> !lower(i).startsWith(want) && lower(i).contains(want))
                .toList();
        list.getItems().setAll(first);
        list.getItems().addAll(rest);
        list.getSelectionModel().selectFirst();
        list.setPrefSize(420, Math.min(8, Math.max(1, list.getItems().size())) * 28 + 10);
        if (list.getItems().isEmpty()) {
            hide();
        }
    }

    private String lower(T item) {
        return title.apply(item).toLowerCase(Locale.ROOT);
    }

    /// @return whether the key was for this list
    boolean steer(KeyEvent e) {
        if (!popup.isShowing()) {
            return false;
        }
        switch (e.getCode()) {
            case DOWN -> list.getSelectionModel().selectNext();
            case UP -> list.getSelectionModel().selectPrevious();
            case ENTER, TAB -> choose();
            case ESCAPE -> hide();
            default -> {
                return false;
            }
        }
        list.scrollTo(Math.max(0, list.getSelectionModel().getSelectedIndex() - 3));
        e.consume();
        return true;
    }

    private void choose() {
        T chosen = list.getSelectionModel().getSelectedItem();
        hide();
        if (chosen != null) {
            onChosen.accept(chosen);
        }
    }

    private final class Cell extends ListCell<T> {
        private final Label name = new Label();
        private final Label about = new Label();
        private final HBox row;

        Cell() {
            Region gap = new Region();
            gap.setMinWidth(12);
            HBox.setHgrow(gap, Priority.ALWAYS);
            name.setMinWidth(Region.USE_PREF_SIZE);
            about.getStyleClass().add("suggestion-detail");
            row = new HBox(name, gap, about);
            row.setAlignment(Pos.CENTER_LEFT);
            setPrefWidth(0);
        }

        @Override
        protected void updateItem(@Nullable T item, boolean empty) {
            super.updateItem(item, empty);
            if (empty || item == null) {
                setGraphic(null);
                return;
            }
            name.setText(title.apply(item));
            about.setText(detail.apply(item));
            setGraphic(row);
            setAccessibleText(name.getText() + " " + about.getText());
        }
    }
}
