package nexus.aiagents.engine;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import nexus.aiagents.engine.agent.AgentHost;
import nexus.aiagents.engine.control.Command;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.control.CommandResult.Done;
import nexus.aiagents.engine.control.CommandResult.Refused;
import nexus.aiagents.engine.journal.Journal;
import nexus.aiagents.engine.money.Ledger;
import nexus.aiagents.engine.project.AgentSpec;
import nexus.aiagents.engine.project.Instances;
import nexus.aiagents.engine.project.Pinned;
import nexus.aiagents.engine.project.Project;
import nexus.aiagents.engine.project.ReloadPlan;
import nexus.aiagents.engine.project.ScheduleSpec;
import nexus.aiagents.engine.project.Similar;
import nexus.aiagents.engine.run.Runs;
import nexus.aiagents.engine.schedule.Scheduler;
import nexus.aiagents.engine.view.ViewFold;
import org.jspecify.annotations.Nullable;

/// Carries out commands on an open project. Thread-safe; every method may take as long as what it does.
final class Commands {
    private final RunningProject project;
    private final Ledger ledger;
    private final AgentHost host;
    private final Runs runs;
    private final Supervision supervision;
    private final TrustDesk trust;
    private final ViewFold views;
    private final Upkeep upkeep;
    private final AgentDesk agents;
    private final SupervisorDesk supervisors;
    private final GrantDesk grants;
    private final PoolDesk pools;
    private final BudgetDesk budgets;
    private final ReloadDesk reloading;
    private @Nullable Scheduler schedules;

    Commands(
            RunningProject project,
            ProjectYaml yaml,
            Journal journal,
            Ledger ledger,
            AgentHost host,
            Runs runs,
            Supervision supervision,
            TrustDesk trust,
            ViewFold views,
            Upkeep upkeep) {
        this.project = project;
        this.ledger = ledger;
        this.host = host;
        this.runs = runs;
        this.supervision = supervision;
        this.trust = trust;
        this.views = views;
        this.upkeep = upkeep;
        this.agents = new AgentDesk(host.controls());
        this.supervisors = new SupervisorDesk(yaml, supervision);
        this.grants = new GrantDesk(yaml, journal, host.controls());
        this.pools = new PoolDesk(yaml);
        this.budgets = new BudgetDesk(yaml);
        this.reloading = new ReloadDesk(yaml, supervision, host, journal, views);
    }

