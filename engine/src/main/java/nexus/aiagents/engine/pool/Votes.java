package nexus.aiagents.engine.pool;

import java.math.BigDecimal;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What members said, compared: the order of keys, white space, the way a number is written and the way an
/// accented letter is composed make no difference.
final class Votes {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private final List<Integer> members;
    private final Map<Integer, Vote> votes = new HashMap<>();
    private final BigDecimal tolerance;

    /// @param shape   its canonical text with every number left out
    /// @param numbers those left out, in that order
    record Vote(int arrival, String key, String shape, List<BigDecimal> numbers) {}

    private Votes(List<Integer> members, double tolerance) {
        this.members = members;
        this.tolerance = BigDecimal.valueOf(tolerance);
    }

    /// @param arrived members in the order of their votes
    static Votes of(List<Integer> arrived, IntFunction<String> output, @Nullable String agreeOn, double tolerance) {
        Votes all = new Votes(arrived, tolerance);
        for (int i : arrived) {
            JsonNode value = agreeOn == null ? JSON.readTree(output.apply(i)) : value(output.apply(i), agreeOn);
            JsonNode said = value == null ? JSON.nullNode() : value;
            List<BigDecimal> numbers = new ArrayList<>();
            String shape = tolerance == 0 ? "" : canonical(said, numbers);
            all.votes.put(i, new Vote(all.votes.size(), canonical(said, null), shape, numbers));
        }
        return all;
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
        Vote vote = votes.get(member);
        return vote == null ? "" : vote.key();
    }

    /// The largest set of members who agree with each other, in the order of their votes; of equal ones
    /// the one whose first vote came earliest. Empty without votes. How many they are does not depend
    /// on who voted first.
    List<Integer> largest() {
        List<List<Integer>> groups = groups(1);
        return groups.isEmpty() ? List.of() : groups.getFirst();
    }

    /// Everyone who voted, with those who agree together: the largest set first, then the largest of
    /// the rest.
    List<List<Integer>> groups() {
        return groups(members.size());
    }

    private List<List<Integer>> groups(int max) {
        if (tolerance.signum() == 0) {
            return sorted(by(members, Vote::key));
        }
        List<List<Integer>> groups = new ArrayList<>();
        List<Integer> left = new ArrayList<>(members);
        while (!left.isEmpty() && groups.size() < max) {
            List<List<Integer>> largest = new ArrayList<>();
            for (List<Integer> alike : by(left, Vote::shape)) {
                largest.add(new Nearness(alike, votes, tolerance).largest());
            }
            List<Integer> group = sorted(largest).getFirst();
            groups.add(group);
            left.removeAll(group);
        }
        return groups;
    }

    private List<List<Integer>> by(List<Integer> some, java.util.function.Function<Vote, String> same) {
        Map<String, List<Integer>> groups = new LinkedHashMap<>();
        for (int i : some) {
            Vote vote = votes.get(i);
            groups.computeIfAbsent(vote == null ? "" : same.apply(vote), _ -> new ArrayList<>())
                    .add(i);
        }
        return new ArrayList<>(groups.values());
    }

    private List<List<Integer>> sorted(List<List<Integer>> groups) {
        groups.sort(Comparator.<List<Integer>>comparingInt(List::size)
                .reversed()
                .thenComparingInt(group -> members.indexOf(group.getFirst())));
        return groups;
    }

    /// Keys sorted, no white space, numbers without trailing zeros, text composed (NFC).
    ///
    /// @param numbers null: numbers are part of the text; else they go there instead
    private static String canonical(JsonNode node, @Nullable List<BigDecimal> numbers) {
        if (node.isNumber()) {
            if (numbers != null) {
                numbers.add(node.decimalValue());
                return "#";
            }
            return node.decimalValue().stripTrailingZeros().toString();
        }
        if (node.isArray()) {
            List<String> items = new ArrayList<>();
            node.forEach(item -> items.add(canonical(item, numbers)));
            return "[" + String.join(",", items) + "]";
        }
        if (node.isObject()) {
            List<Map.Entry<String, JsonNode>> fields = new ArrayList<>();
            node.properties().forEach(f -> fields.add(Map.entry(composed(f.getKey()), f.getValue())));
            fields.sort(Map.Entry.comparingByKey());
            List<String> items = new ArrayList<>();
            fields.forEach(
                    f -> items.add(JSON.writeValueAsString(f.getKey()) + ":" + canonical(f.getValue(), numbers)));
            return "{" + String.join(",", items) + "}";
        }
        return node.isString() ? JSON.writeValueAsString(composed(node.stringValue())) : JSON.writeValueAsString(node);
    }

    private static String composed(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFC);
    }
}
