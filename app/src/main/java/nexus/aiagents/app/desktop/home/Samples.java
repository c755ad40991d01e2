package nexus.aiagents.app.desktop.home;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Optional;
import java.util.SequencedMap;
import javafx.beans.binding.Bindings;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.VBox;
import javafx.stage.Window;
import nexus.aiagents.app.desktop.shell.Notification;
import nexus.aiagents.app.desktop.shell.Screen;
import nexus.aiagents.app.desktop.shell.Workspace;
import nexus.aiagents.app.templates.Templates;
import org.jspecify.annotations.Nullable;

/// Projects that come with the program: to look at, or to begin with. JavaFX thread.
final class Samples {
    /// As many as there are ways to begin above them.
    private static final int COLUMNS = 3;
    private static final double LEAST = 200;
    /// A title and three lines.
    private static final double HEIGHT = 104;

    private static final String BLANK = "blank";

    private final Workspace workspace;
    private final ProjectTemplates templates;
    private final FlowPane cards = new FlowPane(16, 16);
    private @Nullable SequencedMap<String, String> known;

    Samples(Workspace workspace, ProjectTemplates templates) {
        this.workspace = workspace;
        this.templates = templates;
        cards.setId("samples");
    }

    /// `research-team` as people read it.
    static String title(String template) {
        return template.substring(0, 1).toUpperCase(Locale.ROOT)
                + template.substring(1).replace('-', ' ');
    }

    FlowPane cards() {
        load(all -> {});
        return cards;
    }

    /// Reads, once and in the background, what there is.
    private void load(java.util.function.Consumer<SequencedMap<String, String>> then) {
        SequencedMap<String, String> before = known;
        if (before != null) {
            then.accept(before);
            return;
        }
        workspace
                .background()
                .quietly(
                        _ -> Templates.projects(),
                        all -> {
                            if (known == null) {
                                known = all;
                                fill(all);
                            }
                            then.accept(all);
                        },
                        e -> failed("The samples can not be read", e));
    }

    private void fill(SequencedMap<String, String> all) {
        SequencedMap<String, String> samples = new LinkedHashMap<>(all);
        samples.remove(BLANK);
        samples.forEach((name, description) -> cards.getChildren().add(card(name, description)));
    }

    private Button card(String name, String description) {
        Label title = new Label(title(name));
        title.getStyleClass().add("strong");
        Label text = new Label(description);
        text.getStyleClass().addAll("muted", "small");
        text.setWrapText(true);
        VBox words = new VBox(4, title, text);
        words.setAlignment(Pos.TOP_LEFT);
        words.setMinHeight(HEIGHT - 32);
        Button button = new Button(null, words);
        button.setId("sample-" + name);
        button.getStyleClass().setAll("card", "way", "sample");
        button.prefWidthProperty()
                .bind(Bindings.createDoubleBinding(
                        () -> Math.max(LEAST, Math.floor((cards.getWidth() - 2 * cards.getHgap()) / COLUMNS)),
                        cards.widthProperty()));
        HomeScreen.fixHeight(button, HEIGHT);
        words.prefWidthProperty().bind(button.prefWidthProperty().subtract(32));
        words.maxWidthProperty().bind(words.prefWidthProperty());
        button.setAccessibleText("Open the sample " + title(name));
        button.setAccessibleHelp(description);
        button.setOnAction(_ -> open(name));
        return button;
    }

    /// Copies it once and opens the copy; what a person changed in it stays.
    private void open(String name) {
        Path folder = workspace.folders().data().resolve("samples").resolve(name);
        workspace
                .background()
                .run(
                        "Preparing " + title(name),
                        _ -> {
                            if (!Files.exists(folder.resolve("nexus.yaml"))) {
                                templates.unpack(name, folder);
                            }
                            return folder;
                        },
                        workspace::enter,
                        e -> failed("The sample could not be copied to " + folder, e));
    }

    /// Asks what a new project begins as and makes it.
    void newProject(@Nullable Window owner) {
        load(all -> {
            Optional<NewProjectDialog.Wanted> wanted = new NewProjectDialog(workspace, all).ask(owner);
            wanted.ifPresent(this::make);
        });
    }

    private void make(NewProjectDialog.Wanted wanted) {
        workspace
                .background()
                .run(
                        "Creating " + wanted.folder().getFileName(),
                        _ -> {
                            templates.unpack(wanted.template(), wanted.folder());
                            return wanted.folder();
                        },
                        folder -> {
                            workspace.open(folder);
                            workspace.show(Screen.EDITOR, "nexus.yaml");
                        },
                        e -> failed("The project could not be created in " + wanted.folder(), e));
    }

    private void failed(String title, Throwable e) {
        workspace
                .notifications()
                .post(
                        Notification.Kind.FAILED,
                        title,
                        e.getMessage() + ". Make room or give yourself the right to write there.");
    }
}
