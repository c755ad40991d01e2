package nexus.aiagents.app.desktop.editor;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.Tab;
import javafx.scene.control.TabPane;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import nexus.aiagents.app.desktop.shell.Dialogs;
import nexus.aiagents.app.desktop.shell.Notification;
import nexus.aiagents.app.desktop.shell.Workspace;
import nexus.aiagents.engine.ScriptCheck;
import org.fxmisc.flowless.VirtualizedScrollPane;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

/// The files in tabs: opened, saved, and kept in step with the disk. JavaFX thread.
final class OpenFiles {
    /// The file on the disk is not the one that was read: somebody else wrote it.
    private static final class ChangedOnDisk extends IOException {}

    private final Workspace workspace;
    private final TabPane tabs = new TabPane();
    private final Map<String, EditorFile> files = new LinkedHashMap<>();
    private final Consumer<EditorFile> onOpened;
    private final Runnable onChanged;
    private final Runnable onSaved;

    /// @param onOpened a file is in a tab now
    /// @param onChanged a text, or which of them are saved, changed
    /// @param onSaved   a file was written
    OpenFiles(Workspace workspace, Consumer<EditorFile> onOpened, Runnable onChanged, Runnable onSaved) {
        this.workspace = workspace;
        this.onOpened = onOpened;
        this.onChanged = onChanged;
        this.onSaved = onSaved;
        tabs.setId("editor-tabs");
        tabs.getStyleClass().add("editor-tabs");
        tabs.setTabClosingPolicy(TabPane.TabClosingPolicy.ALL_TABS);
        tabs.setTabDragPolicy(TabPane.TabDragPolicy.REORDER);
        tabs.setAccessibleText("Open files");
    }

    TabPane tabs() {
        return tabs;
    }

    List<EditorFile> all() {
        return List.copyOf(files.values());
    }

    /// As their tabs stand.
    List<EditorFile> inOrder() {
        return tabs.getTabs().stream().map(t -> (EditorFile) t.getUserData()).toList();
    }

    /// Puts its tab in front, if it has one; the focus stays where it is.
    void bringToFront(String name) {
        for (Tab tab : tabs.getTabs()) {
            if (((EditorFile) tab.getUserData()).name().equals(name)) {
                tabs.getSelectionModel().select(tab);
            }
        }
    }

    @Nullable
    EditorFile front() {
        Tab tab = tabs.getSelectionModel().getSelectedItem();
        return tab == null ? null : (EditorFile) tab.getUserData();
    }

    boolean isDirty(String name) {
        EditorFile file = files.get(name);
        return file != null && file.dirty().get();
    }

    /// The texts that differ from the disk, by name.
    Map<String, String> unsaved() {
        Map<String, String> texts = new HashMap<>();
        for (EditorFile file : files.values()) {
            if (file.dirty().get()) {
                texts.put(file.name(), file.text());
            }
        }
        return texts;
    }

    /// The JavaScript that is open, by name.
    Map<String, String> scripts() {
        Map<String, String> texts = new HashMap<>();
        for (EditorFile file : files.values()) {
            if (ScriptCheck.isScript(file.name())) {
                texts.put(file.name(), file.text());
            }
        }
        return texts;
    }

    /// @param then called with the file once it is in front
    void open(Path folder, String name, Consumer<EditorFile> then) {
        EditorFile known = files.get(name);
        if (known != null) {
            select(known);
            then.accept(known);
            return;
        }
        Path path = folder.resolve(name);
        workspace
                .background()
                .quietly(
                        _ -> TextFile.read(path),
                        read -> {
                            EditorFile file = files.get(name);
                            if (file == null) {
                                file = new EditorFile(path, name, read, onChanged);
                                add(file);
                            }
                            select(file);
                            then.accept(file);
                        },
                        e -> failed("Could not open " + name, e));
    }

    private void select(EditorFile file) {
        for (Tab tab : tabs.getTabs()) {
            if (tab.getUserData() == file) {
                tabs.getSelectionModel().select(tab);
            }
        }
        file.area().requestFocus();
    }

    private void add(EditorFile file) {
        files.put(file.name(), file);
        Tab tab = new Tab();
        tab.setUserData(file);
        tab.setId("tab-" + file.name());
        tab.setTooltip(new Tooltip(file.path().toString()));
        tab.setGraphic(new FontIcon(FileTree.icon(file.name())));
        HBox conflict = conflictBar(file);
        VirtualizedScrollPane<org.fxmisc.richtext.CodeArea> scroll = new VirtualizedScrollPane<>(file.area());
        VBox.setVgrow(scroll, Priority.ALWAYS);
        tab.setContent(new VBox(conflict, scroll));
        file.dirty().addListener((_, _, _) -> name(tab, file));
        name(tab, file);
        tab.setOnCloseRequest(e -> {
            if (file.dirty().get() && !mayDiscard(file)) {
                e.consume();
            }
        });
        tab.setOnClosed(_ -> {
            files.remove(file.name());
            onChanged.run();
        });
        tabs.getTabs().add(tab);
        onOpened.accept(file);
    }

