package nexus.aiagents.engine;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import nexus.aiagents.engine.agent.AgentHost;
import nexus.aiagents.engine.agent.AgentServices;
import nexus.aiagents.engine.agent.LoneProgram;
import nexus.aiagents.engine.control.Command;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.control.ControlServer;
import nexus.aiagents.engine.control.EngineClient;
import nexus.aiagents.engine.journal.AgentTotals;
import nexus.aiagents.engine.journal.AuditLine;
import nexus.aiagents.engine.journal.AuditLog;
import nexus.aiagents.engine.journal.AuditReport;
import nexus.aiagents.engine.journal.Backups;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.EventJson;
import nexus.aiagents.engine.journal.Journal;
import nexus.aiagents.engine.journal.JournalEntry;
import nexus.aiagents.engine.journal.RunQuery;
import nexus.aiagents.engine.journal.RunRecord;
import nexus.aiagents.engine.journal.StoreException;
import nexus.aiagents.engine.journal.XodusJournal;
import nexus.aiagents.engine.model.ChatModels;
import nexus.aiagents.engine.money.MoneyLedger;
import nexus.aiagents.engine.money.Prices;
import nexus.aiagents.engine.project.Analysis;
import nexus.aiagents.engine.project.Diagnostic;
import nexus.aiagents.engine.project.LanguageService;
import nexus.aiagents.engine.project.ModelSpec;
import nexus.aiagents.engine.project.PriceTable;
import nexus.aiagents.engine.project.Project;
import nexus.aiagents.engine.project.ReloadPlan;
import nexus.aiagents.engine.replay.Recording;
import nexus.aiagents.engine.replay.RecordingFile;
import nexus.aiagents.engine.replay.Recordings;
import nexus.aiagents.engine.run.DurableRuns;
import nexus.aiagents.engine.run.Schemas;
import nexus.aiagents.engine.schedule.Scheduler;
import nexus.aiagents.engine.secret.HostSecrets;
import nexus.aiagents.engine.trust.Signatures;
import nexus.aiagents.engine.trust.SigningKey;
import nexus.aiagents.engine.view.ProjectView;
import nexus.aiagents.engine.view.ProjectView.NoticeView;
import nexus.aiagents.engine.view.RunStory;
import nexus.aiagents.engine.view.RunView;
import nexus.aiagents.engine.view.ScheduleView;
import nexus.aiagents.engine.view.ViewFold;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// An open project. Holds the lock of its store until it is closed. Thread-safe.
public final class Engine implements EngineClient {
    private static final Logger LOG = LoggerFactory.getLogger(Engine.class);

    /// @param resumeRuns  go on with runs that were under way when the process ended; a command that
    ///     only looks says no
    /// @param serveControl listen on loopback so that other processes can send commands
    public record Options(boolean resumeRuns, boolean serveControl) {
        public static final Options RUN = new Options(true, true);
        public static final Options LOOK = new Options(false, false);
    }

    /// The project has errors and was not opened.
    public static final class ProjectHasErrors extends Exception {
        private final List<Diagnostic> diagnostics;

        public ProjectHasErrors(List<Diagnostic> diagnostics) {
            super("the project has errors");
            this.diagnostics = List.copyOf(diagnostics);
        }

        public List<Diagnostic> diagnostics() {
            return diagnostics;
        }
    }

    private final AuditLog journal;
    private final ProjectSandbox sandbox;
    private final ChatModels models;
    private final TrustDesk trust;
    private final AgentHost host;
    private final DurableRuns runs;
    private final Recordings recordings;
    private final Supervision supervision;
    private final Scheduler schedules;
    private final ViewFold views;
    private final Folds folds;
    private final PastViews pastViews;
    private final Folding folding;
    private final KeptFolds keptFolds;
    private final Upkeep upkeep;
    private final RunningTexts texts;
    private final RunningProject running;
    private final Commands commands;
    private final Followers followers;
    private final AtomicBoolean closing = new AtomicBoolean();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private final Presence presence;
    private volatile boolean works;
    private volatile @Nullable ControlServer control;

