package nexus.aiagents.app.desktop.tree;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.VBox;
import nexus.aiagents.app.desktop.parts.AgentActions;
import nexus.aiagents.app.desktop.parts.ChaosMenu;
import nexus.aiagents.app.desktop.parts.Facts;
import nexus.aiagents.app.desktop.parts.Mark;
import nexus.aiagents.app.desktop.parts.MarkView;
import nexus.aiagents.app.desktop.parts.Tone;
import nexus.aiagents.app.desktop.parts.Words;
import nexus.aiagents.app.desktop.shell.ActionButton;
import nexus.aiagents.app.desktop.shell.Money;
import nexus.aiagents.engine.view.AgentView;
import nexus.aiagents.engine.view.ProjectView;
import nexus.aiagents.engine.view.ProjectView.PoolView;
import nexus.aiagents.engine.view.ProjectView.QueueView;
import nexus.aiagents.engine.view.SupervisorView;
import org.jspecify.annotations.Nullable;

/// What is known of the selected node, and what can be done to it.
final class NodeDetails extends ScrollPane {
    private static final double NAME_WIDTH = 96;
    private static final int LISTED = 12;

    private final AgentActions actions;
    private final SupervisorActions supervisors;
    private final MoveActions moves;
    private final IfItDies ifItDies = new IfItDies();
    private final Label kind = new Label();
    private final Label name = new Label();
    private final MarkView mark = new MarkView(true);
    private final Label text = new Label();
    private final Label progress = new Label();
    private final FlowPane buttons = new FlowPane(8, 8);
    private final FlowPane supervisorButtons = new FlowPane(8, 8);
    private final Facts facts = new Facts(NAME_WIDTH);
    private @Nullable String shown;

    NodeDetails(AgentActions actions, SupervisorActions supervisors, MoveActions moves) {
        this.actions = actions;
        this.supervisors = supervisors;
        this.moves = moves;
        setId("tree-details");
        getStyleClass().add("side-panel");
        setFitToWidth(true);
        setHbarPolicy(ScrollBarPolicy.NEVER);
        kind.getStyleClass().add("eyebrow");
        name.getStyleClass().add("h2");
        name.setWrapText(true);
        text.setWrapText(true);
        text.getStyleClass().add("muted");
        text.setMinHeight(USE_PREF_SIZE);
        progress.setWrapText(true);
        progress.getStyleClass().add("small");
        progress.textProperty().bind(actions.progress());
        progress.managedProperty().bind(actions.progress().isNotEmpty());
        actions.buttons().forEach(b -> buttons.getChildren().add(button(b)));
        buttons.getChildren().add(1, new ChaosMenu("tree-chaos", actions));
        supervisors.ofSupervisor.forEach(a -> supervisorButtons.getChildren().add(button(new ActionButton(a))));
        for (FlowPane pane : List.of(buttons, supervisorButtons)) {
            pane.getChildren().add(button(ActionButton.whileEnabled(supervisors.delete, "quiet-danger")));
        }
        FlowPane places = new FlowPane(8, 8);
        moves.all().forEach(a -> places.getChildren().add(button(ActionButton.whileEnabled(a))));
        VBox box = new VBox(new VBox(4, kind, name, mark), text, buttons, supervisorButtons, places, progress, facts);
        box.setSpacing(16);
        box.getStyleClass().add("side-panel-body");
        setContent(box);
    }

    private static Node button(ActionButton button) {
        button.button().getStyleClass().add("small");
        return button;
    }

    /// @param view what the node is of
    void show(@Nullable ProjectView view, @Nullable TreeNode node, Instant now) {
        actions.show(node == null ? null : node.agent());
        supervisors.show(node);
        moves.show(node);
        setVisible(node != null);
        if (node == null) {
            return;
        }
        if (!node.id().equals(shown)) {
            shown = node.id();
            facts.clear();
            setVvalue(0);
        }
        name.setText(node.name());
        AgentView agent = node.agent();
        SupervisorView supervisor = node.supervisor();
        buttons.setVisible(agent != null);
        buttons.setManaged(agent != null);
        supervisorButtons.setVisible(supervisor != null);
        supervisorButtons.setManaged(supervisor != null);
        Mark state = agent == null ? node.mark() : actions.mark(agent);
        mark.show(state);
        String held = node.held();
        facts.show("Stays down", held == null ? "" : Words.held(held), Tone.WARNING.styleClass());
        facts.show("If it dies", ifItDies.of(view, node));
        if (agent != null) {
            agent(agent, now);
        } else if (supervisor != null) {
            supervisor(supervisor, node, now);
        } else if (node.pool() != null) {
            pool(node.pool());
        } else {
            kind.setText("AGENTS UNDER NO SUPERVISOR");
            text.setText("They run when a saga, a pool, another agent or you call them, and are not restarted.");
            facts.show("Agents", String.valueOf(node.children()));
            facts.show("Cost", Money.format(node.microDollars()));
        }
    }

