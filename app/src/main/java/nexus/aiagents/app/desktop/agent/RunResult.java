package nexus.aiagents.app.desktop.agent;

import java.time.Duration;
import java.time.Instant;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import nexus.aiagents.app.desktop.parts.JsonPane;
import nexus.aiagents.app.desktop.parts.Mark;
import nexus.aiagents.app.desktop.parts.MarkView;
import nexus.aiagents.app.desktop.parts.Words;
import nexus.aiagents.app.desktop.shell.Money;
import nexus.aiagents.app.desktop.shell.Screen;
import nexus.aiagents.app.desktop.shell.Workspace;
import nexus.aiagents.engine.view.RunView;

/// What came of a run with one's own input: its state and its output or error.
final class RunResult extends VBox {
    private final Workspace workspace;
    private final TryRuns runs;
    private final MarkView mark = new MarkView(true);
    private final Label facts = new Label();
    private final Button open = new Button("Open run");
    private final JsonPane result = new JsonPane("RESULT");

    RunResult(Workspace workspace, TryRuns runs) {
        super(8);
        this.workspace = workspace;
        this.runs = runs;
        facts.getStyleClass().addAll("muted", "small");
        facts.setMinWidth(0);
        open.getStyleClass().addAll("small", "flat");
        open.setMinWidth(Region.USE_PREF_SIZE);
        open.setOnAction(_ -> {
            RunView run = runs.shown().get().run();
            if (run != null) {
                workspace.show(Screen.RUNS, run.id());
            }
        });
        HBox state = new HBox(12, mark, facts, open);
        state.setAlignment(Pos.CENTER_LEFT);
        state.managedProperty().bind(mark.visibleProperty());
        VBox.setVgrow(result, Priority.ALWAYS);
        getChildren().addAll(result, state);
        setMinSize(0, 0);
        runs.shown().addListener((_, _, _) -> show());
        show();
    }

    private void show() {
        TryRuns.Shown now = runs.shown().get();
        RunView run = now.run();
        for (Region part : java.util.List.of(mark, facts, open)) {
            part.setVisible(run != null);
        }
        if (run != null) {
            mark.show(Mark.of(run.state()));
            Instant ended = run.endedAt();
            Instant until = ended == null ? workspace.clock().instant() : ended;
            facts.setText(Words.duration(Duration.between(run.startedAt(), until)) + " · "
                    + Money.format(run.microDollars()) + " · " + Words.plural(run.tokens(), "token"));
        }
        if (now.json()) {
            result.show(now.title(), now.text(), "");
        } else {
            result.showText(now.title(), now.text(), now.error());
        }
    }
}
