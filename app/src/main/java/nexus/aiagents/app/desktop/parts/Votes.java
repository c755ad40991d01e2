package nexus.aiagents.app.desktop.parts;

import java.util.List;
import java.util.Objects;
import javafx.geometry.Pos;
import javafx.scene.control.Label;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import nexus.aiagents.engine.view.RunView;
import nexus.aiagents.engine.view.RunView.VoteView;

/// How the members of a pool voted: one card each, dissent marked by shape, word and colour.
public final class Votes extends FlowPane {
    private List<VoteView> shown = List.of();

    public Votes() {
        super(8, 8);
        getStyleClass().add("votes");
    }

    public void show(RunView run) {
        if (Objects.equals(shown, run.votes())) {
            return;
        }
        shown = run.votes();
        getChildren().setAll(shown.stream().map(v -> card(v, name(v))).toList());
    }

    /// `2 agreed, 1 dissented`; before there is a decision `2 voted, 1 to come`.
    public static String summary(RunView run) {
        long voted = count(run, "voted");
        long agreed = count(run, "agreed");
        long dissent = count(run, "dissent");
        long failed = count(run, "failed");
        long pending = count(run, "pending");
        return (voted == 0 ? agreed + " agreed" : voted + " voted")
                + (dissent == 0 ? "" : ", " + dissent + " dissented")
                + (failed == 0 ? "" : ", " + failed + " failed")
                + (pending == 0 ? "" : ", " + pending + " to come");
    }

    private static long count(RunView run, String verdict) {
        return run.votes().stream().filter(v -> v.verdict().equals(verdict)).count();
    }

    /// With its number where one agent is in the pool several times.
    private String name(VoteView vote) {
        boolean alone =
                shown.stream().filter(v -> v.member().equals(vote.member())).count() == 1;
        String name = alone ? vote.member() : vote.member() + " " + (vote.index() + 1);
        return vote.choice() == 0 ? name : name + " · answer " + vote.choice();
    }

    private static Region card(VoteView vote, String title) {
        Label name = new Label(title);
        name.getStyleClass().add("strong");
        MarkView mark = new MarkView(Mark.of(vote), true);
        mark.setMinWidth(Region.USE_PREF_SIZE);
        Region gap = new Region();
        HBox.setHgrow(gap, javafx.scene.layout.Priority.ALWAYS);
        HBox head = new HBox(8, name, gap, mark);
        head.setAlignment(Pos.CENTER_LEFT);
        String said = vote.error() != null ? vote.error() : JsonText.pretty(vote.outputJson());
        Label text = new Label(said.isEmpty() ? "No answer" : said);
        text.getStyleClass().addAll(vote.error() == null ? "mono" : Tone.DANGER.styleClass(), "vote-text");
        text.setWrapText(true);
        text.setMaxHeight(160);
        VBox card = new VBox(8, head, text);
        card.getStyleClass().addAll("card", "vote-card", Mark.of(vote).tone().styleClass());
        card.setAccessibleText(vote.member() + ", " + Mark.of(vote).text() + ", " + said);
        card.setPrefWidth(280);
        return card;
    }
}
