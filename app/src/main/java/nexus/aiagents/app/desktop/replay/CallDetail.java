package nexus.aiagents.app.desktop.replay;

import java.util.List;
import java.util.Locale;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.geometry.Insets;
import javafx.geometry.Pos;
import javafx.scene.control.ContentDisplay;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import nexus.aiagents.app.desktop.parts.JsonField;
import nexus.aiagents.app.desktop.parts.JsonPane;
import nexus.aiagents.app.desktop.parts.JsonText;
import nexus.aiagents.app.desktop.shell.Action;
import nexus.aiagents.app.desktop.shell.ActionButton;
import nexus.aiagents.engine.replay.ReplayedCall;
import org.jspecify.annotations.Nullable;

/// One call of a replay: what was asked, and what it was told, which can be changed where it stands.
final class CallDetail extends VBox {
    private static final String NOTHING = "Select a call first.";
    private static final String UNKNOWN = "{\"ok\": null}";

    private final Label facts = new Label();
    private final JsonPane asked = new JsonPane("ASKED");
    private final Label heading = new Label("TOLD");
    private final JsonField told;
    private final HBox bar = new HBox(4);
    private final ReadOnlyStringWrapper whyNot = new ReadOnlyStringWrapper(NOTHING);
    private String before = "";
    private boolean changeable;
    private boolean open;

    CallDetail(String prefix) {
        told = new JsonField(prefix + "-replay-told", "", 4);
        told.area().setAccessibleText("What the program was told; change it to see what would have come of it");
        told.area().setWrapText(true);
        told.area().getStyleClass().add("json-pane");
        told.area().textProperty().addListener((_, _, _) -> judge());
        facts.setId(prefix + "-replay-facts");
        facts.getStyleClass().addAll("muted", "small");
        facts.setMinWidth(0);
        heading.getStyleClass().add("eyebrow");
        heading.setLabelFor(told.area());
        Region gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        HBox top = new HBox(8, facts, gap, bar);
        bar.setAlignment(Pos.CENTER_RIGHT);
        bar.setMinWidth(Region.USE_PREF_SIZE);
        top.setAlignment(Pos.CENTER_LEFT);
        VBox answer = new VBox(4, heading, told);
        VBox.setVgrow(told, Priority.ALWAYS);
        for (Region half : List.of(asked, answer)) {
            VBox.setVgrow(half, Priority.ALWAYS);
            half.setMinHeight(72);
            half.setPrefHeight(160);
        }
        getChildren().addAll(top, asked, answer);
        setPadding(new Insets(0, 0, 0, 12));
        setSpacing(8);
        setMinWidth(0);
    }

    /// @param steps to other calls
    /// @param go    replays with what is written here
    void buttons(List<Action> steps, Action go) {
        for (Action step : steps) {
            ActionButton button = new ActionButton(step, "button-icon");
            button.button().setContentDisplay(ContentDisplay.GRAPHIC_ONLY);
            button.button().setMinWidth(Region.USE_PREF_SIZE);
            bar.getChildren().add(button);
        }
        ActionButton button = new ActionButton(go, "small");
        button.button().setId("pane-" + button.button().getId());
        HBox foot = new HBox(button);
        foot.setAlignment(Pos.CENTER_LEFT);
        getChildren().add(foot);
    }

    /// @param openEnd nobody knows an answer, and one may be given
    void show(@Nullable ReplayedCall call, boolean openEnd) {
        String answer = call == null ? null : call.answerJson();
        changeable = call != null && (answer != null || openEnd);
        open = openEnd;
        facts.setText(call == null ? "" : ReplayWords.facts(call));
        asked.show("ASKED", call == null ? null : ReplayWords.asked(call.argumentsJson()), "");
        heading.setText(
                call == null
                        ? "TOLD"
                        : openEnd
                                ? "TELL IT"
                                : answer == null
                                        ? "TOLD NOTHING: HERE THE REPLAY ENDS"
                                        : "TOLD BY "
                                                + ReplayWords.source(call.source())
                                                        .toUpperCase(Locale.ROOT));
        before = answer == null ? (openEnd ? UNKNOWN : "") : answer;
        told.setText(before.isEmpty() ? "" : JsonText.pretty(before));
        told.area().setEditable(changeable);
        told.quiet(!changeable);
        judge();
    }

    private void judge() {
        whyNot.set(why());
    }

    private String why() {
        if (!changeable) {
            return before.isEmpty() && facts.getText().isEmpty() ? NOTHING : "The program was told nothing any more.";
        }
        String wrong = told.problem().get();
        if (!wrong.isEmpty()) {
            return wrong;
        }
        if (!ReplayWords.isAnswer(told.text())) {
            return "An answer is {\"ok\": …}, or {\"error\": {\"code\": \"…\", \"message\": \"…\"}}.";
        }
        return open || !ReplayWords.isSame(before, told.text()) ? "" : "Change what it was told first.";
    }

    /// Empty while what is written here is another answer.
    ReadOnlyStringProperty whyNotChanged() {
        return whyNot.getReadOnlyProperty();
    }

    String answer() {
        return told.text();
    }
}
