package nexus.aiagents.app.desktop.editor;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import javafx.scene.control.Tab;
import javafx.scene.control.TabPane;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.Priority;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import nexus.aiagents.app.desktop.shell.Dialogs;
import nexus.aiagents.app.desktop.shell.Notification;
import nexus.aiagents.app.desktop.shell.Workspace;
import nexus.aiagents.engine.ScriptCheck;
import org.jspecify.annotations.Nullable;
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
    private final DiskChanges disk;

    /// @param onOpened a file is in a tab now
    /// @param onChanged a text, or which of them are saved, changed
    /// @param onSaved   a file was written
    /// @param onTaken   another program wrote into one that is open
    OpenFiles(
            Workspace workspace,
            Consumer<EditorFile> onOpened,
            Runnable onChanged,
            Runnable onSaved,
            Runnable onTaken) {
        this.workspace = workspace;
        this.onOpened = onOpened;
        this.onChanged = onChanged;
        this.onSaved = onSaved;
        this.disk = new DiskChanges(workspace, this::all, onChanged, onTaken);
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

    /// What the disk held when those that are not saved were begun, by name.
    Map<String, String> bases() {
        Map<String, String> texts = new HashMap<>();
        for (EditorFile file : files.values()) {
            if (file.dirty().get()) {
                texts.put(file.name(), file.saved().text());
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
        open(folder, name, TextFile::read, then);
    }

    /// Also one that is gone meanwhile, which had that text.
    void openAgain(Path folder, String name, String gone, Consumer<EditorFile> then) {
        open(folder, name, path -> TextFile.readOr(path, gone), then);
    }

    private interface Read {
        TextFile at(Path path) throws IOException;
    }

    private void open(Path folder, String name, Read reading, Consumer<EditorFile> then) {
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
                        _ -> reading.at(path),
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
        StackPane place = new StackPane(new TextScroll(file.area()));
        VBox.setVgrow(place, Priority.ALWAYS);
        tab.setContent(new VBox(new DiskBar(this, file, place), place));
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

    /// @param overwrite whatever is on the disk; a person has seen it
    void save(EditorFile file, boolean overwrite) {
        save(file, overwrite, _ -> {});
    }

    /// @param then called with whether it was written
    private void save(EditorFile file, boolean overwrite, Consumer<Boolean> then) {
        String text = file.text();
        TextFile before = file.saved();
        workspace
                .background()
                .quietly(
                        _ -> {
                            if (!overwrite && isChangedOnDisk(file.path(), before)) {
                                throw new ChangedOnDisk();
                            }
                            return before.write(file.path(), text);
                        },
                        written -> {
                            file.saved(written);
                            file.disk(DiskState.IN_STEP);
                            onChanged.run();
                            onSaved.run();
                            then.accept(true);
                        },
                        e -> {
                            if (e instanceof ChangedOnDisk) {
                                disk.look(file);
                                notSaved(file);
                            } else {
                                failed("Could not save " + file.name(), e);
                            }
                            then.accept(false);
                        });
    }

    /// By its text: two writes within one tick of the file system's clock look the same from outside.
    private static boolean isChangedOnDisk(Path path, TextFile before) throws IOException {
        TextFile.Stamp now = TextFile.stamp(path);
        if (now.provesSame(before.stamp())) {
            return false;
        }
        return now.isGone()
                ? !before.stamp().isGone()
                : !TextFile.read(path).text().equals(before.text());
    }

    private void notSaved(EditorFile file) {
        workspace
                .notifications()
                .post(
                        Notification.Kind.INFO,
                        file.name() + " is not saved",
                        "Another program changed it meanwhile. Look at what it is now, and save then.");
    }

    void saveAll() {
        saveAll(_ -> {});
    }

    /// @param then called with whether all are written
    void saveAll(Consumer<Boolean> then) {
        List<EditorFile> waiting =
                files.values().stream().filter(file -> file.dirty().get()).toList();
        if (waiting.isEmpty()) {
            then.accept(true);
            return;
        }
        int[] left = {waiting.size()};
        boolean[] fine = {true};
        for (EditorFile file : waiting) {
            save(file, false, written -> {
                fine[0] &= written;
                if (--left[0] == 0) {
                    then.accept(fine[0]);
                }
            });
        }
    }

    private void failed(String title, Throwable e) {
        workspace.notifications().post(Notification.Kind.FAILED, title, EditorProblems.reason(e));
    }

    // ---- the disk

    /// Takes what other programs wrote.
    void compareWithDisk() {
        disk.look();
    }

    /// Whether one waits for a person to say what of two edits it shall be.
    boolean anyInConflict() {
        return files.values().stream().anyMatch(file -> file.disk().get() instanceof DiskState.Conflict);
    }

    /// Loads what is on the disk in place of what was typed, which undo brings back.
    void load(EditorFile file) {
        workspace
                .background()
                .quietly(
                        _ -> TextFile.read(file.path()),
                        read -> {
                            file.reload(read);
                            file.disk(DiskState.IN_STEP);
                            onChanged.run();
                        },
                        e -> failed("Could not read " + file.name(), e));
    }

    /// A person decided on every conflict.
    void merged(EditorFile file, DiskState.Conflict conflict, String text) {
        file.merged(conflict.theirs(), text);
        file.disk(DiskState.IN_STEP);
        onChanged.run();
    }

    /// It has another name now: goes on under that.
    void follow(EditorFile file, String renamed) {
        Path folder = workspace.folder().get();
        if (folder == null) {
            return;
        }
        String typed = file.dirty().get() ? file.text() : null;
        String base = file.saved().text();
        open(folder, renamed, there -> {
            if (typed != null) {
                there.basedOn(base);
                there.recover(typed);
            }
            close(file);
        });
    }

    /// Without asking.
    void close(EditorFile file) {
        files.remove(file.name(), file);
        tabs.getTabs().removeIf(tab -> tab.getUserData() == file);
        onChanged.run();
    }
}
