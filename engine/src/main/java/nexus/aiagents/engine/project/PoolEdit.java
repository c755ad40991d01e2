package nexus.aiagents.engine.project;

import java.util.List;
import nexus.aiagents.engine.project.LanguageService.TextEdit;
import org.jspecify.annotations.Nullable;

/// Changes how many workers a pool may have in YAML text, and keeps every other byte: comments, order,
/// quoting, line ends.
public final class PoolEdit {
    private PoolEdit() {}

    /// @param text the file that holds the pool
    /// @param min  of its workers; null leaves it
    /// @param max  as well
    /// @return the new text
    /// @throws IllegalArgumentException if the text has no such pool, or it is written in a way that only a
    ///     person can change, with what to do
    public static String limits(String text, String pool, @Nullable Integer min, @Nullable Integer max) {
        String changed = min == null ? text : set(text, pool, "min", min);
        return max == null ? changed : set(changed, pool, "max", max);
    }

    private static String set(String text, String pool, String key, int value) {
        for (int number = 0; ; number++) {
            FormText document = FormText.of(text, number, null);
            if (document == null) {
                throw new IllegalArgumentException("there is no pool `" + pool + "` in this file");
            }
            List<Object> path = path(document.root(), pool, key);
            if (path != null) {
                try {
                    return apply(text, new FormEdit(document).edit(new FormChange.Set(path, Integer.toString(value))));
                } catch (Form.Refused e) {
                    throw new IllegalArgumentException("`" + key + "` of pool `" + pool + "`: " + e.getMessage(), e);
                }
            }
        }
    }

    /// A pool is a document of its own, or one of several in a map by name.
    private static @Nullable List<Object> path(YamlNode.@Nullable Mapping root, String pool, String key) {
        if (root == null) {
            return null;
        }
        if (root.get(Kind.POOL.key()) instanceof YamlNode.Mapping one
                && one.get("name") instanceof YamlNode.Scalar name
                && name.text().equals(pool)) {
            return List.of(Kind.POOL.key(), key);
        }
        return root.get(Kind.POOL.plural()) instanceof YamlNode.Mapping many
                        && many.get(pool) instanceof YamlNode.Mapping
                ? List.of(Kind.POOL.plural(), pool, key)
                : null;
    }

    private static String apply(String text, TextEdit edit) {
        Lines lines = new Lines(text);
        Position at = edit.at();
        return text.substring(0, lines.offset(at.line(), at.column()))
                + edit.text()
                + text.substring(lines.offset(at.endLine(), at.endColumn()));
    }
}
