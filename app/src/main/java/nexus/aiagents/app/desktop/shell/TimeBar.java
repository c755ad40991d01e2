package nexus.aiagents.app.desktop.shell;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import javafx.geometry.Pos;
import javafx.scene.AccessibleRole;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.Slider;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import nexus.aiagents.engine.view.ProjectView;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.Ikon;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

/// A slider over the journal: the whole window shows the project as it was then.
final class TimeBar extends HBox {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("d MMM HH:mm:ss");

    private final LookBack past;
    private final Slider slider = new Slider();
    private final Label when = new Label();
    private final Label entry = new Label();
    private boolean following;

    TimeBar(LookBack past) {
        this.past = past;
        setId("time-bar");
        getStyleClass().add("time-bar");
        setAccessibleRole(AccessibleRole.TOOL_BAR);
        setAccessibleText("The past");
        setAlignment(Pos.CENTER_LEFT);
        setSpacing(12);
        when.setId("time-when");
        when.getStyleClass().add("strong");
        entry.getStyleClass().addAll("muted", "small");
        for (Label label : new Label[] {when, entry}) {
            label.setMinWidth(Region.USE_PREF_SIZE);
        }
        slider.setId("time-slider");
        slider.setAccessibleText("Moment");
        slider.setBlockIncrement(1);
        slider.setMinWidth(80);
        HBox.setHgrow(slider, Priority.ALWAYS);
        slider.valueProperty().addListener((_, _, value) -> {
            if (!following) {
                past.to(Math.round(value.doubleValue()));
            }
        });
        Button now = new Button("Back to now", new FontIcon(Feather.FAST_FORWARD));
        now.setId("time-now");
        now.getStyleClass().add("small");
        now.setMinWidth(Region.USE_PREF_SIZE);
        now.setOnAction(_ -> past.end());
        getChildren()
                .addAll(
                        new FontIcon(Feather.CLOCK),
                        when,
                        entry,
                        turn(
                                "time-before",
                                Feather.SKIP_BACK,
                                "The turn before: a crash, a restart, a run, an alert",
                                false),
                        slider,
                        turn(
                                "time-next",
                                Feather.SKIP_FORWARD,
                                "The next turn: a crash, a restart, a run, an alert",
                                true),
                        now);
        setOnKeyPressed(e -> {
            if (e.getCode() == KeyCode.ESCAPE) {
                past.end();
                e.consume();
            }
        });
        past.reach().addListener((_, _, reach) -> reached(reach));
        past.moment().addListener((_, _, then) -> show(then));
        reached(null);
    }

    private Button turn(String id, Ikon icon, String name, boolean forward) {
        Button button = new Button(null, new FontIcon(icon));
        button.setId(id);
        button.getStyleClass().addAll("button-icon", "flat", "small");
        button.setTooltip(new Tooltip(name));
        button.setAccessibleText(name);
        button.setOnAction(_ -> past.turn(forward));
        return button;
    }

    private void reached(LookBack.@Nullable Reach reach) {
        setVisible(reach != null);
        setManaged(reach != null);
        if (reach != null) {
            following = true;
            slider.setMin(reach.first());
            slider.setMax(reach.last());
            slider.setValue(reach.last());
            following = false;
            slider.requestFocus();
        }
    }

    private void show(@Nullable ProjectView then) {
        LookBack.Reach reach = past.reach().get();
        if (then == null || reach == null) {
            return;
        }
        if (!slider.isValueChanging() && !slider.isPressed()) {
            following = true;
            slider.setValue(then.seq());
            following = false;
        }
        when.setText(
                then.at().equals(Instant.EPOCH)
                        ? "Before the first entry"
                        : TIME.format(then.at().atZone(ZoneId.systemDefault())));
        entry.setText("entry " + then.seq() + " of " + reach.last());
        slider.setAccessibleText(when.getText() + ", " + entry.getText());
    }
}
