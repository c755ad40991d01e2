package nexus.aiagents.engine.view;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.JournalEntry;
import nexus.aiagents.engine.project.AgentSpec;
import nexus.aiagents.engine.project.Instances;
import nexus.aiagents.engine.project.PoolSpec;
import nexus.aiagents.engine.project.Project;
import nexus.aiagents.engine.project.SagaSpec;
import nexus.aiagents.engine.project.ScheduleSpec;
import nexus.aiagents.engine.project.SupervisorSpec;
import nexus.aiagents.engine.project.WorkflowSpec;
import nexus.aiagents.engine.view.AgentView.TrustView;
import nexus.aiagents.engine.view.ProjectView.LifecycleView;
import nexus.aiagents.engine.view.ProjectView.NoticeView;
import nexus.aiagents.engine.view.ProjectView.PoolView;
import nexus.aiagents.engine.view.ProjectView.QueueView;
import nexus.aiagents.engine.view.ProjectView.SagaStepView;
import nexus.aiagents.engine.view.ProjectView.SagaView;
import nexus.aiagents.engine.view.ProjectView.SpendPoint;
import nexus.aiagents.engine.view.ProjectView.WorkflowStepView;
import nexus.aiagents.engine.view.ProjectView.WorkflowView;
import org.jspecify.annotations.Nullable;

/// Folds the journal into snapshots. Thread-safe; a snapshot is made when it is asked for and kept until
/// something changed or half a second has passed (windows of restarts and budgets move with time).
public final class ViewFold {
    private static final int RUNS_KEPT = 200;
    /// Of a queue: the last that ended, and the first that wait. Others are counted, not listed.
    private static final int JOBS_KEPT = 100;

    private static final int SPEND_KEPT = 2_000;
    private static final int NOTICES_KEPT = 100;
    private static final Duration STALE = Duration.ofMillis(500);

    private final transient Clock clock;
    private final transient Supplier<List<BudgetView>> budgets;
    private final transient Function<String, TrustView> trust;
    private final transient Function<String, AgentView.@Nullable LifeSign> life;
    private final transient Supplier<List<ScheduleView>> schedules;
    private Map<String, AgentFold> agents = new HashMap<>();
    private Map<String, SupervisorFold> supervisors = new HashMap<>();
    private LinkedHashMap<String, RunFold> runs = new LinkedHashMap<>();
    /// Ids of runs that have ended, in that order; jobs for themselves, so that a busy queue hides no saga.
    private Deque<String> ended = new ArrayDeque<>();

    private Deque<String> endedJobs = new ArrayDeque<>();
    private Map<String, QueueFold> queues = new HashMap<>();
    private Deque<SpendPoint> spend = new ArrayDeque<>();
    private Deque<NoticeView> notices = new ArrayDeque<>();
    /// Why children stay down until a person starts them.
    private Map<String, String> held = new HashMap<>();
    private transient Project project;
    private boolean up;
    private transient boolean wasUp;
    private long seq;
    private transient @Nullable Plan plan;
    private transient @Nullable ProjectView cached;
    private transient Supplier<@Nullable NoticeView> trouble = () -> null;

    /// @param budgets the ledger's own figures
    /// @param trust   what the gate knows of an agent
    public ViewFold(
            Project project, Supplier<List<BudgetView>> budgets, Function<String, TrustView> trust, Clock clock) {
        this(project, budgets, trust, _ -> null, List::of, clock);
    }

    /// @param budgets the ledger's own figures
    /// @param trust   what the gate knows of an agent
    /// @param life    what the runs of an agent look like just now, null if it has none
    /// @param schedules as they are now
    public ViewFold(
            Project project,
            Supplier<List<BudgetView>> budgets,
            Function<String, TrustView> trust,
            Function<String, AgentView.@Nullable LifeSign> life,
            Supplier<List<ScheduleView>> schedules,
            Clock clock) {
        this.life = life;
        this.schedules = schedules;
        this.project = project;
        this.budgets = budgets;
        this.trust = trust;
        this.clock = clock;
    }

    /// All that the entries so far made of it, as JSON. Fields that are not `transient` are in it by
    /// themselves.
    public synchronized byte[] remember() {
        return FoldJson.write(this);
    }

