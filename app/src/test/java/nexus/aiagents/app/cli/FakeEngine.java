package nexus.aiagents.app.cli;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.stream.Stream;
import nexus.aiagents.engine.control.Command;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.control.EngineClient;
import nexus.aiagents.engine.journal.AgentTotals;
import nexus.aiagents.engine.journal.AuditLine;
import nexus.aiagents.engine.journal.AuditReport;
import nexus.aiagents.engine.journal.Backups;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.EventJson;
import nexus.aiagents.engine.journal.ExitReason;
import nexus.aiagents.engine.journal.JournalEntry;
import nexus.aiagents.engine.journal.RunQuery;
import nexus.aiagents.engine.journal.RunRecord;
import nexus.aiagents.engine.project.BudgetSpec;
import nexus.aiagents.engine.project.ReloadPlan;
import nexus.aiagents.engine.replay.Recording;
import nexus.aiagents.engine.replay.RecordingFile;
import nexus.aiagents.engine.replay.Recordings;
import nexus.aiagents.engine.view.AgentView;
import nexus.aiagents.engine.view.BudgetView;
import nexus.aiagents.engine.view.ProjectView;
import nexus.aiagents.engine.view.RunView;
import nexus.aiagents.engine.view.RunView.StepState;
import nexus.aiagents.engine.view.RunView.StepView;
import nexus.aiagents.engine.view.ScheduleView;
import nexus.aiagents.engine.view.SupervisorView;

/// An open project that answers as it was told. One thread at a time.
final class FakeEngine implements EngineClient {
    static final Instant AT = Instant.parse("2026-11-23T10:00:00Z");

    final List<Command> commands = new ArrayList<>();
    final List<JournalEntry> journal = new ArrayList<>();
    private final List<Consumer<JournalEntry>> listeners = new ArrayList<>();
    final List<RunView> runs = new ArrayList<>();
    CommandResult answer = new CommandResult.Done("done as asked");
    /// What happens when a command is accepted.
    List<EngineEvent> consequences = List.of();
    /// The runs afterwards.
    List<RunView> after = List.of();

    /// Runs that the snapshot does not hold any more.
    final List<RunView> old = new ArrayList<>();
    /// Those whose entries are in an archive.
    final List<String> archived = new ArrayList<>();

    RunningConfiguration configuration = new RunningConfiguration(Map.of());
    ReloadPlan plan = ReloadPlan.NOTHING;

    boolean remote;
    boolean closed;
    long bad;

    static RunView run(String id, String kind, RunView.State state, List<StepView> steps) {
        boolean failed = state == RunView.State.FAILED;
        return new RunView(
                id,
                kind,
                "publish-article",
                state,
                AT,
                state.isFinal() ? AT.plusMillis(1500) : null,
                "{\"topic\":\"otters\"}",
                state == RunView.State.DONE ? "{\"text\":\"They float.\"}" : null,
                failed ? "publish" : null,
                failed ? "rejected" : null,
                failed ? "the site said no" : null,
                1234,
                567,
                false,
                steps,
                List.of());
    }

    static StepView step(String name, StepState state, int undoOrder) {
        boolean failed = state == StepState.FAILED;
        boolean undone = undoOrder > 0;
        return new StepView(
                name,
                name + "-agent",
                "undo-" + name,
                state,
                1,
                AT,
                AT.plusMillis(200),
                "{}",
                failed ? null : "{\"ok\":true}",
                failed ? "rejected" : null,
                failed ? "the site said no" : null,
                null,
                undone ? StepState.COMPENSATED : null,
                undoOrder,
                undone ? 1 : 0,
                undone ? AT : null,
                undone ? AT : null,
                null,
                null,
                false,
                null,
                List.of(),
                null,
                null);
    }

    /// The sample's saga, failed at its last step and rolled back.
    static RunView rolledBack(String id) {
        return run(
                id,
                "saga",
                RunView.State.FAILED,
                List.of(
                        step("research", StepState.COMPENSATED, 3),
                        step("draft", StepState.COMPENSATED, 2),
                        step("review", StepState.COMPENSATED, 1),
                        step("publish", StepState.FAILED, 0)));
    }

    void record(EngineEvent event) {
        JournalEntry entry = new JournalEntry(journal.size() + 1, AT, event, "0".repeat(64));
        journal.add(entry);
        List.copyOf(listeners).forEach(listener -> listener.accept(entry));
    }

