package nexus.aiagents.app.desktop.editor;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import nexus.aiagents.app.desktop.fx.BackgroundTask;
import nexus.aiagents.app.desktop.shell.Notification;
import nexus.aiagents.app.desktop.shell.Screen;
import nexus.aiagents.app.desktop.shell.Workspace;
import nexus.aiagents.engine.ScriptCheck;
import nexus.aiagents.engine.project.Diagnostic;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

/// Sources of agents, one at a time, with their colours and their first syntax error: each keeps its
/// unsaved text and its undo history. JavaFX thread.
public final class SourcePane extends BorderPane {
    /// The file on the disk is not the one that was read: somebody else wrote it.
    private static final class ChangedOnDisk extends IOException {}

    private final Workspace workspace;
    private final String prefix;
    private final ScriptCheck check = new ScriptCheck();
    private final Map<String, EditorFile> files = new LinkedHashMap<>();
    private final Label state = new Label();
    private final HBox buttons = new HBox(8);
    private final HBox conflict;
    private final UnsavedTexts kept;
    private final ReadOnlyStringWrapper whyNot = new ReadOnlyStringWrapper("No source is shown.");
    private final ReadOnlyStringWrapper whyNotSaved = new ReadOnlyStringWrapper("No source is shown.");
    private @Nullable EditorFile front;
    private @Nullable Path folder;
    private @Nullable String wanted;
    private @Nullable BackgroundTask checking;

    public SourcePane(Workspace workspace, String prefix) {
        this.workspace = workspace;
        this.prefix = prefix;
        state.getStyleClass().addAll("small", "muted");
        state.setId(prefix + "-source-state");
        state.setMinWidth(0);
        Region gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        HBox bar = new HBox(8, state, gap, buttons);
        bar.setAlignment(Pos.CENTER_LEFT);
        bar.getStyleClass().add("tab-bar-row");
        buttons.setAlignment(Pos.CENTER_RIGHT);
        buttons.setMinWidth(Region.USE_PREF_SIZE);
        conflict = conflictBar();
        setTop(new VBox(bar, conflict));
        setMinSize(0, 0);
        kept = new UnsavedTexts(
                workspace,
                "unsaved/" + prefix,
                new UnsavedTexts.Owner(
                        Screen.AGENT, "They are in the source of their agent. ", this::unsaved, this::bases),
                this::bringBack);
        workspace.folder().addListener((_, _, now) -> follow(now));
        follow(workspace.folder().get());
    }

    private void follow(@Nullable Path project) {
        if (!Objects.equals(project, folder)) {
            folder = project;
            kept.follow(project);
            clear();
        }
    }

    /// What can be done with the source, right of its name.
    public void buttons(List<? extends Node> all) {
        buttons.getChildren().setAll(all);
    }

    /// Empty while there is a source.
    public ReadOnlyStringProperty whyNot() {
        return whyNot.getReadOnlyProperty();
    }

    /// Empty while there is something to save.
    public ReadOnlyStringProperty whyNotSaved() {
        return whyNotSaved.getReadOnlyProperty();
    }

    /// Shows a source, as it was typed or as it lies on the disk now.
    ///
    /// @param project its folder
    /// @param source  relative to it, null: there is none, and `none` says why
    public void show(Path project, @Nullable String source, String none) {
        follow(project);
        wanted = source;
        if (source == null) {
            front = null;
            conflict(false);
            Label text = new Label(none);
            text.setWrapText(true);
            text.getStyleClass().add("muted");
            BorderPane.setAlignment(text, Pos.CENTER);
            setCenter(text);
            say("");
            return;
        }
        EditorFile known = files.get(source);
        if (known != null) {
            bring(known);
            compare(known);
            return;
        }
        Path path = project.resolve(source);
        workspace
                .background()
                .quietly(
                        _ -> TextFile.read(path),
                        read -> {
                            if (project.equals(folder) && source.equals(wanted)) {
                                EditorFile file = files.computeIfAbsent(source, _ -> opened(path, source, read));
                                bring(file);
                                check(file);
                            }
                        },
                        e -> show(project, null, source + " can not be read: " + e.getMessage()));
    }

    private EditorFile opened(Path path, String source, TextFile read) {
        EditorFile file = new EditorFile(path, source, read, () -> {
            EditorFile now = files.get(source);
            if (now != null) {
                changed(now);
            }
        });
        file.area().setId(prefix + "-source");
        return file;
    }

    private void bring(EditorFile file) {
        if (front != file || getCenter() == null) {
            front = file;
            conflict(false);
            setCenter(new TextScroll(file.area()));
        }
        say("");
    }

    private void say(String problem) {
        EditorFile file = front;
        whyNot.set(file == null ? "No source is shown." : "");
        whyNotSaved.set(file == null ? "No source is shown." : file.dirty().get() ? "" : "There is nothing to save.");
        state.setText(file == null ? "" : file.name() + (file.dirty().get() ? " • not saved" : "") + problem);
    }

    private void changed(EditorFile file) {
        say("");
        kept.changed();
        check(file);
    }

