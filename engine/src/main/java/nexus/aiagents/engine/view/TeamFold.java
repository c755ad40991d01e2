package nexus.aiagents.engine.view;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.project.AgentSpec;
import nexus.aiagents.engine.project.Instances;
import nexus.aiagents.engine.project.Project;
import nexus.aiagents.engine.project.SupervisorSpec;
import nexus.aiagents.engine.view.AgentView.TrustView;
import org.jspecify.annotations.Nullable;

/// What the events say about agents and their supervisors. Confined to {@link ViewFold}.
final class TeamFold {
    private Map<String, AgentFold> agents = new HashMap<>();
    private Map<String, SupervisorFold> supervisors = new HashMap<>();
    /// Why children stay down until a person starts them.
    private Map<String, String> held = new HashMap<>();

    private transient @Nullable Plan plan;

    /// Events of other things change nothing.
    void apply(Instant at, EngineEvent event, Project project) {
        switch (event) {
            case EngineEvent.AgentStarting e -> {
                held.remove(e.agent());
                agent(e.agent()).starting(at);
            }
            case EngineEvent.AgentUp e -> agent(e.agent()).up(at);
            case EngineEvent.AgentStartFailed e -> agent(e.agent()).startFailed(at, e.reason());
            case EngineEvent.AgentExited e -> agent(e.agent()).exited(at, e.reason());
            case EngineEvent.AgentPaused e -> agent(e.agent()).paused(at, e.cause(), e.detail());
            case EngineEvent.AgentResumed e -> agent(e.agent()).resumed(at);
            case EngineEvent.AgentStuck e -> agent(e.agent()).stuck(at, e);
            case EngineEvent.CallStarted e -> agent(e.agent()).callStarted(at, e.callId());
            case EngineEvent.CallEnded e -> agent(e.agent()).callEnded(at, e);
            case EngineEvent.HostCallMade e -> agent(e.agent()).hostCall(at, e);
            case EngineEvent.HostCallDenied e -> agent(e.agent()).denied(at, e);
            case EngineEvent.SupervisorStarted e -> {
                held.remove(e.supervisor());
                forget(supervisor(e.supervisor()));
                supervisor(e.supervisor()).started();
            }
            case EngineEvent.SupervisorRestarted e -> restarted(at, e, project);
            case EngineEvent.SupervisorStopped e -> {
                forget(supervisor(e.supervisor()));
                supervisor(e.supervisor()).stopped(e.why());
            }
            case EngineEvent.SupervisorGaveUp e -> gaveUp(at, e, project);
            case EngineEvent.ChildBackingOff e -> backingOff(at, e, project);
            case EngineEvent.ChildHeld e -> held.put(e.child(), e.why());
            case EngineEvent.ChildAdded e -> supervisor(e.supervisor()).added(e);
            case EngineEvent.ChildDeleted e -> {
                held.remove(e.child());
                supervisor(e.supervisor()).deleted(e.child());
                forget(e.child());
            }
            default -> {}
        }
    }

    void processBegan(Instant at) {
        held.clear();
        supervisors.values().forEach(this::forget);
        agents.values().forEach(a -> a.processBegan(at));
        supervisors.values().forEach(SupervisorFold::processBegan);
    }

    /// A child that starts by itself, without its supervisor having a say: it is kept down no more.
    void released(String child) {
        held.remove(child);
    }

    void spent(String agent, long tokens, long microDollars) {
        agent(agent).spent(tokens, microDollars);
    }

    private void restarted(Instant at, EngineEvent.SupervisorRestarted e, Project project) {
        supervisor(e.supervisor()).restarted(at, e.microDollars());
        for (String child : e.affected()) {
            if (isAgent(child, project)) {
                agent(child).restarted();
            }
        }
    }

    private void gaveUp(Instant at, EngineEvent.SupervisorGaveUp e, Project project) {
        forget(supervisor(e.supervisor()));
        supervisor(e.supervisor()).gaveUp(e, project.supervisors().get(e.supervisor()));
        if (isAgent(e.child(), project) && !Instances.isInstance(e.child())) {
            agent(e.child()).gaveUp(at, e.reason());
        }
    }

