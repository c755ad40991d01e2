package nexus.aiagents.engine.project;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/// A budget in dollars needs a price for every model that may be paid from it.
final class Pricing {
    private final Map<String, AgentSpec> agents;
    private final Map<String, SupervisorSpec> supervisors;
    private final Map<String, SagaSpec> sagas;
    private final Map<String, PoolSpec> pools;
    private final Map<String, WorkflowSpec> workflows;
    private final Map<String, ModelSpec> models;
    private final Scope scope;

    Pricing(
            Map<String, AgentSpec> agents,
            Map<String, SupervisorSpec> supervisors,
            Map<String, SagaSpec> sagas,
            Map<String, PoolSpec> pools,
            Map<String, WorkflowSpec> workflows,
            Map<String, ModelSpec> models,
            Scope scope) {
        this.agents = agents;
        this.supervisors = supervisors;
        this.sagas = sagas;
        this.pools = pools;
        this.workflows = workflows;
        this.models = models;
        this.scope = scope;
    }

    void check(List<BudgetSpec> budgets) {
        List<String> unpriced = models.values().stream()
                .filter(model -> !ModelReader.isPriced(model, scope))
                .map(ModelSpec::name)
                .toList();
        for (BudgetSpec budget : budgets) {
            if (budget.maxMicroDollars() == null) {
                continue;
            }
            Set<String> used = new LinkedHashSet<>();
            members(budget).forEach(agent -> used.addAll(modelsOf(agent)));
            for (String model : unpriced) {
                if (used.contains(model)) {
                    scope.add(Code.UNPRICED_BUDGET.at(
                            budget.at(),
                            "the price of the model `" + model
                                    + "` is not known, so this budget can not count its dollars: give the model a `price:`,"
                                    + " or `free: true`"));
                }
            }
        }
    }

    private Stream<String> members(BudgetSpec budget) {
        return switch (budget.scope()) {
            case AGENT -> Stream.of(budget.target());
            case PROJECT -> agents.keySet().stream();
            case SUPERVISOR -> below(budget.target(), new LinkedHashSet<>());
            case POOL -> pool(budget.target());
            case SAGA -> saga(budget.target(), new LinkedHashSet<>());
            case WORKFLOW -> workflow(budget.target(), new LinkedHashSet<>());
        };
    }

    private Stream<String> pool(String name) {
        PoolSpec pool = pools.get(name);
        return pool == null ? Stream.empty() : pool.members().stream();
    }

    private Stream<String> saga(String name, Set<String> seen) {
        SagaSpec saga = sagas.get(name);
        if (saga == null || !seen.add("saga/" + name)) {
            return Stream.empty();
        }
        return saga.steps().stream()
                .flatMap(step -> Stream.concat(
                        Stream.ofNullable(step.compensation()),
                        switch (step.kind()) {
                            case AGENT -> Stream.of(step.action());
                            case POOL -> pool(step.action());
                            case SAGA -> saga(step.action(), seen);
                            case WORKFLOW -> workflow(step.action(), seen);
                        }));
    }

    private Stream<String> workflow(String name, Set<String> seen) {
        WorkflowSpec workflow = workflows.get(name);
        if (workflow == null || !seen.add("workflow/" + name)) {
            return Stream.empty();
        }
        return workflow.steps().stream().flatMap(step -> {
            String called = step.target().name();
            return switch (step.target().kind()) {
                case AGENT -> Stream.of(called);
                case POOL -> pool(called);
                case SAGA -> saga(called, seen);
                case WORKFLOW -> workflow(called, seen);
            };
        });
    }

    private Stream<String> below(String supervisor, Set<String> seen) {
        SupervisorSpec spec = supervisors.get(supervisor);
        if (spec == null || !seen.add(supervisor)) {
            return Stream.empty();
        }
        return spec.everyChild().flatMap(child -> switch (child.kind()) {
            case AGENT -> Stream.of(child.name());
            case SUPERVISOR -> below(child.name(), seen);
            case POOL -> pool(child.name());
        });
    }

    private Collection<String> modelsOf(String name) {
        AgentSpec agent = agents.get(name);
        if (agent == null) {
            return Set.of();
        }
        Set<String> granted = agent.grants().models();
        Set<String> used = new LinkedHashSet<>(granted.contains("*") ? models.keySet() : granted);
        if (agent.model() != null) {
            used.add(agent.model());
        } else if (agent.runtime() == AgentSpec.Runtime.MODEL && models.size() == 1) {
            used.addAll(models.keySet());
        }
        return used;
    }
}
