package nexus.aiagents.app.desktop.editor.form;

import java.util.List;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.TextField;
import javafx.scene.control.ToggleButton;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import nexus.aiagents.engine.project.Form;
import nexus.aiagents.engine.project.Form.Shape;
import nexus.aiagents.engine.project.Form.Value;
import nexus.aiagents.engine.project.FormChange;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

/// A field that holds others: a map or a list. It folds.
final class HolderRow extends Row {
    private final ToggleButton head = new ToggleButton();
    private final VBox body = new VBox();
    private final TextField key = new TextField();
    private final Button add;
    private final RowSet rows;

    HolderRow(FormHost host, Form.Field field, RowSet rows) {
        super(host, field);
        this.rows = rows;
        head.getStyleClass().addAll("form-head", "flat");
        head.setId("form-" + SingleRow.id(field.path()));
        head.setMaxWidth(Double.MAX_VALUE);
        head.setMinWidth(0);
        head.setAlignment(Pos.CENTER_LEFT);
        head.setSelected(!rows.isFolded(field.path()));
        head.selectedProperty().addListener((_, _, open) -> {
            rows.fold(field().path(), !open);
            fold(open);
        });
        HBox.setHgrow(head, Priority.ALWAYS);
        body.getStyleClass().add("form-body");
        add = button(Feather.PLUS, "Add to", this::add);
        add.setFocusTraversable(true);
        add.setId("form-add-" + SingleRow.id(field.path()));
        buttons().getChildren().add(add);
        makeButtons();
        HBox line = new HBox(head, buttons());
        line.getStyleClass().add("form-line");
        line.setAlignment(Pos.CENTER_LEFT);
        key.setPromptText("New key, then Enter");
        key.setId("form-key-" + SingleRow.id(field.path()));
        key.setAccessibleText("New key of " + field.name());
        key.setOnAction(_ -> addKey());
        getChildren().addAll(line, problem(), note(), body);
        fold(head.isSelected());
    }

    private void fold(boolean open) {
        head.setGraphic(new FontIcon(open ? Feather.CHEVRON_DOWN : Feather.CHEVRON_RIGHT));
        hide(body, !open);
    }

    private void add() {
        head.setSelected(true);
        rows.showAll(field().path());
        switch (field().value()) {
            case Value.Items items ->
                host.make(new FormChange.Add(
                        RowSet.below(field().path(), items.items().size())));
            case Value.Group group
            when field().shape() == Shape.GROUP -> host.chooseNext(field().name(), group.fields());
            case Value.Group _ -> key.requestFocus();
            case Value.Unset _ -> host.make(new FormChange.Add(field().path()));
            case Value.Single _, Value.Block _, Value.Elsewhere _ -> {}
        }
    }

    private void addKey() {
        String name = key.getText().strip();
        if (name.isEmpty()) {
            return;
        }
        List<Object> path = RowSet.below(field().path(), name);
        key.clear();
        boolean blocks = rows.holdsBlocks(field());
        host.make(blocks ? new FormChange.Add(path) : new FormChange.Set(path, ""));
    }

    @Override
    Row entry() {
        return body.getChildren().stream()
                .filter(Row.class::isInstance)
                .map(row -> ((Row) row).entry())
                .findFirst()
                .orElse(this);
    }

    @Override
    Node control() {
        return head;
    }

    @Override
    void show(Form.Field now, Shown shown) {
        List<Form.Field> inside = switch (now.value()) {
            case Value.Group group -> group.fields();
            case Value.Items items -> items.items();
            default -> List.of();
        };
        long set = inside.stream().filter(Form.Field::isSet).count();
        String title = isItem() ? itemTitle(inside) : now.name();
        head.setText(title + (now.value() instanceof Value.Items ? "  " + set : ""));
        head.setAccessibleText(title + ", " + set + (set == 1 ? " entry" : " entries"));
        boolean free = now.value() instanceof Value.Group && now.shape() == Shape.MAP;
        boolean full = now.value() instanceof Value.Group && !free && set == inside.size();
        hide(add, full);
        add.setAccessibleText("Add to " + title);
        add.getTooltip().setText(now.isSet() ? "Add to " + title : "Set " + title);
        List<Node> nodes = rows.nodes(now.path(), inside, shown);
        boolean renames = free && !rows.holdsBlocks(now); // a block is renamed in all files, not here alone
        for (Node node : nodes) {
            if (node instanceof Row row) {
                row.renames(renames);
            }
        }
        if (free) {
            nodes.add(key);
        }
        RowSet.sync(body.getChildren(), nodes);
        hide(body, !head.isSelected() || nodes.isEmpty());
    }

    /// Of a map in a list: what its first key says.
    private String itemTitle(List<Form.Field> inside) {
        return inside.stream()
                .filter(f -> f.value() instanceof Value.Single s && !s.text().isBlank())
                .findFirst()
                .map(f -> ((Value.Single) f.value()).text())
                .orElse(field().name());
    }
}
