package nexus.aiagents.app.desktop.pools;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import nexus.aiagents.app.desktop.parts.Mark;
import nexus.aiagents.app.desktop.parts.MarkView;
import nexus.aiagents.app.desktop.parts.Votes;
import nexus.aiagents.app.desktop.parts.Words;
import nexus.aiagents.app.desktop.shell.Action;
import nexus.aiagents.app.desktop.shell.ActionButton;
import nexus.aiagents.app.desktop.shell.Money;
import nexus.aiagents.app.desktop.shell.Screen;
import nexus.aiagents.app.desktop.shell.Workspace;
import nexus.aiagents.engine.control.Command;
import nexus.aiagents.engine.view.RunView;
import nexus.aiagents.engine.view.RunView.StepView;
import nexus.aiagents.engine.view.RunView.VoteView;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

/// One decision of a pool with every vote, and where it waits for a person, the answers to pick from;
/// or one job of a queue. JavaFX thread.
final class DecisionCard extends VBox {
    private static final int SHOWN_OF_AN_ANSWER = 160;

    private final Workspace workspace;
    private final String runId;
    private final MarkView mark = new MarkView(true);
    private final Label facts = new Label();
    private final Label summary = new Label();
    private final Label answer = new Label();
    private final Votes votes = new Votes();
    private final FlowPane picks = new FlowPane(8, 8);
    /// Empty while a person is waited for, else why there is nothing to pick.
    private final ReadOnlyStringWrapper whyNotPick = new ReadOnlyStringWrapper("");
    private @Nullable RunView shown;

    DecisionCard(Workspace workspace, String runId) {
        this.workspace = workspace;
        this.runId = runId;
        getStyleClass().add("decision");
        setSpacing(8);
        facts.getStyleClass().addAll("muted", "small");
        facts.setMinWidth(0);
        summary.getStyleClass().add("strong");
        summary.setMinWidth(USE_PREF_SIZE);
        mark.setMinWidth(USE_PREF_SIZE);
        answer.getStyleClass().addAll("mono", "vote-text");
        answer.setWrapText(true);
        Region gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        Button open = new Button("Open run", new FontIcon(Feather.ARROW_RIGHT));
        open.getStyleClass().addAll("small", "flat");
        open.setMinWidth(USE_PREF_SIZE);
        open.setOnAction(_ -> workspace.show(Screen.RUNS, runId));
        HBox head = new HBox(12, mark, summary, facts, gap, open);
        head.setAlignment(Pos.CENTER_LEFT);
        getChildren().addAll(head, answer, votes, picks);
    }

    void show(RunView run, Instant now) {
        if (Objects.equals(shown, run)) {
            return;
        }
        boolean job = run.kind().equals("job");
        RunView before = shown;
        shown = run;
        mark.show(job && run.state() == RunView.State.RUNNING ? work(run) : Mark.of(run.state()));
        summary.setText(job ? "Job " + run.id() : Votes.summary(run));
        Instant ended = run.endedAt();
        facts.setText(Words.time(run.startedAt(), now)
                + (ended == null ? "" : " · " + Words.duration(Duration.between(run.startedAt(), ended))) + " · "
                + Money.format(run.microDollars())
                + decider(run)
                + (run.errorMessage() == null ? "" : " · " + run.errorMessage()));
        String output = run.outputJson();
        answer.setText(output == null ? "" : Words.brief(output, SHOWN_OF_AN_ANSWER));
        show(answer, job && output != null);
        show(votes, !job);
        votes.show(run);
        boolean waits = run.state() == RunView.State.PARKED;
        whyNotPick.set(waits ? "" : "This run does not wait for you.");
        show(picks, waits);
        if (before == null || !before.votes().equals(run.votes()) || before.state() != run.state()) {
            picks.getChildren().setAll(waits ? picks(run) : List.of());
        }
    }

    private static void show(Node node, boolean now) {
        node.setVisible(now);
        node.setManaged(now);
    }

    private static Mark work(RunView run) {
        return run.steps().isEmpty()
                ? Mark.of(run.state())
                : Mark.of(run.steps().getFirst().state());
    }

    /// Who picked the answer, where votes alone did not.
    private static String decider(RunView run) {
        for (StepView step : run.steps()) {
            if (step.name().equals("decision")) {
                String who = step.agent().equals("person") ? "you" : step.agent();
                return switch (step.state()) {
                    case DONE -> " · picked by " + who;
                    case FAILED -> "";
                    default -> " · " + who + (who.equals("you") ? " pick" : " picks");
                };
            }
        }
        return "";
    }

    private List<Node> picks(RunView run) {
        TreeMap<Integer, VoteView> answers = new TreeMap<>();
        TreeMap<Integer, Integer> counts = new TreeMap<>();
        for (VoteView vote : run.votes()) {
            if (vote.choice() > 0) {
                answers.putIfAbsent(vote.choice(), vote);
                counts.merge(vote.choice(), 1, Integer::sum);
            }
        }
        List<Node> buttons = new ArrayList<>();
        answers.forEach((choice, vote) -> {
            String said = Words.brief(String.valueOf(vote.outputJson()), 40);
            String title = "Pick " + said + " (" + Words.plural(counts.getOrDefault(choice, 0), "vote") + ")";
            buttons.add(new ActionButton(pick(choice, title), "accent", "small"));
        });
        buttons.add(new ActionButton(pick(0, "Pick none of them"), "small"));
        return buttons;
    }

    private Action pick(int choice, String title) {
        return new Action(
                "pools.pick." + choice,
                title,
                choice == 0 ? Feather.X : Feather.CHECK,
                null,
                whyNotPick.getReadOnlyProperty(),
                () -> workspace.send(new Command.DecidePool(runId, choice)));
    }
}
