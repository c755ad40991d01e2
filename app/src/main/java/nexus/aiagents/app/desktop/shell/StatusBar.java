package nexus.aiagents.app.desktop.shell;

import javafx.animation.PauseTransition;
import javafx.collections.ListChangeListener;
import javafx.geometry.Pos;
import javafx.scene.AccessibleRole;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.MenuButton;
import javafx.scene.control.MenuItem;
import javafx.scene.control.ProgressBar;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.util.Duration;
import nexus.aiagents.app.desktop.fx.Background;
import nexus.aiagents.app.desktop.fx.BackgroundTask;
import nexus.aiagents.engine.view.ProjectView;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

/// What happens in the background, with a way to stop it. What is over within 300 ms does not show.
final class StatusBar extends HBox {
    private static final Duration SOON = Duration.millis(300);

    private final Background background;
    private final Label message = new Label("Ready");
    private final ProgressBar bar = new ProgressBar();
    private final Button cancel = new Button("Cancel", new FontIcon(Feather.X));
    private final MenuButton more = new MenuButton();
    private final Label facts = new Label();
    private final PauseTransition delay = new PauseTransition(SOON);

    StatusBar(Workspace workspace) {
        this.background = workspace.background();
        getStyleClass().add("status-bar");
        setAccessibleRole(AccessibleRole.TOOL_BAR);
        setAccessibleText("Status");
        setAlignment(Pos.CENTER_LEFT);
        bar.getStyleClass().add("small");
        bar.setPrefWidth(120);
        bar.setAccessibleText("Progress");
        cancel.getStyleClass().addAll("small", "flat");
        cancel.setTooltip(new Tooltip("Stop waiting for this"));
        cancel.setId("task-cancel");
        more.getStyleClass().addAll("small", "flat");
        more.setAccessibleText("Background tasks");
        Region gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        facts.getStyleClass().add("muted");
        getChildren().addAll(message, bar, cancel, more, gap, facts);
        background.tasks().addListener((ListChangeListener<BackgroundTask>) _ -> changed());
        delay.setOnFinished(_ -> show());
        workspace.view().addListener((_, _, view) -> facts.setText(facts(view)));
        show();
    }

    private void changed() {
        if (background.tasks().isEmpty()) {
            delay.stop();
            show();
        } else if (bar.isVisible()) {
            show();
        } else {
            delay.playFromStart();
        }
    }

    private void show() {
        int count = background.tasks().size();
        boolean busy = count > 0;
        for (Region part : new Region[] {bar, cancel}) {
            part.setVisible(busy);
            part.setManaged(busy);
        }
        more.setVisible(count > 1);
        more.setManaged(count > 1);
        message.textProperty().unbind();
        bar.progressProperty().unbind();
        if (!busy) {
            message.setText("Ready");
            return;
        }
        BackgroundTask first = background.tasks().getFirst();
        message.textProperty()
                .bind(first.progress()
                        .map(p -> first.title() + ": " + p.message())
                        .orElse(first.title()));
        bar.progressProperty()
                .bind(first.progress().map(BackgroundTask.Progress::fraction).orElse(-1.0));
        cancel.setOnAction(_ -> first.cancel());
        cancel.setAccessibleText("Cancel " + first.title());
        more.setText(count - 1 + " more");
        more.getItems()
                .setAll(background.tasks().stream().skip(1).map(StatusBar::item).toList());
    }

    private static MenuItem item(BackgroundTask task) {
        MenuItem item = new MenuItem("Cancel: " + task.title());
        item.setOnAction(_ -> task.cancel());
        return item;
    }

    private static String facts(@Nullable ProjectView view) {
        if (view == null) {
            return "";
        }
        long active = view.runs().stream().filter(r -> !r.state().isFinal()).count();
        String runs = active == 1 ? "1 run under way" : active + " runs under way";
        return runs + "  ·  journal entry " + view.seq();
    }
}
