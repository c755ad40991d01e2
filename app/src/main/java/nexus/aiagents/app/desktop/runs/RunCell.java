package nexus.aiagents.app.desktop.runs;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import javafx.geometry.Pos;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import nexus.aiagents.app.desktop.parts.Mark;
import nexus.aiagents.app.desktop.parts.MarkView;
import nexus.aiagents.app.desktop.parts.Words;
import nexus.aiagents.app.desktop.shell.Money;
import nexus.aiagents.engine.view.RunView;
import org.jspecify.annotations.Nullable;

/// One run in the list: state, name, kind, when, how long, cost.
final class RunCell extends ListCell<RunView> {
    private final Clock clock;
    private final MarkView mark = new MarkView(false);
    private final Label name = new Label();
    private final Label cost = new Label();
    private final Label below = new Label();
    private final VBox box;

    RunCell(Clock clock) {
        this.clock = clock;
        name.getStyleClass().add("strong");
        name.setMinWidth(0);
        cost.getStyleClass().addAll("muted", "small");
        cost.setMinWidth(Region.USE_PREF_SIZE);
        below.getStyleClass().addAll("muted", "small");
        below.setPadding(new javafx.geometry.Insets(0, 0, 0, 20));
        Region gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        HBox head = new HBox(8, mark, name, gap, cost);
        head.setAlignment(Pos.CENTER_LEFT);
        box = new VBox(2, head, below);
        box.setPrefWidth(0);
    }

    @Override
    protected void updateItem(@Nullable RunView run, boolean empty) {
        super.updateItem(run, empty);
        if (run == null || empty) {
            setGraphic(null);
            setAccessibleText(null);
            return;
        }
        Instant now = clock.instant();
        Mark state = Mark.of(run.state());
        mark.show(state);
        name.setText(run.name());
        cost.setText(Money.format(run.microDollars()));
        Instant ended = run.endedAt();
        String took = ended == null ? "" : " · " + Words.duration(Duration.between(run.startedAt(), ended));
        below.setText(state.text() + " · " + run.kind() + " · " + Words.time(run.startedAt(), now) + took);
        setAccessibleText(run.name() + ", " + below.getText() + ", " + cost.getText());
        setGraphic(box);
    }
}
