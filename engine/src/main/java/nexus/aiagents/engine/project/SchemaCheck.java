package nexus.aiagents.engine.project;

import com.networknt.schema.Error;
import com.networknt.schema.path.NodePath;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The first layer of checks: one document against the schema, in a person's words.
final class SchemaCheck {
    private static final Set<String> UNSUPPORTED = Set.of("skill", "skills", "broker", "brokers");
    private static final Set<String> FOLLOW_UPS = Set.of("required", "minItems", "minProperties");

    private final String file;
    private final YamlNode.Mapping document;
    private final boolean broken;
    private final List<Found> found = new ArrayList<>();

    /// @param path where in the document
    record Found(List<Object> path, Diagnostic diagnostic) {}

    /// @param broken parts of the file had to be left out, so that what is missing may only be unread
    SchemaCheck(String file, YamlNode.Mapping document, boolean broken) {
        this.file = file;
        this.document = document;
        this.broken = broken;
    }

    List<Found> check() {
        List<Error> errors = NexusSchema.get().validate(document.toJson());
        Set<List<Object>> mistyped = new HashSet<>();
        for (Error error : errors) {
            if (error.getKeyword().equals("type")) {
                mistyped.add(path(error.getInstanceLocation()));
            }
        }
        for (Error error : errors) {
            List<Object> path = path(error.getInstanceLocation());
            boolean repeats = mistyped.contains(path) && !error.getKeyword().equals("type");
            if (repeats || isUnknownAlias(path)) {
                continue;
            }
            if (broken && (FOLLOW_UPS.contains(error.getKeyword()) || isNull(path))) {
                continue;
            }
            Diagnostic diagnostic = diagnostic(error, path);
            if (diagnostic != null) {
                found.add(new Found(path, diagnostic));
            }
        }
        return found;
    }

    private static List<Object> path(NodePath location) {
        List<Object> path = new ArrayList<>(location.getNameCount());
        for (int i = 0; i < location.getNameCount(); i++) {
            path.add(location.getElement(i));
        }
        return path;
    }

    private boolean isNull(List<Object> path) {
        YamlNode node = YamlPath.node(document, path);
        return node != null && node.isNull();
    }

    /// It has been said already that it repeats nothing.
    private boolean isUnknownAlias(List<Object> path) {
        return YamlPath.node(document, path) instanceof YamlNode.Scalar scalar
                && scalar.isNull()
                && scalar.text().isEmpty()
                && scalar.at().endColumn() > scalar.at().column();
    }

    private @Nullable Diagnostic diagnostic(Error error, List<Object> path) {
        JsonNode schema = NexusSchema.get().at(path);
        return switch (error.getKeyword()) {
            case "additionalProperties" -> unknownKey(path, error.getProperty(), schema);
            case "required" ->
                Code.MISSING_KEY.at(
                        YamlPath.keyOf(document, path, file), name(path) + " needs `" + error.getProperty() + ":`");
            case "type" -> wrongType(path, schema);
            case "enum" -> notOneOf(path, schema);
            case "const" ->
                Code.NOT_ONE_OF.at(value(path), name(path) + " can only be `" + error.getSchemaNode() + "`");
            case "pattern" -> badForm(path, schema);
            case "propertyNames" -> badName(path, schema, error);
            case "minimum", "maximum", "exclusiveMinimum" -> outOfRange(path, schema);
            case "minItems" ->
                Code.WRONG_COUNT.at(
                        YamlPath.keyOf(document, path, file), name(path) + " is empty: it needs at least one entry");
            case "minProperties" ->
                Code.WRONG_COUNT.at(
                        YamlPath.keyOf(document, path, file),
                        name(path) + " is empty: it needs at least one of `"
                                + String.join("`, `", NexusSchema.keys(schema)) + "`");
            case "minLength" ->
                Code.BAD_FORM.at(value(path), name(path) + " is empty: write something or leave it out");
            case "uniqueItems" -> twice(path);
            default -> Code.OTHER_SCHEMA.at(value(path), name(path) + ": " + error.getMessage());
        };
    }

    private Diagnostic unknownKey(List<Object> path, String key, @Nullable JsonNode schema) {
        YamlNode parent = YamlPath.node(document, path);
        YamlNode.Entry entry =
                parent instanceof YamlNode.Mapping mapping ? mapping.entries().get(key) : null;
        Position at = entry == null ? value(path) : entry.key();
        if (path.isEmpty() && UNSUPPORTED.contains(key)) {
            return Code.UNSUPPORTED.at(at, "`" + key + "` is not in this version: remove the block");
        }
        List<String> known = NexusSchema.keys(schema);
        String near = Similar.to(key, known);
        String hint = near != null
                ? "did you mean `" + near + "`?"
                : known.isEmpty() ? "nothing can stand here" : within(key, known, schema);
        Code code = path.isEmpty() ? Code.UNKNOWN_KIND : Code.UNKNOWN_KEY;
        String message = path.isEmpty()
                ? "`" + key + "` is no kind of block: " + hint
                : "`" + key + "` is unknown in " + name(path) + ": " + hint;
        return near == null
                ? code.at(at, message)
                : code.at(at, message, new Diagnostic.QuickFix("Change to `" + near + "`", at, near));
    }

