package nexus.aiagents.engine.project;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// From a `pool` block to its specification.
final class PoolReader {
    private final Definition definition;
    private final Body body;
    private final Scope scope;

    PoolReader(Definition definition, Scope scope) {
        this.definition = definition;
        this.body = new Body(definition.body());
        this.scope = scope;
    }

    PoolSpec read() {
        List<String> members = members();
        PoolSpec.Strategy strategy = body.word("strategy", PoolSpec.Strategy.ALL);
        return new PoolSpec(
                definition.name(),
                members,
                strategy,
                quorum(strategy, members.size()),
                body.text("agreeOn"),
                body.real("tolerance", 0),
                body.word("onTie", PoolSpec.OnTie.FAIL),
                Durations.positive(body, "timeout", scope),
                definition.at());
    }

    private List<String> members() {
        boolean list = body.has("agents");
        boolean one = body.has("agent");
        if (list == one) {
            scope.add(Code.POOL_MEMBERS.at(
                    definition.at(),
                    (list ? "`agents` and `agent` exclude each other: " : "the pool has no members: ")
                            + "list them with `agents: [a, b]`, or write `agent: a` and `size: 3`"));
        }
        if (list) {
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
        String agent = body.text("agent");
        if (agent == null) {
            return List.of();
        }
        scope.require(Kind.AGENT, agent, body.at("agent"), Code.UNKNOWN_AGENT);
        if (!body.has("size")) {
            scope.add(Code.POOL_MEMBERS.at(body.at("agent"), "say how many members the pool has: add `size: 3`"));
        }
        return Collections.nCopies((int) body.whole("size", 1), agent);
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
}
