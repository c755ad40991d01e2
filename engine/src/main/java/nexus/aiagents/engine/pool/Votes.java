package nexus.aiagents.engine.pool;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What members said, compared: key order, white space and the way a number is written make no difference.
final class Votes {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();
    /// Beyond this a number is only compared, not subtracted: the difference could have a billion digits.
    private static final int MAX_SCALE = 1_000;

    private final List<Integer> members;
    private final Map<Integer, JsonNode> values = new HashMap<>();
    private final Map<Integer, String> keys = new HashMap<>();
    private final BigDecimal tolerance;

    private Votes(List<Integer> members, double tolerance) {
        this.members = members;
        this.tolerance = BigDecimal.valueOf(tolerance);
    }

    /// @param arrived members in the order of their votes
    static Votes of(List<Integer> arrived, IntFunction<String> output, @Nullable String agreeOn, double tolerance) {
        Votes votes = new Votes(arrived, tolerance);
        for (int i : arrived) {
            JsonNode value = agreeOn == null ? JSON.readTree(output.apply(i)) : value(output.apply(i), agreeOn);
            if (value != null) {
                votes.values.put(i, value);
                votes.keys.put(i, canonical(value));
            }
        }
        return votes;
    }

    /// @param field a name, or names with dots between
    static @Nullable JsonNode value(String json, String field) {
        JsonNode node = JSON.readTree(json);
        JsonNode whole = node.get(field);
        if (whole != null) {
            return whole;
        }
        for (String name : field.split("\\.", -1)) {
            node = node == null ? null : node.get(name);
        }
        return node;
    }

    String key(int member) {
        return keys.getOrDefault(member, "");
    }

    /// The largest set of members who agree with each other, in the order of their votes; of equal ones the one
    /// whose first vote came earliest. Empty without votes.
    List<Integer> largest() {
        List<Integer> best = List.of();
        for (List<Integer> group : tolerance.signum() == 0 ? sameKey() : near()) {
            if (group.size() > best.size()) {
                best = group;
            }
        }
        return best;
    }

    private List<List<Integer>> sameKey() {
        Map<String, List<Integer>> groups = new HashMap<>();
        List<List<Integer>> inOrder = new ArrayList<>();
        for (int i : members) {
            groups.computeIfAbsent(key(i), _ -> {
                        List<Integer> group = new ArrayList<>();
                        inOrder.add(group);
                        return group;
                    })
                    .add(i);
        }
        return inOrder;
    }

    /// Nearness is not transitive, so everyone in a group is near to everyone else. From each vote upwards in
    /// value the others are taken in as long as that holds; for plain numbers that finds the largest group.
    private List<List<Integer>> near() {
        List<Integer> ascending = new ArrayList<>(members);
        ascending.sort((a, b) -> compare(value(a), value(b)));
        List<List<Integer>> groups = new ArrayList<>();
        for (int from : members) {
            List<Integer> group = new ArrayList<>(List.of(from));
            for (int other : ascending.subList(ascending.indexOf(from) + 1, ascending.size())) {
                if (group.stream().allMatch(i -> near(value(i), value(other)))) {
                    group.add(other);
                }
            }
            group.sort((a, b) -> Integer.compare(members.indexOf(a), members.indexOf(b)));
            groups.add(group);
        }
        groups.sort((a, b) -> Integer.compare(members.indexOf(a.getFirst()), members.indexOf(b.getFirst())));
        return groups;
    }

    private JsonNode value(int member) {
        JsonNode value = values.get(member);
        return value == null ? JSON.nullNode() : value;
    }

    private static int compare(JsonNode a, JsonNode b) {
        if (a.isNumber() && b.isNumber()) {
            return a.decimalValue().compareTo(b.decimalValue());
        }
        return canonical(a).compareTo(canonical(b));
    }

    private boolean near(JsonNode a, JsonNode b) {
        if (a.isNumber() && b.isNumber()) {
            return near(a.decimalValue(), b.decimalValue());
        }
        if (a.isArray() && b.isArray() && a.size() == b.size()) {
            for (int i = 0; i < a.size(); i++) {
                if (!near(a.get(i), b.get(i))) {
                    return false;
                }
            }
            return true;
        }
        if (a.isObject() && b.isObject() && a.size() == b.size()) {
            for (Map.Entry<String, JsonNode> field : a.properties()) {
                JsonNode other = b.get(field.getKey());
                if (other == null || !near(field.getValue(), other)) {
                    return false;
                }
            }
            return true;
        }
        return canonical(a).equals(canonical(b));
    }

    private boolean near(BigDecimal a, BigDecimal b) {
        if (a.compareTo(b) == 0) {
            return true;
        }
        return Math.abs((long) a.scale()) <= MAX_SCALE
                && Math.abs((long) b.scale()) <= MAX_SCALE
                && a.subtract(b).abs().compareTo(tolerance) <= 0;
    }

    /// Keys sorted, no white space, numbers without trailing zeros.
    static String canonical(JsonNode node) {
        if (node.isNumber()) {
            return node.decimalValue().stripTrailingZeros().toString();
        }
        if (node.isArray()) {
            List<String> items = new ArrayList<>();
            node.forEach(item -> items.add(canonical(item)));
            return "[" + String.join(",", items) + "]";
        }
        if (node.isObject()) {
            Map<String, String> fields = new TreeMap<>();
            node.properties().forEach(f -> fields.put(f.getKey(), canonical(f.getValue())));
            List<String> items = new ArrayList<>();
            fields.forEach((name, value) -> items.add(JSON.writeValueAsString(name) + ":" + value));
            return "{" + String.join(",", items) + "}";
        }
        return JSON.writeValueAsString(node);
    }
}
