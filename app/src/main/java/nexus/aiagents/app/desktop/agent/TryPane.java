package nexus.aiagents.app.desktop.agent;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import javafx.beans.binding.Bindings;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import nexus.aiagents.app.desktop.parts.JsonField;
import nexus.aiagents.app.desktop.parts.JsonPane;
import nexus.aiagents.app.desktop.parts.Mark;
import nexus.aiagents.app.desktop.parts.MarkView;
import nexus.aiagents.app.desktop.parts.Words;
import nexus.aiagents.app.desktop.shell.Action;
import nexus.aiagents.app.desktop.shell.ActionButton;
import nexus.aiagents.app.desktop.shell.Money;
import nexus.aiagents.app.desktop.shell.Screen;
import nexus.aiagents.app.desktop.shell.Workspace;
import nexus.aiagents.engine.control.Command;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.view.ProjectView;
import nexus.aiagents.engine.view.RunView;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.feather.Feather;

/// Runs the agent with an input of one's own and shows what came of it. Each agent keeps its input and its
/// last run.
final class TryPane extends HBox {
    private final Workspace workspace;
    private final JsonField input = new JsonField("agent-input", "{\n  \"topic\": \"otters\"\n}", 8);
    private final MarkView mark = new MarkView(true);
    private final Label facts = new Label();
    private final Button open = new Button("Open run");
    private final JsonPane result = new JsonPane("RESULT");
    private final ReadOnlyStringWrapper whyNot = new ReadOnlyStringWrapper("Select an agent first.");
    private final Map<String, String> inputs = new HashMap<>();
    private final Map<String, String> runs = new HashMap<>();
    private final Action run;
    private @Nullable String agent;

    TryPane(Workspace workspace) {
        this.workspace = workspace;
        run = new Action("agent.run", "Run with this input", Feather.PLAY, null, whyNot, this::run);
        getStyleClass().add("step-details");
        setSpacing(16);
        whyNot.bind(Bindings.createStringBinding(() -> input.problem().get(), input.problem()));
        Label heading = new Label("INPUT");
        heading.getStyleClass().add("eyebrow");
        VBox left = new VBox(4, heading, input, new ActionButton(run, "accent"));
        left.setSpacing(8);
        VBox.setVgrow(input, Priority.ALWAYS);
        facts.getStyleClass().addAll("muted", "small");
        open.getStyleClass().addAll("small", "flat");
        open.setVisible(false);
        open.setOnAction(_ -> workspace.show(Screen.RUNS, runs.get(agent)));
        HBox state = new HBox(12, mark, facts, open);
        state.setAlignment(Pos.CENTER_LEFT);
        state.setMinHeight(32);
        VBox right = new VBox(8, result, state);
        VBox.setVgrow(result, Priority.ALWAYS);
        for (VBox half : java.util.List.of(left, right)) {
            half.setPrefWidth(1);
            half.setMinWidth(0);
            HBox.setHgrow(half, Priority.ALWAYS);
        }
        getChildren().addAll(left, right);
    }

    Action action() {
        return run;
    }

    private void run() {
        String name = agent;
        if (name == null) {
            return;
        }
        result.showText("RESULT", "Starting…", false);
        var _ = workspace.submit(new Command.RunAgent(name, input.text())).thenAccept(answer -> {
            switch (answer) {
                case CommandResult.RunStarted started -> {
                    runs.put(name, started.runId());
                    if (name.equals(agent)) {
                        showRun(workspace.view().get());
                    }
                }
                case CommandResult.Refused refused -> {
                    if (name.equals(agent)) {
                        result.showText("REFUSED", refused.code() + "\n\n" + refused.message(), true);
                    }
                }
                case CommandResult.Done done -> result.showText("RESULT", done.message(), false);
                case CommandResult.ChildAdded added -> result.showText("RESULT", added.child() + " is up", false);
            }
        });
    }

    void show(String name, ProjectView view) {
        if (!name.equals(agent)) {
            if (agent != null) {
                inputs.put(agent, input.text());
            }
            agent = name;
            input.setText(inputs.getOrDefault(name, "{\n  \"topic\": \"otters\"\n}"));
            result.showText("RESULT", "", false);
        }
        showRun(view);
    }

    private void showRun(@Nullable ProjectView view) {
        String id = runs.get(agent);
        RunView found = view == null
                ? null
                : view.runs().stream()
                        .filter(r -> r.id().equals(id))
                        .findFirst()
                        .orElse(null);
        mark.setVisible(found != null);
        facts.setVisible(found != null);
        open.setVisible(found != null);
        if (found == null) {
            return;
        }
        mark.show(Mark.of(found.state()));
        Instant ended = found.endedAt();
        Instant until = ended == null ? workspace.clock().instant() : ended;
        facts.setText(Words.duration(Duration.between(found.startedAt(), until)) + " · "
                + Money.format(found.microDollars()) + " · " + Words.plural(found.tokens(), "token"));
        if (found.errorCode() != null) {
            result.showText("ERROR", found.errorCode() + "\n\n" + found.errorMessage(), true);
        } else {
            result.show("RESULT", found.outputJson(), "Running…");
        }
    }

    void forget() {
        agent = null;
        inputs.clear();
        runs.clear();
    }
}