    void willRun(RunView result) {
        answer = new CommandResult.RunStarted(result.id());
        ExitReason why = result.errorCode() == null
                ? ExitReason.NORMAL
                : ExitReason.error(result.errorCode(), String.valueOf(result.errorMessage()));
        consequences = List.of(
                new EngineEvent.RunStarted(result.id(), result.kind(), result.name(), "h", "{}", result.inputJson()),
                new EngineEvent.StepStarted(result.id(), "research", 1, "researcher", "k", "{}", "undo"),
                new EngineEvent.AgentLogged("researcher", result.id(), "info", "looking\u001b[2Jaround"),
                new EngineEvent.StepStarted("another", "secret", 1, "x", "k", "{}", null),
                result.state() == RunView.State.PARKED
                        ? new EngineEvent.RunParked(result.id(), "draft", "compensation-failed")
                        : new EngineEvent.RunEnded(
                                result.id(),
                                Format.lower(result.state()),
                                result.outputJson(),
                                result.failedStep(),
                                why));
        after = List.of(result);
    }

    @Override
    public RunningConfiguration configuration() {
        return configuration;
    }

    @Override
    public ReloadPlan plan(Map<String, String> unsaved) {
        return plan;
    }

    @Override
    public ProjectView viewAt(long seq) {
        return view();
    }

    @Override
    public ProjectView view() {
        var agent = new AgentView(
                "researcher",
                "javascript",
                "agents/researcher.js",
                "thread",
                "",
                "research-team",
                AgentView.State.PAUSED,
                "budget",
                "out of money: raise agent/research-bot",
                AT,
                3,
                new AgentView.ExitView(AT, "error", "connection-lost", "gone"),
                0,
                12,
                3,
                4567,
                123_400,
                true,
                1,
                2,
                3,
                0,
                "model",
                null,
                new AgentView.TrustView(true, 80, 4, "AA", ""),
                AgentView.LifeView.NONE,
                grants(),
                null);
        var supervisor = new SupervisorView(
                "research-team",
                null,
                "one-for-one",
                SupervisorView.State.RUNNING,
                "",
                5,
                60,
                3,
                List.of(AT),
                null,
                0,
                null,
                null,
                List.of(new SupervisorView.ChildView("researcher", "agent", "permanent")));
        var budget = new BudgetView(
                "agent/research-bot",
                "agent",
                "research-bot",
                "ever",
                "pause",
                5_000_000L,
                100_000L,
                null,
                4_100_000,
                81_000,
                40,
                10_000,
                200,
                82,
                BudgetView.Verdict.ALERT,
                List.of(50, 80, 95),
                null,
                new BudgetSpec.Reserve(500_000L, null, 3L));
        var saga = new ProjectView.SagaView(
                "publish-article", List.of(new ProjectView.SagaStepView("research", "researcher", "undo", null)));
        var pool = new ProjectView.PoolView("research-pool", "majority", List.of("a", "b", "c"), 2, null);
        var queue = new ProjectView.PoolView(
                "checkers",
                "round-robin",
                List.of("checker"),
                1,
                new ProjectView.QueueView(
                        "open",
                        1,
                        8,
                        2,
                        true,
                        false,
                        7,
                        100,
                        "reject",
                        1_500,
                        200,
                        1_400,
                        40,
                        2,
                        1,
                        3,
                        List.of(
                                new ProjectView.WorkerView(0, "checker", "r-job", 21, 80),
                                new ProjectView.WorkerView(1, "checker", null, 19, 60))));
        return new ProjectView(
                journal.size(),
                AT,
                "research-team",
                "/projects/demo",
                remote,
                List.of(agent),
                List.of(supervisor),
                List.copyOf(runs),
                List.of(pool, queue),
                List.of(saga),
                List.of(budget),
                List.of(),
                List.of(),
                List.of(schedule()),
                new ProjectView.LifecycleView(false, "ask", 10_000),
                List.of(new ProjectView.WorkflowView(
                        "newsletter",
                        List.of(new ProjectView.WorkflowStepView("collect", "agent", "collector", List.of(), false)))),
                List.of(new ProjectView.AskView(
                        "a1",
                        AT,
                        "researcher",
                        "r1",
                        "http",
                        "api.example.org",
                        "POST",
                        "http POST https://api.example.org/x")));
    }

    private static AgentView.GrantsView grants() {
        return new AgentView.GrantsView(
                true,
                List.of(
                        new AgentView.GrantView(
                                "http", "example.org", "GET, HEAD", "{\"host\":\"example.org\"}", 3, AT),
                        new AgentView.GrantView("kv", "", "up to 1 MB", "true", 0, null)),
                List.of(new AgentView.DenialView(
                        "http", "POST evil.org:443 is not granted", "grants: {http: [{host: \"evil.org\"}]}", 2, AT)));
    }

    private static ScheduleView schedule() {
        return new ScheduleView(
                "saga/publish-article",
                "saga",
                "publish-article",
                "0 9 * * MON-FRI",
                "Europe/Berlin",
                "once",
                "skip",
                true,
                false,
                Instant.parse("2026-11-23T08:00:00Z"),
                null,
                null,
                null,
                0,
                0,
                0,
                0);
    }

