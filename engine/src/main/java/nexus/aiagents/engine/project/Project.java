package nexus.aiagents.engine.project;

import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A project as its YAML says, checked. Maps keep the order of the files. Immutable.
///
/// @param hash      SHA-256 over the definitions, hex
/// @param schedules by `kind/name`
public record Project(
        Path folder,
        String name,
        String hash,
        Map<String, AgentSpec> agents,
        Map<String, SupervisorSpec> supervisors,
        Map<String, SagaSpec> sagas,
        Map<String, PoolSpec> pools,
        Map<String, WorkflowSpec> workflows,
        Map<String, ModelSpec> models,
        List<BudgetSpec> budgets,
        @Nullable TrustSpec trust,
        Map<String, ScheduleSpec> schedules,
        LifecycleSpec lifecycle,
        JournalSpec journal,
        RecordingSpec recording,
        SandboxSpec sandbox) {

    /// Without schedules, and one that keeps all of its journal.
    public Project(
            Path folder,
            String name,
            String hash,
            Map<String, AgentSpec> agents,
            Map<String, SupervisorSpec> supervisors,
            Map<String, SagaSpec> sagas,
            Map<String, PoolSpec> pools,
            Map<String, WorkflowSpec> workflows,
            Map<String, ModelSpec> models,
            List<BudgetSpec> budgets,
            @Nullable TrustSpec trust) {
        this(
                folder,
                name,
                hash,
                agents,
                supervisors,
                sagas,
                pools,
                workflows,
                models,
                budgets,
                trust,
                Map.of(),
                LifecycleSpec.DEFAULT,
                JournalSpec.ALL,
                RecordingSpec.DEFAULT,
                SandboxSpec.DEFAULT);
    }

    /// The same with this supervisor in the place of the one of its name.
    public Project with(SupervisorSpec supervisor) {
        return changed(agents, replaced(supervisors, supervisor.name(), supervisor), pools, budgets);
    }

    /// The same with this agent in the place of the one of its name.
    public Project with(AgentSpec agent) {
        return changed(replaced(agents, agent.name(), agent), supervisors, pools, budgets);
    }

    /// The same with this pool in the place of the one of its name.
    public Project with(PoolSpec pool) {
        return changed(agents, supervisors, replaced(pools, pool.name(), pool), budgets);
    }

    /// The same with this budget in the place of the one of its id.
    public Project with(BudgetSpec budget) {
        List<BudgetSpec> changed = budgets.stream()
                .map(each -> each.id().equals(budget.id()) ? budget : each)
                .toList();
        return changed(agents, supervisors, pools, changed);
    }

    private static <T> Map<String, T> replaced(Map<String, T> all, String name, T by) {
        Map<String, T> changed = new LinkedHashMap<>(all);
        changed.put(name, by);
        return Collections.unmodifiableMap(changed);
    }

    /// The same but for what a command may change in an open project.
    private Project changed(
            Map<String, AgentSpec> agents,
            Map<String, SupervisorSpec> supervisors,
            Map<String, PoolSpec> pools,
            List<BudgetSpec> budgets) {
        return new Project(
                folder,
                name,
                hash,
                agents,
                supervisors,
                sagas,
                pools,
                workflows,
                models,
                budgets,
                trust,
                schedules,
                lifecycle,
                journal,
                recording,
                sandbox);
    }

    /// Where the program of this agent runs while its trust tier is `tier`. What the tier asks for stands
    /// above what the agent says. Where nobody asked for a tier, what does not fit into a worker stays.
    public SandboxSpec.Isolation isolationOf(AgentSpec agent, int tier) {
        int said = trust == null ? 0 : trust.isolateBelow();
        boolean asked = said > 0;
        int below = asked ? said : TrustSpec.ISOLATED_BELOW;
        if (tier < below && (asked || agent.limits().memoryBytes() <= sandbox.roomForPrograms())) {
            return SandboxSpec.Isolation.PROCESS;
        }
        return agent.isolation() == null ? sandbox.isolation() : agent.isolation();
    }

    /// Supervisors that no other supervisor has as a child, in order.
    public List<SupervisorSpec> roots() {
        Map<String, String> parents = parents();
        return supervisors.values().stream()
                .filter(s -> !parents.containsKey(s.name()))
                .toList();
    }

    /// The pools that are children of a supervisor.
    public Set<String> supervisedPools() {
        return supervisors.values().stream()
                .flatMap(SupervisorSpec::everyChild)
                .filter(child -> child.kind() == SupervisorSpec.ChildKind.POOL)
                .map(SupervisorSpec.ChildSpec::name)
                .collect(Collectors.toUnmodifiableSet());
    }

    /// The supervisor of every child, be it an agent, a pool or a supervisor itself. Made anew each
    /// time: keep it.
    public Map<String, String> parents() {
        Map<String, String> parents = new HashMap<>();
        for (SupervisorSpec supervisor : supervisors.values()) {
            supervisor.everyChild().forEach(child -> parents.putIfAbsent(child.name(), supervisor.name()));
        }
        return parents;
    }
}