    private void pool(PoolView pool) {
        kind.setText("POOL");
        text.setManaged(true);
        text.setText("Its workers share one queue, and work while its supervisor has it open.");
        facts.show("Strategy", pool.strategy());
        QueueView queue = pool.queue();
        if (queue != null) {
            facts.show("Workers", Words.count(queue.workers()));
            facts.show("Waiting", Words.plural(queue.depth(), "job"));
            facts.show("Done", Words.count(queue.done()) + ", " + Words.count(queue.failed()) + " failed");
        }
    }

    private void agent(AgentView a, Instant now) {
        kind.setText(a.supervisor() == null ? "AGENT ON CALL" : "AGENT");
        text.setText(a.detail().isEmpty() ? a.description() : a.detail());
        text.setManaged(!text.getText().isEmpty());
        facts.show("In this state", Words.coarse(Duration.between(a.since(), now)));
        Instant until = a.backoffUntil();
        if (a.state() == AgentView.State.BACKING_OFF && until != null) {
            facts.show(
                    "Next start",
                    "in " + Words.coarse(Duration.between(now, until).plusMillis(999)));
        } else {
            facts.show("Next start", "");
        }
        facts.show("Restarts", Words.count(a.restarts()));
        AgentView.ExitView exit = a.lastExit();
        facts.show(
                "Last exit",
                exit == null
                        ? ""
                        : exit.code() + (exit.message().isBlank() ? "" : ": " + exit.message()) + "\n"
                                + Words.time(exit.at(), now),
                exit != null && !exit.kind().equals("normal") && !exit.kind().equals("shutdown")
                        ? Tone.DANGER.styleClass()
                        : "");
        facts.show("Cost", Money.format(a.microDollars()) + (a.scripted() ? ", scripted" : ""));
        facts.show("Tokens", Words.count(a.tokens()));
        facts.show("Calls", Words.count(a.calls()) + ", " + Words.count(a.failedCalls()) + " failed");
        facts.show("Runtime", a.runtime());
        facts.show("Supervisor", a.supervisor() == null ? "" : a.supervisor());
        facts.show(
                "Trust",
                a.trust().score() + " of 100, T" + a.trust().tier() + ", "
                        + a.trust().rating());
    }

    private void supervisor(SupervisorView s, TreeNode node, Instant now) {
        kind.setText("SUPERVISOR");
        text.setManaged(true);
        text.setText(
                switch (s.strategy()) {
                    case "one-for-all" -> "One for all: if one child ends, all are restarted.";
                    case "rest-for-one" -> "Rest for one: the child that ended and those after it are restarted.";
                    default -> "One for one: only the child that ended is restarted.";
                });
        String window = Words.coarse(Duration.ofSeconds(s.withinSeconds()));
        facts.show(
                "Restarts",
                s.inWindow() + " of " + s.maxRestarts() + " in " + window,
                node.noteTone() == Tone.NEUTRAL ? "" : node.noteTone().styleClass());
        facts.show("Left", s.restartsLeft() + (s.restartsLeft() == 0 ? ", the next one makes it give up" : ""));
        facts.show(
                "Next one back",
                s.lastRestarts().isEmpty()
                        ? ""
                        : "in "
                                + Words.coarse(Duration.between(
                                        now, s.lastRestarts().getFirst().plusSeconds(s.withinSeconds()))));
        facts.show("Cost", Money.format(node.microDollars()) + ", all below it");
        facts.show("Parent", s.parent() == null ? "" : s.parent());
        facts.show(
                "Children",
                s.children().stream()
                                .limit(LISTED)
                                .map(c -> c.name() + ", " + c.restart())
                                .collect(Collectors.joining("\n"))
                        + (s.children().size() > LISTED
                                ? "\nand " + (s.children().size() - LISTED) + " more"
                                : ""));
    }
}