    @Override
    public CompletionStage<CommandResult> submit(Command command, String by) {
        commands.add(command);
        if (!(answer instanceof CommandResult.Refused)) {
            consequences.forEach(this::record);
            runs.removeIf(old -> after.stream().anyMatch(fresh -> fresh.id().equals(old.id())));
            runs.addAll(after);
        }
        return CompletableFuture.completedFuture(answer);
    }

    @Override
    public List<JournalEntry> history(HistoryQuery query) {
        List<JournalEntry> fits = journal.stream()
                .filter(e -> e.seq() > query.afterSeq())
                .filter(e -> query.types().isEmpty()
                        || query.types().contains(e.event().getClass().getSimpleName()))
                .toList();
        return query.tail() && fits.size() > query.max()
                ? fits.subList(fits.size() - query.max(), fits.size())
                : fits.subList(0, Math.min(query.max(), fits.size()));
    }

    @Override
    public Runnable follow(long afterSeq, Consumer<JournalEntry> listener) {
        List.copyOf(journal).stream().filter(e -> e.seq() > afterSeq).forEach(listener);
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    @Override
    public List<AuditLine> lines(HistoryQuery query) {
        return history(query).stream()
                .map(e -> new AuditLine(e.seq(), e.at(), "0".repeat(64), e.hash(), EventJson.write(e.event())))
                .toList();
    }

    @Override
    public AuditReport audit() {
        return new AuditReport(
                1,
                journal.size(),
                0,
                bad == 0
                        ? null
                        : new AuditReport.Finding(AuditReport.Kind.CHANGED, bad, "Entry " + bad + " was changed."),
                List.of());
    }

    @Override
    public List<RunRecord> runs(RunQuery query) {
        RunRecord run = new RunRecord(
                "r0", "saga", "publish-article", "failed", AT, AT, 1234, 567, "publish", "rejected", null, 3, 9, 0);
        return Stream.concat(old.stream().map(FakeEngine::record), Stream.of(run))
                .filter(query::fits)
                .limit(query.limit())
                .toList();
    }

    @Override
    public Optional<FoundRun> run(String runId) {
        return Stream.concat(runs.stream(), old.stream())
                .filter(run -> run.id().equals(runId))
                .findFirst()
                .map(run -> new FoundRun(record(run), archived.contains(runId) ? null : run));
    }

    private static RunRecord record(RunView run) {
        return new RunRecord(
                run.id(),
                run.kind(),
                run.name(),
                Format.lower(run.state()),
                run.startedAt(),
                run.endedAt(),
                run.microDollars(),
                run.tokens(),
                run.failedStep(),
                run.errorCode(),
                run.parentRunId(),
                3,
                9,
                0);
    }

    @Override
    public List<AgentTotals> agentTotals() {
        return List.of();
    }

    @Override
    public List<Recording> recordings(Recording.Query query) {
        return List.of();
    }

    @Override
    public RecordingFile recording(String id) {
        throw Recordings.unknown(id);
    }

    @Override
    public List<Backups.Backup> backups() {
        return List.of(new Backups.Backup("20261123-100000-000-auto-9.zip", AT, "auto", 9, 4_096));
    }

    @Override
    public boolean isRemote() {
        return remote;
    }

    @Override
    public void close() {
        closed = true;
    }

    /// Two answers, and nobody knows which.
    static RunView tied(String id) {
        RunView r = voted(id);
        return new RunView(
                r.id(),
                r.kind(),
                r.name(),
                RunView.State.PARKED,
                r.startedAt(),
                null,
                r.inputJson(),
                null,
                null,
                null,
                null,
                0,
                0,
                false,
                List.of(),
                List.of(
                        new RunView.VoteView("a", 0, "voted", "{\"text\":\"They float.\"}", null, 1),
                        new RunView.VoteView("b", 1, "voted", "{\"text\":\"They sink.\"}", null, 2)));
    }

    /// Everything a pool can say about its members.
    static RunView voted(String id) {
        RunView r = run(id, "pool", RunView.State.DONE, List.of());
        return new RunView(
                r.id(),
                r.kind(),
                "research-pool",
                r.state(),
                r.startedAt(),
                r.endedAt(),
                r.inputJson(),
                r.outputJson(),
                null,
                null,
                null,
                0,
                0,
                false,
                List.of(),
                List.of(
                        new RunView.VoteView("a", 0, "agreed", "{\"text\":\"They float.\"}", null, 0),
                        new RunView.VoteView("b", 1, "failed", null, "timeout", 0)));
    }
}
