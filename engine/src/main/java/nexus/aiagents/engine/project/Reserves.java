package nexus.aiagents.engine.project;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Brings what sagas keep for compensations into every budget that a compensation's spending counts
/// against: the saga's own, those of sagas and workflows that it is a step of, those of the agents that
/// compensate and of the supervisors above them, and the project's. A budget that several sagas count
/// against keeps the sum.
final class Reserves {
    private final Map<String, SagaSpec> sagas;
    private final Map<String, WorkflowSpec> workflows;
    private final Map<String, SupervisorSpec> supervisors;
    private final Scope scope;

    Reserves(
            Map<String, SagaSpec> sagas,
            Map<String, WorkflowSpec> workflows,
            Map<String, SupervisorSpec> supervisors,
            Scope scope) {
        this.sagas = sagas;
        this.workflows = workflows;
        this.supervisors = supervisors;
        this.scope = scope;
    }

    List<BudgetSpec> keptIn(List<BudgetSpec> budgets) {
        sagas.values().forEach(saga -> checkUsed(saga, budgets));
        return budgets.stream().map(this::keptIn).toList();
    }

    private BudgetSpec keptIn(BudgetSpec budget) {
        List<SagaSpec> keeping = sagas.values().stream()
                .filter(saga -> saga.reserve() != null && counts(saga, budget))
                .toList();
        if (keeping.isEmpty()) {
            return budget;
        }
        BudgetSpec.Reserve sum = new BudgetSpec.Reserve(
                sum(keeping, BudgetSpec.Reserve::maxMicroDollars),
                sum(keeping, BudgetSpec.Reserve::maxTokens),
                sum(keeping, BudgetSpec.Reserve::maxCalls));
        checkSize(budget, keeping, "maxDollars", budget.maxMicroDollars(), BudgetSpec.Reserve::maxMicroDollars);
        checkSize(budget, keeping, "maxTokens", budget.maxTokens(), BudgetSpec.Reserve::maxTokens);
        checkSize(budget, keeping, "maxCalls", budget.maxCalls(), BudgetSpec.Reserve::maxCalls);
        return budget.keeping(sum);
    }

    private static @Nullable Long sum(List<SagaSpec> sagas, Function<BudgetSpec.Reserve, @Nullable Long> part) {
        List<Long> parts = sagas.stream()
                .map(SagaSpec::reserve)
                .filter(Objects::nonNull)
                .map(part)
                .filter(Objects::nonNull)
                .toList();
        return parts.isEmpty()
                ? null
                : Long.valueOf(parts.stream().mapToLong(Long::longValue).sum());
    }

    /// Whether what this saga's compensations spend counts against that budget.
    private boolean counts(SagaSpec saga, BudgetSpec budget) {
        return switch (budget.scope()) {
            case PROJECT -> true;
            case SAGA -> budget.target().equals(saga.name()) || isPartOf(saga, stepsOfSaga(budget.target()));
            case WORKFLOW -> isPartOf(saga, stepsOfWorkflow(budget.target()));
            case AGENT -> compensating(saga).contains(budget.target());
            case SUPERVISOR ->
                compensating(saga).stream().anyMatch(agent -> above(agent).contains(budget.target()));
            case POOL -> false;
        };
    }

    private static Set<String> compensating(SagaSpec saga) {
        return saga.steps().stream()
                .map(SagaSpec.StepSpec::compensation)
                .filter(Objects::nonNull)
                .collect(Collectors.toSet());
    }

    private Set<String> above(String child) {
        Set<String> above = new LinkedHashSet<>();
        boolean more = true;
        String at = child;
        while (more) {
            String below = at;
            String parent = supervisors.values().stream()
                    .filter(s -> s.everyChild().anyMatch(c -> c.name().equals(below)))
                    .map(SupervisorSpec::name)
                    .findFirst()
                    .orElse(null);
            more = parent != null && above.add(parent);
            at = parent == null ? at : parent;
        }
        return above;
    }

    /// A run that a step may begin.
    private record Called(boolean saga, String name) {}