    /// The files of a script of a project as they lie there now, for a replay with another source than that
    /// of then.
    ///
    /// @param source as the agent names it: relative to the project's folder
    /// @return texts by their names relative to the script's own folder
    public static Map<String, String> scriptFiles(Path folder, String source) throws IOException {
        return LoneProgram.scriptFiles(folder.resolve(source));
    }

    /// Reads, checks and opens the project in `folder`. State is kept in `folder/.nexus`.
    ///
    /// @throws ProjectHasErrors if its YAML has errors
    /// @throws nexus.aiagents.engine.journal.StoreException if the store is locked, read-only or broken
    public static Engine open(Path folder, Options options) throws ProjectHasErrors {
        return open(folder, options, Upkeep.Pace.USUAL);
    }

    /// @param pace of what keeps the store in order
    static Engine open(Path folder, Options options, Upkeep.Pace pace) throws ProjectHasErrors {
        Path root = folder.toAbsolutePath().normalize();
        // Not the one that answers later: what was read is forgotten, which for a large project is most
        // of its memory.
        LanguageService.Loaded loaded = new LanguageService().load(root, Map.of());
        Analysis analysis = loaded.analysis();
        Project project = analysis.project();
        if (project == null || analysis.hasErrors()) {
            throw new ProjectHasErrors(analysis.diagnostics());
        }
        ProjectFolder place = new ProjectFolder(root);
        place.prepare();
        Clock clock = Clock.systemUTC();
        AuditLog journal = XodusJournal.open(place.store(), clock);
        Engine engine;
        try {
            RunningTexts texts = new RunningTexts(loaded.texts());
            engine = new Engine(project, texts, place, new LanguageService(), journal, clock, pace);
        } catch (RuntimeException e) {
            journal.close();
            throw e;
        }
        try {
            engine.begin(options, place);
            return engine;
        } catch (RuntimeException e) {
            engine.close();
            throw e;
        }
    }

    private Engine(
            Project project,
            RunningTexts texts,
            ProjectFolder place,
            LanguageService language,
            AuditLog journal,
            Clock clock,
            Upkeep.Pace pace) {
        RandomGenerator random = new SecureRandom();
        this.journal = journal;
        this.sandbox = new ProjectSandbox(place.cache(), project.sandbox(), journal);
        HostSecrets secrets = HostSecrets.ofThisHost(clock);
        this.models = ChatModels.create(place.root(), secrets::value);
        this.trust = new TrustDesk(
                project, secrets::value, journal, new Signatures(place.root(), SigningKey.ofThisPerson()), clock);
        MoneyLedger ledger = new MoneyLedger(journal, clock);
        this.recordings = new Recordings(place.records(), () -> running().now().recording(), clock);
        AgentServices services = new AgentServices(
                journal,
                ledger,
                models,
                Engine::price,
                sandbox,
                Schemas::problem,
                clock,
                random,
                System::getenv,
                secrets,
                recordings);
        this.host = new AgentHost(services, project, trust);
        this.runs = new DurableRuns(journal, host, clock, random, System::getenv);
        this.views = new ViewFold(project, ledger::views, trust::known, host::lifeSign, this::scheduleViews, clock);
        this.running = new RunningProject(project, views);
        this.presence = new Presence(journal, project, views);
        this.supervision = new Supervision(project, new TeamLauncher(running, host, runs), journal, clock);
        views.alsoSay(this::trouble);
        views.knowing(new History(journal)::tell);
        this.folds = new Folds(views, trust);
        this.pastViews = new PastViews(journal, running::now);
        this.folding = new Folding(journal);
        this.keptFolds = new KeptFolds(journal, folds, folding, new FoldMemory(journal, place.folds()));
        this.followers = new Followers(journal);
        this.upkeep = new Upkeep(
                journal,
                pace,
                place.archive(),
                () -> running.now().journal(),
                ledger::neededSince,
                keptFolds::asState,
                recordings);
        this.texts = texts;
        ProjectYaml yaml = new ProjectYaml(place, language, texts);
        this.commands = new Commands(running, yaml, journal, ledger, host, runs, supervision, trust, views, upkeep);
        this.schedules = new Scheduler(project.schedules(), journal, clock, commands::runScheduled, runs::isUnderWay);
        commands.schedules(schedules);
        folding.start(keptFolds.recall(), folds::apply, this::apply);
        views.wasUp(Supervision.isMeantToBeUp(journal));
        ledger.configure(project.budgets());
        ledger.settleAbandoned();
        runs.configure(project.pools().values(), project.supervisedPools());
    }

