package nexus.aiagents.app.desktop.editor;

import java.util.Locale;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.HBox;
import org.fxmisc.richtext.CodeArea;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

/// Finds text in the file in front.
final class FindBar extends HBox {
    private final TextField query = new TextField();
    private final ToggleButton matchCase = new ToggleButton("Aa");
    private final Label result = new Label();
    private @Nullable CodeArea area;

    FindBar() {
        getStyleClass().add("find-bar");
        setAlignment(Pos.CENTER_LEFT);
        query.setId("find-query");
        query.setPromptText("Find");
        query.setAccessibleText("Text to find");
        query.setPrefColumnCount(24);
        query.setMinWidth(80);
        query.textProperty().addListener((_, _, _) -> find(0, false));
        query.setOnAction(_ -> find(1, false));
        query.setOnKeyPressed(e -> {
            if (e.getCode() == KeyCode.ENTER && e.isShiftDown()) {
                find(0, true);
                e.consume();
            }
        });
        matchCase.setMinWidth(USE_PREF_SIZE);
        matchCase.setTooltip(new Tooltip("Match case"));
        matchCase.setAccessibleText("Match case");
        matchCase.setOnAction(_ -> find(0, false));
        result.getStyleClass().addAll("muted", "small");
        result.setId("find-result");
        result.setMinWidth(USE_PREF_SIZE);
        setMinWidth(0);
        getChildren()
                .addAll(
                        query,
                        matchCase,
                        button(Feather.ARROW_UP, "Previous (Shift+Enter)", () -> find(0, true)),
                        button(Feather.ARROW_DOWN, "Next (Enter)", () -> find(1, false)),
                        result,
                        button(Feather.X, "Close (Escape)", this::close));
        setOnKeyPressed(e -> {
            if (e.getCode() == KeyCode.ESCAPE) {
                close();
                e.consume();
            }
        });
        setVisible(false);
        setManaged(false);
    }

    void open(CodeArea target) {
        area = target;
        setVisible(true);
        setManaged(true);
        String selected = target.getSelectedText();
        if (!selected.isBlank() && selected.indexOf('\n') < 0) {
            query.setText(selected);
        }
        query.requestFocus();
        query.selectAll();
        find(0, false);
    }

    void close() {
        setVisible(false);
        setManaged(false);
        if (area != null) {
            area.requestFocus();
        }
    }

    private void find(int skip, boolean back) {
        CodeArea target = area;
        if (target == null || query.getText().isEmpty()) {
            result.setText("");
            return;
        }
        String text = fold(target.getText());
        String want = fold(query.getText());
        int from = target.getSelection().getStart();
        int at = back ? text.lastIndexOf(want, from - 1) : text.indexOf(want, from + skip);
        if (at < 0) {
            at = back ? text.lastIndexOf(want) : text.indexOf(want);
        }
        if (at < 0) {
            result.setText("Not found");
            return;
        }
        target.selectRange(at, at + want.length());
        target.requestFollowCaret();
        result.setText(position(text, want, at));
    }

    private static String position(String text, String want, int at) {
        int count = 0;
        int which = 0;
        for (int i = text.indexOf(want); i >= 0 && count < 10_000; i = text.indexOf(want, i + want.length())) {
            count++;
            which += i <= at ? 1 : 0;
        }
        return Math.max(1, which) + " of " + Math.max(1, count);
    }

    private String fold(String text) {
        return matchCase.isSelected() ? text : text.toLowerCase(Locale.ROOT);
    }

    private static Button button(Feather icon, String hint, Runnable run) {
        Button button = new Button(null, new FontIcon(icon));
        button.getStyleClass().addAll("button-icon", "flat", "small");
        button.setTooltip(new Tooltip(hint));
        button.setAccessibleText(hint);
        button.setOnAction(_ -> run.run());
        return button;
    }
}
