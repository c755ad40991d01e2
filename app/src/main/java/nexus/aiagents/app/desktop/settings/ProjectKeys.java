package nexus.aiagents.app.desktop.settings;

import java.util.List;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.stage.Window;
import nexus.aiagents.app.desktop.parts.Mark;
import nexus.aiagents.app.desktop.parts.MarkView;
import nexus.aiagents.app.desktop.parts.Tone;
import nexus.aiagents.app.desktop.shell.Dialogs;
import nexus.aiagents.app.desktop.shell.Notification;
import nexus.aiagents.app.desktop.shell.Workspace;
import nexus.aiagents.engine.secret.HostSecrets;
import nexus.aiagents.engine.secret.HostSecrets.Place;
import nexus.aiagents.engine.secret.HostSecrets.Whereabouts;
import org.jspecify.annotations.Nullable;

/// The keys that the open project needs, where each comes from, and what can be done about it.
final class ProjectKeys extends GridPane {
    @FunctionalInterface
    private interface Change {
        /// @return what to say of it
        String make(HostSecrets secrets) throws Exception;
    }

    private final Workspace workspace;
    private final Runnable changed;

    /// @param changed reads everything anew
    ProjectKeys(Workspace workspace, Runnable changed) {
        super(24, 8);
        this.workspace = workspace;
        this.changed = changed;
        setId("settings-secrets");
    }

    void show(List<ProjectFacts.Key> rows) {
        getChildren().clear();
        if (rows.isEmpty()) {
            Label none = new Label(
                    workspace.folder().get() == null
                            ? "Open a project to see which keys it needs."
                            : "The project needs no key.");
            none.getStyleClass().add("muted");
            add(none, 0, 0);
            return;
        }
        addRow(0, head("Variable"), head("From"), head("Used by"));
        int row = 1;
        @Nullable String trouble = null;
        for (ProjectFacts.Key key : rows) {
            Label name = new Label(key.variable());
            name.getStyleClass().add("mono");
            name.setMinWidth(Region.USE_PREF_SIZE);
            Label by = new Label(key.usedBy());
            by.setWrapText(true);
            GridPane.setHgrow(by, Priority.ALWAYS);
            addRow(row++, name, new MarkView(mark(key.where()), true), by, buttons(key));
            trouble = key.where() == null || key.where().trouble() == null
                    ? trouble
                    : key.where().trouble();
        }
        if (trouble != null) {
            Label why = new Label("The keychain could not be asked: " + trouble);
            why.setId("settings-secrets-trouble");
            why.getStyleClass().add("muted");
            why.setWrapText(true);
            add(why, 0, row, 4, 1);
        }
    }

    private static Label head(String text) {
        Label label = new Label(text);
        label.getStyleClass().add("eyebrow");
        return label;
    }

    private static Mark mark(@Nullable Whereabouts where) {
        if (where == null) {
            return new Mark(Mark.Shape.DOT, Tone.NEUTRAL, "Looking…");
        }
        return switch (where.place()) {
            case ENVIRONMENT -> new Mark(Mark.Shape.CHECK, Tone.SUCCESS, "Environment");
            case KEYCHAIN -> new Mark(Mark.Shape.CHECK, Tone.SUCCESS, "Keychain");
            case MISSING -> new Mark(Mark.Shape.TRIANGLE, Tone.WARNING, "Missing");
        };
    }

    /// The environment belongs to who started the program.
    private Node buttons(ProjectFacts.Key key) {
        HBox row = new HBox(8);
        row.setAlignment(Pos.CENTER_LEFT);
        String name = key.variable();
        if (key.where() == null) {
            return row;
        }
        if (key.where().place() != Place.ENVIRONMENT) {
            row.getChildren().add(button("Set…", "secret-set-" + name, "Set " + name, () -> set(name)));
        }
        if (key.where().place() == Place.KEYCHAIN) {
            row.getChildren()
                    .add(button(
                            "Remove",
                            "secret-remove-" + name,
                            "Remove " + name + " from the keychain",
                            () -> remove(name)));
        }
        return row;
    }

    private static Button button(String text, String id, String accessible, Runnable act) {
        Button button = new Button(text);
        button.getStyleClass().add("small");
        button.setId(id);
        button.setAccessibleText(accessible);
        button.setMinWidth(Region.USE_PREF_SIZE);
        button.setOnAction(_ -> act.run());
        return button;
    }

    private void set(String name) {
        new SecretDialog(window(), name)
                .ask()
                .ifPresent(value -> change("Set " + name, secrets -> {
                    secrets.store(name, value);
                    return name + " is in the keychain";
                }));
    }

    private void remove(String name) {
        Window window = window();
        if (window == null
                || !Dialogs.confirm(
                        window,
                        "Remove " + name + "?",
                        "It is taken out of the keychain of your system, for every project that uses it. It can not be"
                                + " brought back from there.",
                        "Remove it",
                        "Keep it")) {
            return;
        }
        change("Remove " + name, secrets -> {
            secrets.remove(name);
            return name + " is not in the keychain any more";
        });
    }

    private @Nullable Window window() {
        return getScene() == null ? null : getScene().getWindow();
    }

    private void change(String title, Change change) {
        workspace
                .background()
                .run(
                        title,
                        _ -> change.make(workspace.secrets()),
                        said -> {
                            workspace.notifications().post(Notification.Kind.INFO, said, "");
                            changed.run();
                        },
                        e -> {
                            workspace
                                    .notifications()
                                    .post(Notification.Kind.FAILED, title + " failed", String.valueOf(e.getMessage()));
                            changed.run();
                        });
    }
}
