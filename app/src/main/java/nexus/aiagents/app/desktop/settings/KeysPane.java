package nexus.aiagents.app.desktop.settings;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.TableCell;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableRow;
import javafx.scene.control.TableView;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseEvent;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.stage.Window;
import nexus.aiagents.app.desktop.parts.RowColumns;
import nexus.aiagents.app.desktop.parts.Tone;
import nexus.aiagents.app.desktop.shell.Dialogs;
import nexus.aiagents.app.desktop.shell.Keymap;
import nexus.aiagents.app.desktop.shell.Keymap.Bound;
import org.jspecify.annotations.Nullable;

/// Every action with its keys, which can be changed here, and the keys that always do the same.
final class KeysPane extends VBox implements SettingsSection.Searched {
    private static final double HEAD = 44;
    private static final double ROW = 26;
    private static final double LEAST = 120;
    private static final double MOST = 360;
    private static final String EVERYWHERE = "Everywhere";
    private static final Map<String, String> FIXED = fixed();

    private final Keymap keymap;
    private final TextField filter = new TextField();
    private final TableView<Bound> table = new TableView<>();
    private final VBox problems = new VBox(4);
    private final Button change = button("keys-change", "Change…");
    private final Button remove = button("keys-remove", "Remove");
    private final Button reset = button("keys-reset", "Reset to default");
    private final Button resetAll = button("keys-reset-all", "Reset all");
    private String narrowed = "";

    KeysPane(Keymap keymap) {
        super(12);
        this.keymap = keymap;
        setId("settings-keys");
        filter.setId("keys-filter");
        filter.setPromptText("Filter the actions");
        filter.setAccessibleText("Filter the actions");
        filter.setPrefWidth(240);
        filter.getStyleClass().add("small");
        filter.textProperty().addListener((_, _, _) -> show());
        problems.setId("keys-problems");
        getChildren().addAll(problems, bar(), table(), always());
        keymap.changes().addListener((_, _, _) -> show());
    }

    private static Map<String, String> fixed() {
        Map<String, String> keys = new LinkedHashMap<>();
        keys.put("F6", "To the next part of the window; with Shift to the one before");
        keys.put("/", "To the filter of the screen");
        keys.put("Arrows", "Through lists, trees and pictures; left and right fold and unfold");
        keys.put("+  −  0", "In a picture: larger, smaller, all of it");
        keys.put("Escape", "Close what lies above the window; clear what is searched");
        return keys;
    }

    private static Button button(String id, String text) {
        Button button = new Button(text);
        button.setId(id);
        button.getStyleClass().add("small");
        button.setMinWidth(Region.USE_PREF_SIZE);
        return button;
    }

    private Node bar() {
        change.setOnAction(_ -> selected(this::change));
        remove.setOnAction(_ -> selected(row -> keymap.change(row.action(), null)));
        reset.setOnAction(_ -> selected(this::reset));
        resetAll.setOnAction(_ -> resetAll());
        Region gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        HBox bar = new HBox(8, filter, gap, change, remove, reset, resetAll);
        bar.setAlignment(Pos.CENTER_LEFT);
        return bar;
    }

    private Node table() {
        table.setId("keys-table");
        table.setAccessibleText("Actions and their keys");
        table.getStyleClass().addAll("bare-table", "dense");
        table.setColumnResizePolicy(TableView.CONSTRAINED_RESIZE_POLICY_FLEX_LAST_COLUMN);
        table.setPlaceholder(new Label("No action is called that."));
        TableColumn<Bound, Bound> action = RowColumns.of("Action", 360);
        action.setCellFactory(_ -> new Text(row -> row.action().title(), false));
        TableColumn<Bound, Bound> where = RowColumns.of("Where", 160);
        where.setCellFactory(_ -> new Text(KeysPane::where, true));
        TableColumn<Bound, Bound> keys = RowColumns.of("Keys", 240);
        keys.setCellFactory(_ -> new KeyCell());
        table.getColumns().addAll(List.of(action, where, keys));
        table.getSelectionModel().selectedItemProperty().addListener((_, _, _) -> enable());
        table.setRowFactory(_ -> {
            TableRow<Bound> row = new TableRow<>();
            row.addEventHandler(MouseEvent.MOUSE_CLICKED, e -> {
                if (e.getClickCount() == 2 && !row.isEmpty()) {
                    change(row.getItem());
                }
            });
            return row;
        });
        table.addEventHandler(KeyEvent.KEY_PRESSED, e -> {
            if (e.getCode() == KeyCode.ENTER) {
                change.fire();
                e.consume();
            } else if (e.getCode() == KeyCode.DELETE) {
                remove.fire();
                e.consume();
            }
        });
        return table;
    }

    private static Node always() {
        GridPane grid = new GridPane(24, 8);
        int row = 0;
        for (var key : FIXED.entrySet()) {
            Label keys = new Label(key.getKey());
            keys.getStyleClass().add("keys");
            keys.setMinWidth(Region.USE_PREF_SIZE);
            Label does = new Label(key.getValue());
            does.setWrapText(true);
            grid.addRow(row++, keys, does);
        }
        Label head = new Label("Always so");
        head.getStyleClass().add("eyebrow");
        return new VBox(8, head, grid);
    }

