package nexus.aiagents.app.desktop.editor.form;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javafx.collections.ObservableList;
import javafx.scene.Node;
import javafx.scene.control.Button;
import nexus.aiagents.engine.project.Form;
import nexus.aiagents.engine.project.Form.Shape;
import nexus.aiagents.engine.project.Form.Value;
import org.jspecify.annotations.Nullable;

/// The rows of a form, kept as long as their fields look the same. JavaFX thread.
final class RowSet {
    /// What makes a row another one.
    private record Key(Form.Place block, List<Object> path, Shape shape, Class<?> value, boolean suggests) {}

    /// Rows of one list or map that are shown at once.
    private static final int MANY = 60;

    private final FormHost host;
    private final Set<List<Object>> unfolded = new HashSet<>();
    private final Set<List<Object>> folded = new HashSet<>();
    private final Map<Key, Row> rows = new HashMap<>();
    private final Map<List<Object>, Row> byPath = new HashMap<>();
    private final Set<Key> used = new HashSet<>();
    private final Set<Character> letters = new HashSet<>();

    RowSet(FormHost host) {
        this.host = host;
    }

    /// The rows of a whole form; those of before that are not among them are forgotten.
    List<Node> all(Shown shown) {
        used.clear();
        byPath.clear();
        letters.clear();
        letters.add('A'); // of the button below
        List<Node> nodes = nodes(shown.form().place().path(), shown.form().fields(), shown);
        rows.keySet().retainAll(used);
        return nodes;
    }

    /// Set ones and those that must be; of very many the first, and a button for the others.
    List<Node> nodes(List<Object> around, List<Form.Field> fields, Shown shown) {
        List<Node> nodes = new ArrayList<>();
        List<Form.Field> wanted = fields.stream()
                .filter(field -> field.isSet() || field.facts().required())
                .toList();
        boolean all = wanted.size() <= MANY || unfolded.contains(around);
        for (Form.Field field : all ? wanted : wanted.subList(0, MANY)) {
            nodes.add(row(field, shown));
        }
        if (!all) {
            Button more = new Button("Show " + (wanted.size() - MANY) + " more");
            more.getStyleClass().add("small");
            more.setOnAction(_ -> {
                showAll(around);
                host.refresh();
            });
            nodes.add(more);
        }
        return nodes;
    }

    /// However many there are.
    void showAll(List<Object> around) {
        unfolded.add(around);
    }

    private Row row(Form.Field field, Shown shown) {
        Class<?> value = field.value() instanceof Value.Unset
                ? Value.Single.class
                : field.value().getClass();
        Key key = key(shown, field, field.shape(), value);
        Key lines = key(shown, field, Shape.PARAGRAPH, value);
        if (field.shape() == Shape.TEXT && rows.containsKey(lines)) {
            key = lines; // somebody may be typing there, and took the last line break out
        }
        Row row = rows.computeIfAbsent(key, _ -> make(field));
        used.add(key);
        byPath.put(field.path(), row);
        if (row instanceof SingleRow single && !row.isItem()) {
            single.label(mnemonic(
                    field.name(),
                    field.path().size() <= shown.form().place().path().size() + 1));
        }
        row.update(field, shown);
        return row;
    }

    private static Key key(Shown shown, Form.Field field, Shape shape, Class<?> value) {
        boolean suggests = !field.facts().words().isEmpty();
        return new Key(shown.form().place(), field.path(), shape, value, suggests);
    }

    private Row make(Form.Field field) {
        boolean holds = field.shape() == Shape.GROUP || field.shape() == Shape.MAP || field.shape() == Shape.LIST;
        return switch (field.value()) {
            case Value.Block _, Value.Elsewhere _ -> new LinkRow(host, field);
            case Value.Group _, Value.Items _ -> new HolderRow(host, field, this);
            case Value.Unset _ when holds -> new HolderRow(host, field, this);
            case Value.Single _, Value.Unset _ -> new SingleRow(host, field);
        };
    }

    /// The first letter that no other label has, for Alt and that letter.
    private String mnemonic(String name, boolean wanted) {
        if (wanted) {
            for (int i = 0; i < name.length(); i++) {
                char letter = Character.toUpperCase(name.charAt(i));
                if (Character.isLetter(letter) && letters.add(letter)) {
                    return escaped(name.substring(0, i)) + "_" + escaped(name.substring(i));
                }
            }
        }
        return escaped(name);
    }

    private static String escaped(String name) {
        return name.replace("_", "__");
    }

    @Nullable
    Row at(List<Object> path) {
        return byPath.get(path);
    }

    boolean isFolded(List<Object> path) {
        return folded.contains(path);
    }

    void fold(List<Object> path, boolean fold) {
        if (fold) {
            folded.add(path);
        } else {
            folded.remove(path);
        }
    }

    /// Whether what is put into this map is a block with a form of its own.
    boolean holdsBlocks(Form.Field field) {
        return field.value() instanceof Value.Group(List<Form.Field> fields)
                && fields.stream().anyMatch(f -> f.shape() == Shape.BLOCK);
    }

    static List<Object> below(List<Object> path, Object part) {
        List<Object> longer = new ArrayList<>(path);
        longer.add(part);
        return longer;
    }

    /// Makes `live` what is wanted and touches no more of it than has to be, so that the focus stays.
    static void sync(ObservableList<Node> live, List<Node> wanted) {
        if (live.equals(wanted)) {
            return;
        }
        Set<Node> stay = new HashSet<>(wanted);
        live.removeIf(node -> !stay.contains(node));
        for (int i = 0; i < wanted.size(); i++) {
            Node node = wanted.get(i);
            if (i < live.size() && live.get(i) == node) {
                continue;
            }
            live.remove(node);
            live.add(i, node);
        }
    }
}
