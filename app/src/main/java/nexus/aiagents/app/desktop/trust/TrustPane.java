package nexus.aiagents.app.desktop.trust;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Supplier;
import javafx.beans.binding.Bindings;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.collections.FXCollections;
import javafx.collections.ListChangeListener;
import javafx.collections.ObservableList;
import javafx.geometry.Pos;
import javafx.scene.control.Label;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.stage.Window;
import nexus.aiagents.app.desktop.parts.JournalFeed;
import nexus.aiagents.app.desktop.parts.RowColumns;
import nexus.aiagents.app.desktop.parts.TrustDialog;
import nexus.aiagents.app.desktop.parts.Words;
import nexus.aiagents.app.desktop.shell.Action;
import nexus.aiagents.app.desktop.shell.ActionButton;
import nexus.aiagents.app.desktop.shell.Screen;
import nexus.aiagents.app.desktop.shell.Workspace;
import nexus.aiagents.engine.control.Command;
import nexus.aiagents.engine.control.EngineClient;
import nexus.aiagents.engine.control.EngineClient.HistoryQuery;
import nexus.aiagents.engine.journal.JournalEntry;
import nexus.aiagents.engine.trust.TrustPoint;
import nexus.aiagents.engine.view.AgentView;
import nexus.aiagents.engine.view.AgentView.DecisionView;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.Ikon;
import org.kordamp.ikonli.feather.Feather;

/// What the score of one agent is made of, entry by entry, and a person's own word on it. JavaFX thread.
final class TrustPane extends VBox {
    private static final int KEPT = 5_000;

    private final Workspace workspace;
    private final Label name = new Label();
    private final Label said = new Label();
    private final ObservableList<TrustPoint> points = FXCollections.observableArrayList();
    private final TableView<TrustPoint> table = new TableView<>(points);
    private final ReadOnlyObjectWrapper<AgentView> agent = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyObjectWrapper<TrustPoint> point = new ReadOnlyObjectWrapper<>();
    private final List<Action> actions;
    private @Nullable JournalFeed feed;
    private @Nullable String feedOf;

    TrustPane(Workspace workspace, Supplier<@Nullable Window> window) {
        this.workspace = workspace;
        setId("trust-pane");
        getStyleClass().add("step-details");
        setSpacing(8);
        setMinSize(0, 0);
        actions = List.of(
                action("allow", "Allow…", Feather.CHECK, _ -> "", a -> decide(window.get(), a, true)),
                action("refuse", "Refuse…", Feather.X, _ -> "", a -> decide(window.get(), a, false)),
                action(
                        "reset",
                        "Go by the score again",
                        Feather.ROTATE_CCW,
                        a -> a.trust().decision() == null ? "Its score decides already." : "",
                        a -> workspace.send(new Command.DecideTrust(a.name(), "reset", "", null))),
                action(
                        "sign",
                        "Sign",
                        Feather.EDIT_2,
                        a -> a.trust().signature().equals("verified") ? "It is signed, and unchanged." : "",
                        a -> workspace.send(new Command.SignAgent(a.name()))),
                new Action(
                        "trust.entry",
                        "Show in the journal",
                        Feather.BOOK,
                        null,
                        Bindings.createStringBinding(
                                () -> point.get() == null ? "Select what counted first." : "", point),
                        () -> workspace.show(
                                Screen.AUDIT, String.valueOf(point.get().seq()))));
        name.getStyleClass().add("h2");
        said.setId("trust-said");
        said.setWrapText(true);
        said.setMinHeight(USE_PREF_SIZE);
        said.getStyleClass().addAll("muted", "small");
        FlowPane buttons = new FlowPane(8, 8);
        actions.forEach(a -> buttons.getChildren().add(new ActionButton(a, "small")));
        buttons.setMinHeight(USE_PREF_SIZE);
        Region gap = new Region();
        HBox.setHgrow(gap, javafx.scene.layout.Priority.ALWAYS);
        HBox head = new HBox(12, name, gap);
        head.setAlignment(Pos.CENTER_LEFT);
        buildTable();
        setVgrow(table, javafx.scene.layout.Priority.ALWAYS);
        getChildren().addAll(head, said, buttons, table);
    }

    private Action action(
            String id,
            String title,
            Ikon icon,
            Function<AgentView, String> why,
            java.util.function.Consumer<AgentView> act) {
        return new Action(
                "trust." + id,
                title,
                icon,
                null,
                Bindings.createStringBinding(
                        () -> agent.get() == null ? "Select an agent first." : why.apply(agent.get()), agent),
                () -> act.accept(agent.get()));
    }

