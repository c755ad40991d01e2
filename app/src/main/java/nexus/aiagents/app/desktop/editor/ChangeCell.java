package nexus.aiagents.app.desktop.editor;

import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import javafx.geometry.Pos;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import nexus.aiagents.engine.project.ReloadPlan.Change;
import nexus.aiagents.engine.project.ReloadPlan.Field;
import org.jspecify.annotations.Nullable;

/// One thing that is another, what about it, and when that counts.
final class ChangeCell extends ListCell<Change> {
    private static final int SHORT = 40;

    private final Label mark = new Label();
    private final Label name = new Label();
    private final Label what = new Label();
    private final Label effect = new Label();
    private final HBox row = new HBox(8);
    private final Tooltip tooltip = new Tooltip();

    private final Predicate<Change> felt;

    /// @param felt whether something that is up notices it
    ChangeCell(Predicate<Change> felt) {
        this.felt = felt;
        mark.getStyleClass().add("change-mark");
        mark.setMinWidth(14);
        name.getStyleClass().add("strong");
        name.setMinWidth(Region.USE_PREF_SIZE);
        what.getStyleClass().addAll("muted", "mono");
        what.setMinWidth(0);
        HBox.setHgrow(what, Priority.ALWAYS);
        what.setMaxWidth(Double.MAX_VALUE);
        effect.setMinWidth(0);
        effect.getStyleClass().add("change-effect");
        row.setAlignment(Pos.CENTER_LEFT);
        row.getChildren().addAll(mark, name, what, effect);
        row.setMinWidth(0);
        row.setPrefWidth(1); // as wide as the list
        tooltip.setWrapText(true);
        tooltip.setMaxWidth(560);
    }

    @Override
    protected void updateItem(@Nullable Change change, boolean empty) {
        super.updateItem(change, empty);
        if (empty || change == null) {
            setGraphic(null);
            setTooltip(null);
            setAccessibleText(null);
            return;
        }
        String sign = switch (change.how()) {
            case ADDED -> "+";
            case REMOVED -> "−";
            case CHANGED -> "~";
        };
        mark.setText(sign);
        mark.getStyleClass().removeAll("added", "removed", "changed");
        mark.getStyleClass().add(change.how().name().toLowerCase(java.util.Locale.ROOT));
        name.setText((change.kind() + " " + change.name()).strip());
        String fields = fields(change, SHORT);
        what.setText(fields);
        effect.setText(change.effect());
        effect.getStyleClass().removeAll("warning-text", "muted");
        effect.getStyleClass().add(felt.test(change) ? "warning-text" : "muted");
        String word = switch (change.how()) {
            case ADDED -> "new";
            case REMOVED -> "removed";
            case CHANGED -> "changed";
        };
        setAccessibleText(name.getText() + ", " + word + ", " + fields + ", " + change.effect());
        String all = fields(change, 2_000).replace("   ", "\n");
        tooltip.setText(name.getText() + ", " + word + (all.isEmpty() ? "" : "\n" + all) + "\n" + change.effect());
        setTooltip(tooltip);
        setGraphic(row);
    }

    private static String fields(Change change, int longest) {
        List<String> parts =
                change.fields().stream().map(field -> told(field, longest)).collect(Collectors.toList());
        if (change.program()) {
            parts.addFirst("its program");
        }
        return String.join("   ", parts);
    }

    private static String told(Field field, int longest) {
        return field.path() + ": " + brief(field.before(), longest) + " → " + brief(field.after(), longest);
    }

    private static String brief(@Nullable String text, int longest) {
        if (text == null) {
            return "–";
        }
        String line = text.replace('\n', ' ');
        return line.length() <= longest ? line : line.substring(0, longest - 1) + "…";
    }
}
