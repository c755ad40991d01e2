package nexus.aiagents.engine.project;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import nexus.aiagents.engine.project.Form.Field;
import nexus.aiagents.engine.project.Form.Place;
import nexus.aiagents.engine.project.Form.Shape;
import nexus.aiagents.engine.project.Form.Value;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Makes the form of a block. What could not be read of a broken text is missing in it.
final class FormReader {
    private static final List<String> DOES = List.of("action", "agent", "pool", "saga", "workflow");

    private final FormText text;
    private final YamlNode.@Nullable Mapping root;

    FormReader(FormText text) {
        this.text = text;
        this.root = text.root();
    }

    /// The form of the innermost block around a place of the whole text.
    Form at(int line, int column) {
        List<Object> block = new ArrayList<>();
        if (root != null) {
            List<Object> path = new ArrayList<>();
            descend(root, line - text.firstLine(), column, path);
            for (int length = 1; length <= path.size(); length++) {
                if (isBlock(path.subList(0, length))) {
                    block = path.subList(0, length);
                }
            }
        }
        return form(List.copyOf(block));
    }

    /// @return null if there is no such block any more
    @Nullable
    Form of(List<Object> path) {
        boolean there = path.isEmpty() || (isBlock(path) && root != null && YamlPath.node(root, path) != null);
        return there ? form(path) : null;
    }

    // ---- where the caret is

    /// Follows keys and items down to the last one that begins before the place.
    private void descend(YamlNode node, int line, int column, List<Object> path) {
        switch (node) {
            case YamlNode.Mapping map -> {
                Object part = null;
                YamlNode.Entry found = null;
                for (Map.Entry<String, YamlNode.Entry> entry : map.entries().entrySet()) {
                    if (begins(entry.getValue().key(), line, column, map.flow())) {
                        part = entry.getKey();
                        found = entry.getValue();
                    }
                }
                if (part != null && found != null && !found.isAlias() && !isLeft(found.key(), line, column)) {
                    path.add(part);
                    descend(found.value(), line, column, path);
                }
            }
            case YamlNode.Sequence list -> {
                for (int i = list.items().size() - 1; i >= 0; i--) {
                    Position at = list.places().get(i);
                    if (begins(at, line, column, list.flow())) {
                        boolean alias = !at.equals(list.items().get(i).at());
                        if (!alias && !isLeft(at, line, column)) {
                            path.add(i);
                            descend(list.items().get(i), line, column, path);
                        }
                        return;
                    }
                }
            }
            case YamlNode.Scalar _ -> {}
        }
    }

    /// In block style a whole line belongs to what begins on it.
    private static boolean begins(Position at, int line, int column, boolean flow) {
        return at.line() < line || (at.line() == line && (!flow || at.column() <= column));
    }

    /// Whether an empty line behind it has been indented less, so that it is about something else.
    private boolean isLeft(Position at, int line, int column) {
        return line > at.line() && text.yaml().lines().isBlank(line) && column < at.column();
    }

    private boolean isBlock(List<Object> path) {
        Kind kind = path.isEmpty() || !(path.getFirst() instanceof String key) ? null : Kind.of(key);
        if (kind == null) {
            return false;
        }
        boolean single = path.getFirst().equals(kind.key());
        if (path.size() == 1 || (path.size() == 2 && !single)) {
            return true;
        }
        return path.getLast() instanceof Integer && FormSchema.isStep(FormSchema.at(path));
    }

    // ---- the block

    private Form form(List<Object> path) {
        Place place = new Place(text.document(), path);
        JsonNode schema = FormSchema.at(path);
        YamlNode node = root == null ? null : YamlPath.node(root, path);
        String description = schema == null ? "" : schema.path("description").asString("");
        List<Field> fields = node instanceof YamlNode.Mapping map
                ? fields(path, map, schema)
                : node == null || node.isNull() ? unset(path, schema, Set.of()) : List.of();
        String name = path.isEmpty() ? "" : name(path, node);
        boolean open = schema != null && !schema.has("properties");
        return new Form(place, kind(path), name, description, trail(path), key(path), open, fields);
    }

    private static String kind(List<Object> path) {
        if (path.isEmpty()) {
            return "document";
        }
        if (path.getLast() instanceof Integer) {
            return Occurrences.STEP;
        }
        String first = (String) path.getFirst();
        Kind kind = Kind.of(first);
        return kind == null || path.size() == 1 ? first : kind.key();
    }

    private String name(List<Object> path, @Nullable YamlNode node) {
        if (path.size() == 2 && path.getLast() instanceof String name) {
            return name;
        }
        if (!(node instanceof YamlNode.Mapping map)) {
            return "";
        }
        String name = map.get("name") instanceof YamlNode.Scalar scalar ? scalar.text() : "";
        return "cost".equals(path.getLast()) ? BudgetTarget.id(map) : name;
    }

    private Position key(List<Object> path) {
        if (root == null) {
            return text.shifted(new Position("", 0, 0, 0, 0));
        }
        return text.shifted(YamlPath.keyOf(root, path, ""));
    }

