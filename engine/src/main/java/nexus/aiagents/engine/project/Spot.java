package nexus.aiagents.engine.project;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A value in a document: what it is and what part of the text it takes.
///
/// @param key    null for an item of a list
/// @param from   behind its anchor
/// @param to     the end, comments and line breaks behind it left out
/// @param alias  an alias stands there
/// @param flow   between brackets
/// @param indent of what holds it: of its key, or of the dash of its list
record Spot(YamlNode node, @Nullable Position key, int from, int to, boolean alias, boolean flow, int indent) {

    /// @return null if nothing stands there
    static @Nullable Spot of(FormText text, @Nullable YamlNode root, List<Object> path) {
        if (root == null || path.isEmpty()) {
            return null;
        }
        YamlNode here = root;
        boolean flow = false;
        Spot spot = null;
        for (Object part : path) {
            switch (here) {
                case YamlNode.Mapping map
                when part instanceof String key && map.entries().containsKey(key) -> {
                    YamlNode.Entry entry = map.entries().get(key);
                    flow |= map.flow();
                    spot = entry == null ? null : of(text, entry, flow);
                }
                case YamlNode.Sequence list
                when part instanceof Integer i && i < list.items().size() -> {
                    flow |= list.flow();
                    spot = of(text, list, i, flow);
                }
                case null, default -> {
                    return null;
                }
            }
            if (spot == null) {
                return null;
            }
            here = spot.node();
        }
        return spot;
    }

    private static Spot of(FormText text, YamlNode.Entry entry, boolean flow) {
        int indent = entry.key().column();
        YamlNode node = entry.value();
        int after = text.afterColon(entry);
        if (entry.isAlias()) {
            int from = text.skipSpaces(after);
            return new Spot(node, entry.key(), from, text.tokenEnd(from), true, flow, indent);
        }
        int[] range = range(text, node, after);
        return new Spot(node, entry.key(), range[0], range[1], false, flow, indent);
    }

    private static Spot of(FormText text, YamlNode.Sequence list, int index, boolean flow) {
        YamlNode node = list.items().get(index);
        Position place = list.places().get(index);
        int indent = Math.max(0, list.at().column());
        if (!place.equals(node.at())) {
            int from = text.start(place);
            return new Spot(node, null, from, text.tokenEnd(from), true, flow, indent);
        }
        int[] range = range(text, node, text.start(place));
        return new Spot(node, null, range[0], range[1], false, flow, indent);
    }

    /// @param nothing where the value would begin if there is none
    private static int[] range(FormText text, YamlNode node, int nothing) {
        int from = text.start(node.at());
        int to = text.contentEnd(node, node.at());
        if (to <= from || from < nothing) {
            return new int[] {nothing, nothing};
        }
        // An anchor stays for those that repeat it; a tag would make text of a number and goes.
        while (from < to && text.text().charAt(from) == '&') {
            int next = text.tokenEnd(from);
            from = Math.min(text.skipSpaces(next), to);
            if (next >= to) {
                from = next;
            }
        }
        return new int[] {from, Math.max(from, to)};
    }
}
