package nexus.aiagents.engine.view;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// One place at which two JSON texts differ. The order of keys does not count, nor do `1` and `1.0`.
///
/// @param path   as in JSONata, empty: the whole: `article.tags[2]`
/// @param before as JSON, null: it is not there
/// @param after  as JSON, null: it is not there
public record JsonDifference(
        String path, @Nullable String before, @Nullable String after) {
    /// More are not told: whoever sees so many looks at both texts.
    public static final int MOST = 200;

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /// @param before null: there is none; a text that is no JSON is one string
    public static List<JsonDifference> between(@Nullable String before, @Nullable String after) {
        List<JsonDifference> found = new ArrayList<>();
        compare("", read(before), read(after), found);
        return List.copyOf(found);
    }

    private static @Nullable JsonNode read(@Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            return JSON.readTree(text);
        } catch (JacksonException _) {
            return JSON.getNodeFactory().stringNode(text);
        }
    }

    private static void compare(
            String path, @Nullable JsonNode before, @Nullable JsonNode after, List<JsonDifference> found) {
        if (found.size() >= MOST || same(before, after)) {
            return;
        }
        if (before != null && after != null && before.isObject() && after.isObject()) {
            Set<String> keys = new LinkedHashSet<>(before.propertyNames());
            keys.addAll(after.propertyNames());
            for (String key : keys) {
                compare(path.isEmpty() ? key : path + "." + key, before.get(key), after.get(key), found);
            }
        } else if (before != null && after != null && before.isArray() && after.isArray()) {
            for (int i = 0; i < Math.max(before.size(), after.size()); i++) {
                compare(path + "[" + i + "]", before.get(i), after.get(i), found);
            }
        } else {
            found.add(new JsonDifference(path, text(before), text(after)));
        }
    }

    private static boolean same(@Nullable JsonNode a, @Nullable JsonNode b) {
        if (a == null || b == null) {
            return a == b;
        }
        return a.isNumber() && b.isNumber() ? a.decimalValue().compareTo(b.decimalValue()) == 0 : a.equals(b);
    }

    private static @Nullable String text(@Nullable JsonNode node) {
        return node == null ? null : node.toString();
    }
}
