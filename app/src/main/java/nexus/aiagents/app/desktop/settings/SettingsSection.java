package nexus.aiagents.app.desktop.settings;

import java.util.Locale;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.control.Label;
import javafx.scene.control.Labeled;
import javafx.scene.control.TableView;
import javafx.scene.layout.VBox;

/// One part of the settings: a heading, a sentence, and a card. It can be searched by every word in it.
final class SettingsSection extends VBox {
    private final String words;
    private final Node content;

    SettingsSection(String title, String text, Node content) {
        super(8);
        this.content = content;
        words = (title + " " + text).toLowerCase(Locale.ROOT);
        Label head = new Label(title);
        head.getStyleClass().add("h2");
        getChildren().add(head);
        if (!text.isEmpty()) {
            Label about = new Label(text);
            about.getStyleClass().add("muted");
            about.setWrapText(true);
            getChildren().add(about);
        }
        VBox card = new VBox(16, content);
        card.getStyleClass().add("card");
        getChildren().add(card);
    }

    /// Shows it if every word that was typed is in it, and hides it else.
    ///
    /// @return whether it is shown
    boolean filter(String typed) {
        StringBuilder said = new StringBuilder(words);
        collect(content, said);
        String all = said.toString();
        boolean fits = typed.toLowerCase(Locale.ROOT)
                        .strip()
                        .lines()
                        .flatMap(line -> java.util.Arrays.stream(line.split("\\s+")))
                        .allMatch(all::contains)
                || (content instanceof Searched searched && searched.has(typed));
        setVisible(fits);
        setManaged(fits);
        return fits;
    }

    /// Has more than its labels say right now, like a table of which a part is in sight.
    interface Searched {
        /// Whether one thing in it has every word that was typed.
        boolean has(String typed);
    }

    private static void collect(Node node, StringBuilder said) {
        if (node instanceof Labeled labeled && labeled.getText() != null) {
            said.append(' ').append(labeled.getText().toLowerCase(Locale.ROOT));
        }
        if (node instanceof Parent parent && !(node instanceof TableView)) { // a table has its own rows searched
            parent.getChildrenUnmodifiable().forEach(child -> collect(child, said));
        }
    }
}
