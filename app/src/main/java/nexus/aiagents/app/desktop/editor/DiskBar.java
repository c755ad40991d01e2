package nexus.aiagents.app.desktop.editor;

import java.util.ArrayList;
import java.util.List;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

/// Says above a text that another program changed, deleted or renamed its file, and offers what to do. The
/// decision between two edits is made in place of the text.
final class DiskBar extends HBox {
    private final OpenFiles files;
    private final EditorFile file;
    private final StackPane place;
    private @Nullable MergePane merging;

    /// @param place where the text is
    DiskBar(OpenFiles files, EditorFile file, StackPane place) {
        super(8);
        this.files = files;
        this.file = file;
        this.place = place;
        getStyleClass().add("conflict");
        setAlignment(Pos.CENTER_LEFT);
        file.disk().addListener((_, before, now) -> {
            boolean known = before instanceof DiskState.Conflict a
                    && now instanceof DiskState.Conflict b
                    && a.merge() == b.merge();
            if (!known) {
                show(now);
            }
        });
        show(file.disk().get());
    }

    private void show(DiskState now) {
        decideLater();
        setVisible(!(now instanceof DiskState.InStep));
        setManaged(isVisible());
        switch (now) {
            case DiskState.InStep _ -> getChildren().clear();
            case DiskState.Conflict conflict -> {
                int places = conflict.merge().conflicts().size();
                fill(
                        "Another program changed " + (places == 1 ? "a place" : places + " places")
                                + " that you changed too.",
                        button("Decide…", "Shows both, one place after the other", () -> decide(conflict)),
                        button("Load from disk", "Your changes can be brought back with undo", () -> files.load(file)),
                        button(
                                "Save mine over it",
                                "What the other program wrote is lost",
                                () -> files.save(file, true)));
            }
            case DiskState.Gone(String renamed)
            when renamed != null ->
                fill(
                        "This file is called " + renamed + " now.",
                        button("Go on there", "With what is not saved", () -> files.follow(file, renamed)),
                        button("Save it here again", "Under the name it had", () -> files.save(file, true)));
            case DiskState.Gone _ ->
                fill(
                        "Another program deleted or renamed this file.",
                        button("Save it here again", "As it is in the editor", () -> files.save(file, true)),
                        button("Close", "What is in the editor is lost", () -> files.close(file)));
            case DiskState.Unreadable(String why) -> fill("This file can not be read any more: " + why);
        }
    }

    private void fill(String sentence, Button... buttons) {
        Label text = new Label(sentence);
        text.setMinWidth(0);
        Region gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        List<Node> all = new ArrayList<>(List.of(new FontIcon(Feather.ALERT_TRIANGLE), text, gap));
        all.addAll(List.of(buttons));
        getChildren().setAll(all);
    }

    private static Button button(String text, String hint, Runnable act) {
        Button button = new Button(text);
        button.getStyleClass().add("small");
        button.setMinWidth(Region.USE_PREF_SIZE);
        button.setTooltip(new Tooltip(hint));
        button.setAccessibleHelp(hint);
        button.setOnAction(_ -> act.run());
        return button;
    }

    private void decide(DiskState.Conflict conflict) {
        decideLater();
        MergePane pane = new MergePane(conflict.merge(), text -> files.merged(file, conflict, text), () -> {
            decideLater();
            file.area().requestFocus();
        });
        merging = pane;
        place.getChildren().add(pane);
        pane.requestFocus();
    }

    private void decideLater() {
        if (merging != null) {
            place.getChildren().remove(merging);
            merging = null;
        }
    }
}