    /// Where it would stand, if that is one level deeper; else what can stand here.
    private static String within(String key, List<String> known, @Nullable JsonNode schema) {
        String all = "there is `" + String.join("`, `", known) + "`";
        if (schema == null) {
            return all;
        }
        return known.stream()
                .filter(block ->
                        NexusSchema.keys(NexusSchema.get().below(schema, block)).contains(key))
                .findFirst()
                .map(block -> "it stands in `" + block + "`: `" + block + ": {" + key + ": …}`")
                .orElse(all);
    }

    private Diagnostic wrongType(List<Object> path, @Nullable JsonNode schema) {
        YamlNode node = YamlPath.node(document, path);
        String wanted = types(schema);
        if (node == null || node.isNull()) {
            return Code.WRONG_TYPE.at(
                    YamlPath.keyOf(document, path, file), name(path) + " is empty: it must be " + wanted);
        }
        Position at = value(path);
        String message = name(path) + " must be " + wanted + ", not " + YamlPath.describe(node);
        boolean textWanted = schema != null && schema.path("type").toString().contains("string");
        if (textWanted && node instanceof YamlNode.Scalar scalar && scalar.plain()) {
            String quoted = "\"" + scalar.text() + "\"";
            return Code.WRONG_TYPE.at(
                    at,
                    message + ": put quotes around it",
                    new Diagnostic.QuickFix("Put quotes around it", at, quoted));
        }
        return Code.WRONG_TYPE.at(at, message);
    }

    private static String types(@Nullable JsonNode schema) {
        List<String> words = new ArrayList<>();
        JsonNode type = schema == null ? null : schema.get("type");
        if (type != null && type.isArray()) {
            type.forEach(t -> words.add(word(t.asString())));
        } else if (type != null) {
            words.add(word(type.asString()));
        }
        return words.isEmpty() ? "something else" : String.join(" or ", words);
    }

    private static String word(String type) {
        return switch (type) {
            case "object" -> "a map (`key: value` lines)";
            case "array" -> "a list (`- item` lines or [a, b])";
            case "string" -> "text";
            case "integer" -> "a whole number";
            case "number" -> "a number";
            case "boolean" -> "true or false";
            default -> type;
        };
    }

    private Diagnostic notOneOf(List<Object> path, @Nullable JsonNode schema) {
        YamlNode node = YamlPath.node(document, path);
        String written = node instanceof YamlNode.Scalar scalar ? scalar.text() : "this";
        Position at = value(path);
        if (YamlPath.last(path).equals("runtime") && written.equals("process")) {
            return Code.UNSUPPORTED.at(
                    at, "the runtime `process` is not in this version: use javascript, wasm or model");
        }
        List<String> allowed = new ArrayList<>();
        if (schema != null) {
            schema.path("enum").forEach(e -> allowed.add(e.asString()));
        }
        String near = Similar.to(written, allowed);
        String message = name(path) + " can not be `" + written + "`: "
                + (near != null ? "did you mean `" + near + "`? It" : "it") + " is one of `"
                + String.join("`, `", allowed) + "`";
        return near == null
                ? Code.NOT_ONE_OF.at(at, message)
                : Code.NOT_ONE_OF.at(at, message, new Diagnostic.QuickFix("Change to `" + near + "`", at, near));
    }

    private Diagnostic badForm(List<Object> path, @Nullable JsonNode schema) {
        YamlNode node = YamlPath.node(document, path);
        String written = node instanceof YamlNode.Scalar scalar ? scalar.text() : "this";
        String says = schema == null ? "" : schema.path("x-says").asString("");
        return Code.BAD_FORM.at(
                value(path),
                "`" + written + "` does not fit: " + name(path) + " " + (says.isEmpty() ? "has another form" : says));
    }

    /// A key of the map form is a name too.
    private Diagnostic badName(List<Object> path, @Nullable JsonNode schema, Error error) {
        String key = String.valueOf(error.getProperty());
        List<Object> name = new ArrayList<>(path);
        name.add(key);
        String says = schema == null ? "" : schema.at("/propertyNames/x-says").asString("");
        return Code.BAD_FORM.at(YamlPath.keyOf(document, name, file), "`" + key + "` does not fit: a name " + says);
    }

    private Diagnostic twice(List<Object> path) {
        Position at = value(path);
        if (YamlPath.node(document, path) instanceof YamlNode.Sequence list) {
            Set<JsonNode> seen = new HashSet<>();
            for (YamlNode item : list.items()) {
                if (!seen.add(item.toJson())) {
                    at = item.at();
                }
            }
        }
        return Code.WRONG_COUNT.at(at, name(path) + " has this entry twice: remove one");
    }

    private Diagnostic outOfRange(List<Object> path, @Nullable JsonNode schema) {
        String low = bound(schema, "minimum", "at least ");
        String above = bound(schema, "exclusiveMinimum", "more than ");
        String high = bound(schema, "maximum", "at most ");
        List<String> parts = new ArrayList<>(List.of(low, above, high));
        parts.removeIf(String::isEmpty);
        return Code.OUT_OF_RANGE.at(value(path), name(path) + " must be " + String.join(" and ", parts));
    }

    private static String bound(@Nullable JsonNode schema, String keyword, String word) {
        JsonNode bound = schema == null ? null : schema.get(keyword);
        return bound == null ? "" : word + bound;
    }

    private Position value(List<Object> path) {
        return YamlPath.place(document, path, file);
    }

    private static String name(List<Object> path) {
        if (path.isEmpty()) {
            return "the document";
        }
        if (path.getLast() instanceof Integer index && path.size() > 1) {
            return "entry " + (index + 1) + " of `" + YamlPath.last(path) + "`";
        }
        return "`" + YamlPath.last(path) + "`";
    }
}
