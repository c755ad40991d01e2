package nexus.aiagents.engine.control;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import nexus.aiagents.engine.journal.AgentTotals;
import nexus.aiagents.engine.journal.AuditLine;
import nexus.aiagents.engine.journal.AuditReport;
import nexus.aiagents.engine.journal.Backups;
import nexus.aiagents.engine.journal.EventJson;
import nexus.aiagents.engine.journal.JournalEntry;
import nexus.aiagents.engine.journal.RunQuery;
import nexus.aiagents.engine.journal.RunRecord;
import nexus.aiagents.engine.journal.StoreException;
import nexus.aiagents.engine.project.ReloadPlan;
import nexus.aiagents.engine.replay.Recording;
import nexus.aiagents.engine.replay.RecordingFile;
import nexus.aiagents.engine.view.ProjectView;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A project that another process has open, through its {@link ControlServer}. Thread-safe.
///
/// Plain `HttpURLConnection`: for one request on loopback it is ready in a fraction of the time that
/// the newer client needs, and a command is over in that time.
public final class ControlClient implements EngineClient {
    private static final Logger LOG = LoggerFactory.getLogger(ControlClient.class);
    private static final Duration CONNECT = Duration.ofSeconds(2);
    private static final Duration SNAPSHOT = Duration.ofSeconds(10);
    private static final Duration REFRESH = Duration.ofMillis(250);

    private record Snapshot(ProjectView view, long nanos) {}

    private final ControlFile file;
    private final Path dotNexus;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private volatile Snapshot newest;
    private final AtomicBoolean refreshing = new AtomicBoolean();
    private volatile @Nullable EngineGone gone;

    /// Finds the process that has the project open. Empty if there is none, or if what it left behind leads
    /// to a process that is dead, does not answer or is another one.
    public static Optional<EngineClient> connect(Path dotNexus) {
        return ControlFile.read(dotNexus)
                .filter(f ->
                        ProcessHandle.of(f.pid()).filter(ProcessHandle::isAlive).isPresent())
                .flatMap(f -> reach(f, dotNexus));
    }

    private static Optional<EngineClient> reach(ControlFile file, Path dotNexus) {
        try {
            return Optional.of(new ControlClient(file, dotNexus));
        } catch (EngineGone | StoreException e) {
            LOG.debug("no answer from {}", file.port(), e);
            return Optional.empty();
        }
    }

    private ControlClient(ControlFile file, Path dotNexus) {
        this.file = file;
        this.dotNexus = dotNexus;
        newest = fetch();
    }

    /// Who closes a project takes the file away first.
    private EngineGone lost(IOException why) {
        boolean closed = !ControlFile.read(dotNexus).filter(file::equals).isPresent();
        return new EngineGone(file.pid(), closed, why);
    }

    /// The process at the other end.
    public long pid() {
        return file.pid();
    }

    /// Never waits: answers with the newest snapshot that has arrived and asks for the next.
    ///
    /// @throws EngineGone if the other process has ended
    @Override
    public ProjectView view() {
        @Nullable EngineGone lost = gone;
        if (lost != null) {
            throw lost;
        }
        Snapshot now = newest;
        if (System.nanoTime() - now.nanos() > REFRESH.toNanos() && refreshing.compareAndSet(false, true)) {
            threads.execute(() -> {
                try {
                    newest = fetch();
                } catch (EngineGone e) {
                    gone = e;
                } finally {
                    refreshing.set(false);
                }
            });
        }
        return now.view();
    }

    private Snapshot fetch() {
        return new Snapshot(call("GET", "/v1/view", null, ProjectView.class), System.nanoTime());
    }

    @Override
    public ProjectView viewAt(long seq) {
        return call("POST", "/v1/view-at", new ControlServer.Entry(seq), ProjectView.class);
    }

    @Override
    public RunningConfiguration configuration() {
        return call("GET", "/v1/configuration", null, RunningConfiguration.class);
    }

    @Override
    public ReloadPlan plan(Map<String, String> unsaved) {
        return call("POST", "/v1/plan", new RunningConfiguration(unsaved), ReloadPlan.class);
    }

    @Override
    public CompletionStage<CommandResult> submit(Command command, String by) {
        return CompletableFuture.supplyAsync(
                () -> call("POST", "/v1/command", new ControlServer.Submission(by, command), CommandResult.class),
                threads);
    }

    @Override
    public List<JournalEntry> history(HistoryQuery query) {
        return list("POST", "/v1/history", query, JournalEntry.class);
    }

