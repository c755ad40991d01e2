package nexus.aiagents.app.desktop.editor.form;

import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import nexus.aiagents.engine.project.Form;
import nexus.aiagents.engine.project.Form.Value;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

/// Leads to where a value is changed: a step or another block with a form of its own, or what an alias
/// repeats.
final class LinkRow extends Row {
    private final Button link = new Button();
    private final Label title = new Label();
    private final Label summary = new Label();

    LinkRow(FormHost host, Form.Field field) {
        super(host, field);
        link.getStyleClass().addAll("form-link", "flat");
        link.setId("form-" + SingleRow.id(field.path()));
        link.setMaxWidth(Double.MAX_VALUE);
        link.setMinWidth(0);
        link.setAlignment(Pos.CENTER_LEFT);
        title.getStyleClass().add("strong");
        title.setMinWidth(0);
        summary.getStyleClass().addAll("small", "muted", "form-summary");
        HBox face = new HBox(8, title, summary);
        face.setAlignment(Pos.CENTER_LEFT);
        link.setGraphic(face);
        link.setOnAction(_ -> open());
        HBox.setHgrow(link, Priority.ALWAYS);
        makeButtons();
        HBox line = new HBox();
        line.getStyleClass().add("form-line");
        line.setAlignment(Pos.CENTER_LEFT);
        line.getChildren().addAll(link, new FontIcon(Feather.CHEVRON_RIGHT), buttons());
        getChildren().addAll(line, problem(), note());
    }

    private void open() {
        switch (field().value()) {
            case Value.Block block -> host.go(block.place());
            case Value.Elsewhere(String _, var home) -> host.jump(home.line(), home.column());
            default -> {}
        }
    }

    @Override
    Node control() {
        return link;
    }

    @Override
    void show(Form.Field now, Shown shown) {
        switch (now.value()) {
            case Value.Block block -> {
                title.setText(block.title().isEmpty() ? now.name() : block.title());
                summary.setText(block.summary());
            }
            case Value.Elsewhere elsewhere -> {
                title.setText(now.name());
                summary.setText("*" + elsewhere.anchor());
            }
            default -> {}
        }
        link.setAccessibleText((title.getText() + " " + summary.getText()).strip());
    }
}
