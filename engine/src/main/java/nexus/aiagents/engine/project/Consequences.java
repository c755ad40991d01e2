package nexus.aiagents.engine.project;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import nexus.aiagents.engine.project.Differences.Difference;
import nexus.aiagents.engine.project.ReloadPlan.Act;
import nexus.aiagents.engine.project.ReloadPlan.Change;
import nexus.aiagents.engine.project.ReloadPlan.Does;
import nexus.aiagents.engine.project.ReloadPlan.How;

/// Says of each difference when it takes effect. Pure.
final class Consequences {
    private final Project running;
    private final Project edited;
    private final ReloadPlan.Live live;
    private final List<Act> acts;
    private final Map<String, String> before;
    private final Map<String, String> after;

    /// @param before the texts of what runs, `after` those of what is edited
    Consequences(
            Project running,
            Project edited,
            ReloadPlan.Live live,
            List<Act> acts,
            Map<String, String> before,
            Map<String, String> after) {
        this.running = running;
        this.edited = edited;
        this.live = live;
        this.acts = acts;
        this.before = before;
        this.after = after;
    }

    List<Change> of(List<Difference> differences) {
        List<Change> changes = new ArrayList<>();
        Set<String> told = new HashSet<>();
        for (Difference d : differences) {
            Kind kind = d.what().kind();
            boolean agent = kind == Kind.AGENT;
            if (agent) {
                told.add(d.what().name());
            }
            changes.add(new Change(
                    kind.key(),
                    d.what().name(),
                    d.how(),
                    d.fields(),
                    agent && d.how() == How.CHANGED && isProgramOther(d.what().name()),
                    effect(kind, d.what().name(), d.how())));
        }
        for (String name : ReloadPlan.otherAgents(running, edited)) {
            if (!told.contains(name)) {
                changes.add(
                        new Change("agent", name, How.CHANGED, List.of(), true, effect(Kind.AGENT, name, How.CHANGED)));
            }
        }
        return changes;
    }

    private boolean isProgramOther(String agent) {
        AgentSpec spec = edited.agents().get(agent);
        String source = spec == null ? null : spec.source();
        return source != null && before.containsKey(source) && !Objects.equals(before.get(source), after.get(source));
    }

    private String effect(Kind kind, String name, How how) {
        return switch (kind) {
            case AGENT -> agent(name, how);
            case SUPERVISOR -> supervisor(name, how);
            case SAGA, WORKFLOW -> runs(kind, name, how);
            case POOL -> pool(name, how);
            case MODEL -> how == How.REMOVED ? "no call can use it any more" : "from the next call on";
            case COST ->
                how == How.REMOVED ? "at once; nothing limits it any more" : "at once, also for calls that wait";
            case TRUST -> "at once; who waits for a decision is judged anew";
            case PROJECT -> "at once";
        };
    }

    private String agent(String name, How how) {
        List<String> restarted = acts.stream()
                .filter(act -> act.does() == Does.RESTART
                        && Instances.agentOf(act.child()).equals(name))
                .map(Act::child)
                .toList();
        if (restarted.size() == 1) {
            return restarted.getFirst() + " restarts; its siblings run on";
        }
        if (!restarted.isEmpty()) {
            return "its " + restarted.size() + " instances restart; their siblings run on";
        }
        if (wholeTeam()) {
            return "restarts with the team";
        }
        if (does(Does.STOP, name)) {
            return how == How.REMOVED ? "it stops" : "it stops where it is";
        }
        if (does(Does.START, name)) {
            return "it starts";
        }
        return switch (how) {
            case ADDED -> "it can be called";
            case REMOVED -> "it can not be called any more; calls under way end as they began";
            case CHANGED -> "from the next start or call on; calls under way end as they began";
        };
    }

    private String supervisor(String name, How how) {
        if (wholeTeam()) {
            return "restarts with the team";
        }
        if (does(Does.STOP, name)) {
            return "it stops with its children";
        }
        if (does(Does.START, name)) {
            return "it starts with its children";
        }
        boolean up = live.supervisors().contains(name);
        return how == How.CHANGED && up
                ? "from its next decision on; who is still its child runs on"
                : "when it starts";
    }

    private String runs(Kind kind, String name, How how) {
        int underWay = live.underWay().getOrDefault(kind.key() + "/" + name, 0);
        String rest = underWay == 0
                ? ""
                : underWay == 1
                        ? "; the run under way keeps the definition it began with"
                        : "; the " + underWay + " runs under way keep the definition they began with";
        return (how == How.REMOVED ? "no new runs" : "for new runs") + rest;
    }

    private String pool(String name, How how) {
        PoolSpec pool = edited.pools().getOrDefault(name, running.pools().get(name));
        if (pool == null || pool.queue() == null) {
            return runs(Kind.POOL, name, how);
        }
        return switch (how) {
            case ADDED -> does(Does.START, name) ? "it starts" : "at once";
            case REMOVED -> "it ends; jobs that wait end with it";
            case CHANGED -> "at once; jobs under way go on";
        };
    }

    private boolean wholeTeam() {
        return acts.stream().anyMatch(act -> act.does() == Does.RESTART_TEAM);
    }

    private boolean does(Does does, String child) {
        return acts.stream()
                .anyMatch(act ->
                        act.does() == does && Instances.agentOf(act.child()).equals(child));
    }
}