    private void decide(@Nullable Window owner, AgentView of, boolean allow) {
        new TrustDialog(owner, of.name(), allow).ask().ifPresent(workspace::send);
    }

    private void buildTable() {
        table.setId("trust-points");
        table.setAccessibleText("What the score is made of");
        table.getStyleClass().addAll("dense", "bare-table", "trust-table");
        table.setColumnResizePolicy(TableView.CONSTRAINED_RESIZE_POLICY_LAST_COLUMN);
        table.setPlaceholder(new Label("It has done nothing yet that counts: it has the score of a newcomer."));
        table.getColumns()
                .addAll(List.of(
                        column(
                                "When",
                                152,
                                p -> Words.time(p.at(), workspace.clock().instant()),
                                ""),
                        column("Counts", 176, TrustPane::counts, ""),
                        column(
                                "Left now",
                                96,
                                p -> signed(p, p.faded(workspace.clock().instant())),
                                "number-column"),
                        RowColumns.givesWay(column("What happened", 400, p -> Words.brief(p.why(), 300), ""))));
        table.getSelectionModel().selectedItemProperty().addListener((_, _, chosen) -> point.set(chosen));
        table.setOnKeyPressed(e -> {
            if (e.getCode() == KeyCode.ENTER && point.get() != null) {
                workspace.show(Screen.AUDIT, String.valueOf(point.get().seq()));
                e.consume();
            }
        });
    }

    private static String counts(TrustPoint p) {
        return signed(p, p.points())
                + switch (p.kind()) {
                    case GOOD, BAD -> " for the score";
                    case PAID, OVERREACH -> " for the rating";
                };
    }

    private static String signed(TrustPoint p, double points) {
        return switch (p.kind()) {
            case GOOD, PAID -> "+" + number(points);
            case BAD, OVERREACH -> "−" + number(points);
        };
    }

    private static String number(double points) {
        String text = String.format(Locale.ROOT, "%.2f", points);
        return text.replaceAll("\\.?0+$", "");
    }

    private static TableColumn<TrustPoint, TrustPoint> column(
            String title, double width, Function<TrustPoint, String> text, String style) {
        TableColumn<TrustPoint, TrustPoint> column = RowColumns.text(title, width, text);
        column.setMinWidth(Math.min(width, 160));
        if (width < 200) { // the rest is for what happened
            column.setMaxWidth(width * 1.2);
        }
        if (!style.isEmpty()) {
            column.getStyleClass().add(style);
        }
        return column;
    }

    void show(@Nullable AgentView now) {
        agent.set(now);
        setVisible(now != null);
        if (now == null) {
            stop();
            return;
        }
        name.setText(now.name());
        said.setText(said(now, workspace.clock().instant()));
        follow(now.name());
    }

    /// What a person said, or what its score says.
    static String said(AgentView agent, Instant now) {
        DecisionView decision = agent.trust().decision();
        String score = "Score " + agent.trust().score() + ", T" + agent.trust().tier() + ", rating "
                + agent.trust().rating();
        if (decision == null) {
            return score + ". The points below fade: half of them is left after a day.";
        }
        return (decision.allow() ? "You allowed it" : "You refused it")
                + (decision.until() == null
                        ? " until you say otherwise"
                        : " until " + Words.time(decision.until(), now))
                + (decision.reason().isEmpty() ? "" : ": " + decision.reason())
                + ". " + score + ".";
    }

    private void follow(String of) {
        EngineClient client = workspace.client().get();
        if (of.equals(feedOf) || client == null) {
            return;
        }
        stop();
        feedOf = of;
        JournalFeed opened = new JournalFeed(
                workspace.background(),
                client,
                new HistoryQuery(0, KEPT, true, TrustPoint.TYPES, null, null),
                entry -> TrustPoint.of(entry).filter(p -> p.agent().equals(of)).isPresent(),
                () -> {});
        feed = opened;
        opened.entries().addListener((ListChangeListener<JournalEntry>) _ -> newestFirst(opened));
    }

    private void newestFirst(JournalFeed of) {
        if (of == feed) {
            TrustPoint chosen = point.get();
            points.setAll(of.entries().reversed().stream()
                    .flatMap(entry -> TrustPoint.of(entry).stream())
                    .toList());
            if (chosen != null) {
                table.getSelectionModel().select(chosen);
            }
        }
    }

    void stop() {
        if (feed != null) {
            feed.close();
            feed = null;
        }
        feedOf = null;
        points.clear();
    }

    List<Action> actions() {
        return actions;
    }
}
