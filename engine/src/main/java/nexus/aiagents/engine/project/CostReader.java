package nexus.aiagents.engine.project;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// From a `cost` block to its specification.
final class CostReader {
    private static final List<Integer> DEFAULT_ALERTS = List.of(50, 80, 95);

    private final Definition definition;
    private final Body body;
    private final Scope scope;

    CostReader(Definition definition, Scope scope) {
        this.definition = definition;
        this.body = new Body(definition.body());
        this.scope = scope;
    }

    @Nullable
    BudgetSpec read() {
        List<BudgetSpec.Scope> scopes = new ArrayList<>();
        for (BudgetSpec.Scope one : BudgetSpec.Scope.values()) {
            if (body.has(BudgetTarget.key(one))) {
                scopes.add(one);
            }
        }
        if (scopes.size() != 1) {
            String what = scopes.isEmpty() ? "nothing says what this budget is for" : "a budget is for one thing only";
            scope.add(
                    Code.COST_SCOPE.at(
                            definition.key(),
                            what
                                    + ": give it one of `agent:`, `pool:`, `saga:`, `workflow:`, `supervisor:` or `project: true`"));
            return null;
        }
        BudgetSpec.Scope target = scopes.getFirst();
        String name = target == BudgetSpec.Scope.PROJECT ? "" : body.text(BudgetTarget.key(target), "");
        if (target != BudgetSpec.Scope.PROJECT) {
            Kind kind = Kind.valueOf(target.name());
            scope.require(kind, name, body.at(BudgetTarget.key(target)), Code.UNKNOWN_TARGET);
        }
        return spec(target, name, body.body("budget"));
    }

    private BudgetSpec spec(BudgetSpec.Scope target, String name, Body budget) {
        if (!budget.has("maxTokens") && !budget.has("maxDollars") && !budget.has("maxCalls")) {
            scope.add(Code.NO_LIMIT.at(
                    body.map().entries().get("budget") == null ? definition.at() : budget.at("per"),
                    "this budget limits nothing: add `maxDollars:`, `maxTokens:` or `maxCalls:`"));
        }
        return new BudgetSpec(
                definition.name(),
                target,
                name,
                budget.whole("maxTokens"),
                dollars(budget),
                budget.whole("maxCalls"),
                BudgetSpec.Window.valueOf(budget.text("per", "ever").toUpperCase(Locale.ROOT)),
                body.word("onLimit", BudgetSpec.OnLimit.PAUSE),
                alerts(),
                definition.at());
    }

    private @Nullable Long dollars(Body budget) {
        BigDecimal dollars = budget.number("maxDollars");
        if (dollars == null) {
            return null;
        }
        BigDecimal micro = dollars.movePointRight(6);
        if (micro.stripTrailingZeros().scale() > 0) {
            scope.add(Code.TOO_PRECISE.at(
                    budget.at("maxDollars"), "money is counted in millionths of a dollar: write at most six decimals"));
        }
        return micro.longValue();
    }

    private List<Integer> alerts() {
        if (!body.has("alertAt")) {
            return DEFAULT_ALERTS;
        }
        return body.list("alertAt").stream()
                .map(YamlNode::number)
                .filter(java.util.Objects::nonNull)
                .map(BigDecimal::intValue)
                .distinct()
                .sorted()
                .toList();
    }
}
