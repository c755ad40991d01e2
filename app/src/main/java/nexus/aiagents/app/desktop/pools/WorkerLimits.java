package nexus.aiagents.app.desktop.pools;

import java.util.List;
import java.util.Objects;
import javafx.geometry.Pos;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import nexus.aiagents.app.desktop.parts.Styles;
import nexus.aiagents.app.desktop.parts.Tone;
import nexus.aiagents.app.desktop.shell.Workspace;
import nexus.aiagents.engine.control.Command;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.view.ProjectView.PoolView;
import nexus.aiagents.engine.view.ProjectView.QueueView;
import org.jspecify.annotations.Nullable;

/// The least and the most workers of a queue, to change: written into the YAML on Enter or when the field
/// is left. JavaFX thread.
final class WorkerLimits extends HBox {
    private final Workspace workspace;
    private final TextField min = field("pools-min", "Least workers");
    private final TextField max = field("pools-max", "Most workers");
    private final Label message = new Label();
    private @Nullable Shown shown;
    private boolean waiting;

    /// @param min null: the YAML sets none
    private record Shown(
            String pool, @Nullable Integer min, @Nullable Integer max) {}

    WorkerLimits(Workspace workspace) {
        super(8);
        this.workspace = workspace;
        setAlignment(Pos.CENTER_LEFT);
        message.getStyleClass().add("small");
        message.setId("pools-limits-message");
        message.setMinWidth(0);
        getChildren().addAll(word("Between", min), min, word("and", max), max, word("workers", null), message);
        onceTyped(min);
        onceTyped(max);
    }

    private static TextField field(String id, String says) {
        TextField field = new TextField();
        field.setId(id);
        field.setAccessibleText(says);
        field.setTooltip(new Tooltip(says + ". Enter writes it into the YAML and applies it."));
        field.setPrefWidth(64);
        field.setMinWidth(56);
        return field;
    }

    private static Label word(String text, @Nullable TextField of) {
        Label label = new Label(text);
        label.getStyleClass().add("muted");
        label.setMinWidth(USE_PREF_SIZE);
        label.setLabelFor(of);
        return label;
    }

    private void onceTyped(TextField field) {
        field.setOnAction(_ -> submit());
        field.focusedProperty().addListener((_, _, focused) -> {
            if (!focused) {
                submit();
            }
        });
    }

    /// Fills the fields where something else holds now; what is being typed stays.
    void show(PoolView pool, QueueView queue) {
        boolean named = !queue.automatic() && queue.min() == queue.max();
        setVisible(!named);
        setManaged(!named);
        Shown now =
                new Shown(pool.name(), queue.automatic() ? queue.min() : null, queue.automatic() ? queue.max() : null);
        Shown before = shown;
        if (now.equals(before)) {
            return;
        }
        shown = now;
        if (before == null || !before.pool().equals(now.pool())) {
            say("", Tone.NEUTRAL);
        }
        fill(now);
    }

    private void fill(Shown now) {
        min.setText(text(now.min()));
        max.setText(text(now.max()));
        min.setPromptText("any");
        max.setPromptText("any");
    }

    private static String text(@Nullable Integer number) {
        return number == null ? "" : String.valueOf(number);
    }

    private void submit() {
        Shown now = shown;
        boolean same = now == null
                || min.getText().strip().equals(text(now.min()))
                        && max.getText().strip().equals(text(now.max()));
        if (now == null || same || waiting) {
            return; // Enter and the loss of focus mean the same
        }
        for (TextField field : List.of(min, max)) {
            String typed = field.getText().strip();
            if (!typed.matches("[0-9]{1,4}") && !typed.equals(text(field == min ? now.min() : now.max()))) {
                say("Enter a whole number, for example 4.", Tone.DANGER);
                return;
            }
        }
        waiting = true;
        say("Writing…", Tone.NEUTRAL);
        var _ = workspace
                .submit(new Command.LimitPool(now.pool(), changed(min, now.min()), changed(max, now.max())))
                .thenAccept(result -> answered(now, result));
    }

    /// Null where it stays as it is.
    private static @Nullable Integer changed(TextField field, @Nullable Integer now) {
        String typed = field.getText().strip();
        Integer number = typed.isEmpty() ? null : Integer.valueOf(typed);
        return Objects.equals(number, now) ? null : number;
    }

    private void answered(Shown asked, CommandResult result) {
        waiting = false;
        Shown now = shown;
        if (now == null || !now.pool().equals(asked.pool())) {
            return; // another pool is shown by now
        }
        if (result instanceof CommandResult.Refused refused) {
            say(refused.message(), Tone.DANGER);
            fill(now);
        } else {
            say("Written to the YAML and applied.", Tone.SUCCESS);
        }
    }

    private void say(String text, Tone tone) {
        Styles.tone(message, tone);
        message.setText(text);
        message.setTooltip(text.isEmpty() ? null : new Tooltip(text));
    }
}
