package nexus.aiagents.engine.agent;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import nexus.aiagents.engine.project.AgentSpec;
import nexus.aiagents.engine.project.Instances;
import nexus.aiagents.engine.project.ModelSpec;
import nexus.aiagents.engine.project.Project;
import nexus.aiagents.engine.secret.HostSecrets;
import nexus.aiagents.engine.trust.TrustGate;
import nexus.aiagents.engine.view.AgentView.TrustView;
import nexus.aiagents.sandbox.Grants;
import nexus.aiagents.sandbox.Isolation;
import org.jspecify.annotations.Nullable;

/// The project as the host runs it; swapped whole on a reload, while a call keeps the one it began with.
/// Immutable.
///
/// @param parents the supervisor of each child
/// @param pools   those that are children
/// @param secrets of the whole project
record Team(Project project, TrustGate trust, Map<String, String> parents, Set<String> pools, Secrets secrets) {

    private static final String POOL = "pool/";

    static Team of(Project project, TrustGate trust, HostSecrets host) {
        return new Team(project, trust, project.parents(), project.supervisedPools(), Secrets.of(project, host));
    }

    @Nullable
    AgentSpec agent(String name) {
        AgentSpec spec = project.agents().get(Instances.agentOf(name));
        return spec != null && Instances.isInstance(name) ? spec.named(name) : spec;
    }

    /// Where the program of this agent runs, as far as it is trusted now.
    Isolation isolationOf(AgentSpec agent, TrustView trust) {
        return switch (project.isolationOf(agent, trust.tier())) {
            case THREAD -> Isolation.THREAD;
            case PROCESS -> Isolation.PROCESS;
        };
    }

    /// Every budget that the spending of this agent counts against; those without a limit do no harm.
    List<String> budgetsOf(String agent, List<String> further) {
        Set<String> ids = new LinkedHashSet<>();
        String itself = Instances.agentOf(agent);
        ids.add("agent/" + itself);
        addAbove(itself, ids);
        for (String id : further) {
            String pool = id.startsWith(POOL) ? id.substring(POOL.length()) : "";
            if (pools.contains(pool)) {
                addAbove(pool, ids);
            }
        }
        ids.add("project");
        ids.addAll(further);
        return new ArrayList<>(ids);
    }

    private void addAbove(String first, Set<String> ids) {
        Set<String> seen = new HashSet<>();
        String child = first;
        while (child != null && seen.add(child)) {
            child = parents.get(child);
            if (child != null) {
                ids.add("supervisor/" + child);
            }
        }
    }

    /// The model a call without a name means: the agent's own, or the project's only one.
    @Nullable
    String defaultModel(AgentSpec agent) {
        if (agent.model() != null) {
            return agent.model();
        }
        return project.models().size() == 1
                ? project.models().keySet().iterator().next()
                : null;
    }

    @Nullable
    ModelSpec model(String name) {
        return project.models().get(name);
    }

    Grants grantsOf(AgentSpec agent, Function<String, @Nullable String> environment) {
        AgentSpec.GrantSpec spec = agent.grants();
        Map<String, String> env = new HashMap<>();
        for (String name : spec.env()) {
            String value = environment.apply(name);
            if (value != null) {
                env.put(name, value);
            }
        }
        Set<String> models = new HashSet<>(spec.models());
        String own = defaultModel(agent);
        if (agent.runtime() == AgentSpec.Runtime.MODEL && own != null) {
            models.add(own);
        }
        return new Grants(
                models,
                spec.http().stream()
                        .map(rule -> new Grants.HttpRule(rule.host(), rule.methods(), rule.privateToo()))
                        .toList(),
                spec.files().stream()
                        .map(file -> new Grants.Mount(
                                file.path(),
                                project.folder().resolve(file.path()).normalize(),
                                file.writable()))
                        .toList(),
                spec.agents(),
                spec.kv(),
                env);
    }
}
