package nexus.aiagents.app.desktop.editor;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.HBox;
import javafx.scene.layout.VBox;
import org.fxmisc.richtext.CodeArea;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

/// Finds text in the file in front, and puts another in its place.
final class FindBar extends VBox {
    private static final double GAP = 6;
    private static final int COLUMNS = 24;

    /// Where a text was found.
    private record Found(int start, int end) {}

    private final TextField query = field("find-query", "Find", "Text to find");
    private final TextField replacement = field("find-replacement", "Replace with", "Text to put in its place");
    private final ToggleButton matchCase = new ToggleButton("Aa");
    private final Label result = new Label();
    private final Button one = words("find-replace", "Replace", "Replace this one and go to the next (Enter)");
    private final Button all = words("find-replace-all", "Replace all", "Replace all in this file, as one step");
    private final HBox replacing = new HBox(GAP, replacement, one, all);
    private @Nullable CodeArea area;

    FindBar() {
        getStyleClass().add("find-bar");
        query.textProperty().addListener((_, _, _) -> find(0, false));
        query.setOnAction(_ -> find(1, false));
        query.setOnKeyPressed(e -> {
            if (e.getCode() == KeyCode.ENTER && e.isShiftDown()) {
                find(0, true);
                e.consume();
            }
        });
        matchCase.setId("find-case");
        matchCase.setMinWidth(USE_PREF_SIZE);
        matchCase.setTooltip(new Tooltip("Match case"));
        matchCase.setAccessibleText("Match case");
        matchCase.setOnAction(_ -> find(0, false));
        result.getStyleClass().addAll("muted", "small");
        result.setId("find-result");
        result.setMinWidth(USE_PREF_SIZE);
        replacement.setOnAction(_ -> replace());
        one.setOnAction(_ -> replace());
        all.setOnAction(_ -> replaceAll());
        HBox finding = new HBox(
                GAP,
                query,
                matchCase,
                icon(Feather.ARROW_UP, "Previous (Shift+Enter)", () -> find(0, true)),
                icon(Feather.ARROW_DOWN, "Next (Enter)", () -> find(1, false)),
                result,
                icon(Feather.X, "Close (Escape)", this::close));
        finding.setAlignment(Pos.CENTER_LEFT);
        replacing.setAlignment(Pos.CENTER_LEFT);
        replacing.managedProperty().bind(replacing.visibleProperty());
        setMinWidth(0);
        getChildren().addAll(finding, replacing);
        setOnKeyPressed(e -> {
            if (e.getCode() == KeyCode.ESCAPE) {
                close();
                e.consume();
            }
        });
        setVisible(false);
        setManaged(false);
    }

    /// @param replace also asks what to put in its place
    void open(CodeArea target, boolean replace) {
        area = target;
        setVisible(true);
        setManaged(true);
        replacing.setVisible(replace);
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
        List<Found> places = places(target);
        if (places.isEmpty()) {
            result.setText("Not found");
            return;
        }
        int from = target.getSelection().getStart();
        int which = back ? before(places, from) : from(places, from + skip);
        Found found = places.get(which);
        target.selectRange(found.start(), found.end());
        target.requestFollowCaret();
        result.setText((which + 1) + " of " + places.size());
    }

    private static int from(List<Found> places, int offset) {
        for (int i = 0; i < places.size(); i++) {
            if (places.get(i).start() >= offset) {
                return i;
            }
        }
        return 0; // on from the beginning
    }

    private static int before(List<Found> places, int offset) {
        for (int i = places.size() - 1; i >= 0; i--) {
            if (places.get(i).start() < offset) {
                return i;
            }
        }
        return places.size() - 1;
    }

    private List<Found> places(CodeArea target) {
        List<Found> places = new ArrayList<>();
        Matcher matcher = wanted().matcher(target.getText());
        while (matcher.find()) {
            places.add(new Found(matcher.start(), matcher.end()));
        }
        return places;
    }

    private Pattern wanted() {
        int how = matchCase.isSelected() ? 0 : Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE;
        return Pattern.compile(query.getText(), Pattern.LITERAL | how);
    }

    /// Only what was found and is marked; else it is looked for first.
    private void replace() {
        CodeArea target = area;
        if (target == null || query.getText().isEmpty()) {
            return;
        }
        if (!wanted().matcher(target.getSelectedText()).matches()) {
            find(0, false);
            return;
        }
        int end = target.getSelection().getStart() + replacement.getText().length();
        target.getUndoManager().preventMerge();
        target.replaceSelection(replacement.getText());
        target.getUndoManager().preventMerge();
        target.moveTo(end);
        find(0, false);
    }

    private void replaceAll() {
        CodeArea target = area;
        if (target == null || query.getText().isEmpty()) {
            return;
        }
        List<Found> places = places(target);
        if (places.isEmpty()) {
            result.setText("Not found");
            return;
        }
        target.getUndoManager().preventMerge();
        var change = target.createMultiChange(places.size());
        places.forEach(found -> change.replaceText(found.start(), found.end(), replacement.getText()));
        change.commit();
        target.getUndoManager().preventMerge();
        result.setText(places.size() + " replaced");
    }

    private static TextField field(String id, String prompt, String spoken) {
        TextField field = new TextField();
        field.setId(id);
        field.setPromptText(prompt);
        field.setAccessibleText(spoken);
        field.setPrefColumnCount(COLUMNS);
        field.setMinWidth(80);
        return field;
    }

    private static Button words(String id, String text, String hint) {
        Button button = new Button(text);
        button.setId(id);
        button.getStyleClass().add("small");
        button.setTooltip(new Tooltip(hint));
        button.setAccessibleHelp(hint);
        button.setMinWidth(USE_PREF_SIZE);
        return button;
    }

    private static Button icon(Feather icon, String hint, Runnable run) {
        Button button = new Button(null, new FontIcon(icon));
        button.getStyleClass().addAll("button-icon", "flat", "small");
        button.setTooltip(new Tooltip(hint));
        button.setAccessibleText(hint);
        button.setOnAction(_ -> run.run());
        return button;
    }
}
