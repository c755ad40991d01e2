package nexus.aiagents.app.desktop.tree;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import javafx.beans.value.ChangeListener;
import javafx.beans.value.WeakChangeListener;
import javafx.css.PseudoClass;
import javafx.scene.control.Label;
import javafx.scene.control.TreeCell;
import javafx.scene.control.TreeItem;
import javafx.scene.control.TreeView;
import javafx.scene.input.MouseDragEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import nexus.aiagents.app.desktop.parts.MarkView;
import nexus.aiagents.engine.view.ProjectView;
import org.jspecify.annotations.Nullable;

/// The same tree as a list, for the keyboard and for screen readers. Shares the selection with the picture.
final class TreeList extends TreeView<String> {
    private static final PseudoClass INTO = PseudoClass.getPseudoClass("drop-into");
    private static final PseudoClass BEFORE = PseudoClass.getPseudoClass("drop-before");
    private static final PseudoClass AFTER = PseudoClass.getPseudoClass("drop-after");

    private final TreeViewModel tree;
    private final Clock clock;
    private List<String> shape = List.of();
    private Map<String, Integer> places = Map.of();
    private List<TreeItem<String>> items = List.of();
    private boolean following;
    private Consumer<Relocation.Wish> onDrop = _ -> {};
    /// The node that is being dragged.
    private @Nullable String held;

    TreeList(TreeViewModel tree, Clock clock) {
        this.tree = tree;
        this.clock = clock;
        setId("tree-list");
        getStyleClass().addAll("dense", "tree-list");
        setAccessibleText("Supervisors and agents");
        setShowRoot(false);
        setCellFactory(_ -> new Cell());
        getSelectionModel().selectedItemProperty().addListener((_, _, item) -> {
            if (item != null && !following) {
                tree.selected().set(item.getValue());
            }
        });
        tree.selected().addListener((_, _, _) -> followSelection());
        tree.model().addListener((_, _, model) -> show(model));
        show(tree.model().get());
    }

    /// A node was let go of over another, where it may be.
    void onDrop(Consumer<Relocation.Wish> listener) {
        onDrop = listener;
    }

    private void show(TreeModel model) {
        if (model.byId() == places) {
            return; // only what the nodes say has changed
        }
        places = model.byId();
        List<String> now = new ArrayList<>(model.nodes().size());
        for (TreeNode node : model.nodes()) {
            now.add(node.parent() + " " + node.folded() + " " + node.id());
        }
        if (now.equals(shape)) {
            return;
        }
        shape = now;
        following = true;
        List<TreeItem<String>> built = new ArrayList<>();
        TreeItem<String> root = new TreeItem<>("");
        List<List<TreeItem<String>>> children = new ArrayList<>();
        List<TreeItem<String>> top = new ArrayList<>();
        for (TreeNode node : model.nodes()) {
            TreeItem<String> item = new TreeItem<>(node.id());
            built.add(item);
            children.add(new ArrayList<>());
            (node.parent() < 0 ? top : children.get(node.parent())).add(item);
        }
        for (int i = 0; i < built.size(); i++) {
            built.get(i).getChildren().setAll(children.get(i));
            built.get(i).setExpanded(true);
        }
        root.getChildren().setAll(top);
        items = built;
        setRoot(root);
        following = false;
        followSelection();
    }

    private void followSelection() {
        Integer index = tree.model().get().index(tree.selected().get());
        TreeItem<String> wanted = index == null || index >= items.size() ? null : items.get(index);
        if (wanted == null || wanted == getSelectionModel().getSelectedItem()) {
            return;
        }
        following = true;
        getSelectionModel().select(wanted);
        following = false;
    }

    private final class Cell extends TreeCell<String> {
        private final MarkView mark = new MarkView(false);
        private final Label name = new Label();
        private final HBox box = new HBox(8, mark, name);
        private final ChangeListener<TreeModel> listener = (_, _, _) -> render();

        Cell() {
            HBox.setHgrow(name, Priority.ALWAYS);
            box.setAlignment(javafx.geometry.Pos.CENTER_LEFT);
            tree.model().addListener(new WeakChangeListener<>(listener));
            setOnDragDetected(e -> {
                if (!isEmpty() && !TreeModel.ON_CALL.equals(getItem())) {
                    held = getItem();
                    startFullDrag();
                    e.consume();
                }
            });
            setOnMouseDragOver(e -> mark(wish(e)));
            setOnMouseDragExited(_ -> mark(null));
            setOnMouseDragReleased(e -> {
                Relocation.Wish wish = wish(e);
                mark(null);
                held = null;
                if (wish != null) {
                    onDrop.accept(wish);
                }
            });
        }

        /// Where what is dragged would come, null: nowhere that it may be.
        private Relocation.@Nullable Wish wish(MouseDragEvent e) {
            TreeNode node = tree.model().get().node(held);
            TreeNode over = isEmpty() ? null : tree.model().get().node(getItem());
            ProjectView view = tree.view();
            Relocation.Wish wish = node == null || over == null || view == null
                    ? null
                    : Relocation.over(view, node, over, e.getY() < getHeight() / 2);
            return wish != null && view != null && Relocation.whyNot(view, wish).isEmpty() ? wish : null;
        }

        private void mark(Relocation.@Nullable Wish wish) {
            TreeNode over = isEmpty() ? null : tree.model().get().node(getItem());
            boolean into = wish != null && over != null && over.name().equals(wish.supervisor());
            boolean before = wish != null && !into && Objects.equals(wish.place(), placeOf(over));
            pseudoClassStateChanged(INTO, into);
            pseudoClassStateChanged(BEFORE, before);
            pseudoClassStateChanged(AFTER, wish != null && !into && !before);
        }

        private @Nullable Integer placeOf(@Nullable TreeNode over) {
            ProjectView view = tree.view();
            TreeNode node = tree.model().get().node(held);
            if (view == null || over == null || node == null) {
                return null;
            }
            Relocation.Wish before = Relocation.over(view, node, over, true);
            return before == null ? null : before.place();
        }

        @Override
        protected void updateItem(@Nullable String id, boolean empty) {
            super.updateItem(id, empty);
            render();
        }

        private void render() {
            TreeNode node = isEmpty() ? null : tree.model().get().node(getItem());
            if (node == null) {
                setGraphic(null);
                setText(null);
                setAccessibleText(null);
                return;
            }
            mark.show(node.mark());
            name.setText(node.name());
            setGraphic(box);
            String spoken = node.spoken(clock.instant());
            if (!Objects.equals(spoken, getAccessibleText())) {
                setAccessibleText(spoken);
            }
        }
    }
}
