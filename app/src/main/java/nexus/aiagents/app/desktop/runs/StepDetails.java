package nexus.aiagents.app.desktop.runs;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javafx.geometry.Pos;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import nexus.aiagents.app.desktop.parts.JsonPane;
import nexus.aiagents.app.desktop.parts.Mark;
import nexus.aiagents.app.desktop.parts.MarkView;
import nexus.aiagents.app.desktop.parts.Styles;
import nexus.aiagents.app.desktop.parts.Tone;
import nexus.aiagents.app.desktop.parts.Words;
import nexus.aiagents.app.desktop.shell.Action;
import nexus.aiagents.app.desktop.shell.ActionButton;
import nexus.aiagents.app.desktop.shell.Money;
import nexus.aiagents.engine.view.RunView.StepState;
import nexus.aiagents.engine.view.RunView.StepView;
import org.jspecify.annotations.Nullable;

/// Input, output or error of the selected step, and what became of its compensation. Scrolls where there is
/// little room.
final class StepDetails extends ScrollPane {
    /// The name of the step and a row of what can be done to it.
    private static final double LEAST = 112;

    private final Label name = new Label();
    private final MarkView mark = new MarkView(true);
    private final Label facts = new Label();
    private final Label undo = new Label();
    private final JsonPane input = new JsonPane("INPUT");
    private final JsonPane output = new JsonPane("OUTPUT");

    /// @param actions what can be done to the step
    StepDetails(List<Action> actions) {
        setId("step-details");
        getStyleClass().addAll("bare-scroll", "edge-to-edge");
        name.getStyleClass().add("strong");
        facts.getStyleClass().addAll("muted", "small");
        undo.getStyleClass().add("small");
        undo.setWrapText(true);
        undo.setMinHeight(USE_PREF_SIZE);
        HBox head = new HBox(12, name, mark, facts);
        head.setAlignment(Pos.CENTER_LEFT);
        HBox panes = new HBox(16, input, output);
        HBox.setHgrow(input, Priority.ALWAYS);
        HBox.setHgrow(output, Priority.ALWAYS);
        input.setPrefWidth(1);
        output.setPrefWidth(1);
        VBox.setVgrow(panes, Priority.ALWAYS);
        FlowPane buttons = new FlowPane(8, 8);
        for (Action action : actions) {
            ActionButton button = ActionButton.whileEnabled(action);
            button.button().getStyleClass().add("small");
            buttons.getChildren().add(button);
        }
        buttons.setMinHeight(USE_PREF_SIZE);
        VBox all = new VBox(8, head, undo, buttons, panes);
        all.getStyleClass().add("step-details");
        setContent(all);
        setFitToWidth(true);
        setFitToHeight(true);
        setHbarPolicy(ScrollBarPolicy.NEVER);
        setMinHeight(LEAST);
    }

    void show(@Nullable StepView step, Instant now) {
        setVisible(step != null);
        if (step == null) {
            return;
        }
        name.setText(step.name());
        mark.show(Mark.of(StepPainter.shownState(step)));
        Instant start = step.startedAt();
        String took =
                start == null ? "not started" : Words.duration(Duration.between(start, SagaPlan.actionEnd(step, now)));
        facts.setText("by " + step.agent() + " · " + took
                + (step.attempts() == 0 ? "" : " · " + Words.plural(step.attempts(), "attempt"))
                + (step.microDollars() == null || step.attempts() == 0 ? "" : " · " + Money.format(step.microDollars()))
                + StepPainter.items(step.items()));
        String undone = remark(step);
        undo.setText(undone);
        undo.setVisible(!undone.isEmpty());
        undo.setManaged(!undone.isEmpty());
        boolean failed = step.undoState() == StepState.COMPENSATION_FAILED;
        Styles.tone(undo, failed ? Tone.DANGER : step.undoState() == null ? Tone.NEUTRAL : Tone.DONE);
        input.show("INPUT", step.inputJson(), "Not started: its input is not known yet.");
        if (step.errorCode() != null) {
            output.showText("ERROR", step.errorCode() + "\n\n" + step.errorMessage(), true);
        } else {
            output.show("OUTPUT", step.outputJson(), "No output yet.");
        }
    }

    /// What is to be said of it beside its state.
    private static String remark(StepView step) {
        StepState state = step.undoState();
        if (state == null) {
            return step.state() == StepState.WAITING ? "" : StepPainter.remark(step);
        }
        String by = step.compensation() == null ? "" : " by " + step.compensation();
        return switch (state) {
            case COMPENSATED -> "Undone" + by + ", number " + step.undoOrder() + " on the way back.";
            case COMPENSATION_FAILED ->
                "Could not be undone" + by + " after " + Words.plural(step.undoAttempts(), "attempt") + ": "
                        + step.undoError();
            case SKIPPED -> "Left out on the way back.";
            default -> Mark.of(state).text() + by + "…";
        };
    }
}
