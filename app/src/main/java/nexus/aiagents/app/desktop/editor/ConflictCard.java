package nexus.aiagents.app.desktop.editor;

import java.util.ArrayList;
import java.util.List;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.TextArea;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.ToggleGroup;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.scene.shape.Rectangle;
import nexus.aiagents.app.desktop.editor.merge.InlineDiff;
import nexus.aiagents.app.desktop.editor.merge.Merge;

/// One place that two sides changed, and what it shall be.
final class ConflictCard extends VBox {
    private static final int ROWS = 12;

    private final Merge.Part.Conflict conflict;
    private final Runnable onDecided;
    private final TextArea result = new TextArea();
    private final ToggleGroup choice = new ToggleGroup();
    private final ToggleButton mine = toggle("Mine");
    private final ToggleButton theirs = toggle("From disk");
    private final ToggleButton both = toggle("Both");
    private final ToggleButton own = toggle("By hand");
    private boolean filling;

    ConflictCard(int number, Merge.Part.Conflict conflict, Runnable onDecided) {
        super(8);
        this.conflict = conflict;
        this.onDecided = onDecided;
        getStyleClass().add("conflict-card");
        Label title = new Label("Line " + (conflict.line() + 1) + " of yours");
        title.getStyleClass().add("strong");
        Region gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        choice.getToggles().addAll(mine, theirs, both, own);
        HBox choices = new HBox(mine, theirs, both, own);
        mine.getStyleClass().add("left-pill");
        theirs.getStyleClass().add("center-pill");
        both.getStyleClass().add("center-pill");
        own.getStyleClass().add("right-pill");
        HBox head = new HBox(8, title, gap, choices);
        head.setAlignment(Pos.CENTER_LEFT);
        List<InlineDiff> inline = inline();
        VBox left = side("Mine", conflict.mine(), inline, true);
        VBox right = side("On the disk", conflict.theirs(), inline, false);
        HBox sides = new HBox(8, left, right);
        HBox.setHgrow(left, Priority.ALWAYS);
        HBox.setHgrow(right, Priority.ALWAYS);
        result.getStyleClass().addAll("mono", "merge-result");
        result.setAccessibleText("What place " + number + " shall be");
        result.setPromptText("Choose above, or write what it shall be. Left empty by hand, the place is taken out.");
        result.setPrefRowCount(
                Math.clamp(conflict.mine().size() + conflict.theirs().size(), 2, ROWS));
        result.textProperty().addListener((_, _, _) -> {
            if (!filling) {
                choice.selectToggle(own);
            }
        });
        mine.setOnAction(_ -> mine());
        theirs.setOnAction(_ -> theirs());
        both.setOnAction(_ -> fill(both, joined()));
        own.setOnAction(_ -> {
            choice.selectToggle(own);
            result.requestFocus();
        });
        choice.selectedToggleProperty().addListener((_, before, now) -> {
            if (now == null && before != null) {
                choice.selectToggle(before); // a decision is changed, not taken back
            }
            onDecided.run();
        });
        getChildren().addAll(head, sides, result);
    }

    private static ToggleButton toggle(String text) {
        ToggleButton button = new ToggleButton(text);
        button.getStyleClass().add("small");
        button.setMinWidth(Region.USE_PREF_SIZE);
        return button;
    }

    private List<InlineDiff> inline() {
        List<InlineDiff> inline = new ArrayList<>();
        for (int i = 0; i < Math.min(conflict.mine().size(), conflict.theirs().size()); i++) {
            inline.add(InlineDiff.of(conflict.mine().get(i), conflict.theirs().get(i)));
        }
        return inline;
    }

    private static VBox side(String title, List<String> lines, List<InlineDiff> inline, boolean first) {
        Label head = new Label(title);
        head.getStyleClass().addAll("muted", "small");
        VBox text = new VBox();
        text.setMinWidth(0);
        text.getStyleClass().addAll("merge-side", first ? "merge-mine" : "merge-theirs");
        for (int i = 0; i < lines.size(); i++) {
            List<InlineDiff.Range> marks = i >= inline.size()
                    ? List.of()
                    : first ? inline.get(i).before() : inline.get(i).after();
            text.getChildren().add(line(lines.get(i), marks));
        }
        if (lines.isEmpty()) {
            Label nothing = new Label("taken out");
            nothing.getStyleClass().add("muted");
            text.getChildren().add(nothing);
        }
        Rectangle clip = new Rectangle(); // a long line ends where the side ends
        clip.widthProperty().bind(text.widthProperty());
        clip.heightProperty().bind(text.heightProperty());
        text.setClip(clip);
        VBox side = new VBox(4, head, text);
        side.setMinWidth(0);
        side.setPrefWidth(100); // half each, whatever is in it
        return side;
    }

    private static Node line(String text, List<InlineDiff.Range> marks) {
        HBox line = new HBox();
        int at = 0;
        for (InlineDiff.Range range : marks) {
            part(line, text.substring(at, range.from()), "diff-text");
            part(line, text.substring(range.from(), range.to()), "diff-word");
            at = range.to();
        }
        part(line, text.substring(at), "diff-text");
        line.setMinHeight(18);
        return line;
    }

    private static void part(HBox line, String text, String styleClass) {
        if (!text.isEmpty()) {
            Label part = new Label(text.replace("\t", "  "));
            part.getStyleClass().add(styleClass);
            part.setMinWidth(USE_PREF_SIZE);
            line.getChildren().add(part);
        }
    }

    private List<String> joined() {
        List<String> all = new ArrayList<>(conflict.mine());
        all.addAll(conflict.theirs());
        return all;
    }

    void mine() {
        fill(mine, conflict.mine());
    }

    void theirs() {
        fill(theirs, conflict.theirs());
    }

    private void fill(ToggleButton chosen, List<String> lines) {
        filling = true;
        result.setText(String.join("\n", lines));
        filling = false;
        choice.selectToggle(chosen);
        onDecided.run();
    }

    boolean isDecided() {
        return choice.getSelectedToggle() != null;
    }

    List<String> lines() {
        if (choice.getSelectedToggle() == mine) {
            return conflict.mine();
        }
        if (choice.getSelectedToggle() == theirs) {
            return conflict.theirs();
        }
        return choice.getSelectedToggle() == both ? joined() : MergePane.lines(result.getText());
    }
}