    private List<Called> stepsOfSaga(String name) {
        SagaSpec saga = sagas.get(name);
        List<Called> called = new ArrayList<>();
        if (saga != null) {
            saga.steps().forEach(step -> {
                switch (step.kind()) {
                    case SAGA -> called.add(new Called(true, step.action()));
                    case WORKFLOW -> called.add(new Called(false, step.action()));
                    case AGENT, POOL -> {}
                }
            });
        }
        return called;
    }

    private List<Called> stepsOfWorkflow(String name) {
        WorkflowSpec workflow = workflows.get(name);
        List<Called> called = new ArrayList<>();
        if (workflow != null) {
            workflow.steps().forEach(step -> {
                switch (step.target().kind()) {
                    case SAGA -> called.add(new Called(true, step.target().name()));
                    case WORKFLOW -> called.add(new Called(false, step.target().name()));
                    case AGENT, POOL -> {}
                }
            });
        }
        return called;
    }

    private boolean isPartOf(SagaSpec saga, List<Called> first) {
        Set<Called> seen = new HashSet<>();
        List<Called> next = new ArrayList<>(first);
        while (!next.isEmpty()) {
            Called called = next.removeLast();
            if (called.saga() && called.name().equals(saga.name())) {
                return true;
            }
            if (seen.add(called)) {
                next.addAll(called.saga() ? stepsOfSaga(called.name()) : stepsOfWorkflow(called.name()));
            }
        }
        return false;
    }

    private void checkSize(
            BudgetSpec budget,
            List<SagaSpec> keeping,
            String key,
            @Nullable Long limit,
            Function<BudgetSpec.Reserve, @Nullable Long> part) {
        Long kept = sum(keeping, part);
        boolean onlyUndoes = budget.scope() == BudgetSpec.Scope.AGENT && !goesForward(budget.target());
        if (limit == null || kept == null || kept < limit || onlyUndoes) {
            return;
        }
        for (SagaSpec saga : keeping) {
            BudgetSpec.Reserve own = saga.reserve();
            if (own != null && part.apply(own) != null) {
                String others = keeping.size() == 1 ? "this" : "all that sagas keep in it";
                scope.add(Code.RESERVE_TOO_LARGE.at(
                        place(saga, key),
                        "the budget `" + budget.id() + "` is not more than " + others
                                + ", so nothing would be left to go forward with: keep less, or raise `" + key
                                + "` of the budget"));
            }
        }
    }

    private boolean goesForward(String agent) {
        boolean inSaga = sagas.values().stream()
                .flatMap(saga -> saga.steps().stream())
                .anyMatch(step -> step.kind() == SagaSpec.ActionKind.AGENT
                        && step.action().equals(agent));
        return inSaga
                || workflows.values().stream()
                        .flatMap(workflow -> workflow.steps().stream())
                        .map(WorkflowSpec.StepSpec::target)
                        .anyMatch(target -> target.kind() == WorkflowSpec.Called.AGENT
                                && target.name().equals(agent));
    }

    private void checkUsed(SagaSpec saga, List<BudgetSpec> budgets) {
        BudgetSpec.Reserve reserve = saga.reserve();
        if (reserve == null) {
            return;
        }
        List<BudgetSpec> touched = budgets.stream().filter(b -> counts(saga, b)).toList();
        checkUsed(
                saga,
                "maxDollars",
                reserve.maxMicroDollars(),
                touched.stream().allMatch(b -> b.maxMicroDollars() == null));
        checkUsed(saga, "maxTokens", reserve.maxTokens(), touched.stream().allMatch(b -> b.maxTokens() == null));
        checkUsed(saga, "maxCalls", reserve.maxCalls(), touched.stream().allMatch(b -> b.maxCalls() == null));
    }

    private void checkUsed(SagaSpec saga, String key, @Nullable Long kept, boolean unlimited) {
        if (kept != null && unlimited) {
            scope.add(Code.RESERVE_UNUSED.at(
                    place(saga, key),
                    "no budget that the compensations of `" + saga.name() + "` count against has `" + key
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
