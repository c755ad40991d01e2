package nexus.aiagents.app.desktop;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
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
import nexus.aiagents.engine.journal.JournalEntry;
import nexus.aiagents.engine.journal.RunQuery;
import nexus.aiagents.engine.journal.RunRecord;
import nexus.aiagents.engine.project.ReloadPlan;
import nexus.aiagents.engine.replay.Recording;
import nexus.aiagents.engine.replay.RecordingFile;
import nexus.aiagents.engine.replay.Recordings;
import nexus.aiagents.engine.view.ProjectView;
import nexus.aiagents.engine.view.RunView;

/// An open project whose snapshot a test sets, and which remembers what it was told.
public final class FakeEngineClient implements EngineClient {
    private final LinkedBlockingQueue<Command> commands = new LinkedBlockingQueue<>();
    private final List<JournalEntry> journal = new CopyOnWriteArrayList<>();
    private final List<Consumer<JournalEntry>> followers = new CopyOnWriteArrayList<>();
    private final List<Consumer<JournalEntry>> watchers = new CopyOnWriteArrayList<>();
    private volatile ProjectView view;
    private volatile RunningConfiguration configuration = new RunningConfiguration(Map.of());
    private volatile ReloadPlan plan = ReloadPlan.NOTHING;
    private volatile Function<Command, CommandResult> answer = _ -> new CommandResult.Done("done");
    private volatile boolean closed;
    private volatile List<Recording> recordings = List.of();
    private volatile RecordingFile recorded;
    private final List<RunView> old = new CopyOnWriteArrayList<>();

    public FakeEngineClient(ProjectView view) {
        this.view = view;
    }

    /// What runs, and what a reload would do to it.
    public void runs(Map<String, String> files, ReloadPlan reload) {
        configuration = new RunningConfiguration(files);
        plan = reload;
    }

    /// Whether the window only waits for the journal, and does not ask for snapshots.
    public boolean isWatched() {
        return !watchers.isEmpty();
    }

    /// Snapshots are put in without the entries that make them.
    private void hurry() {
        JournalEntry entry = new JournalEntry(1, SampleViews.NOW, new EngineEvent.TeamStarted(), "");
        watchers.forEach(watcher -> watcher.accept(entry));
    }

    public void set(ProjectView next) {
        view = next;
        hurry();
    }

    /// Of every run, from now on.
    public void recorded(List<Recording> list, RecordingFile file) {
        recorded = file;
        recordings = list;
    }

    /// A run of which only the journal knows.
    public void alsoOnce(RunView run) {
        old.add(run);
    }

    public void change(UnaryOperator<ProjectView> change) {
        view = change.apply(view);
        hurry();
    }

    /// What commands are answered from now on; it may also change the view.
    public void answerWith(Function<Command, CommandResult> answers) {
        answer = answers;
    }

    /// Waits for the next command.
    public Command nextCommand() throws InterruptedException {
        return Objects.requireNonNull(commands.poll(20, TimeUnit.SECONDS), "no command came");
    }

    /// How many commands came that no test has asked for.
    public int waiting() {
        return commands.size();
    }

    public void append(JournalEntry... entries) {
        for (JournalEntry entry : entries) {
            journal.add(entry);
            followers.forEach(f -> f.accept(entry));
        }
    }

    public void append(EngineEvent event) {
        long seq = journal.size() + 1L;
        append(new JournalEntry(seq, SampleViews.NOW.plusMillis(seq), event, "hash-" + seq));
    }

    public boolean isClosed() {
        return closed;
    }

    /// What was at an entry, for tests that look back.
    public final Map<Long, ProjectView> past = new ConcurrentHashMap<>();

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
        return past.getOrDefault(seq, view);
    }

    @Override
    public ProjectView view() {
        return view;
    }

    @Override
    public CompletionStage<CommandResult> submit(Command command, String by) {
        CommandResult result = answer.apply(command);
        commands.add(command);
        return CompletableFuture.completedFuture(result);
    }

    @Override
    public List<JournalEntry> history(HistoryQuery query) {
        List<JournalEntry> fits = journal.stream()
                .filter(e -> e.seq() > query.afterSeq())
                .filter(e -> query.types().isEmpty()
                        || query.types().contains(e.event().getClass().getSimpleName()))
                .toList();
        int drop = Math.max(0, fits.size() - query.max());
        return query.tail() ? fits.subList(drop, fits.size()) : fits.subList(0, Math.min(fits.size(), query.max()));
    }

    @Override
    public Runnable follow(long afterSeq, Consumer<JournalEntry> listener) {
        if (Thread.currentThread().getName().equals("live-view")) {
            watchers.add(listener);
            return () -> watchers.remove(listener);
        }
        journal.stream().filter(e -> e.seq() > afterSeq).forEach(listener);
        followers.add(listener);
        return () -> followers.remove(listener);
    }

    @Override
    public List<AuditLine> lines(HistoryQuery query) {
        return history(query).stream()
                .map(e -> new AuditLine(e.seq(), e.at(), "0".repeat(64), e.hash(), EventJson.write(e.event())))
                .toList();
    }

    @Override
    public AuditReport audit() {
        return new AuditReport(1, view().seq(), 0, null, List.of());
    }

    @Override
    public List<RunRecord> runs(RunQuery query) {
        return Stream.concat(view.runs().stream(), old.stream())
                .map(SampleViews::record)
                .filter(query::fits)
                .toList();
    }

    @Override
    public Optional<FoundRun> run(String runId) {
        return Stream.concat(view.runs().stream(), old.stream())
                .filter(run -> run.id().equals(runId))
                .findFirst()
                .map(run -> new FoundRun(SampleViews.record(run), run));
    }

    @Override
    public List<AgentTotals> agentTotals() {
        return List.of();
    }

    @Override
    public List<Recording> recordings(Recording.Query query) {
        return recordings;
    }

    @Override
    public RecordingFile recording(String id) {
        RecordingFile file = recorded;
        if (file == null) {
            throw Recordings.unknown(id);
        }
        return file;
    }

    @Override
    public List<Backups.Backup> backups() {
        return List.of();
    }

    @Override
    public boolean isRemote() {
        return false;
    }

    @Override
    public void close() {
        closed = true;
    }
}
