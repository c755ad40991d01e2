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
import nexus.aiagents.engine.project.PoolSpec;
import nexus.aiagents.engine.project.Project;
import nexus.aiagents.engine.project.SagaSpec;
import nexus.aiagents.engine.project.ScheduleSpec;
import nexus.aiagents.engine.project.WorkflowSpec;
import nexus.aiagents.engine.view.AgentView.TrustView;
import nexus.aiagents.engine.view.ProjectView.AskView;
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
/// something changed or half a second has passed (windows of restarts and budgets move with time), a
/// quarter of a minute while nothing is up or under way.
public final class ViewFold {
    private static final int SPEND_KEPT = 2_000;
    private static final int NOTICES_KEPT = 100;
    private static final Duration STALE = Duration.ofMillis(500);
    private static final Duration STALE_AT_REST = Duration.ofSeconds(15);

    private final transient Clock clock;
    private final transient Supplier<List<BudgetView>> budgets;
    private final transient Function<String, TrustView> trust;
    private final transient Function<String, AgentView.@Nullable LifeSign> life;
    private final transient Supplier<List<ScheduleView>> schedules;
    private TeamFold team = new TeamFold();
    private RunsFold runs = new RunsFold();
    private Map<String, QueueFold> queues = new HashMap<>();
    private Deque<SpendPoint> spend = new ArrayDeque<>();
    private Deque<NoticeView> notices = new ArrayDeque<>();
    private LinkedHashMap<String, AskView> asks = new LinkedHashMap<>();
    private transient Project project;
    private boolean up;
    private transient boolean wasUp;
    private long seq;
    private transient @Nullable ProjectView cached;
    private transient Supplier<@Nullable NoticeView> trouble = () -> null;
    private transient Past past = (_, _, _) -> {};

    /// What was before, for a run that the views have forgotten.
    @FunctionalInterface
    public interface Past {
        /// @param upTo the newest entry that is asked for
        void tell(String runId, long upTo, Consumer<JournalEntry> to);
    }

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
    ///
    /// @return writes what is known now, whenever it is asked to and without holding anybody up
    public Supplier<byte[]> remember() {
        ViewFold copy = new ViewFold(project, budgets, trust, life, schedules, clock);
        copyTo(copy);
        return () -> FoldJson.write(copy);
    }

    /// Lets another one, that knows nothing and that nobody uses yet, know the same.
    public synchronized void copyTo(ViewFold other) {
        var _ = FoldCopy.copy(this, other);
    }

    /// Goes on from what {@link #remember} gave.
    ///
    /// @throws tools.jackson.core.JacksonException if it is of another shape
    public synchronized void recall(byte[] remembered) {
        FoldJson.read(remembered, this);
        cached = null;
    }

    /// What is so now and can not be in the journal, such as that nothing can be written to it.
    ///
    /// @param now null if all is well; does not block
    public synchronized void alsoSay(Supplier<@Nullable NoticeView> now) {
        trouble = now;
    }

    /// Where entries that were folded long ago are found; may take as long as reading them does.
    public synchronized void knowing(Past entries) {
        past = entries;
    }

    /// @return null if it is not among those that the views hold
    public synchronized @Nullable RunView run(String runId) {
        RunFold run = runs.find(runId);
        return run == null ? null : run.view();
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
        if (known != null && known.seq() == seq && isFresh(known, now)) {
            return known;
        }
        ProjectView made = snapshot(now);
        cached = made;
        return made;
    }

    private boolean isFresh(ProjectView known, Instant now) {
        Duration age = Duration.between(known.at(), now);
        if (age.compareTo(STALE) < 0) {
            return true;
        }
        return age.compareTo(STALE_AT_REST) < 0
                && known.rests()
                && known.notices().equals(notices(trouble.get()));
    }

