package nexus.aiagents.app.desktop.home;

import java.nio.file.Path;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.List;
import java.util.Locale;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import nexus.aiagents.app.desktop.parts.Mark;
import nexus.aiagents.app.desktop.parts.MarkView;
import nexus.aiagents.app.desktop.shell.Money;
import nexus.aiagents.app.desktop.shell.UserFolders;
import nexus.aiagents.app.desktop.shell.UserSettings.Outcome;
import nexus.aiagents.app.desktop.shell.UserSettings.Recent;
import nexus.aiagents.app.desktop.shell.Workspace;
import nexus.aiagents.engine.view.RunView;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

/// The projects that were open before, newest first, each with what its last run came to and what it
/// has spent.
final class Recents extends VBox {
    private static final DateTimeFormatter WHEN = DateTimeFormatter.ofLocalizedDateTime(
                    FormatStyle.MEDIUM, FormatStyle.SHORT)
            .withZone(ZoneId.systemDefault());

    private final Workspace workspace;

    Recents(Workspace workspace) {
        super(4);
        this.workspace = workspace;
        setId("recents");
        workspace.settings().property().addListener((_, before, now) -> {
            if (!before.recents().equals(now.recents())) {
                fill(now.recents());
            }
        });
        fill(workspace.settings().get().recents());
    }

    private void fill(List<Recent> projects) {
        if (projects.isEmpty()) {
            Label none = new Label("Projects you open appear here.");
            none.getStyleClass().add("muted");
            getChildren().setAll(none);
            return;
        }
        getChildren().setAll(projects.stream().map(this::row).toList());
    }

    private Node row(Recent project) {
        Label name = new Label(project.name());
        name.getStyleClass().add("strong");
        Label folder = new Label(UserFolders.shown(project.folder()));
        folder.getStyleClass().addAll("muted", "small");
        VBox words = new VBox(2, name, folder);
        words.setAlignment(Pos.CENTER_LEFT);
        words.setMinWidth(0);
        HBox.setHgrow(words, Priority.ALWAYS);
        Label when = new Label(WHEN.format(project.openedAt()));
        when.getStyleClass().addAll("muted", "small");
        VBox right = new VBox(2, outcome(project.last()), when);
        right.setAlignment(Pos.CENTER_RIGHT);
        right.setMinWidth(Region.USE_PREF_SIZE);
        HBox inside = new HBox(12, new FontIcon(Feather.BOX), words, right);
        inside.setAlignment(Pos.CENTER_LEFT);
        Button open = new Button(null, inside);
        open.getStyleClass().setAll("recent");
        open.setMaxWidth(Double.MAX_VALUE);
        open.setAccessibleText("Open " + project.name() + " in " + project.folder());
        open.setAccessibleHelp(spoken(project.last()));
        open.setOnAction(_ -> workspace.enter(Path.of(project.folder())));
        HBox.setHgrow(open, Priority.ALWAYS);
        Button forget = new Button(null, new FontIcon(Feather.X));
        forget.getStyleClass().addAll("button-icon", "flat");
        forget.setTooltip(new Tooltip("Remove from this list. The folder stays."));
        forget.setAccessibleText("Remove " + project.name() + " from the list");
        forget.setOnAction(_ -> workspace.settings().update(s -> s.withoutRecent(project.folder())));
        HBox row = new HBox(4, open, forget);
        row.setAlignment(Pos.CENTER_LEFT);
        return row;
    }

    private static Node outcome(@Nullable Outcome last) {
        HBox line = new HBox(8);
        line.setAlignment(Pos.CENTER_RIGHT);
        Mark mark = last == null ? null : mark(last);
        if (last == null || mark == null) {
            Label none = new Label("No run yet");
            none.getStyleClass().addAll("muted", "small");
            line.getChildren().add(none);
        } else {
            Label run = new Label(last.run());
            run.getStyleClass().add("small");
            line.getChildren().addAll(run, new MarkView(mark, true));
        }
        if (last != null && last.microDollars() > 0) {
            Label cost = new Label("·  " + cost(last));
            cost.getStyleClass().addAll("muted", "small");
            line.getChildren().add(cost);
        }
        return line;
    }

    private static String cost(Outcome last) {
        return Money.format(last.microDollars()) + (last.scripted() ? " scripted" : " spent");
    }

    private static String spoken(@Nullable Outcome last) {
        Mark mark = last == null ? null : mark(last);
        return last == null || mark == null
                ? "No run yet"
                : "Last run " + last.run() + ": " + mark.text() + ". " + cost(last);
    }

    /// Null for a state that a newer version may have written.
    private static @Nullable Mark mark(Outcome last) {
        for (RunView.State state : RunView.State.values()) {
            if (state.name().toLowerCase(Locale.ROOT).equals(last.state())) {
                return Mark.of(state);
            }
        }
        return null;
    }
}