    private List<ScheduleView> scheduleViews() {
        return schedules.views();
    }

    private static Prices.@Nullable Price price(ModelSpec model) {
        ModelSpec.PriceSpec spec = PriceTable.builtIn().priceOf(model);
        return spec == null
                ? null
                : new Prices.Price(spec.inputPerMillion(), spec.outputPerMillion(), spec.cachedInputPerMillion());
    }

    private RunningProject running() {
        return running;
    }

    /// What comes, entry by entry.
    private void apply(JournalEntry entry) {
        if (entry.event() instanceof EngineEvent.CallEnded ended) {
            recordings.entered(ended.callId()); // before anybody can see that it ended
        }
        folds.apply(entry);
        supervision.apply(entry.event());
        schedules.apply(entry.event());
        switch (entry.event()) {
            case EngineEvent.TeamStarted _ -> schedules.activate();
            case EngineEvent.TeamStopped _ -> schedules.deactivate();
            default -> {}
        }
        keptFolds.folded(entry);
    }

    /// Nothing can be written, so it can not be said in the journal.
    private @Nullable NoticeView trouble() {
        StoreException problem = journal.problem();
        return problem == null
                ? null
                : new NoticeView(
                        journal.lastSeq(),
                        Instant.now(),
                        "error",
                        problem.code(),
                        problem.getMessage() + "; work that needs the store is refused until then");
    }

    private void begin(Options options, ProjectFolder place) {
        if (options.resumeRuns() || folds.leftOpen()) {
            presence.announce();
        }
        host.controls().restorePauses();
        if (options.resumeRuns()) {
            runs.recover();
        }
        if (options.serveControl()) {
            try {
                control = ControlServer.start(this, place.dotNexus());
            } catch (IOException e) {
                throw ProjectFolder.unusable(place.dotNexus(), e);
            }
        }
        folding.caughtUp().join();
        if (options.resumeRuns()) {
            upkeep.start();
            works = true;
        }
    }

    @Override
    public ProjectView view() {
        return views.view();
    }

    @Override
    public ProjectView viewAt(long seq) {
        return pastViews.at(seq);
    }

    @Override
    public RunningConfiguration configuration() {
        return new RunningConfiguration(texts.get());
    }

    @Override
    public ReloadPlan plan(Map<String, String> unsaved) {
        folding.caughtUp().join();
        return commands.plan(unsaved);
    }

    /// Completes when the command was carried out and the view shows what it did.
    @Override
    public CompletionStage<CommandResult> submit(Command command, String by) {
        CompletableFuture<CommandResult> result = new CompletableFuture<>();
        Thread.ofVirtual().name("command").start(() -> {
            try {
                CommandResult done = perform(command, by);
                folding.caughtUp().join();
                result.complete(done);
            } catch (RuntimeException | Error e) {
                LOG.error("{} failed inside", command, e);
                result.completeExceptionally(e);
            }
        });
        return result;
    }