    /// Goes on from what {@link #remember} gave.
    ///
    /// @throws tools.jackson.core.JacksonException if it is of another shape
    public synchronized void recall(byte[] remembered) {
        FoldJson.read(remembered, this);
        plan = null;
        cached = null;
    }

    /// What is so now and can not be in the journal, such as that nothing can be written to it.
    ///
    /// @param now null if all is well; does not block
    public synchronized void alsoSay(Supplier<@Nullable NoticeView> now) {
        trouble = now;
    }

    /// The YAML changed: what is no longer in it is no longer shown.
    public synchronized void reloaded(Project changed) {
        project = changed;
        cached = null;
    }

    /// Whether the team is meant to be up although nobody has started it in this process.
    public synchronized void wasUp(boolean meantToBeUp) {
        wasUp = meantToBeUp;
        cached = null;
    }

    public synchronized ProjectView view() {
        Instant now = clock.instant();
        ProjectView known = cached;
        if (known != null
                && known.seq() == seq
                && Duration.between(known.at(), now).compareTo(STALE) < 0) {
            return known;
        }
        ProjectView made = snapshot(now);
        cached = made;
        return made;
    }

    public synchronized void apply(JournalEntry entry) {
        seq = entry.seq();
        cached = null;
        Instant at = entry.at();
        switch (entry.event()) {
            case EngineEvent.ProjectOpened _ -> processBegan(at);
            case EngineEvent.ProjectClosed _ -> processBegan(at);
            case EngineEvent.ProjectReloaded _ -> {}
            case EngineEvent.TeamStarted _ -> {
                up = true;
                wasUp = false;
            }
            case EngineEvent.TeamStopped _ -> up = false;
            case EngineEvent.Notice e -> notice(entry, e.level(), e.code(), e.message());
            case EngineEvent.OperatorActed _ -> {}
            case EngineEvent.JournalCompacted e ->
                notice(
                        entry,
                        "info",
                        "journal-compacted",
                        "Entries " + e.firstSeq() + " to " + e.lastSeq() + " of the journal were moved to "
                                + e.archive() + ".");
            case EngineEvent.AgentStarting e -> {
                held.remove(e.agent());
                agent(e.agent()).starting(at);
            }
            case EngineEvent.AgentUp e -> agent(e.agent()).up(at);
            case EngineEvent.AgentStartFailed e -> agent(e.agent()).startFailed(at, e.reason());
            case EngineEvent.AgentExited e -> agent(e.agent()).exited(at, e.reason());
            case EngineEvent.AgentPaused e -> {
                agent(e.agent()).paused(at, e.cause(), e.detail());
                notice(entry, "warning", "paused-" + e.cause(), e.agent() + " is paused: " + e.detail());
            }
            case EngineEvent.AgentResumed e -> agent(e.agent()).resumed(at);
            case EngineEvent.AgentStuck e -> {
                agent(e.agent()).stuck(at, e);
                notice(entry, "warning", "stuck", AgentFold.inWords(e));
            }
            case EngineEvent.CallStarted e -> agent(e.agent()).callStarted(at, e.callId());
            case EngineEvent.CallEnded e -> agent(e.agent()).callEnded(at, e);
            case EngineEvent.AgentLogged _ -> {}
            case EngineEvent.AgentEmitted _ -> {}
            case EngineEvent.HostCallMade e -> agent(e.agent()).hostCall(e.kind() + " " + e.target());
            case EngineEvent.HostCallDenied e -> agent(e.agent()).denied(e.kind());
            case EngineEvent.SupervisorStarted e -> {
                held.remove(e.supervisor());
                forget(supervisor(e.supervisor()));
                supervisor(e.supervisor()).started();
            }
            case EngineEvent.SupervisorRestarted e -> restarted(at, e);
            case EngineEvent.ChildBackingOff e -> {
                Instant until = Instant.ofEpochMilli(e.untilEpochMillis());
                if (project.supervisors().containsKey(e.child())) {
                    supervisor(e.child()).backingOff(until);
                } else if (isAgent(e.child())) {
                    agent(e.child()).backingOff(at, until);
                }
            }
            case EngineEvent.ChildHeld e -> held(entry, e);
            case EngineEvent.ChildAdded e -> supervisor(e.supervisor()).added(e);
            case EngineEvent.ChildDeleted e -> {
                held.remove(e.child());
                supervisor(e.supervisor()).deleted(e.child());
                forget(e.child());
            }
            case EngineEvent.SupervisorGaveUp e -> gaveUp(entry, e);
            case EngineEvent.SupervisorStopped e -> {
                forget(supervisor(e.supervisor()));
                supervisor(e.supervisor()).stopped(e.why());
            }
            case EngineEvent.RunStarted e -> {
                runs.put(e.runId(), new RunFold(e, at));
                if (e.kind().equals("job")) {
                    queue(e.name()).accepted(at, e.runId());
                }
            }
            case EngineEvent.RunResumed e -> run(e.runId(), RunFold::resumed);
            case EngineEvent.StepStarted e -> run(e.runId(), r -> r.stepStarted(at, e));
            case EngineEvent.StepDone e -> run(e.runId(), r -> r.stepDone(at, e));
            case EngineEvent.StepFailed e -> run(e.runId(), r -> r.stepFailed(at, e));
            case EngineEvent.StepUnknown e -> run(e.runId(), r -> r.stepUnknown(at, e));
            case EngineEvent.CompensationStarted e -> run(e.runId(), r -> r.compensationStarted(at, e));
            case EngineEvent.CompensationDone e -> run(e.runId(), r -> r.compensationDone(at, e));
            case EngineEvent.CompensationFailed e -> run(e.runId(), r -> r.compensationFailed(at, e));
            case EngineEvent.CompensationSkipped e -> run(e.runId(), r -> r.compensationSkipped(at, e));
            case EngineEvent.RunParked e -> {
                run(e.runId(), r -> r.parked(e));
                notice(
                        entry,
                        "warning",
                        "run-parked",
                        "Run " + e.runId() + " waits for you at step '" + e.step() + "' (" + e.why() + ").");
            }
            case EngineEvent.RunPaused e -> run(e.runId(), r -> r.paused(true));
            case EngineEvent.RunUnpaused e -> run(e.runId(), r -> r.paused(false));
            case EngineEvent.ApprovalAsked e -> {
                run(e.runId(), r -> r.approvalAsked(e));
                notice(
                        entry,
                        "warning",
                        "approval",
                        "Run " + e.runId() + " waits for your approval of step '" + e.step() + "'.");
            }
            case EngineEvent.StepApproved e -> run(e.runId(), r -> r.approved(e.step()));
            case EngineEvent.StepRejected e -> run(e.runId(), r -> r.approved(e.step()));
            case EngineEvent.StepSkipped e -> run(e.runId(), r -> r.stepSkipped(at, e));
            case EngineEvent.RunReopened e -> run(e.runId(), r -> r.reopened(e));
            case EngineEvent.ScheduleFired _, EngineEvent.SchedulePaused _, EngineEvent.ScheduleResumed _ -> {}
            case EngineEvent.ScheduleSkipped e -> {
                if (e.why().startsWith("it could")) {
                    notice(entry, "warning", "schedule-refused", e.schedule() + " was due, but " + e.why());
                }
            }
            case EngineEvent.RunEnded e ->
                run(e.runId(), r -> {
                    r.ended(at, e);
                    boolean job = r.kind().equals("job");
                    (job ? endedJobs : ended).addLast(e.runId());
                    if (job) {
                        queue(r.name()).ended(at, e);
                    }
                });
            case EngineEvent.PoolVoted e -> run(e.runId(), r -> r.voted(e));
            case EngineEvent.PoolMemberFailed e -> run(e.runId(), r -> r.memberFailed(e));
            case EngineEvent.PoolTied e -> run(e.runId(), r -> r.tied(at, e));
            case EngineEvent.PoolDecided e -> run(e.runId(), r -> r.decided(at, e));
            case EngineEvent.PoolOpened e -> {
                held.remove(e.pool());
                queue(e.pool()).opened(at, e);
            }
            case EngineEvent.PoolClosed e -> queue(e.pool()).closed();
            case EngineEvent.PoolScaled e -> queue(e.pool()).scaled(e);
            case EngineEvent.PoolPinned e -> queue(e.pool()).pinned(e.byHand());
            case EngineEvent.PoolDraining e -> queue(e.pool()).mode("draining");
            case EngineEvent.PoolDrained e -> queue(e.pool()).mode("drained");
            case EngineEvent.PoolResumed e -> queue(e.pool()).mode("open");
            case EngineEvent.PoolJobRefused e -> queue(e.pool()).refused();
            case EngineEvent.PoolJobStarted e -> {
                run(e.runId(), r -> r.jobStarted(at, e));
                queue(e.pool()).started(at, e);
            }
            case EngineEvent.PoolJobFailed e -> {
                run(e.runId(), r -> r.jobFailed(at, e));
                queue(e.pool()).attemptFailed(at, e);
            }
            case EngineEvent.PoolJobUnknown e -> {
                run(e.runId(), r -> r.jobCutShort(at, e));
                queue(e.pool()).cutShort(at, e.runId());
            }
            case EngineEvent.HoldPlaced _ -> {}
            case EngineEvent.HoldSettled e -> settled(at, e);
            case EngineEvent.HoldReleased _, EngineEvent.HoldRefused _ -> {}
            case EngineEvent.BudgetAlert e ->
                notice(entry, "warning", "budget-alert", e.budget() + " has used " + e.percent() + " % of its budget.");
            case EngineEvent.BudgetChanged _ -> {}
            case EngineEvent.TrustChecked e -> {
                if (!e.allowed()) {
                    notice(entry, "warning", "untrusted", e.agent() + " may not run: " + e.why());
                }
            }
        }
        trim();
    }

