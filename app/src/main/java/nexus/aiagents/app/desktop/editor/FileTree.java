package nexus.aiagents.app.desktop.editor;

import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.function.Consumer;
import javafx.css.PseudoClass;
import javafx.scene.control.TreeCell;
import javafx.scene.control.TreeItem;
import javafx.scene.control.TreeView;
import javafx.scene.input.KeyCode;
import nexus.aiagents.app.desktop.parts.Styles;
import nexus.aiagents.engine.ScriptCheck;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.Ikon;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

/// The files of the project, hidden ones aside. Paths are relative, with `/`; folders end with it.
final class FileTree extends TreeView<String> {
    private static final PseudoClass BROKEN = PseudoClass.getPseudoClass("broken");

    /// How many rows stand above one that was scrolled to.
    private static final int ABOVE = 6;

    private final Runnable early = Styles.early(this);
    private final Set<String> closed = new HashSet<>();
    private List<String> shown = List.of();
    private Consumer<List<String>> onClosed = _ -> {};
    private final Set<Cell> cells = Collections.newSetFromMap(new WeakHashMap<>());
    private Set<String> broken = Set.of();
    private Set<String> dirty = Set.of();

    FileTree(Consumer<String> onOpen) {
        setId("file-tree");
        setShowRoot(false);
        setRoot(new TreeItem<>(""));
        setAccessibleText("Files of the project");
        getStyleClass().addAll("dense", "file-tree");
        setCellFactory(_ -> new Cell());
        setOnMouseClicked(e -> {
            if (e.getClickCount() == 1) {
                openSelected(onOpen);
            }
        });
        setOnKeyPressed(e -> {
            if (e.getCode() == KeyCode.ENTER) {
                openSelected(onOpen);
            }
        });
    }

    private void openSelected(Consumer<String> onOpen) {
        TreeItem<String> item = getSelectionModel().getSelectedItem();
        if (item != null && item.isLeaf() && !item.getValue().endsWith("/")) {
            onOpen.accept(item.getValue());
        }
    }

    /// Marks files with errors and unsaved ones. At every key: only what is another is touched.
    void mark(Set<String> isBroken, Set<String> isDirty) {
        if (broken.equals(isBroken) && dirty.equals(isDirty)) {
            return;
        }
        early.run();
        broken = Set.copyOf(isBroken);
        dirty = Set.copyOf(isDirty);
        cells.forEach(Cell::mark);
    }

    void show(List<String> files) {
        if (files.equals(shown)) {
            return;
        }
        if (Styles.isGone(this)) { // what was asked for before the window was closed
            return;
        }
        early.run();
        shown = files;
        TreeItem<String> selected = getSelectionModel().getSelectedItem();
        String keep = selected == null ? "" : selected.getValue();
        Map<String, TreeItem<String>> folders = new HashMap<>();
        TreeItem<String> root = new TreeItem<>("");
        root.setExpanded(true);
        folders.put("", root);
        for (String file : files) {
            add(file, folders);
        }
        setRoot(root);
        select(keep);
    }

    void select(String file) {
        TreeItem<String> found = find(getRoot(), file);
        if (found != null && found != getSelectionModel().getSelectedItem()) {
            early.run();
            getSelectionModel().select(found);
            scrollTo(Math.max(0, getRow(found) - ABOVE));
        }
    }

    private static @Nullable TreeItem<String> find(TreeItem<String> from, String file) {
        for (TreeItem<String> child : from.getChildren()) {
            if (child.getValue().equals(file)) {
                return child;
            }
            TreeItem<String> deeper = find(child, file);
            if (deeper != null) {
                return deeper;
            }
        }
        return null;
    }

    private TreeItem<String> add(String path, Map<String, TreeItem<String>> folders) {
        TreeItem<String> known = folders.get(path);
        if (known != null) {
            return known;
        }
        String bare = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        TreeItem<String> parent = add(bare.substring(0, bare.lastIndexOf('/') + 1), folders);
        TreeItem<String> item = new TreeItem<>(path);
        if (path.endsWith("/")) {
            folders.put(path, item);
            item.setExpanded(!closed.contains(path));
            item.expandedProperty().addListener((_, _, open) -> {
                if (open) {
                    closed.remove(path);
                } else {
                    closed.add(path);
                }
                onClosed.accept(closed.stream().sorted().toList());
            });
        }
        parent.getChildren().add(item);
        return item;
    }

    /// Closes these folders, by their names that end with `/`, and opens all others.
    void close(List<String> folders) {
        closed.clear();
        closed.addAll(folders);
        List<String> files = shown;
        shown = List.of();
        show(files);
    }

    /// @param listener gets the names of all folders that are closed whenever one is closed or opened
    void onClosed(Consumer<List<String>> listener) {
        onClosed = listener;
    }

    static Ikon icon(String path) {
        if (path.endsWith("/")) {
            return Feather.FOLDER;
        }
        if (path.endsWith(".yaml") || path.endsWith(".yml")) {
            return Feather.FILE_TEXT;
        }
        if (ScriptCheck.isScript(path) || path.endsWith(".json")) {
            return Feather.CODE;
        }
        return path.endsWith(".wasm") ? Feather.CPU : Feather.FILE;
    }

    private final class Cell extends TreeCell<String> {
        private final FontIcon icon = new FontIcon();

        Cell() {
            cells.add(this);
        }

        @Override
        protected void updateItem(@Nullable String path, boolean empty) {
            super.updateItem(path, empty);
            if (empty || path == null) {
                pseudoClassStateChanged(BROKEN, false);
                setText(null);
                setGraphic(null);
                return;
            }
            icon.setIconCode(icon(path));
            setGraphic(icon);
            mark();
        }

        void mark() {
            String path = getItem();
            if (isEmpty() || path == null) {
                return;
            }
            boolean isBroken = broken.contains(path);
            pseudoClassStateChanged(BROKEN, isBroken);
            String bare = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
            setText(bare.substring(bare.lastIndexOf('/') + 1) + (dirty.contains(path) ? " •" : ""));
            setAccessibleText(bare + (isBroken ? ", has errors" : "") + (dirty.contains(path) ? ", not saved" : ""));
        }
    }
}
