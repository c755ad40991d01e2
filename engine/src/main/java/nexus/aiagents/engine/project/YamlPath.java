package nexus.aiagents.engine.project;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Finds nodes and their places by keys and indexes.
final class YamlPath {
    private YamlPath() {}

    static @Nullable YamlNode node(YamlNode root, List<Object> path) {
        YamlNode here = root;
        for (Object part : path) {
            here = switch (here) {
                case YamlNode.Mapping mapping when part instanceof String key -> mapping.get(key);
                case YamlNode.Sequence list
                when part instanceof Integer i && i < list.items().size() ->
                    list.items().get(i);
                case null, default -> null;
            };
        }
        return here;
    }

    /// The last key of a path, indexes left out.
    static String last(List<Object> path) {
        for (Object part : path.reversed()) {
            if (part instanceof String key) {
                return key;
            }
        }
        return "the document";
    }

    /// Where to mark a value: itself if it stands on one line, else its key.
    static Position place(YamlNode root, List<Object> path, String file) {
        YamlNode node = node(root, path);
        if (node != null) {
            Position at = node.at();
            if (at.line() == at.endLine() && at.endColumn() > at.column()) {
                return at;
            }
        }
        return keyOf(root, path, file);
    }

    /// The key of the value at a path; in a list, the first key of the entry, or its first line.
    static Position keyOf(YamlNode root, List<Object> path, String file) {
        if (path.isEmpty()) {
            return first(root, file);
        }
        YamlNode parent = node(root, path.subList(0, path.size() - 1));
        if (parent instanceof YamlNode.Mapping mapping && path.getLast() instanceof String key) {
            YamlNode.Entry entry = mapping.entries().get(key);
            if (entry != null) {
                return entry.key();
            }
        }
        YamlNode node = node(root, path);
        return node == null ? keyOf(root, path.subList(0, path.size() - 1), file) : first(node, file);
    }

    private static Position first(YamlNode node, String file) {
        if (node instanceof YamlNode.Mapping mapping && !mapping.entries().isEmpty()) {
            return mapping.entries().values().iterator().next().key();
        }
        Position at = node.at();
        return at.line() == at.endLine() ? at : new Position(file, at.line(), at.column(), at.line(), at.column() + 1);
    }

    static String describe(YamlNode node) {
        return switch (node) {
            case YamlNode.Mapping _ -> "a map";
            case YamlNode.Sequence _ -> "a list";
            case YamlNode.Scalar scalar when scalar.value().isString() -> "the text `" + shortened(scalar.text()) + "`";
            case YamlNode.Scalar scalar -> "`" + shortened(scalar.text()) + "`";
        };
    }

    private static String shortened(String text) {
        String line = text.lines().findFirst().orElse("");
        return line.length() > 40 ? line.substring(0, 40) + "…" : line;
    }
}
