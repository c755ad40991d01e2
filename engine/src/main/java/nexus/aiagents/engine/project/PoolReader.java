package nexus.aiagents.engine.project;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// From a `pool` block to its specification.
final class PoolReader {
    private static final String JUDGE = "judge:";

    private final Definition definition;
    private final Body body;
    private final Scope scope;

    PoolReader(Definition definition, Scope scope) {
        this.definition = definition;
        this.body = new Body(definition.body());
        this.scope = scope;
    }

    PoolSpec read() {
        PoolSpec.Strategy strategy = body.word("strategy", PoolSpec.Strategy.ALL);
        List<String> members = members(strategy.isQueue());
        String onTie = body.text("onTie", "fail");
        boolean judged = onTie.startsWith(JUDGE);
        checkComparing(strategy, members);
        return new PoolSpec(
                definition.name(),
                members,
                strategy,
                quorum(strategy, members.size()),
                body.text("agreeOn"),
                body.real("tolerance", 0),
                judged ? PoolSpec.OnTie.JUDGE : body.word("onTie", PoolSpec.OnTie.FAIL),
                judged ? judge(onTie.substring(JUDGE.length())) : null,
                Durations.positive(body, "timeout", scope),
                queue(strategy, members),
                definition.at());
    }

    private PoolSpec.@Nullable QueueSpec queue(PoolSpec.Strategy strategy, List<String> members) {
        if (strategy.isQueue()) {
            return new QueueReader(body, scope).read(body.has("agents"), members.size());
        }
        for (String key : List.of("min", "max", "queue", "scale", "retry")) {
            if (body.has(key)) {
                scope.add(Code.KEY_UNUSED.at(
                        body.at(key),
                        "`" + key + "` is only used with `strategy: round-robin`, `least-busy` or `random`: with `"
                                + Body.word(strategy) + "` every member gets the same work"));
            }
        }
        return null;
    }

    /// @param queue its workers come and go, so that their number is not that of the members
    private List<String> members(boolean queue) {
        boolean list = body.has("agents");
        boolean one = body.has("agent");
        if (list == one) {
            scope.add(Code.POOL_MEMBERS.at(
                    definition.at(),
                    (list ? "`agents` and `agent` exclude each other: " : "the pool has no members: ")
                            + "list them with `agents: [a, b]`, or write `agent: a` and `size: 3`"));
        }
        if (list) {
            return named();
        }
        String agent = body.text("agent");
        if (agent == null) {
            return List.of();
        }
        scope.require(Kind.AGENT, agent, body.at("agent"), Code.UNKNOWN_AGENT);
        if (queue) {
            return List.of(agent);
        }
        if (!body.has("size")) {
            scope.add(Code.POOL_MEMBERS.at(body.at("agent"), "say how many members the pool has: add `size: 3`"));
        }
        return Collections.nCopies((int) body.whole("size", 1), agent);
    }

    private List<String> named() {
        if (body.has("size")) {
            scope.add(Code.POOL_MEMBERS.at(
                    body.at("size"), "`size` goes with `agent`; with `agents` the list says how many: remove it"));
        }
        List<String> members = new ArrayList<>();
        for (YamlNode item : body.list("agents")) {
            String name = item.string();
            if (name != null) {
                scope.require(Kind.AGENT, name, item.at(), Code.UNKNOWN_AGENT);
                members.add(name);
            }
        }
        return List.copyOf(members);
    }

    private int quorum(PoolSpec.Strategy strategy, int members) {
        int quorum = (int) Math.min(body.whole("quorum", 0), Integer.MAX_VALUE);
        if (strategy != PoolSpec.Strategy.QUORUM) {
            if (body.has("quorum")) {
                scope.add(Code.KEY_UNUSED.at(
                        body.at("quorum"),
                        "`quorum` is only used with `strategy: quorum`: change the strategy or remove it"));
            }
            return 0;
        }
        if (quorum == 0) {
            scope.add(Code.QUORUM_NEEDED.at(
                    body.at("strategy"), "`strategy: quorum` needs `quorum:`, how many have to agree"));
        } else if (quorum > members && members > 0) {
            scope.add(Code.QUORUM_TOO_LARGE.at(
                    body.at("quorum"),
                    "the quorum is " + quorum + ", but the pool has " + members
                            + (members == 1 ? " member" : " members") + ": it could never be reached"));
        }
        return quorum;
    }

    private void checkComparing(PoolSpec.Strategy strategy, List<String> members) {
        boolean compares = strategy == PoolSpec.Strategy.MAJORITY || strategy == PoolSpec.Strategy.QUORUM;
        if (!compares) {
            for (String key : List.of("agreeOn", "tolerance", "onTie")) {
                if (body.has(key)) {
                    scope.add(Code.KEY_UNUSED.at(
                            body.at(key),
                            "`" + key + "` is only used with `strategy: majority` or `quorum`: `" + Body.word(strategy)
                                    + "` compares no answers"));
                }
            }
            return;
        }
        if (strategy == PoolSpec.Strategy.MAJORITY
                && members.size() % 2 == 0
                && !members.isEmpty()
                && !body.has("onTie")) {
            int half = members.size() / 2;
            scope.add(Code.EVEN_MAJORITY.at(
                    body.at("strategy"),
                    members.size() + " members can be split " + half + " to " + half
                            + ", and then the pool fails: use an odd number, or say `onTie:`"));
        }
        if (body.real("tolerance", 0) > 0) {
            members.stream().distinct().forEach(this::checkNumbers);
        }
    }

    /// Where the member's own output schema says what it answers, a tolerance over no number at all is
    /// a slip.
    private void checkNumbers(String member) {
        Definition agent = scope.find(Kind.AGENT, member);
        YamlNode schema =
                agent == null ? null : new Body(agent.body()).body("output").node("schema");
        if (schema == null) {
            return;
        }
        String field = body.text("agreeOn");
        JsonNode said = schema.toJson();
        for (String name : field == null ? new String[0] : field.split("\\.", -1)) {
            said = said.path("properties").path(name);
        }
        String type = said.path("type").asString("");
        if (type.equals("string") || type.equals("boolean") || type.equals("null")) {
            scope.add(Code.TOLERANCE_WITHOUT_NUMBERS.at(
                    body.at("tolerance"),
                    "`tolerance` is for numbers, but by its output schema "
                            + (field == null ? "the answer" : "`" + field + "`") + " of agent `" + member + "` is a "
                            + type + ": remove it, or let `agreeOn` name a number"));
        }
    }

    private @Nullable String judge(String agent) {
        if (body.node("onTie") instanceof YamlNode.Scalar scalar) {
            Position at = scalar.at();
            int quotes = scalar.plain() ? 0 : 1;
            Position name = new Position(
                    at.file(), at.line(), at.column() + quotes + JUDGE.length(), at.endLine(), at.endColumn() - quotes);
            scope.require(Kind.AGENT, agent, at.line() == at.endLine() ? name : at, Code.UNKNOWN_AGENT);
        }
        return agent;
    }
}
