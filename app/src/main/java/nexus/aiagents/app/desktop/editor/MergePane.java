package nexus.aiagents.app.desktop.editor;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import nexus.aiagents.app.desktop.editor.merge.LineDiff;
import nexus.aiagents.app.desktop.editor.merge.Merge;

/// Every place that was changed here and on the disk, one below the other: mine, theirs, both, or what is
/// written by hand.
final class MergePane extends VBox {
    private final Merge merge;
    private final List<ConflictCard> cards = new ArrayList<>();
    private final Label left = new Label();
    private final Button take = new Button("Take the merged text");

    /// @param done  gets the whole text
    /// @param later nothing is decided now
    MergePane(Merge merge, Consumer<String> done, Runnable later) {
        this.merge = merge;
        setId("merge");
        getStyleClass().add("merge");
        setFocusTraversable(true);
        VBox list = new VBox(12);
        list.getStyleClass().add("merge-cards");
        int number = 0;
        for (Merge.Part.Conflict conflict : merge.conflicts()) {
            cards.add(new ConflictCard(++number, conflict, this::count));
        }
        list.getChildren().addAll(cards);
        ScrollPane scroll = new ScrollPane(list);
        scroll.setFitToWidth(true);
        VBox.setVgrow(scroll, Priority.ALWAYS);
        take.setId("merge-take");
        take.getStyleClass().addAll("accent", "small");
        take.setOnAction(_ -> done.accept(merged()));
        getChildren().addAll(head(later), scroll);
        addEventFilter(
                KeyEvent.KEY_PRESSED,
                e -> { // lists and text areas keep it for themselves
                    if (e.getCode() == KeyCode.ESCAPE) {
                        later.run();
                        e.consume();
                    }
                });
        count();
    }

    private HBox head(Runnable later) {
        Label title = new Label("Changed here and on the disk");
        title.getStyleClass().add("strong");
        left.getStyleClass().add("muted");
        left.setMinWidth(0);
        Region gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        Button mine = small("All mine", () -> cards.forEach(ConflictCard::mine));
        Button theirs = small("All from disk", () -> cards.forEach(ConflictCard::theirs));
        Button wait = small("Decide later", later);
        title.setMinWidth(Region.USE_PREF_SIZE);
        take.setMinWidth(Region.USE_PREF_SIZE);
        HBox head = new HBox(8, title, left, gap, mine, theirs, wait, take);
        head.setAlignment(Pos.CENTER_LEFT);
        head.getStyleClass().add("panel-head");
        return head;
    }

    private static Button small(String text, Runnable act) {
        Button button = new Button(text);
        button.getStyleClass().add("small");
        button.setMinWidth(Region.USE_PREF_SIZE);
        button.setOnAction(_ -> act.run());
        return button;
    }

    private void count() {
        long open = cards.stream().filter(card -> !card.isDecided()).count();
        left.setText(
                open == 0
                        ? "All is decided. It is not saved before you save it."
                        : open + " of " + cards.size() + (cards.size() == 1 ? " place" : " places") + " to decide");
        take.setDisable(open > 0);
    }

    private String merged() {
        return merge.text(cards.stream().map(ConflictCard::lines).toList());
    }

    /// The lines of a text that a person wrote: nothing is no line at all.
    static List<String> lines(String text) {
        return text.isEmpty()
                ? List.of()
                : LineDiff.lines(text.endsWith("\n") ? text.substring(0, text.length() - 1) : text);
    }
}
