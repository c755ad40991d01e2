package nexus.aiagents.app.desktop.editor;

import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import nexus.aiagents.engine.project.ReloadPlan;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

/// Says above the texts that something on the disk does not run yet.
final class ApplyBar extends HBox {
    private final Label text = new Label();
    private final Button apply = new Button("Apply live");

    ApplyBar(ApplyLive live, Runnable showDifference) {
        super(8);
        setId("apply-bar");
        getStyleClass().add("apply-bar");
        setAlignment(Pos.CENTER_LEFT);
        text.setMinWidth(0);
        text.setId("apply-bar-text");
        Region gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        Button difference = new Button("Difference");
        difference.setOnAction(_ -> showDifference.run());
        apply.setId("apply-bar-apply");
        apply.getStyleClass().add("accent");
        apply.setOnAction(_ -> live.apply());
        apply.disableProperty().bind(live.whyNot().isNotEmpty());
        for (Button button : new Button[] {difference, apply}) {
            button.getStyleClass().add("small");
            button.setMinWidth(Region.USE_PREF_SIZE);
        }
        getChildren().addAll(new FontIcon(Feather.UPLOAD), text, gap, difference, apply);
        live.pending().addListener((_, _, plan) -> show(plan));
        show(null);
    }

    private void show(@org.jspecify.annotations.Nullable ReloadPlan plan) {
        setVisible(plan != null);
        setManaged(plan != null);
        if (plan != null) {
            text.setText(
                    plan.isFelt()
                            ? "Saved, and not applied yet: " + plan.summary() + "."
                            : "The files differ from what runs. Nothing that is up would restart.");
            apply.setText(act(plan));
        }
    }

    /// What the button does, in a few words.
    static String act(ReloadPlan plan) {
        if (plan.restartsTeam()) {
            return "Apply and restart the team";
        }
        return switch (plan.restarts().size()) {
            case 0 -> "Apply live";
            case 1 -> "Apply and restart " + plan.restarts().getFirst();
            default -> "Apply and restart " + plan.restarts().size() + " agents";
        };
    }
}