    private List<Form.Crumb> trail(List<Object> path) {
        List<Form.Crumb> trail = new ArrayList<>();
        for (int length = 1; length < path.size(); length++) {
            List<Object> above = List.copyOf(path.subList(0, length));
            if (isBlock(above)) {
                YamlNode node = root == null ? null : YamlPath.node(root, above);
                String title = (kind(above) + " " + name(above, node)).strip();
                trail.add(new Form.Crumb(title, new Place(text.document(), above), key(above)));
            }
        }
        return trail;
    }

    // ---- its fields

    private List<Field> fields(List<Object> path, YamlNode.Mapping map, @Nullable JsonNode schema) {
        List<Field> fields = new ArrayList<>();
        Set<String> required = FormSchema.required(path, schema);
        map.entries().forEach((key, entry) -> {
            List<Object> below = with(path, key);
            JsonNode of = FormSchema.below(schema, key);
            Shape shape = isBlock(below) && !(entry.value() instanceof YamlNode.Scalar)
                    ? Shape.BLOCK
                    : FormSchema.shape(key, of, entry.value());
            Position from = entry.key();
            Position whole = whole(from, entry.value(), entry.place());
            fields.add(new Field(
                    below,
                    key,
                    shape,
                    FormSchema.facts(of, required.contains(key)),
                    text.shifted(from),
                    whole,
                    value(below, shape, of, entry.value(), entry.isAlias()),
                    note(entry.value(), entry.place())));
        });
        fields.addAll(unset(path, schema, map.entries().keySet()));
        return fields;
    }

    private Position whole(Position from, YamlNode value, Position place) {
        int start = text.start(from);
        return text.range(start, Math.max(text.end(from), text.contentEnd(value, place)));
    }

    private static List<Field> unset(List<Object> path, @Nullable JsonNode schema, Set<String> there) {
        List<Field> fields = new ArrayList<>();
        Set<String> required = FormSchema.required(path, schema);
        for (String key : NexusSchema.keys(schema)) {
            if (!there.contains(key) && !(path.size() == 2 && key.equals("name") && path.getLast() instanceof String)) {
                JsonNode of = FormSchema.below(schema, key);
                fields.add(new Field(
                        with(path, key),
                        key,
                        FormSchema.shape(key, of, null),
                        FormSchema.facts(of, required.contains(key)),
                        null,
                        null,
                        new Value.Unset(),
                        ""));
            }
        }
        return fields;
    }

    private Value value(List<Object> path, Shape shape, @Nullable JsonNode schema, YamlNode node, boolean alias) {
        if (alias && !(node instanceof YamlNode.Scalar)) {
            return new Value.Elsewhere(anchor(node), text.shifted(node.at()));
        }
        if (shape == Shape.BLOCK) {
            return block(path, node);
        }
        return switch (node) {
            case YamlNode.Scalar scalar ->
                new Value.Single(
                        FormSchema.types(schema).isEmpty() && shape != Shape.CHOICE
                                ? ScalarText.shown(scalar)
                                : scalar.text());
            case YamlNode.Mapping map -> new Value.Group(fields(path, map, schema));
            case YamlNode.Sequence list -> new Value.Items(items(path, list, schema));
        };
    }

    private List<Field> items(List<Object> path, YamlNode.Sequence list, @Nullable JsonNode schema) {
        List<Field> fields = new ArrayList<>();
        JsonNode of = FormSchema.below(schema, 0);
        for (int i = 0; i < list.items().size(); i++) {
            YamlNode item = list.items().get(i);
            Position place = list.places().get(i);
            List<Object> below = with(path, i);
            Shape shape =
                    isBlock(below) && item instanceof YamlNode.Mapping ? Shape.BLOCK : FormSchema.shape("", of, item);
            fields.add(new Field(
                    below,
                    String.valueOf(i + 1),
                    shape,
                    FormSchema.facts(of, false),
                    text.shifted(place),
                    whole(place, item, place),
                    value(below, shape, of, item, !place.equals(item.at())),
                    note(item, place)));
        }
        return fields;
    }

    private Value.Block block(List<Object> path, YamlNode node) {
        String name = name(path, node);
        String summary = "";
        if (node instanceof YamlNode.Mapping map) {
            for (String key : DOES) {
                if (summary.isEmpty() && map.get(key) instanceof YamlNode.Scalar does) {
                    summary = key + " " + does.text();
                }
            }
            if (map.get("parallel") instanceof YamlNode.Sequence steps) {
                summary = String.format(
                        Locale.ROOT, "%d in parallel", steps.items().size());
            }
        }
        return new Value.Block(new Place(text.document(), path), name, summary);
    }

    /// What an anchor or an alias means for a change.
    private String note(YamlNode node, Position place) {
        String anchor = anchor(node);
        if (anchor.isEmpty()) {
            return "";
        }
        return place.equals(node.at())
                ? "Repeated elsewhere as *" + anchor
                : "Repeats &" + anchor + " in line " + (text.shifted(node.at()).line() + 1);
    }

    private String anchor(YamlNode node) {
        int at = text.start(node.at());
        boolean anchored = at < text.text().length() && text.text().charAt(at) == '&';
        return anchored ? text.text().substring(at + 1, text.tokenEnd(at)) : "";
    }

    private static List<Object> with(List<Object> path, Object part) {
        List<Object> longer = new ArrayList<>(path);
        longer.add(Objects.requireNonNull(part));
        return longer;
    }
}