    private static void name(Tab tab, EditorFile file) {
        tab.setText(file.name().substring(file.name().lastIndexOf('/') + 1)
                + (file.dirty().get() ? " •" : ""));
    }

    private boolean mayDiscard(EditorFile file) {
        return Dialogs.confirm(
                tabs.getScene().getWindow(),
                "Unsaved changes",
                file.name() + " has changes that are not saved.",
                "Discard changes",
                "Keep editing");
    }

    void closeAll() {
        files.clear();
        tabs.getTabs().clear();
    }

    // ---- saving

    void save(EditorFile file, boolean overwrite) {
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
                            conflict(file, false);
                            onChanged.run();
                            onSaved.run();
                        },
                        e -> {
                            if (e instanceof ChangedOnDisk) {
                                conflict(file, true);
                            } else {
                                failed("Could not save " + file.name(), e);
                            }
                        });
    }

    void saveAll() {
        for (EditorFile file : files.values()) {
            if (file.dirty().get()) {
                save(file, false);
            }
        }
    }

    private void failed(String title, Throwable e) {
        String why = e instanceof TextFile.NotText ? String.valueOf(e.getMessage()) : reason(e);
        workspace.notifications().post(Notification.Kind.FAILED, title, why);
    }

    private static String reason(Throwable e) {
        return switch (e) {
            case java.nio.file.AccessDeniedException _ ->
                "You may not do that there. Get the right to, or copy the project elsewhere.";
            case java.nio.file.NoSuchFileException _ -> "It is not there any more.";
            default -> e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        };
    }

    // ---- the disk

    /// Looks whether open files changed on the disk: clean ones are read again, for the others the person
    /// is asked.
    void compareWithDisk() {
        List<EditorFile> watched = new ArrayList<>(files.values());
        for (EditorFile file : watched) {
            TextFile before = file.saved();
            workspace
                    .background()
                    .quietly(
                            _ -> {
                                TextFile.Stamp now = TextFile.stamp(file.path());
                                boolean same = now.equals(before.stamp()) || now.equals(TextFile.Stamp.GONE);
                                return same ? before : TextFile.read(file.path());
                            },
                            read -> changedOnDisk(file, before, read),
                            e -> failed("Could not read " + file.name() + " again", e));
        }
    }

    private void changedOnDisk(EditorFile file, TextFile before, TextFile read) {
        if (read == before || file.saved() != before) {
            return;
        }
        if (read.text().equals(before.text())) {
            file.saved(read); // only its time changed; what was typed stays unsaved on top of it
        } else if (!file.dirty().get()) {
            file.reload(read);
            onChanged.run();
        } else {
            conflict(file, true);
        }
    }

    private HBox conflictBar(EditorFile file) {
        Label text = new Label("This file was changed by another program.");
        text.setMinWidth(0);
        Region gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        Button theirs = new Button("Load from disk");
        theirs.setTooltip(new Tooltip("Your changes can be brought back with undo"));
        theirs.setOnAction(_ -> workspace
                .background()
                .quietly(
                        _ -> TextFile.read(file.path()),
                        read -> {
                            file.reload(read);
                            conflict(file, false);
                            onChanged.run();
                        },
                        e -> failed("Could not read " + file.name(), e)));
        Button mine = new Button("Save mine over it");
        mine.setOnAction(_ -> save(file, true));
        for (Button button : List.of(theirs, mine)) {
            button.getStyleClass().add("small");
            button.setMinWidth(Region.USE_PREF_SIZE);
        }
        HBox bar = new HBox(8, new FontIcon(Feather.ALERT_TRIANGLE), text, gap, theirs, mine);
        bar.getStyleClass().add("conflict");
        bar.setVisible(false);
        bar.setManaged(false);
        return bar;
    }

    private void conflict(EditorFile file, boolean shown) {
        for (Tab tab : tabs.getTabs()) {
            if (tab.getUserData() == file && tab.getContent() instanceof VBox box) {
                box.getChildren().getFirst().setVisible(shown);
                box.getChildren().getFirst().setManaged(shown);
            }
        }
    }
}