    CommandResult perform(Command command) {
        return switch (command) {
            case Command.Up _ -> supervision.start();
            case Command.Down _ -> down();
            case Command.Reload _ -> reload();
            case Command.StartAgent(String agent) ->
                onAgent(
                        agent,
                        () -> agents.started(
                                agent, () -> await(supervision.tree().startChild(null, agent))));
            case Command.StopAgent(String agent) ->
                onAgent(agent, () -> await(supervision.tree().stopChild(null, agent)));
            case Command.RestartAgent(String agent) ->
                onAgent(
                        agent,
                        () -> agents.started(
                                agent, () -> await(supervision.tree().restartChild(null, agent))));
            case Command.StartChild(String supervisor, String child) ->
                agents.started(child, () -> await(supervision.tree().startChild(supervisor, child)));
            case Command.StopChild(String supervisor, String child) ->
                await(supervision.tree().stopChild(supervisor, child));
            case Command.RestartChild(String supervisor, String child) ->
                agents.started(child, () -> await(supervision.tree().restartChild(supervisor, child)));
            case Command.AddChild add -> change(now -> supervisors.add(now, add));
            case Command.DeleteChild delete -> change(now -> supervisors.delete(now, delete));
            case Command.MoveChild move -> change(now -> supervisors.move(now, move));
            case Command.CrashAgent(String agent) -> onAgent(agent, () -> agents.crash(agent));
            case Command.HangAgent(String agent) -> onAgent(agent, () -> agents.hang(agent));
            case Command.SlowAgent(String agent, long by, long howLong) ->
                onAgent(agent, () -> agents.slow(agent, Duration.ofMillis(by), Duration.ofMillis(howLong)));
            case Command.OverspendAgent(String agent, long howLong) ->
                onAgent(agent, () -> agents.overspend(agent, Duration.ofMillis(howLong)));
            case Command.PauseAgent(String agent) -> onAgent(agent, () -> agents.pause(agent));
            case Command.ResumeAgent(String agent) -> onAgent(agent, () -> agents.resume(agent));
            case Command.AllowRunaway(String agent) -> onAgent(agent, () -> agents.allow(agent));
            case Command.DecideGrant asked -> change(now -> grants.decide(now, asked));
            case Command.AddGrant asked -> changeGrants(asked.agent(), now -> grants.add(now, asked));
            case Command.RemoveGrant asked -> changeGrants(asked.agent(), now -> grants.remove(now, asked));
            case Command.DecideTrust asked -> onAgent(asked.agent(), () -> onTrust(asked.agent(), trust.decide(asked)));
            case Command.SignAgent(String agent) -> onAgent(agent, () -> onTrust(agent, trust.sign(agent)));
            case Command.RunAgent(String agent, String input) -> onAgent(agent, () -> runAgent(agent, input));
            case Command.RunSaga(String name, String input) -> {
                var saga = project.now().sagas().get(name);
                yield saga == null
                        ? unknown("saga", name, project.now().sagas().keySet())
                        : await(runs.startSaga(saga, Pinned.of(saga, project.now()), input));
            }
            case Command.RunWorkflow(String name, String input) -> {
                var workflow = project.now().workflows().get(name);
                yield workflow == null
                        ? unknown("workflow", name, project.now().workflows().keySet())
                        : await(runs.startWorkflow(workflow, Pinned.of(workflow, project.now()), input));
            }
            case Command.RunPool(String name, String input) -> {
                var pool = project.now().pools().get(name);
                yield pool == null
                        ? unknown("pool", name, project.now().pools().keySet())
                        : await(runs.startPool(pool, input));
            }
            case Command.CancelRun(String runId) -> await(runs.cancel(runId));
            case Command.RetryParked(String runId, String step, String input) ->
                await(runs.retryParked(runId, step, input));
            case Command.SkipParked(String runId, String step, boolean resolved) ->
                await(runs.skipParked(runId, step, resolved));
            case Command.DecidePool(String runId, int choice) -> await(runs.decidePool(runId, choice));
            case Command.PauseRun(String runId) -> await(runs.pause(runId));
            case Command.ResumeRun(String runId) -> await(runs.resume(runId));
            case Command.ApproveStep(String runId, String step, String comment) ->
                await(runs.approve(runId, step, comment));
            case Command.RejectStep(String runId, String step, String comment) ->
                await(runs.reject(runId, step, comment));
            case Command.RetryFrom(String runId, String step, String input) ->
                await(runs.retryFrom(runId, step, input));
            case Command.ForkRun(String runId, String step, String input) -> await(runs.fork(runId, step, input));
            case Command.ScalePool(String pool, Integer workers) ->
                onPool(pool, () -> await(runs.scalePool(pool, workers)));
            case Command.LimitPool limit -> onPool(limit.pool(), () -> change(now -> pools.limit(now, limit)));
            case Command.DrainPool(String pool) -> onPool(pool, () -> await(runs.drainPool(pool)));
            case Command.ResumePool(String pool) -> onPool(pool, () -> await(runs.resumePool(pool)));
            case Command.SetBudget asked -> changeBudget(now -> budgets.set(now, asked));
            case Command.RunScheduleNow(String schedule) -> onSchedule(schedule, schedules()::runNow);
            case Command.PauseSchedule(String schedule) -> onSchedule(schedule, schedules()::pause);
            case Command.ResumeSchedule(String schedule) -> onSchedule(schedule, schedules()::resume);
            case Command.RemoveLimit asked -> changeBudget(now -> budgets.removeLimit(now, asked));
            case Command.CompactJournal(String before, String archive) -> upkeep.compact(before, archive);
            case Command.BackUp _ -> upkeep.backUp();
        };
    }

