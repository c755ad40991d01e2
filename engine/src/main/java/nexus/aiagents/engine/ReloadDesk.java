package nexus.aiagents.engine;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import nexus.aiagents.engine.agent.AgentHost;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.control.CommandResult.Done;
import nexus.aiagents.engine.journal.EngineEvent.ProjectReloaded;
import nexus.aiagents.engine.journal.Journal;
import nexus.aiagents.engine.project.LanguageService;
import nexus.aiagents.engine.project.Project;
import nexus.aiagents.engine.project.ReloadPlan;
import nexus.aiagents.engine.project.ReloadPlan.Does;
import nexus.aiagents.engine.view.ProjectView;
import nexus.aiagents.engine.view.RunView;
import nexus.aiagents.engine.view.SupervisorView;
import nexus.aiagents.engine.view.ViewFold;
import org.jspecify.annotations.Nullable;

/// Says what applying the files would do, and does it. One change at a time; the caller sees to that.
final class ReloadDesk {
    private final ProjectYaml yaml;
    private final Supervision supervision;
    private final AgentHost host;
    private final Journal journal;
    private final ViewFold views;

    ReloadDesk(ProjectYaml yaml, Supervision supervision, AgentHost host, Journal journal, ViewFold views) {
        this.yaml = yaml;
        this.supervision = supervision;
        this.host = host;
        this.journal = journal;
        this.views = views;
    }

    /// @param next null if the plan is refused
    private record Edited(ReloadPlan plan, @Nullable Project next, Map<String, String> texts) {}

    /// @param unsaved texts that stand for files of the disk
    ReloadPlan plan(Project running, Map<String, String> unsaved) {
        return read(running, unsaved).plan();
    }

    private Edited read(Project running, Map<String, String> unsaved) {
        LanguageService.Loaded loaded = yaml.language().load(yaml.folder().root(), unsaved);
        Project next = loaded.analysis().project();
        if (next == null || loaded.analysis().hasErrors()) {
            String why = ProjectYaml.projectErrors("nothing was changed", loaded.analysis())
                    .message();
            return new Edited(ReloadPlan.refused(why), null, Map.of());
        }
        ReloadPlan plan = ReloadPlan.of(running, yaml.texts().get(), next, loaded.texts(), live(next));
        return new Edited(plan, next, loaded.texts());
    }

    private ReloadPlan.Live live(Project next) {
        ProjectView view = views.view();
        Map<String, Integer> underWay = new HashMap<>();
        for (RunView run : view.runs()) {
            if (!run.state().isFinal()) {
                underWay.merge(run.kind() + "/" + run.name(), 1, Integer::sum);
            }
        }
        return new ReloadPlan.Live(
                supervision.movedWhileUp(next),
                supervision.tree().isUp(),
                view.supervisors().stream()
                        .filter(supervisor -> supervisor.state() == SupervisorView.State.RUNNING)
                        .map(SupervisorView::name)
                        .collect(Collectors.toUnmodifiableSet()),
                host.up(),
                underWay);
    }

    /// @param apply lets everything go by the project but the supervisors
    CommandResult reload(Project running, Consumer<Project> apply) {
        Edited edited = read(running, Map.of());
        ReloadPlan plan = edited.plan();
        Project next = edited.next();
        if (next == null) {
            return new CommandResult.Refused("project-errors", String.valueOf(plan.refusal()));
        }
        apply.accept(next);
        yaml.texts().set(edited.texts());
        // A supervisor may have come up since the plan was made.
        if (plan.restartsTeam() || !supervision.reload(next)) {
            supervision.restartAll(next);
        } else {
            plan.restarts()
                    .forEach(agent -> supervision
                            .tree()
                            .restartChild(null, agent)
                            .toCompletableFuture()
                            .join());
        }
        journal.commitAndWait(Journal.Batch.of(new ProjectReloaded(next.hash(), plan.names())));
        return new Done(told(plan));
    }

    private static String told(ReloadPlan plan) {
        List<String> parts = new ArrayList<>(List.of("reloaded"));
        if (!plan.names().isEmpty()) {
            parts.add("changed: " + String.join(", ", plan.names()));
        }
        if (plan.restartsTeam()) {
            parts.add("the whole team was restarted");
            return String.join("; ", parts);
        }
        for (Does does : Does.values()) {
            String children = plan.acts().stream()
                    .filter(act -> act.does() == does)
                    .map(ReloadPlan.Act::child)
                    .collect(Collectors.joining(", "));
            if (!children.isEmpty()) {
                parts.add(past(does) + ": " + children);
            }
        }
        return String.join("; ", parts);
    }

    private static String past(Does does) {
        return switch (does) {
            case RESTART_TEAM, RESTART -> "restarted";
            case STOP -> "stopped";
            case START -> "started";
        };
    }
}