    private static String where(Bound row) {
        return row.where().isEmpty() ? EVERYWHERE : row.where();
    }

    // ---- what is shown

    /// Shows those alone that fit what is searched in the settings, if any does.
    void narrow(String searched) {
        if (!searched.equals(narrowed)) {
            narrowed = searched;
            show();
        }
    }

    void show() {
        Bound before = table.getSelectionModel().getSelectedItem();
        List<Bound> searched =
                keymap.all().stream().filter(row -> fits(row, narrowed)).toList();
        List<Bound> rows = (searched.isEmpty() ? keymap.all() : searched)
                .stream().filter(row -> fits(row, filter.getText())).toList();
        if (rows.equals(table.getItems())) {
            table.refresh();
        } else {
            table.getItems().setAll(rows);
        }
        double height = Math.clamp(HEAD + ROW * rows.size(), LEAST, MOST);
        table.setMinHeight(height);
        table.setPrefHeight(height);
        table.getSelectionModel().clearSelection();
        if (before != null && rows.contains(before)) {
            table.getSelectionModel().select(before);
        }
        problems.getChildren()
                .setAll(keymap.problems().stream().map(KeysPane::problem).toList());
        problems.setManaged(!keymap.problems().isEmpty());
        enable();
    }

    private static Label problem(String text) {
        Label label = new Label(text);
        label.getStyleClass().add(Tone.WARNING.styleClass());
        label.setWrapText(true);
        label.setMinHeight(Region.USE_PREF_SIZE);
        return label;
    }

    private static String words(Bound row) {
        return row.action().title() + ' ' + where(row) + ' ' + row.action().keysText();
    }

    private static boolean fits(Bound row, String typed) {
        String words = words(row).toLowerCase(Locale.ROOT);
        return Arrays.stream(typed.toLowerCase(Locale.ROOT).strip().split("\\s+"))
                .allMatch(words::contains);
    }

    @Override
    public boolean has(String typed) {
        return keymap.all().stream().anyMatch(row -> fits(row, typed));
    }

    private void enable() {
        Bound row = table.getSelectionModel().getSelectedItem();
        change.setDisable(row == null);
        remove.setDisable(row == null || row.action().shortcut() == null);
        reset.setDisable(row == null || !row.isChanged());
        resetAll.setDisable(keymap.all().stream().noneMatch(Bound::isChanged));
    }

    // ---- what is done

    private void selected(Consumer<Bound> act) {
        Bound row = table.getSelectionModel().getSelectedItem();
        if (row != null) {
            act.accept(row);
        }
    }

    private void change(Bound row) {
        new KeyDialog(window(), keymap, row).ask().ifPresent(keys -> keymap.change(row.action(), keys));
        table.requestFocus();
    }

    /// Another action may have got its keys meanwhile.
    private void reset(Bound row) {
        Bound other = keymap.taken(row, row.action().preset());
        Window window = window();
        if (other == null
                || window != null
                        && Dialogs.confirm(
                                window,
                                "Take the keys back?",
                                "'" + other.action().title() + "' has them now, and would have none.",
                                "Take them back",
                                "Leave them")) {
            keymap.change(row.action(), row.action().preset());
        }
    }

    private void resetAll() {
        Window window = window();
        if (window != null
                && Dialogs.confirm(
                        window,
                        "Reset all keys?",
                        "Every action gets the keys it came with. What you chose is lost.",
                        "Reset all keys",
                        "Keep mine")) {
            keymap.resetAll();
        }
    }

    private @Nullable Window window() {
        return getScene() == null ? null : getScene().getWindow();
    }

    private static final class Text extends TableCell<Bound, Bound> {
        private final java.util.function.Function<Bound, String> text;

        Text(java.util.function.Function<Bound, String> text, boolean muted) {
            this.text = text;
            if (muted) {
                getStyleClass().add("muted-cell");
            }
        }

        @Override
        protected void updateItem(@Nullable Bound row, boolean empty) {
            super.updateItem(row, empty);
            setText(row == null || empty ? null : text.apply(row));
        }
    }

    /// The keys as keys, and whether they are the person's own.
    private static final class KeyCell extends TableCell<Bound, Bound> {
        private final Label keys = new Label();
        private final Label changed = new Label("changed");
        private final HBox box = new HBox(8, keys, changed);

        KeyCell() {
            keys.getStyleClass().add("keys");
            keys.setMinWidth(Region.USE_PREF_SIZE);
            changed.getStyleClass().addAll("small", "muted");
            box.setAlignment(Pos.CENTER_LEFT);
        }

        @Override
        protected void updateItem(@Nullable Bound row, boolean empty) {
            super.updateItem(row, empty);
            if (row == null || empty) {
                setGraphic(null);
                return;
            }
            keys.setText(row.action().keysText());
            keys.setVisible(row.action().shortcut() != null);
            keys.setManaged(keys.isVisible());
            changed.setVisible(row.isChanged());
            changed.setText(row.action().shortcut() == null ? "removed" : "changed");
            setGraphic(box);
        }
    }
}
