package nexus.aiagents.engine.pool;

import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What a judge is asked, and what it said. See {@link PoolTurn} for both shapes.
final class Ballot {
    private static final JsonMapper JSON = JsonMapper.shared();

    /// @param number  from 1, 0: none of them
    /// @param problem why it is no choice at all, null: it is one
    record Choice(int number, String reason, @Nullable String problem) {}

    private Ballot() {}

    static String of(PoolRun run, List<List<Integer>> candidates, IntFunction<String> answer) {
        ObjectNode json = JSON.createObjectNode().put("pool", run.pool().name());
        json.set("input", JSON.readTree(run.inputJson()));
        ArrayNode list = json.putArray("candidates");
        for (List<Integer> group : candidates) {
            ObjectNode candidate = list.addObject().put("choice", list.size()).put("votes", group.size());
            ArrayNode members = candidate.putArray("members");
            group.forEach(i -> members.add(run.pool().members().get(i)));
            candidate.set("answer", JSON.readTree(answer.apply(group.getFirst())));
        }
        return JSON.writeValueAsString(json);
    }

    static Choice read(String outputJson, int candidates) {
        JsonNode json;
        try {
            json = JSON.readTree(outputJson);
        } catch (JacksonException e) {
            return bad(candidates);
        }
        JsonNode choice = json.get("choice");
        String reason = json.path("reason").asString("");
        if (choice != null && choice.isNull()) {
            return new Choice(0, reason, null);
        }
        if (choice == null || !choice.isIntegralNumber() || !choice.canConvertToInt()) {
            return bad(candidates);
        }
        int number = choice.intValue();
        return number >= 0 && number <= candidates ? new Choice(number, reason, null) : bad(candidates);
    }

    private static Choice bad(int candidates) {
        return new Choice(
                0, "", "its output must be {\"choice\": N} with N from 1 to " + candidates + ", or 0 for none of them");
    }
}
