package nexus.aiagents.engine.control;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import nexus.aiagents.engine.journal.EventJson;
import nexus.aiagents.engine.journal.RunQuery;
import nexus.aiagents.engine.journal.StoreException;
import nexus.aiagents.engine.replay.Recording;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/// Lets other processes of the same person use an open project: HTTP on loopback, a random port and a
/// random token in a file that only its owner can read. Thread-safe.
///
/// ```
/// GET  /v1/view             the newest ProjectView
/// POST /v1/command          {by, command}  → CommandResult
/// GET  /v1/configuration    the RunningConfiguration
/// POST /v1/plan             {files}        → ReloadPlan, with these unsaved
/// POST /v1/history          HistoryQuery   → JSON lines of JournalEntry
/// GET  /v1/events?after=SEQ JSON lines of JournalEntry as they happen; an empty line now and then
/// POST /v1/lines            HistoryQuery   → JSON lines of AuditLine
/// GET  /v1/audit            the AuditReport
/// POST /v1/runs             RunQuery       → JSON lines of RunRecord
/// POST /v1/run              {runId}        → a line of FoundRun, none if there is no such run
/// GET  /v1/totals           JSON lines of AgentTotals
/// GET  /v1/backups          JSON lines of Backup
/// POST /v1/recordings       Recording.Query → JSON lines of Recording
/// POST /v1/recording        {id}           → RecordingFile
/// ```
public final class ControlServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ControlServer.class);
    private static final int MAX_BODY = 32 * 1024 * 1024;
    private static final long HEARTBEAT_SECONDS = 5;

    /// @param by who asks, as kept in the audit
    record Submission(String by, Command command) {}

    record Which(String runId) {}

    record Named(String id) {}

    record Entry(long seq) {}

    record Failure(String code, String message) {}

    @FunctionalInterface
    private interface Endpoint {
        void answer(HttpExchange exchange) throws IOException, InterruptedException;
    }

    private final EngineClient engine;
    private final Path dotNexus;
    private final HttpServer http;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final ControlFile file;
    private final byte[] authorization;
    private final Set<CountDownLatch> streams = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /// Listens at once and says so in `dotNexus/control.json`. The caller holds the lock of the project's
    /// store, so a file that is there already is a dead process's and is replaced.
    public static ControlServer start(EngineClient engine, Path dotNexus) throws IOException {
        return new ControlServer(engine, dotNexus);
    }

    private ControlServer(EngineClient engine, Path dotNexus) throws IOException {
        this.engine = engine;
        this.dotNexus = dotNexus;
        http = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        file = new ControlFile(
                http.getAddress().getPort(),
                randomToken(),
                ProcessHandle.current().pid());
        authorization = ("Bearer " + file.token()).getBytes(StandardCharsets.UTF_8);
        endpoint("GET", "/v1/view", x -> json(x, 200, engine.view()));
        endpoint(
                "POST",
                "/v1/view-at",
                x -> json(x, 200, engine.viewAt(body(x, Entry.class).seq())));
        endpoint("GET", "/v1/configuration", x -> json(x, 200, engine.configuration()));
        endpoint(
                "POST",
                "/v1/plan",
                x -> json(
                        x,
                        200,
                        engine.plan(
                                body(x, EngineClient.RunningConfiguration.class).files())));
        endpoint("POST", "/v1/command", this::command);
        endpoint("POST", "/v1/history", this::history);
        endpoint("GET", "/v1/events", this::events);
        endpoint("GET", "/v1/audit", x -> json(x, 200, engine.audit()));
        endpoint("POST", "/v1/lines", x -> lines(x, engine.lines(body(x, EngineClient.HistoryQuery.class))));
        endpoint("POST", "/v1/runs", x -> lines(x, engine.runs(body(x, RunQuery.class))));
        endpoint(
                "POST",
                "/v1/run",
                x -> lines(x, engine.run(body(x, Which.class).runId()).stream().toList()));
        endpoint("GET", "/v1/totals", x -> lines(x, engine.agentTotals()));
        endpoint("GET", "/v1/backups", x -> lines(x, engine.backups()));
        endpoint("POST", "/v1/recordings", x -> lines(x, engine.recordings(body(x, Recording.Query.class))));
        endpoint(
                "POST",
                "/v1/recording",
                x -> json(x, 200, engine.recording(body(x, Named.class).id())));
        http.setExecutor(threads);
        try {
            file.write(dotNexus);
        } catch (IOException e) {
            http.stop(0);
            threads.shutdownNow();
            throw e;
        }
        http.start();
    }

    public int port() {
        return file.port();
    }

    private static String randomToken() {
        byte[] bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private void endpoint(String method, String path, Endpoint endpoint) {
        http.createContext(path, exchange -> {
            try (exchange) {
                answer(exchange, method, path, endpoint);
            }
        });
    }

    private void answer(HttpExchange exchange, String method, String path, Endpoint endpoint) throws IOException {
        try {
            if (admitted(exchange, method, path)) {
                endpoint.answer(exchange);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (JacksonException e) {
            json(exchange, 400, new Failure("bad-request", "not what this asks for: " + e.getOriginalMessage()));
        } catch (StoreException e) {
            json(exchange, 500, new Failure(e.code(), String.valueOf(e.getMessage())));
        } catch (RuntimeException e) {
            LOG.error("{} failed", path, e);
            json(exchange, 500, new Failure("internal", "this failed inside; the log of that process says why"));
        }
    }

    /// A page in a browser can reach loopback too: by another host name (rebinding), or with an `Origin`.
    private boolean admitted(HttpExchange exchange, String method, String path) throws IOException {
        var headers = exchange.getRequestHeaders();
        @Nullable String host = headers.getFirst("Host");
        if (!("127.0.0.1:" + file.port()).equals(host) || headers.containsKey("Origin")) {
            json(exchange, 403, new Failure("forbidden", "only programs of this machine may ask"));
            return false;
        }
        @Nullable String given = headers.getFirst("Authorization");
        if (given == null || !MessageDigest.isEqual(given.getBytes(StandardCharsets.UTF_8), authorization)) {
            json(exchange, 401, new Failure("unauthorized", "the token of .nexus/control.json is needed"));
            return false;
        }
        if (!exchange.getRequestURI().getPath().equals(path)) {
            json(exchange, 404, new Failure("not-found", "no such endpoint"));
            return false;
        }
        if (!exchange.getRequestMethod().equals(method)) {
            json(exchange, 405, new Failure("method", path + " wants " + method));
            return false;
        }
        return true;
    }

    private void command(HttpExchange exchange) throws IOException, InterruptedException {
        Submission asked = body(exchange, Submission.class);
        try {
            json(
                    exchange,
                    200,
                    engine.submit(asked.command(), asked.by())
                            .toCompletableFuture()
                            .get());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    private void history(HttpExchange exchange) throws IOException {
        lines(exchange, engine.history(body(exchange, EngineClient.HistoryQuery.class)));
    }

    private static void lines(HttpExchange exchange, List<?> values) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/x-ndjson");
        exchange.sendResponseHeaders(200, 0);
        OutputStream out = exchange.getResponseBody();
        for (Object value : values) {
            out.write(line(value));
        }
    }

    private void events(HttpExchange exchange) throws IOException, InterruptedException {
        @Nullable String query = exchange.getRequestURI().getQuery();
        if (query == null || !query.matches("after=\\d{1,18}")) {
            json(exchange, 400, new Failure("bad-request", "say after=SEQ"));
            return;
        }
        long after = Long.parseLong(query.substring("after=".length()));
        exchange.getResponseHeaders().set("Content-Type", "application/x-ndjson");
        exchange.sendResponseHeaders(200, 0);
        OutputStream out = exchange.getResponseBody();
        CountDownLatch ended = new CountDownLatch(1);
        streams.add(ended);
        Runnable unsubscribe = engine.follow(after, entry -> {
            try {
                send(out, line(entry));
            } catch (IOException _) {
                ended.countDown(); // the client has gone
            }
        });
        try {
            while (!closed && !ended.await(HEARTBEAT_SECONDS, TimeUnit.SECONDS)) {
                send(out, new byte[] {'\n'}); // finds out about a client that went without a word
            }
        } finally {
            unsubscribe.run();
            streams.remove(ended);
        }
    }

    private static void send(OutputStream out, byte[] line) throws IOException {
        synchronized (out) {
            out.write(line);
            out.flush();
        }
    }

    private static byte[] line(Object value) {
        return (EventJson.mapper().writeValueAsString(value) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static <T> T body(HttpExchange exchange, Class<T> type) throws IOException {
        byte[] bytes = exchange.getRequestBody().readNBytes(MAX_BODY + 1);
        if (bytes.length > MAX_BODY) {
            throw new IOException("request larger than " + MAX_BODY + " bytes");
        }
        return EventJson.mapper().readValue(bytes, type);
    }

    private static void json(HttpExchange exchange, int status, Object value) throws IOException {
        byte[] bytes = EventJson.mapper().writeValueAsBytes(value);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    /// Ends streams, lets answers under way finish, and takes the file away.
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            file.delete(dotNexus);
        } catch (IOException e) {
            LOG.warn("{} could not be deleted; the next open replaces it", dotNexus, e);
        }
        streams.forEach(CountDownLatch::countDown);
        http.stop(1);
        threads.shutdownNow();
    }
}