    private CommandResult perform(Command command, String by) {
        if (closing.get()) {
            return new CommandResult.Refused("not-up", "the project is being closed");
        }
        try {
            presence.announce();
            String json = EventJson.mapper().writerFor(Command.class).writeValueAsString(command);
            journal.commitAndWait(Journal.Batch.of(new EngineEvent.OperatorActed(json, by)));
            return commands.perform(command);
        } catch (StoreException e) {
            return new CommandResult.Refused(e.code(), String.valueOf(e.getMessage()));
        }
    }

    @Override
    public List<JournalEntry> history(HistoryQuery query) {
        return new History(journal).find(query);
    }

    @Override
    public Runnable follow(long afterSeq, Consumer<JournalEntry> listener) {
        return followers.add(afterSeq, listener);
    }

    @Override
    public List<AuditLine> lines(HistoryQuery query) {
        return new History(journal).lines(query);
    }

    @Override
    public AuditReport audit() {
        return journal.audit();
    }

    @Override
    public List<RunRecord> runs(RunQuery query) {
        return journal.runs(query);
    }

    @Override
    public Optional<FoundRun> run(String runId) {
        RunRecord record = journal.run(runId);
        if (record == null) {
            return Optional.empty();
        }
        RunView held = views.run(runId);
        if (held != null) {
            return Optional.of(new FoundRun(record, held));
        }
        RunStory story = new RunStory(runId);
        new History(journal).tell(runId, Long.MAX_VALUE, story::apply);
        return Optional.of(new FoundRun(record, story.view()));
    }

    @Override
    public List<AgentTotals> agentTotals() {
        return journal.agentTotals();
    }

    @Override
    public List<Recording> recordings(Recording.Query query) {
        return recordings.list(query);
    }

    @Override
    public RecordingFile recording(String id) {
        RecordingFile file = recordings.file(id, journal, "");
        if (file == null) {
            throw Recordings.unknown(id);
        }
        return file;
    }

    @Override
    public List<Backups.Backup> backups() {
        return journal.backups().list();
    }

    @Override
    public boolean isRemote() {
        return false;
    }

    /// Lets what is under way come to its end, leaves runs at their last durable point, stops the
    /// agents, children in reverse order, and lets the store go. Takes at most the project's
    /// `shutdownTimeout` and, where something does not even end when it is killed, a few seconds more.
    /// The second time it waits for the first.
    @Override
    public void close() {
        if (!closing.compareAndSet(false, true)) {
            closed.join();
            return;
        }
        try {
            Duration total = commands.shutdownTimeout();
            Shutdown shutdown = new Shutdown(total, Shutdown.Waiting.real());
            ControlServer server = control;
            if (server != null) {
                shutdown.run("the control endpoint", server::close, 0.2);
            }
            shutdown.run("the schedules", schedules::close, 0.3);
            runs.leave(total.dividedBy(2));
            // Side by side: a call that is under way may be one to an agent of the team.
            var ending = shutdown.begin("the runs", runs::close);
            var stopping = shutdown.begin("the team", this::stopTeam);
            shutdown.await("the runs", ending, 0.8);
            shutdown.await("the team", stopping, 0.8);
            shutdown.run("the agents", host::close, 1);
            shutdown.await("the team", stopping, 1); // what did not stop by itself was killed just now
            shutdown.run("the journal", this::sayGoodbye, 1);
            shutdown.run("what the next opening is glad of", this::keepInOrder, 1);
            shutdown.run("the trust gate", trust::close, 1);
            shutdown.run("the models", models::close, 1);
            shutdown.run("the sandbox", sandbox::close, 1);
        } finally {
            journal.close();
            closed.complete(null);
        }
    }

    private void stopTeam() {
        supervision.closing();
        supervision.stop();
        supervision.tree().close();
    }

    private void keepInOrder() {
        keptFolds.beforeClose();
        if (works) {
            upkeep.close();
        }
    }

    private void sayGoodbye() {
        presence.sayGoodbye();
        followers.end();
    }
}
