package nexus.aiagents.engine.project;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// One block of one kind, as it stands in a file.
///
/// @param name  for a cost its id, `agent/NAME`; empty where it has none
/// @param at    the name
/// @param key   the key that begins the block
/// @param sound the schema finds nothing wrong in it
/// @param hash  of the block's values, whatever their format; empty unless sound
record Definition(
        Kind kind, String name, Position at, Position key, YamlNode.Mapping body, boolean sound, String hash) {

    /// The blocks of a document.
    static List<Definition> of(YamlNode.Mapping document, List<SchemaCheck.Found> errors, boolean broken) {
        List<Definition> all = new ArrayList<>();
        for (Map.Entry<String, YamlNode.Entry> entry : document.entries().entrySet()) {
            Kind kind = Kind.of(entry.getKey());
            if (kind == null || !(entry.getValue().value() instanceof YamlNode.Mapping body)) {
                continue;
            }
            Position key = entry.getValue().key();
            if (entry.getKey().equals(kind.key())) {
                all.add(single(kind, key, body, !broken && isSound(errors, List.of(entry.getKey()))));
            } else {
                plural(kind, entry.getKey(), body, errors, broken, all);
            }
        }
        return all;
    }

    private static void plural(
            Kind kind,
            String plural,
            YamlNode.Mapping body,
            List<SchemaCheck.Found> errors,
            boolean broken,
            List<Definition> all) {
        body.entries().forEach((name, entry) -> {
            if (entry.value() instanceof YamlNode.Mapping one) {
                boolean sound = !broken && isSound(errors, List.of(plural, name));
                ObjectNode json = (ObjectNode) one.toJson();
                json.put("name", name);
                all.add(new Definition(kind, name, entry.key(), entry.key(), one, sound, hash(sound, kind, json)));
            }
        });
    }

    private static Definition single(Kind kind, Position key, YamlNode.Mapping body, boolean sound) {
        YamlNode.Scalar name = name(kind, body);
        String text = name == null ? "" : name.text();
        if (kind == Kind.COST) {
            text = BudgetTarget.id(body);
        }
        Position at = name == null || text.isEmpty() ? key : name.at();
        return new Definition(kind, text, at, key, body, sound, hash(sound, kind, body.toJson()));
    }

    private static YamlNode.@Nullable Scalar name(Kind kind, YamlNode.Mapping body) {
        YamlNode node = switch (kind) {
            case COST -> BudgetTarget.node(body);
            case TRUST -> body.get("provider");
            default -> body.get("name");
        };
        return node instanceof YamlNode.Scalar scalar ? scalar : null;
    }

    private static String hash(boolean sound, Kind kind, JsonNode json) {
        return sound ? Hashes.of(kind.key() + " " + Hashes.canonical(json)) : "";
    }

    private static boolean isSound(List<SchemaCheck.Found> errors, List<Object> path) {
        return errors.stream()
                .noneMatch(e -> e.path().size() >= path.size()
                        && e.path().subList(0, path.size()).equals(path));
    }
}