    /// The first syntax error, found by the compiler that will run it.
    private void check(EditorFile file) {
        if (!ScriptCheck.isScript(file.name())) {
            return;
        }
        BackgroundTask earlier = checking;
        if (earlier != null) {
            earlier.cancel();
        }
        String text = file.text();
        checking = workspace
                .background()
                .quietly(
                        _ -> check.check(file.name(), text),
                        found -> {
                            file.diagnostics(found);
                            if (file == front) {
                                say(words(found));
                            }
                        },
                        e -> say(": it could not be checked: " + e.getMessage()));
    }

    private static String words(List<Diagnostic> found) {
        return found.isEmpty()
                ? ""
                : ", line " + (found.getFirst().at().line() + 1) + ": "
                        + found.getFirst().message();
    }

    /// The texts that differ from the disk, by name.
    public Map<String, String> unsaved() {
        Map<String, String> texts = new HashMap<>();
        for (EditorFile file : files.values()) {
            if (file.dirty().get()) {
                texts.put(file.name(), file.text());
            }
        }
        return texts;
    }

    private Map<String, String> bases() {
        Map<String, String> texts = new HashMap<>();
        files.values().stream()
                .filter(file -> file.dirty().get())
                .forEach(file -> texts.put(file.name(), file.saved().text()));
        return texts;
    }

    /// After the app ended without a word. A file that is gone meanwhile is written anew when it is saved.
    private void bringBack(String source, String text, @Nullable String base) {
        Path project = folder;
        if (project == null) {
            return;
        }
        Path path = project.resolve(source);
        workspace
                .background()
                .quietly(
                        _ -> TextFile.readOr(path, base == null ? "" : base),
                        read -> {
                            if (project.equals(folder)) {
                                EditorFile file = files.computeIfAbsent(source, _ -> opened(path, source, read));
                                file.basedOn(base == null ? file.saved().text() : base);
                                file.recover(text);
                            }
                        },
                        e -> failed("Could not bring back what was typed in " + source, e));
    }

    /// Forgets everything that was typed and not saved.
    public void forget() {
        kept.discard();
        clear();
    }

    private void clear() {
        files.clear();
        front = null;
        setCenter(null);
        say("");
    }

    /// Saves the one in front.
    ///
    /// @param then called when it lies on the disk, also if there was nothing to save
    public void save(Runnable then) {
        EditorFile file = front;
        if (file != null && file.dirty().get()) {
            write(file, false, then);
        } else if (file != null) {
            then.run();
        }
    }

    private void write(EditorFile file, boolean overwrite, Runnable then) {
        String text = file.text();
        TextFile before = file.saved();
        workspace
                .background()
                .quietly(
                        _ -> {
                            if (!overwrite && !TextFile.stamp(file.path()).equals(before.stamp())) {
                                throw new ChangedOnDisk();
                            }
                            return before.write(file.path(), text);
                        },
                        written -> {
                            file.saved(written);
                            conflict(false);
                            changed(file);
                            then.run();
                        },
                        e -> {
                            if (e instanceof ChangedOnDisk) {
                                conflict(true);
                            } else {
                                failed("Could not save " + file.name(), e);
                            }
                        });
    }

    /// Reads it again if somebody else wrote it and nothing was typed; else the person is asked.
    private void compare(EditorFile file) {
        TextFile before = file.saved();
        workspace
                .background()
                .quietly(
                        _ -> TextFile.stamp(file.path()).equals(before.stamp()) ? before : TextFile.read(file.path()),
                        read -> {
                            if (read == before || file.saved() != before) {
                                return;
                            }
                            if (file.dirty().get() && !read.text().equals(before.text())) {
                                conflict(file == front);
                            } else if (file.dirty().get()) {
                                file.saved(read);
                            } else {
                                file.reload(read);
                            }
                        },
                        e -> failed("Could not read " + file.name() + " again", e));
    }

    private void failed(String title, Throwable e) {
        workspace.notifications().post(Notification.Kind.FAILED, title, String.valueOf(e.getMessage()));
    }

    private HBox conflictBar() {
        Label text = new Label("This file was changed by another program.");
        text.setMinWidth(0);
        Region gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        Button theirs = new Button("Load from disk");
        theirs.setTooltip(new Tooltip("Your changes can be brought back with undo"));
        theirs.setOnAction(_ -> loadTheirs());
        Button mine = new Button("Save mine over it");
        mine.setOnAction(_ -> {
            if (front != null) {
                write(front, true, () -> {});
            }
        });
        for (Button button : List.of(theirs, mine)) {
            button.getStyleClass().add("small");
            button.setMinWidth(Region.USE_PREF_SIZE);
        }
        HBox bar = new HBox(8, new FontIcon(Feather.ALERT_TRIANGLE), text, gap, theirs, mine);
        bar.getStyleClass().add("conflict");
        bar.setVisible(false);
        bar.managedProperty().bind(bar.visibleProperty());
        return bar;
    }

    private void loadTheirs() {
        EditorFile file = front;
        if (file != null) {
            workspace
                    .background()
                    .quietly(
                            _ -> TextFile.read(file.path()),
                            read -> {
                                file.reload(read);
                                conflict(false);
                            },
                            e -> failed("Could not read " + file.name(), e));
        }
    }

    private void conflict(boolean there) {
        conflict.setVisible(there);
    }
}