    private void processBegan(Instant at) {
        up = false;
        held.clear();
        supervisors.values().forEach(this::forget);
        agents.values().forEach(a -> a.processBegan(at));
        supervisors.values().forEach(SupervisorFold::processBegan);
        queues.values().forEach(queue -> queue.processEnded(at));
    }

    private void restarted(Instant at, EngineEvent.SupervisorRestarted e) {
        supervisor(e.supervisor()).restarted(at, e.microDollars());
        for (String child : e.affected()) {
            if (isAgent(child)) {
                agent(child).restarted();
            }
        }
    }

    private void gaveUp(JournalEntry entry, EngineEvent.SupervisorGaveUp e) {
        forget(supervisor(e.supervisor()));
        supervisor(e.supervisor()).gaveUp(e, project.supervisors().get(e.supervisor()));
        boolean nested = parentOf(e.supervisor()) != null;
        if (isAgent(e.child()) && !Instances.isInstance(e.child())) {
            agent(e.child()).gaveUp(entry.at(), e.reason());
        }
        String why =
                e.reason().message().isEmpty() ? e.reason().code() : e.reason().message();
        notice(
                entry,
                nested ? "warning" : "error",
                "gave-up",
                "Supervisor " + e.supervisor() + " gave up: " + e.child() + " kept failing (" + why + ").");
    }

