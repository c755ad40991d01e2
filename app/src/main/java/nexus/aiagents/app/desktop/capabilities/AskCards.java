package nexus.aiagents.app.desktop.capabilities;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import nexus.aiagents.app.desktop.parts.Mark;
import nexus.aiagents.app.desktop.parts.MarkView;
import nexus.aiagents.app.desktop.parts.Tone;
import nexus.aiagents.app.desktop.parts.TrustDialog;
import nexus.aiagents.app.desktop.parts.Words;
import nexus.aiagents.app.desktop.shell.Workspace;
import nexus.aiagents.engine.control.Command;
import nexus.aiagents.engine.view.AgentView;
import nexus.aiagents.engine.view.ProjectView;
import nexus.aiagents.engine.view.ProjectView.AskView;

/// What waits for a person's leave, one card each: what exactly is allowed, to whom, and for how long each
/// answer is good. Calls that are not granted first, then agents that are not trusted.
final class AskCards extends VBox {
    private final Workspace workspace;
    private List<Object> shown = List.of();

    AskCards(Workspace workspace) {
        this.workspace = workspace;
        setId("asks");
        getStyleClass().add("ask-cards");
        setMinHeight(USE_PREF_SIZE);
        setVisible(false);
        setManaged(false);
    }

    /// A card stays the very node it is while it is asked, so that a click does not miss it.
    void show(ProjectView view) {
        List<Object> now = new ArrayList<>(view.asks());
        view.agents().stream()
                .filter(agent -> "trust".equals(agent.pausedBy()))
                .map(agent -> new Untrusted(agent.name(), agent.trust().why()))
                .forEach(now::add);
        if (now.equals(shown)) {
            return;
        }
        List<Node> cards = new ArrayList<>();
        for (Object one : now) {
            int known = shown.indexOf(one);
            cards.add(known >= 0 ? getChildren().get(known) : card(one));
        }
        shown = now;
        getChildren().setAll(cards);
        setVisible(!cards.isEmpty());
        setManaged(!cards.isEmpty());
    }

    private record Untrusted(String agent, String why) {}

    private Node card(Object one) {
        return one instanceof AskView ask ? ask(ask) : untrusted((Untrusted) Objects.requireNonNull(one));
    }

    private Node ask(AskView ask) {
        String wants = ask.agent() + " asks for leave: " + ask.inWords();
        String call = "Its call waits: " + ask.what()
                + (ask.runId() == null ? "" : " · run " + ask.runId())
                + " · since " + Words.time(ask.at(), Instant.now());
        return card(
                ask.id(),
                wants,
                call,
                List.of(
                        decide(ask, "once", "Allow once", "This call alone"),
                        decide(ask, "run", "For this run", "The same again in this run, to its end"),
                        decide(ask, "project", "Until closed", "The same in all runs, until the project is closed"),
                        decide(ask, "always", "Always", "Writes the grant into the YAML of " + ask.agent()),
                        decide(
                                ask,
                                "deny",
                                "Refuse",
                                "The call fails as not granted, and is not asked again in this run")));
    }

    private Button decide(AskView ask, String decision, String title, String meaning) {
        return button(
                "ask-" + decision,
                title,
                meaning,
                decision.equals("once"),
                () -> workspace.send(new Command.DecideGrant(ask.id(), decision)));
    }

    private Node untrusted(Untrusted one) {
        String agent = one.agent();
        return card(
                "trust-" + agent,
                agent + " is not trusted, and waits: may it run?",
                one.why(),
                List.of(
                        trust(agent, true, "Allow…", "It runs whatever its score, for as long as you say"),
                        trust(
                                agent,
                                false,
                                "Refuse…",
                                "What waits ends as untrusted; it does not run for as long as you say")));
    }

    private Button trust(String agent, boolean allow, String title, String meaning) {
        return button(
                "trust-" + (allow ? "allow" : "refuse"),
                title,
                meaning,
                allow,
                () -> new TrustDialog(getScene() == null ? null : getScene().getWindow(), agent, allow)
                        .ask()
                        .ifPresent(workspace::send));
    }

    private static Button button(String id, String title, String meaning, boolean first, Runnable act) {
        Button button = new Button(title);
        button.setId(id);
        button.getStyleClass().add("small");
        if (first) {
            button.getStyleClass().add("accent");
        }
        button.setMinWidth(Region.USE_PREF_SIZE);
        button.setTooltip(new Tooltip(meaning));
        button.setAccessibleText(title);
        button.setAccessibleHelp(meaning);
        button.setOnAction(_ -> act.run());
        return button;
    }

    private static Node card(String id, String title, String detail, List<Button> answers) {
        Label head = new Label(title);
        head.getStyleClass().add("strong");
        head.setWrapText(true);
        head.setMinHeight(Region.USE_PREF_SIZE); // a question is read whole before it is answered
        Label rest = new Label(detail);
        rest.getStyleClass().addAll("muted", "small");
        rest.setWrapText(true);
        rest.setMinHeight(Region.USE_PREF_SIZE);
        VBox text = new VBox(2, head, rest);
        HBox.setHgrow(text, Priority.ALWAYS);
        FlowPane buttons = new FlowPane(8, 8);
        buttons.setAlignment(Pos.CENTER_RIGHT);
        buttons.getChildren().addAll(answers);
        buttons.setPrefWrapLength(answers.size() > 3 ? 470 : 320);
        buttons.setMinWidth(Region.USE_PREF_SIZE);
        MarkView mark = new MarkView(new Mark(Mark.Shape.TRIANGLE, Tone.WARNING, "Waits for you"), false);
        HBox card = new HBox(12, mark, text, buttons);
        card.setId("ask-card-" + id);
        card.setMinHeight(Region.USE_PREF_SIZE);
        card.setAlignment(Pos.CENTER_LEFT);
        card.getStyleClass().add("ask-card");
        card.setAccessibleText(title + ". " + detail);
        return card;
    }

    /// How many wait.
    static long waiting(ProjectView view) {
        return view.asks().size()
                + view.agents().stream()
                        .map(AgentView::pausedBy)
                        .filter("trust"::equals)
                        .count();
    }
}