    public synchronized void apply(JournalEntry entry) {
        seq = entry.seq();
        cached = null;
        Instant at = entry.at();
        switch (entry.event()) {
            case EngineEvent.ProjectOpened _, EngineEvent.ProjectClosed _ -> processBegan(at);
            case EngineEvent.TeamStarted _ -> {
                up = true;
                wasUp = false;
            }
            case EngineEvent.TeamStopped _ -> up = false;
            case EngineEvent.GrantAsked e ->
                asks.put(
                        e.askId(),
                        new AskView(e.askId(), at, e.agent(), e.runId(), e.kind(), e.grant(), e.mode(), e.what()));
            case EngineEvent.GrantDecided e -> asks.remove(e.askId());
            case EngineEvent.AgentStarting _,
                    EngineEvent.AgentUp _,
                    EngineEvent.AgentStartFailed _,
                    EngineEvent.AgentExited _,
                    EngineEvent.AgentPaused _,
                    EngineEvent.AgentResumed _,
                    EngineEvent.AgentStuck _,
                    EngineEvent.CallStarted _,
                    EngineEvent.CallEnded _,
                    EngineEvent.HostCallMade _,
                    EngineEvent.HostCallDenied _,
                    EngineEvent.SupervisorStarted _,
                    EngineEvent.SupervisorRestarted _,
                    EngineEvent.SupervisorStopped _,
                    EngineEvent.SupervisorGaveUp _,
                    EngineEvent.ChildBackingOff _,
                    EngineEvent.ChildHeld _,
                    EngineEvent.ChildAdded _,
                    EngineEvent.ChildDeleted _ -> team.apply(at, entry.event(), project);
            case EngineEvent.RunStarted e -> {
                runs.apply(at, e);
                if (e.kind().equals("job")) {
                    queue(e.name()).accepted(at, e.runId());
                }
            }
            case EngineEvent.RunEnded e -> {
                runs.apply(at, e);
                RunFold run = runs.find(e.runId());
                if (run != null && run.kind().equals("job")) {
                    queue(run.name()).ended(at, e);
                }
            }
            case EngineEvent.RunReopened e -> {
                if (runs.find(e.runId()) == null) {
                    findAgain(e.runId(), entry.seq() - 1);
                }
                runs.apply(at, e);
            }
            case EngineEvent.RunResumed _,
                    EngineEvent.RunPaused _,
                    EngineEvent.RunUnpaused _,
                    EngineEvent.RunParked _,
                    EngineEvent.ApprovalAsked _,
                    EngineEvent.StepStarted _,
                    EngineEvent.StepDone _,
                    EngineEvent.StepFailed _,
                    EngineEvent.StepUnknown _,
                    EngineEvent.StepApproved _,
                    EngineEvent.StepRejected _,
                    EngineEvent.StepSkipped _,
                    EngineEvent.CompensationStarted _,
                    EngineEvent.CompensationDone _,
                    EngineEvent.CompensationFailed _,
                    EngineEvent.CompensationSkipped _,
                    EngineEvent.PoolVoted _,
                    EngineEvent.PoolMemberFailed _,
                    EngineEvent.PoolTied _,
                    EngineEvent.PoolDecided _ -> runs.apply(at, entry.event());
            case EngineEvent.PoolOpened e -> {
                team.released(e.pool());
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
                runs.apply(at, e);
                queue(e.pool()).started(at, e);
            }
            case EngineEvent.PoolJobFailed e -> {
                runs.apply(at, e);
                queue(e.pool()).attemptFailed(at, e);
            }
            case EngineEvent.PoolJobUnknown e -> {
                runs.apply(at, e);
                queue(e.pool()).cutShort(at, e.runId());
            }
            case EngineEvent.HoldSettled e -> settled(at, e);
            case EngineEvent.ProjectReloaded _,
                    EngineEvent.Notice _,
                    EngineEvent.OperatorActed _,
                    EngineEvent.JournalCompacted _,
                    EngineEvent.WorkerStarted _,
                    EngineEvent.WorkerEnded _,
                    EngineEvent.GrantChanged _,
                    EngineEvent.AgentLogged _,
                    EngineEvent.AgentEmitted _,
                    EngineEvent.ScheduleFired _,
                    EngineEvent.SchedulePaused _,
                    EngineEvent.ScheduleResumed _,
                    EngineEvent.ScheduleSkipped _,
                    EngineEvent.HoldPlaced _,
                    EngineEvent.HoldReleased _,
                    EngineEvent.HoldRefused _,
                    EngineEvent.BudgetAlert _,
                    EngineEvent.BudgetChanged _,
                    EngineEvent.TrustDecided _,
                    EngineEvent.AgentSigned _,
                    EngineEvent.TrustChecked _ -> {}
        }
        NoticeView notice = Notices.of(entry, project);
        if (notice != null) {
            notices.addLast(notice);
        }
        trim();
    }

    private void findAgain(String runId, long upTo) {
        RunStory story = new RunStory(runId);
        past.tell(runId, upTo, story::apply);
        RunFold run = story.fold();
        if (run != null) {
            runs.foundAgain(runId, run);
        }
    }

    private void processBegan(Instant at) {
        up = false;
        asks.clear(); // the calls that asked are over
        team.processBegan(at);
        queues.values().forEach(queue -> queue.processEnded(at));
    }

    private void settled(Instant at, EngineEvent.HoldSettled e) {
        long tokens = e.inputTokens() + e.outputTokens();
        team.spent(e.agent(), tokens, e.microDollars());
        String runId = e.runId();
        if (runId != null) {
            runs.spent(runId, e.step(), tokens, e.microDollars());
        }
        spend.addLast(new SpendPoint(
                at, e.agent(), e.model(), runId == null ? "" : runId, e.microDollars(), tokens, e.scripted()));
    }

    private void trim() {
        while (spend.size() > SPEND_KEPT) {
            spend.removeFirst();
        }
        while (notices.size() > NOTICES_KEPT) {
            notices.removeFirst();
        }
    }

    private ProjectView snapshot(Instant now) {
        return new ProjectView(
                seq,
                now,
                project.name(),
                project.folder().toString(),
                up,
                team.agents(project, trust, life),
                team.supervisors(project, now),
                runs.newestFirst(),
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
                        .toList(),
                List.copyOf(asks.values()));
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

    private QueueFold queue(String pool) {
        return queues.computeIfAbsent(pool, _ -> new QueueFold());
    }

    private @Nullable QueueView queue(PoolSpec pool, Instant now) {
        PoolSpec.QueueSpec spec = pool.queue();
        return spec == null ? null : queue(pool.name()).view(pool, spec, now);
    }
}