    private void backingOff(Instant at, EngineEvent.ChildBackingOff e, Project project) {
        Instant until = Instant.ofEpochMilli(e.untilEpochMillis());
        if (project.supervisors().containsKey(e.child())) {
            supervisor(e.child()).backingOff(until);
        } else if (isAgent(e.child(), project)) {
            agent(e.child()).backingOff(at, until);
        }
    }

    private static boolean isAgent(String child, Project project) {
        return project.agents().containsKey(Instances.agentOf(child));
    }

    private void forget(SupervisorFold supervisor) {
        List.copyOf(supervisor.instances()).forEach(this::forget);
    }

    /// What an instance that is no more had spent stays with its agent.
    private void forget(String child) {
        AgentFold gone = Instances.isInstance(child) ? agents.remove(child) : null;
        if (gone != null) {
            agent(Instances.agentOf(child)).takeOver(gone);
        }
    }

    /// Late news of an instance that is no more count for its agent.
    private AgentFold agent(String name) {
        return fold(name).touched();
    }

    private AgentFold fold(String name) {
        boolean over = Instances.isInstance(name)
                && supervisors.values().stream().noneMatch(s -> s.instances().contains(name));
        return agents.computeIfAbsent(over ? Instances.agentOf(name) : name, missing -> new AgentFold(missing));
    }

    private SupervisorFold supervisor(String name) {
        return supervisors.computeIfAbsent(name, _ -> new SupervisorFold());
    }

    // ---- snapshots

    /// Those of the project, then the instances of templates.
    List<AgentView> agents(
            Project project, Function<String, TrustView> trust, Function<String, AgentView.@Nullable LifeSign> life) {
        Plan planned = plan(project);
        List<AgentView> shown = new ArrayList<>(planned.rows().size());
        for (Row row : planned.rows()) {
            AgentSpec spec = row.spec();
            AgentFold fold = row.fold();
            shown.add(fold.view(
                    spec,
                    project,
                    row.supervisor(),
                    trust.apply(spec.name()),
                    fold.isBusy() ? life.apply(spec.name()) : null));
        }
        supervisors.values().stream().flatMap(s -> s.instances().stream()).forEach(name -> {
            AgentSpec spec = project.agents().get(Instances.agentOf(name));
            if (spec != null) {
                AgentFold fold = fold(name);
                shown.add(fold.view(
                        spec,
                        project,
                        planned.parents().get(spec.name()),
                        trust.apply(spec.name()),
                        fold.isBusy() ? life.apply(name) : null));
            }
        });
        return List.copyOf(shown);
    }

    List<SupervisorView> supervisors(Project project, Instant now) {
        Map<String, String> parents = plan(project).parents();
        return project.supervisors().values().stream()
                .map(spec -> supervisor(spec.name()).view(spec, parents.get(spec.name()), held, now))
                .toList();
    }

    /// What does not change until the project does, so that a look at very many agents is a walk
    /// through a list.
    ///
    /// @param parents the supervisor of every child
    private record Plan(Project project, List<Row> rows, Map<String, String> parents) {}

    /// @param supervisor null for one that runs only when it is called, and for a template: its
    ///     instances run
    private record Row(
            AgentSpec spec, AgentFold fold, @Nullable String supervisor) {}

    private Plan plan(Project project) {
        Plan known = plan;
        if (known != null && known.project() == project) {
            return known;
        }
        Map<String, String> parents = new HashMap<>();
        for (SupervisorSpec spec : project.supervisors().values()) {
            spec.everyChild().forEach(c -> parents.put(c.name(), spec.name()));
        }
        List<Row> rows = new ArrayList<>(project.agents().size());
        for (AgentSpec spec : project.agents().values()) {
            String parent = parents.get(spec.name());
            SupervisorSpec supervisor =
                    parent == null ? null : project.supervisors().get(parent);
            boolean template = supervisor != null && supervisor.template() != null;
            rows.add(new Row(spec, fold(spec.name()), template ? null : parent));
        }
        Plan made = new Plan(project, rows, parents);
        plan = made;
        return made;
    }
}