    private static CommandResult await(CompletionStage<CommandResult> result) {
        return result.toCompletableFuture().join();
    }

    private static Refused unknown(String kind, String name, Collection<String> known) {
        return new Refused("unknown-name", Similar.unknown(kind, name, known));
    }

    @FunctionalInterface
    private interface Action {
        CommandResult perform();
    }

    private CommandResult onAgent(String agent, Action action) {
        Project now = project.now();
        return now.agents().containsKey(Instances.agentOf(agent))
                ? action.perform()
                : unknown("agent", agent, now.agents().keySet());
    }

    private CommandResult onPool(String pool, Action action) {
        Project now = project.now();
        return now.pools().containsKey(pool)
                ? action.perform()
                : unknown("pool", pool, now.pools().keySet());
    }

    private CommandResult runAgent(String agent, String input) {
        String definition = Instances.agentOf(agent);
        AgentSpec spec = Objects.requireNonNull(project.now().agents().get(definition));
        var verdict = trust.check(definition);
        return verdict.allowed() || verdict.asks()
                ? await(runs.startAgent(spec.named(agent), input))
                : new Refused("untrusted", "agent '" + agent + "' may not run: " + verdict.why());
    }

    /// Whoever waits for the verdict asks again.
    private CommandResult onTrust(String agent, CommandResult result) {
        if (result instanceof Done) {
            host.controls().trustDecided(Instances.agentOf(agent));
        }
        return result;
    }

    /// A schedule starts runs by commands and is told about by commands.
    void schedules(Scheduler scheduler) {
        schedules = scheduler;
    }

    private Scheduler schedules() {
        return Objects.requireNonNull(schedules);
    }

    private CommandResult onSchedule(String id, Function<ScheduleSpec, CommandResult> action) {
        ScheduleSpec spec = project.now().schedules().get(id);
        return spec == null ? unknown("schedule", id, project.now().schedules().keySet()) : action.apply(spec);
    }

    /// Begins the run that a schedule is for; durable when it returns.
    CommandResult runScheduled(ScheduleSpec schedule) {
        String name = schedule.name();
        String input = schedule.inputJson();
        return switch (schedule.kind()) {
            case "agent" -> perform(new Command.RunAgent(name, input));
            case "saga" -> perform(new Command.RunSaga(name, input));
            case "pool" -> perform(new Command.RunPool(name, input));
            case "workflow" -> perform(new Command.RunWorkflow(name, input));
            default -> new Refused("unsupported", "a " + schedule.kind() + " can not be run by a schedule");
        };
    }

    Duration shutdownTimeout() {
        return project.now().lifecycle().shutdownTimeout();
    }

    private CommandResult down() {
        CommandResult result = supervision.stop();
        supervision.forget();
        views.wasUp(false);
        return result;
    }

    private CommandResult change(Function<Project, Outcome> change) {
        return project.change(change, this::goBy);
    }

    /// @param agent goes by it at once
    private CommandResult changeGrants(String agent, Function<Project, Outcome> change) {
        return project.alone(() -> {
            Project before = project.now();
            CommandResult result = change(change);
            if (project.now() != before && supervision.tree().isSupervised(agent)) {
                host.upOf(agent).forEach(up -> await(supervision.tree().restartChild(null, up)));
            }
            return result;
        });
    }

    private CommandResult changeBudget(Function<Project, Outcome> change) {
        return project.change(change, next -> ledger.configure(next.budgets()));
    }

    private CommandResult reload() {
        return project.alone(() -> reloading.reload(project.now(), next -> project.become(next, this::goBy)));
    }

    /// What {@link Command.Reload} would do if these texts were saved; nothing is changed.
    ReloadPlan plan(Map<String, String> unsaved) {
        return reloading.plan(project.now(), unsaved);
    }

    private void goBy(Project next) {
        ledger.configure(next.budgets());
        trust.configure(next);
        host.configure(next, trust);
        schedules().configure(next.schedules());
        runs.configure(next.pools().values(), next.supervisedPools());
    }
}