    private boolean isAgent(String child) {
        return project.agents().containsKey(Instances.agentOf(child));
    }

    private @Nullable String parentOf(String supervisor) {
        return project.supervisors().values().stream()
                .filter(s -> s.everyChild().anyMatch(c -> c.name().equals(supervisor)))
                .map(SupervisorSpec::name)
                .findFirst()
                .orElse(null);
    }

    private void held(JournalEntry entry, EngineEvent.ChildHeld e) {
        held.put(e.child(), e.why());
        if (e.why().equals("budget")) {
            notice(
                    entry,
                    "warning",
                    "held-budget",
                    e.child() + " ended for want of money and is not restarted: raise its budget, then start it.");
        }
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

    private void settled(Instant at, EngineEvent.HoldSettled e) {
        long tokens = e.inputTokens() + e.outputTokens();
        agent(e.agent()).spent(tokens, e.microDollars());
        String runId = e.runId();
        if (runId != null) {
            spent(runId, tokens, e.microDollars());
        }
        spend.addLast(new SpendPoint(
                at, e.agent(), e.model(), runId == null ? "" : runId, e.microDollars(), tokens, e.scripted()));
    }

    /// What a nested run spends, the run that it is part of spends.
    private void spent(String runId, long tokens, long microDollars) {
        RunFold run = runs.get(runId);
        while (run != null) {
            run.spent(tokens, microDollars);
            String parent = run.parent();
            run = parent == null ? null : runs.get(parent);
        }
    }

    private void notice(JournalEntry entry, String level, String code, String message) {
        notices.addLast(new NoticeView(entry.seq(), entry.at(), level, code, message));
    }

    private void trim() {
        while (spend.size() > SPEND_KEPT) {
            spend.removeFirst();
        }
        while (notices.size() > NOTICES_KEPT) {
            notices.removeFirst();
        }
        forget(ended, RUNS_KEPT);
        forget(endedJobs, JOBS_KEPT);
    }

    private void forget(Deque<String> over, int kept) {
        while (over.size() > kept) {
            String oldest = over.removeFirst();
            RunFold run = runs.get(oldest);
            if (run != null && run.isFinal()) {
                runs.remove(oldest);
            }
        }
    }

    private ProjectView snapshot(Instant now) {
        Plan planned = plan();
        Map<String, String> parents = planned.parents();
        List<AgentView> shown = new ArrayList<>(planned.rows().size());
        for (Row row : planned.rows()) {
            shown.add(show(row.spec(), row.spec().name(), row.fold(), row.supervisor()));
        }
        supervisors.values().stream().flatMap(s -> s.instances().stream()).forEach(name -> {
            AgentSpec spec = project.agents().get(Instances.agentOf(name));
            if (spec != null) {
                shown.add(show(spec, name, fold(name), parents.get(spec.name())));
            }
        });

        List<RunView> newestFirst = new ArrayList<>();
        int waiting = 0;
        for (RunFold run : runs.values()) {
            waiting += run.waitsForWorker() ? 1 : 0;
            if (!run.waitsForWorker() || waiting <= JOBS_KEPT) {
                newestFirst.add(run.view());
            }
        }
        return new ProjectView(
                seq,
                now,
                project.name(),
                project.folder().toString(),
                up,
                List.copyOf(shown),
                project.supervisors().values().stream()
                        .map(spec -> supervisor(spec.name()).view(spec, parents.get(spec.name()), held, now))
                        .toList(),
                List.copyOf(newestFirst.reversed()),
                project.pools().values().stream()
                        .map(p -> new PoolView(
                                p.name(),
                                SupervisorFold.dashed(p.strategy()),
                                p.members(),
                                needed(p.strategy(), p.members().size(), p.quorum()),
                                queue(p, now)))
                        .toList(),
                project.sagas().values().stream()
                        .map(s -> new SagaView(
                                s.name(), s.steps().stream().map(ViewFold::step).toList()))
                        .toList(),
                budgets.get(),
                List.copyOf(spend),
                notices(trouble.get()),
                schedules.get(),
                new LifecycleView(
                        wasUp && !up,
                        ScheduleSpec.word(project.lifecycle().onOpen()),
                        project.lifecycle().shutdownTimeout().toMillis()),
                project.workflows().values().stream()
                        .map(w -> new WorkflowView(
                                w.name(), w.steps().stream().map(ViewFold::step).toList()))
                        .toList());
    }

    private List<NoticeView> notices(@Nullable NoticeView now) {
        List<NoticeView> all = new ArrayList<>(notices);
        if (now != null) {
            all.add(now);
        }
        return List.copyOf(all);
    }

    private static WorkflowStepView step(WorkflowSpec.StepSpec step) {
        String kind = step.target().kind().name().toLowerCase(Locale.ROOT);
        return new WorkflowStepView(step.name(), kind, step.target().name(), step.needs(), step.forEach() != null);
    }

    private static SagaStepView step(SagaSpec.StepSpec step) {
        String compensation = step.compensation();
        return new SagaStepView(step.name(), step.action(), compensation == null ? "" : compensation, step.group());
    }

    private static int needed(PoolSpec.Strategy strategy, int size, int quorum) {
        return switch (strategy) {
            case ALL -> size;
            case FIRST -> 1;
            case MAJORITY -> size / 2 + 1;
            case QUORUM -> quorum;
            case ROUND_ROBIN, LEAST_BUSY, RANDOM -> 1;
        };
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

    private Plan plan() {
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

    private AgentView show(AgentSpec spec, String name, AgentFold fold, @Nullable String supervisor) {
        return fold.view(spec, project, supervisor, trust.apply(spec.name()), fold.isBusy() ? life.apply(name) : null);
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

    private QueueFold queue(String pool) {
        return queues.computeIfAbsent(pool, _ -> new QueueFold());
    }

    private @Nullable QueueView queue(PoolSpec pool, Instant now) {
        PoolSpec.QueueSpec spec = pool.queue();
        return spec == null ? null : queue(pool.name()).view(pool, spec, now);
    }

    private void run(String runId, Consumer<RunFold> change) {
        RunFold run = runs.get(runId);
        if (run != null) {
            change.accept(run);
        }
    }
}