    private <T> List<T> list(String method, String path, @Nullable Object body, Class<T> type) {
        return exchange(
                method,
                path,
                body,
                in -> reader(in)
                        .lines()
                        .map(line -> EventJson.mapper().readValue(line, type))
                        .toList());
    }

    @Override
    public List<AuditLine> lines(HistoryQuery query) {
        return list("POST", "/v1/lines", query, AuditLine.class);
    }

    @Override
    public List<RunRecord> runs(RunQuery query) {
        return list("POST", "/v1/runs", query, RunRecord.class);
    }

    @Override
    public Optional<FoundRun> run(String runId) {
        return list("POST", "/v1/run", new ControlServer.Which(runId), FoundRun.class).stream()
                .findFirst();
    }

    @Override
    public List<AgentTotals> agentTotals() {
        return list("GET", "/v1/totals", null, AgentTotals.class);
    }

    @Override
    public List<Backups.Backup> backups() {
        return list("GET", "/v1/backups", null, Backups.Backup.class);
    }

    @Override
    public List<Recording> recordings(Recording.Query query) {
        return list("POST", "/v1/recordings", query, Recording.class);
    }

    @Override
    public RecordingFile recording(String id) {
        return call("POST", "/v1/recording", new ControlServer.Named(id), RecordingFile.class);
    }

    @Override
    public Runnable follow(long afterSeq, Consumer<JournalEntry> listener) {
        AtomicBoolean ended = new AtomicBoolean();
        HttpURLConnection stream = open("GET", "/v1/events?after=" + afterSeq);
        Future<?> reader = threads.submit(() -> {
            try (BufferedReader lines = reader(stream.getInputStream())) {
                String line;
                while (!ended.get() && (line = lines.readLine()) != null) {
                    if (!line.isEmpty()) {
                        listener.accept(EventJson.mapper().readValue(line, JournalEntry.class));
                    }
                }
            } catch (IOException e) {
                if (!ended.get()) {
                    gone = lost(e);
                }
            }
        });
        return () -> {
            ended.set(true);
            reader.cancel(true); // an interrupt closes the socket under a virtual thread that reads
        };
    }

    @Override
    public AuditReport audit() {
        return call("GET", "/v1/audit", null, AuditReport.class);
    }

    @Override
    public boolean isRemote() {
        return true;
    }

    /// Lets go of the connection; the project stays open in its process.
    @Override
    public void close() {
        threads.shutdownNow();
    }

    @FunctionalInterface
    private interface Reading<T> {
        T from(InputStream in) throws IOException;
    }

    private <T> T call(String method, String path, @Nullable Object body, Class<T> type) {
        return exchange(method, path, body, in -> EventJson.mapper().readValue(in, type));
    }

    private <T> T exchange(String method, String path, @Nullable Object body, Reading<T> reading) {
        try {
            HttpURLConnection connection = open(method, path);
            if (path.equals("/v1/view")) {
                connection.setReadTimeout((int) SNAPSHOT.toMillis()); // a process that hangs is as good as gone
            }
            if (body != null) {
                byte[] bytes = EventJson.mapper().writeValueAsBytes(body);
                connection.setDoOutput(true);
                // a fixed length also keeps it from sending a command a second time by itself
                connection.setFixedLengthStreamingMode(bytes.length);
                try (var out = connection.getOutputStream()) {
                    out.write(bytes);
                }
            }
            if (connection.getResponseCode() == HttpURLConnection.HTTP_OK) {
                try (InputStream in = connection.getInputStream()) {
                    return reading.from(in);
                }
            }
            @Nullable InputStream error = connection.getErrorStream();
            if (error == null) {
                throw new IOException("status " + connection.getResponseCode());
            }
            try (error) {
                var failure = EventJson.mapper().readValue(error, ControlServer.Failure.class);
                throw new StoreException(failure.code(), failure.message());
            }
        } catch (IOException e) {
            throw lost(e);
        }
    }

    private HttpURLConnection open(String method, String path) {
        try {
            var url = URI.create("http://127.0.0.1:" + file.port() + path).toURL();
            HttpURLConnection connection = (HttpURLConnection) url.openConnection(Proxy.NO_PROXY);
            connection.setRequestMethod(method);
            connection.setConnectTimeout((int) CONNECT.toMillis());
            connection.setRequestProperty("Authorization", "Bearer " + file.token());
            return connection;
        } catch (IOException e) {
            throw lost(e);
        }
    }

    private static BufferedReader reader(InputStream in) {
        return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    }
}
