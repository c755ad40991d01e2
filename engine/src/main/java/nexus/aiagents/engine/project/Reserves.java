package nexus.aiagents.engine.project;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Brings what sagas keep for compensations into the budgets that it is kept in.
final class Reserves {
    private final Map<String, SagaSpec> sagas;
    private final Scope scope;

    Reserves(Map<String, SagaSpec> sagas, Scope scope) {
        this.sagas = sagas;
        this.scope = scope;
    }

    List<BudgetSpec> keptIn(List<BudgetSpec> budgets) {
        sagas.values().forEach(saga -> checkUsed(saga, budgets));
        return budgets.stream().map(this::keptIn).toList();
    }

    private BudgetSpec keptIn(BudgetSpec budget) {
        SagaSpec saga = budget.scope() == BudgetSpec.Scope.SAGA ? sagas.get(budget.target()) : null;
        BudgetSpec.Reserve reserve = saga == null ? null : saga.reserve();
        if (saga == null || reserve == null) {
            return budget;
        }
        checkSize(saga, "maxDollars", budget.maxMicroDollars(), reserve.maxMicroDollars());
        checkSize(saga, "maxTokens", budget.maxTokens(), reserve.maxTokens());
        checkSize(saga, "maxCalls", budget.maxCalls(), reserve.maxCalls());
        return budget.keeping(reserve);
    }

    private void checkSize(SagaSpec saga, String key, @Nullable Long limit, @Nullable Long kept) {
        if (limit != null && kept != null && kept >= limit) {
            scope.add(Code.RESERVE_TOO_LARGE.at(
                    place(saga, key),
                    "the budget of `" + saga.name() + "` is not more than this, so nothing would be left to go forward"
                            + " with: keep less, or raise `" + key + "` of the budget"));
        }
    }

    private void checkUsed(SagaSpec saga, List<BudgetSpec> budgets) {
        BudgetSpec.Reserve reserve = saga.reserve();
        if (reserve == null) {
            return;
        }
        List<BudgetSpec> own = budgets.stream()
                .filter(b -> b.scope() == BudgetSpec.Scope.SAGA && b.target().equals(saga.name()))
                .toList();
        checkUsed(
                saga, "maxDollars", reserve.maxMicroDollars(), own.stream().allMatch(b -> b.maxMicroDollars() == null));
        checkUsed(saga, "maxTokens", reserve.maxTokens(), own.stream().allMatch(b -> b.maxTokens() == null));
        checkUsed(saga, "maxCalls", reserve.maxCalls(), own.stream().allMatch(b -> b.maxCalls() == null));
    }

    private void checkUsed(SagaSpec saga, String key, @Nullable Long kept, boolean unlimited) {
        if (kept != null && unlimited) {
            scope.add(Code.RESERVE_UNUSED.at(
                    place(saga, key),
                    "the saga `" + saga.name() + "` has no budget with `" + key
                            + "` that this could be kept in: add a `cost` block with `saga: " + saga.name() + "`"));
        }
    }

    private Position place(SagaSpec saga, String key) {
        Definition definition = scope.find(Kind.SAGA, saga.name());
        return definition == null
                ? saga.at()
                : new Body(definition.body()).body("compensationReserve").at(key);
    }
}
