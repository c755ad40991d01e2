package nexus.aiagents.app.desktop.agent;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.ToggleGroup;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import nexus.aiagents.app.desktop.fx.BackgroundTask;
import nexus.aiagents.app.desktop.parts.JsonField;
import nexus.aiagents.app.desktop.shell.Action;
import nexus.aiagents.app.desktop.shell.ActionButton;
import nexus.aiagents.app.desktop.shell.Workspace;
import nexus.aiagents.engine.run.Schemas;
import nexus.aiagents.engine.view.AgentView;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.feather.Feather;

/// Runs the agent with an input of one's own and shows what came of it: a form where the agent says
/// what its input looks like, and always JSON. Each agent keeps its input and its last run.
final class TryPane extends HBox {
    private static final String SOMETHING = "{\n  \"topic\": \"otters\"\n}";

    private final JsonField input = new JsonField("agent-input", SOMETHING, 8);
    private final InputForm form = new InputForm(input::setText);
    private final ToggleButton asForm = new ToggleButton("Form");
    private final ToggleButton asJson = new ToggleButton("JSON");
    private final HBox toggles = new HBox(asForm, asJson);
    private final Label wrong = new Label();
    private final ReadOnlyStringWrapper whyNot = new ReadOnlyStringWrapper("Select an agent first.");
    private final Map<String, String> inputs = new HashMap<>();
    private final TryRuns runs;
    private final Action run;
    private final Workspace workspace;
    private @Nullable BackgroundTask judging;
    private @Nullable String agent;
    private @Nullable String schema;

    TryPane(Workspace workspace, TryRuns runs) {
        this.workspace = workspace;
        this.runs = runs;
        run = new Action("agent.run", "Run with this input", Feather.PLAY, null, whyNot, () -> runs.run(input.text()));
        getStyleClass().add("step-details");
        setSpacing(16);
        setMinSize(0, 0);
        input.area().textProperty().addListener((_, _, _) -> judge());
        wrong.getStyleClass().addAll("small", "tone-danger");
        wrong.setId("agent-input-problem");
        wrong.setWrapText(true);
        wrong.setMinHeight(Region.USE_PREF_SIZE);
        wrong.managedProperty().bind(wrong.visibleProperty());
        StackPane either = new StackPane(input, form);
        either.setMinHeight(0);
        VBox left = new VBox(8, heading(), either, wrong, new HBox(new ActionButton(run, "accent")));
        VBox.setVgrow(either, Priority.ALWAYS);
        for (Node half : List.of(left, new RunResult(workspace, runs))) {
            ((Region) half).setPrefWidth(1);
            ((Region) half).setMinWidth(0);
            HBox.setHgrow(half, Priority.ALWAYS);
            getChildren().add(half);
        }
    }

    private HBox heading() {
        Label heading = new Label("INPUT");
        heading.getStyleClass().add("eyebrow");
        ToggleGroup group = new ToggleGroup();
        asForm.setId("agent-input-as-form");
        asForm.setTooltip(new Tooltip("Fill in what the agent's input.schema asks for"));
        asJson.setId("agent-input-as-json");
        asJson.setTooltip(new Tooltip("Write the input as JSON"));
        for (ToggleButton way : List.of(asForm, asJson)) {
            way.setToggleGroup(group);
            way.getStyleClass().add("small");
            way.setMinWidth(Region.USE_PREF_SIZE);
        }
        asForm.getStyleClass().add("left-pill");
        asJson.getStyleClass().add("right-pill");
        group.selectedToggleProperty().addListener((_, before, now) -> {
            if (now == null && before != null) {
                before.setSelected(true);
            } else {
                arrange();
            }
        });
        asForm.setSelected(true);
        Region gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        HBox bar = new HBox(8, heading, gap, toggles);
        bar.setAlignment(Pos.CENTER_LEFT);
        toggles.managedProperty().bind(toggles.visibleProperty());
        return bar;
    }

    Action action() {
        return run;
    }

    private void arrange() {
        boolean there = InputFields.of(schema) != null;
        boolean formShown = there && asForm.isSelected();
        toggles.setVisible(there);
        form.setVisible(formShown);
        input.setVisible(!formShown);
        if (formShown) {
            form.read(input.text());
        }
        judge();
    }

    /// What is no JSON is told at once; what does not fit the schema a moment later.
    private void judge() {
        BackgroundTask earlier = judging;
        if (earlier != null) {
            earlier.cancel();
        }
        String syntax = input.problem().get();
        String rules = schema;
        if (agent == null || !syntax.isEmpty() || rules == null) {
            judged("");
            whyNot.set(agent == null ? "Select an agent first." : syntax);
            return;
        }
        String text = input.text();
        judging = workspace
                .background()
                .quietly(
                        _ -> Optional.ofNullable(Schemas.problem(rules, text)),
                        found -> judged(found.map(p -> "It does not fit the agent's input.schema: " + p)
                                .orElse("")),
                        e -> judged("It could not be checked: " + e.getMessage()));
    }

    private void judged(String problem) {
        wrong.setText(problem);
        wrong.setVisible(!problem.isEmpty());
        whyNot.set(problem);
    }

    void show(AgentView now) {
        String rules = now.inputSchema();
        boolean same = now.name().equals(agent) && java.util.Objects.equals(rules, schema);
        if (same) {
            return;
        }
        if (agent != null) {
            inputs.put(agent, input.text());
        }
        agent = now.name();
        schema = rules;
        InputFields fields = InputFields.of(rules);
        form.show(fields);
        input.setText(inputs.getOrDefault(agent, fields == null ? SOMETHING : fields.beginning()));
        arrange();
    }

    /// What it would be run with.
    String input() {
        return input.text();
    }

    void forget() {
        agent = null;
        inputs.clear();
        runs.forget();
    }
}
