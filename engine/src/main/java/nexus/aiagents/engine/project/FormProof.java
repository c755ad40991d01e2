package nexus.aiagents.engine.project;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import nexus.aiagents.engine.project.FormEdit.Change;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Reads a changed document again: it must mean what was asked for, and nothing else may mean anything
/// else.
final class FormProof {
    private static final String ONLY_BY_HAND =
            "this is written in a way that only a person can change: do it in the text";

    private FormProof() {}

    /// @return why the change can not be made like that, null if it can
    static @Nullable String problem(FormText text, Change made, FormChange change) {
        FormText after = new FormText(
                text.document(),
                text.firstLine(),
                text.offset(),
                made.in(text.text()),
                YamlText.read("", made.in(text.text())));
        YamlNode before = text.root();
        YamlNode now = after.root();
        boolean broke = !text.yaml().broken() && after.yaml().broken();
        String alias = unknownAlias(after);
        if (alias != null && unknownAlias(text) == null) {
            return alias;
        }
        if (broke
                || now == null
                || after.yaml().documents().size()
                        > Math.max(1, text.yaml().documents().size())) {
            return ONLY_BY_HAND;
        }
        if (change instanceof FormChange.Set set && !saysSo(now, set)) {
            return ONLY_BY_HAND;
        }
        if (repeated(text, change.path())) {
            return null; // those that repeat it change with it, as they should
        }
        JsonNode expected = before == null ? YamlNode.JSON.objectNode() : before.toJson();
        return Objects.equals(expected(expected, now.toJson(), change), now.toJson()) ? null : ONLY_BY_HAND;
    }

    private static @Nullable String unknownAlias(FormText text) {
        return text.yaml().diagnostics().stream()
                .filter(d -> d.code().equals(Code.UNKNOWN_ALIAS.id()))
                .map(d -> "line " + (text.firstLine() + d.at().line() + 1)
                        + " repeats this: write the values out there first")
                .findFirst()
                .orElse(null);
    }

    private static boolean saysSo(YamlNode root, FormChange.Set set) {
        YamlNode node = YamlPath.node(root, set.path());
        String said = set.text().replace("\r\n", "\n").replace('\r', '\n');
        return node instanceof YamlNode.Scalar scalar
                && (scalar.text().equals(said) || ScalarText.shown(scalar).equals(said) || asWritten(scalar, said));
    }

    /// The person wrote the quotes.
    private static boolean asWritten(YamlNode.Scalar scalar, String said) {
        return !scalar.plain() && said.length() > 1 && "\"'".indexOf(said.charAt(0)) >= 0;
    }

    /// Whether it, or what it stands in, has an anchor.
    private static boolean repeated(FormText text, List<Object> path) {
        for (int length = 1; length <= path.size(); length++) {
            YamlNode root = text.root();
            YamlNode node = root == null ? null : YamlPath.node(root, path.subList(0, length));
            int at = node == null ? -1 : text.start(node.at());
            if (at >= 0 && at < text.text().length() && text.text().charAt(at) == '&') {
                return true;
            }
        }
        return false;
    }

    /// The change made on what the document meant before; what is new in it is taken from what was written.
    private static JsonNode expected(JsonNode before, JsonNode now, FormChange change) {
        JsonNode root = before.deepCopy();
        List<Object> path = change.path();
        switch (change) {
            case FormChange.Set _, FormChange.Add _, FormChange.Expand _ -> put(root, now, path);
            case FormChange.Rename rename -> {
                if (at(root, path.subList(0, path.size() - 1)) instanceof ObjectNode map
                        && path.getLast() instanceof String key
                        && map.has(key)) {
                    map.set(rename.name().strip(), map.remove(key));
                }
            }
            case FormChange.Remove _ -> remove(root, now, path);
            case FormChange.Move move -> {
                if (at(root, path.subList(0, path.size() - 1)) instanceof ArrayNode list
                        && path.getLast() instanceof Integer index) {
                    JsonNode moved = list.get(index);
                    list.set(index, list.get(index + move.by()));
                    list.set(index + move.by(), moved);
                }
            }
            case FormChange.Begin _ -> {}
        }
        return root;
    }

    private static @Nullable JsonNode at(JsonNode root, List<Object> path) {
        JsonNode here = root;
        for (Object part : path) {
            here = here == null ? null : part instanceof Integer i ? here.get(i) : here.get((String) part);
        }
        return here;
    }

    private static void put(JsonNode root, JsonNode now, List<Object> path) {
        for (int length = 1; length <= path.size(); length++) {
            List<Object> part = path.subList(0, length);
            JsonNode parent = at(root, path.subList(0, length - 1));
            JsonNode fresh = at(now, part);
            JsonNode there = at(root, part);
            boolean last = length == path.size() || there == null || there.isNull();
            if (!last || fresh == null) {
                continue;
            }
            if (parent instanceof ObjectNode map) {
                map.set((String) part.getLast(), fresh);
            } else if (parent instanceof ArrayNode list && part.getLast() instanceof Integer i) {
                if (i < list.size()) {
                    list.set(i, fresh);
                } else {
                    list.add(fresh);
                }
            }
            return;
        }
    }

    /// An emptied map may be left out with its last key.
    private static void remove(JsonNode root, JsonNode now, List<Object> path) {
        List<Object> gone = new ArrayList<>(path);
        while (!gone.isEmpty()) {
            JsonNode parent = at(root, gone.subList(0, gone.size() - 1));
            if (parent instanceof ObjectNode map) {
                map.remove((String) gone.getLast());
            } else if (parent instanceof ArrayNode list && gone.getLast() instanceof Integer i) {
                list.remove(i);
            }
            boolean stays = parent == null || !parent.isEmpty() || at(now, gone.subList(0, gone.size() - 1)) != null;
            if (stays) {
                return;
            }
            gone.removeLast();
        }
    }
}
