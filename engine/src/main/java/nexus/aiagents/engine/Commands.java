package nexus.aiagents.engine;

import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import nexus.aiagents.engine.agent.AgentHost;
import nexus.aiagents.engine.control.Command;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.control.CommandResult.Done;
import nexus.aiagents.engine.control.CommandResult.Refused;
import nexus.aiagents.engine.journal.Journal;
import nexus.aiagents.engine.money.Ledger;
import nexus.aiagents.engine.project.AgentSpec;
import nexus.aiagents.engine.project.Analysis;
import nexus.aiagents.engine.project.BudgetEdit;
import nexus.aiagents.engine.project.BudgetSpec;
import nexus.aiagents.engine.project.Diagnostic;
import nexus.aiagents.engine.project.Instances;
import nexus.aiagents.engine.project.LanguageService;
import nexus.aiagents.engine.project.Pinned;
import nexus.aiagents.engine.project.PoolSpec;
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
    private static final int PROBLEMS_TOLD = 3;

    private final ProjectFolder folder;
    private final LanguageService language;
    private final Journal journal;
    private final Ledger ledger;
    private final AgentHost host;
    private final Runs runs;
    private final Supervision supervision;
    private final TrustDesk trust;
    private final ViewFold views;
    private final Upkeep upkeep;
    private final RunningTexts texts;
    private final ReloadDesk reloading;
    /// Held while the project or its files are being changed.
    private final ReentrantLock changing = new ReentrantLock();

    private @Nullable Scheduler schedules;
    private volatile Project project;

    Commands(
            Project project,
            ProjectFolder folder,
            LanguageService language,
            Journal journal,
            Ledger ledger,
            AgentHost host,
            Runs runs,
            Supervision supervision,
            TrustDesk trust,
            ViewFold views,
            Upkeep upkeep,
            RunningTexts texts) {
        this.project = project;
        this.folder = folder;
        this.language = language;
        this.journal = journal;
        this.ledger = ledger;
        this.host = host;
        this.runs = runs;
        this.supervision = supervision;
        this.trust = trust;
        this.views = views;
        this.upkeep = upkeep;
        this.texts = texts;
        this.reloading = new ReloadDesk(folder, language, supervision, host, journal, views, texts);
    }

    /// As it is now, after reloads.
    Project project() {
        return project;
    }

    CommandResult perform(Command command) {
        return switch (command) {
            case Command.Up _ -> supervision.start();
            case Command.Down _ -> down();
            case Command.Reload _ -> reload();
            case Command.StartAgent(String agent) ->
                onAgent(agent, () -> await(supervision.tree().startChild(null, agent)));
            case Command.StopAgent(String agent) ->
                onAgent(agent, () -> await(supervision.tree().stopChild(null, agent)));
            case Command.RestartAgent(String agent) ->
                onAgent(agent, () -> await(supervision.tree().restartChild(null, agent)));
            case Command.StartChild(String supervisor, String child) ->
                await(supervision.tree().startChild(supervisor, child));
            case Command.StopChild(String supervisor, String child) ->
                await(supervision.tree().stopChild(supervisor, child));
            case Command.RestartChild(String supervisor, String child) ->
                await(supervision.tree().restartChild(supervisor, child));
            case Command.AddChild add -> changeChildren(desk -> desk.add(project, add));
            case Command.DeleteChild delete -> changeChildren(desk -> desk.delete(project, delete));
            case Command.MoveChild move -> changeChildren(desk -> desk.move(project, move));
            case Command.CrashAgent(String agent) -> onAgent(agent, () -> crash(agent));
            case Command.HangAgent(String agent) -> onAgent(agent, () -> hang(agent));
            case Command.SlowAgent(String agent, long by, long howLong) ->
                onAgent(agent, () -> slow(agent, Duration.ofMillis(by), Duration.ofMillis(howLong)));
            case Command.OverspendAgent(String agent, long howLong) ->
                onAgent(agent, () -> overspend(agent, Duration.ofMillis(howLong)));
            case Command.PauseAgent(String agent) -> onAgent(agent, () -> pause(agent));
            case Command.ResumeAgent(String agent) -> onAgent(agent, () -> resume(agent));
            case Command.AllowRunaway(String agent) -> onAgent(agent, () -> allow(agent));
            case Command.DecideGrant asked -> changeGrants(desk -> desk.decide(project, asked), null);
            case Command.AddGrant asked -> changeGrants(desk -> desk.add(project, asked), asked.agent());
            case Command.RemoveGrant asked -> changeGrants(desk -> desk.remove(project, asked), asked.agent());
            case Command.DecideTrust asked -> onAgent(asked.agent(), () -> onTrust(asked.agent(), trust.decide(asked)));
            case Command.SignAgent(String agent) -> onAgent(agent, () -> onTrust(agent, trust.sign(agent)));
            case Command.RunAgent(String agent, String input) -> onAgent(agent, () -> runAgent(agent, input));
            case Command.RunSaga(String name, String input) -> {
                var saga = project.sagas().get(name);
                yield saga == null
                        ? unknown("saga", name, project.sagas().keySet())
                        : await(runs.startSaga(saga, Pinned.of(saga, project), input));
            }
            case Command.RunWorkflow(String name, String input) -> {
                var workflow = project.workflows().get(name);
                yield workflow == null
                        ? unknown("workflow", name, project.workflows().keySet())
                        : await(runs.startWorkflow(workflow, Pinned.of(workflow, project), input));
            }
            case Command.RunPool(String name, String input) -> {
                var pool = project.pools().get(name);
                yield pool == null
                        ? unknown("pool", name, project.pools().keySet())
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
            case Command.LimitPool limit -> onPool(limit.pool(), () -> limitPool(limit));
            case Command.DrainPool(String pool) -> onPool(pool, () -> await(runs.drainPool(pool)));
            case Command.ResumePool(String pool) -> onPool(pool, () -> await(runs.resumePool(pool)));
            case Command.SetBudget budget -> setBudget(budget);
            case Command.RunScheduleNow(String schedule) -> onSchedule(schedule, schedules()::runNow);
            case Command.PauseSchedule(String schedule) -> onSchedule(schedule, schedules()::pause);
            case Command.ResumeSchedule(String schedule) -> onSchedule(schedule, schedules()::resume);
            case Command.RemoveLimit(String budget, String limit) ->
                editBudget(budget, text -> BudgetEdit.removeLimit(text, budget, limit));
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
        Project now = project;
        return now.agents().containsKey(Instances.agentOf(agent))
                ? action.perform()
                : unknown("agent", agent, now.agents().keySet());
    }

    private CommandResult onPool(String pool, Action action) {
        Project now = project;
        return now.pools().containsKey(pool)
                ? action.perform()
                : unknown("pool", pool, now.pools().keySet());
    }

    private CommandResult runAgent(String agent, String input) {
        String definition = Instances.agentOf(agent);
        AgentSpec spec = Objects.requireNonNull(project.agents().get(definition));
        var verdict = trust.check(definition);
        return verdict.allowed() || verdict.asks()
                ? await(runs.startAgent(spec.named(agent), input))
                : new Refused("untrusted", "agent '" + agent + "' may not run: " + verdict.why());
    }

    /// Whoever waits for the verdict asks again.
    private CommandResult onTrust(String agent, CommandResult result) {
        if (result instanceof Done) {
            host.trustDecided(Instances.agentOf(agent));
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
        ScheduleSpec spec = project.schedules().get(id);
        return spec == null ? unknown("schedule", id, project.schedules().keySet()) : action.apply(spec);
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
        return project.lifecycle().shutdownTimeout();
    }

    private CommandResult down() {
        CommandResult result = supervision.stop();
        supervision.forget();
        views.wasUp(false);
        return result;
    }

    private CommandResult crash(String agent) {
        return host.crash(agent)
                ? new Done(agent + " was crashed")
                : new Refused("not-up", "agent '" + agent + "' is not up and has no call under way");
    }

    private CommandResult hang(String agent) {
        host.hang(agent);
        return new Done("the next call of " + agent + " to the host is never answered");
    }

    private CommandResult slow(String agent, Duration by, Duration howLong) {
        if (!isSpan(by) || !isSpan(howLong)) {
            return new Refused("bad-input", "a time must be more than nothing and at most an hour");
        }
        host.slow(agent, by, howLong);
        return new Done("for " + Timespans.inWords(howLong) + " every call of " + agent + " to the host takes "
                + Timespans.inWords(by) + " longer");
    }

    private CommandResult overspend(String agent, Duration howLong) {
        if (!isSpan(howLong)) {
            return new Refused("bad-input", "a time must be more than nothing and at most an hour");
        }
        String budget = host.overspend(agent, howLong);
        return budget == null
                ? new Refused(
                        "no-budget",
                        "no budget of agent '" + agent + "' can be used up: give it a `cost` block with maxDollars or"
                                + " maxTokens that does not count per run")
                : new Done("all that is left of " + budget + " is held for " + Timespans.inWords(howLong)
                        + "; nothing is billed");
    }

    private static boolean isSpan(Duration span) {
        return span.isPositive() && span.compareTo(Duration.ofHours(1)) <= 0;
    }

    private CommandResult pause(String agent) {
        return host.pause(agent)
                ? new Done(agent + " is paused; its work stops at its next call to the world")
                : new Refused("already", "agent '" + agent + "' is paused already");
    }

    private CommandResult resume(String agent) {
        if (host.resume(agent)) {
            return new Done(agent + " goes on");
        }
        return host.waitsForDecision(agent)
                ? new Refused(
                        "undecided", agent + " waits for a decision of yours, not to be resumed: `naos grants asks`")
                : new Refused("already", "agent '" + agent + "' is not paused");
    }

    private CommandResult allow(String agent) {
        return host.allow(agent)
                ? new Done(agent + " goes on, and may do so from now on")
                : new Refused("already", "the runaway guard does not hold agent '" + agent + "'");
    }

    // ---- changes of the project

    private CommandResult reload() {
        changing.lock();
        try {
            return reloading.reload(project, this::apply);
        } finally {
            changing.unlock();
        }
    }

    /// What {@link Command.Reload} would do if these texts were saved; nothing is changed.
    ReloadPlan plan(Map<String, String> unsaved) {
        return reloading.plan(project, unsaved);
    }

    private CommandResult changeChildren(Function<SupervisorDesk, SupervisorDesk.Outcome> change) {
        changing.lock();
        try {
            SupervisorDesk.Outcome outcome = change.apply(new SupervisorDesk(folder, language, supervision, texts));
            if (outcome.project() != project) {
                apply(outcome.project());
            }
            return outcome.result();
        } finally {
            changing.unlock();
        }
    }

    /// @param agent who is to go by it at once, null: who waits for it goes on by itself
    private CommandResult changeGrants(Function<GrantDesk, GrantDesk.Outcome> change, @Nullable String agent) {
        changing.lock();
        try {
            GrantDesk.Outcome outcome = change.apply(new GrantDesk(folder, language, journal, host, texts));
            if (outcome.project() != project) {
                apply(outcome.project());
                if (agent != null && supervision.tree().isSupervised(agent)) {
                    host.upOf(agent).forEach(up -> await(supervision.tree().restartChild(null, up)));
                }
            }
            return outcome.result();
        } finally {
            changing.unlock();
        }
    }

    private CommandResult limitPool(Command.LimitPool asked) {
        changing.lock();
        try {
            PoolSpec pool = project.pools().get(asked.pool());
            if (pool == null) { // a reload took it away just now
                return unknown("pool", asked.pool(), project.pools().keySet());
            }
            PoolDesk.Outcome outcome = new PoolDesk(folder, language, texts).limit(project, pool, asked);
            if (outcome.project() != project) {
                apply(outcome.project());
            }
            return outcome.result();
        } finally {
            changing.unlock();
        }
    }

    private void apply(Project next) {
        ledger.configure(next.budgets());
        trust.configure(next);
        host.configure(next, trust);
        schedules().configure(next.schedules());
        runs.configure(next.pools().values(), next.supervisedPools());
        project = next;
        views.reloaded(next);
    }

    static Refused projectErrors(String consequence, Analysis analysis) {
        List<String> told = analysis.diagnostics().stream()
                .filter(Diagnostic::isError)
                .limit(PROBLEMS_TOLD)
                .map(d -> d.at().file() + ":" + (d.at().line() + 1) + ": " + d.message())
                .toList();
        return new Refused("project-errors", "the project has errors, " + consequence + ": " + String.join("; ", told));
    }

    private CommandResult setBudget(Command.SetBudget asked) {
        if (asked.maxMicroDollars() == null
                && asked.maxTokens() == null
                && asked.maxCalls() == null
                && asked.onLimit() == null) {
            return new Refused("bad-input", "say what to change: maxMicroDollars, maxTokens, maxCalls or onLimit");
        }
        return editBudget(
                asked.budgetId(),
                text -> BudgetEdit.apply(
                        text,
                        asked.budgetId(),
                        asked.maxMicroDollars(),
                        asked.maxTokens(),
                        asked.maxCalls(),
                        asked.onLimit()));
    }

    /// In the YAML, and at once in the ledger.
    private CommandResult editBudget(String id, UnaryOperator<String> edit) {
        changing.lock();
        try {
            BudgetSpec budget = budget(project, id);
            if (budget == null) {
                List<String> known =
                        project.budgets().stream().map(BudgetSpec::id).toList();
                return unknown("budget", id, known);
            }
            String file = budget.at().file();
            String text = edit.apply(folder.read(file));
            Analysis analysis = language.analyze(folder.root(), Map.of(file, text));
            BudgetSpec edited = analysis.project() == null ? null : budget(analysis.project(), id);
            if (edited == null || analysis.hasErrors()) {
                return projectErrors("so the budget was not written", analysis);
            }
            folder.replace(file, text);
            texts.edit(file, edit);
            Project changed = with(project, edited);
            ledger.configure(changed.budgets());
            project = changed;
            views.reloaded(changed);
            return new Done("budget " + id + " is changed in " + file);
        } catch (IllegalArgumentException e) {
            return new Refused("bad-input", String.valueOf(e.getMessage()));
        } catch (IOException e) {
            return new Refused("store", "the file of the budget can not be written: " + e.getMessage());
        } finally {
            changing.unlock();
        }
    }

    private static @Nullable BudgetSpec budget(Project project, String id) {
        return project.budgets().stream()
                .filter(budget -> budget.id().equals(id))
                .findFirst()
                .orElse(null);
    }

    /// The budget alone: what else was edited in the files waits for a reload.
    private static Project with(Project project, BudgetSpec edited) {
        List<BudgetSpec> budgets = project.budgets().stream()
                .map(budget -> budget.id().equals(edited.id()) ? edited : budget)
                .toList();
        return new Project(
                project.folder(),
                project.name(),
                project.hash(),
                project.agents(),
                project.supervisors(),
                project.sagas(),
                project.pools(),
                project.workflows(),
                project.models(),
                budgets,
                project.trust(),
                project.schedules(),
                project.lifecycle(),
                project.journal(),
                project.recording(),
                project.sandbox());
    }
}
