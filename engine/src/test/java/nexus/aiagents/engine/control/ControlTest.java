package nexus.aiagents.engine.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
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
import nexus.aiagents.engine.journal.StoreException;
import nexus.aiagents.engine.project.ReloadPlan;
import nexus.aiagents.engine.replay.RecordingFile;
import nexus.aiagents.engine.view.AgentView;
import nexus.aiagents.engine.view.ProjectView;
import nexus.aiagents.engine.view.RunView;
import nexus.aiagents.engine.view.SupervisorView;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlTest {
    @TempDir
    Path dotNexus;

    private final Recording engine = new Recording();
    private ControlServer server;

    @BeforeEach
    void start() throws Exception {
        server = ControlServer.start(engine, dotNexus);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private EngineClient connected() {
        return ControlClient.connect(dotNexus).orElseThrow();
    }

    @Test
    void a_snapshot_arrives_as_it_was() {
        try (EngineClient client = connected()) {
            assertEquals(engine.view(), client.view());
            assertTrue(client.isRemote());
        }
    }

    @Test
    void every_command_arrives_and_its_result_comes_back() throws Exception {
        List<Command> all = List.of(
                new Command.Up(),
                new Command.Down(),
                new Command.RunSaga("publish", "{\"topic\":\"otters\"}"),
                new Command.RetryParked("r1", null, null),
                new Command.SkipParked("r1", null, true),
                new Command.SetBudget("agent/a", 5_000_000L, null, 20L, "pause"),
                new Command.LimitPool("desk", 1, null));
        try (EngineClient client = connected()) {
            for (Command command : all) {
                engine.answer = new CommandResult.RunStarted("r-" + command);
                assertEquals(engine.answer, await(client.submit(command, "naos")));
            }
            engine.answer = new CommandResult.Refused("budget", "no money");
            assertEquals(engine.answer, await(client.submit(new Command.Up(), "naos")));
        }
        assertEquals(all, engine.commands.subList(0, all.size()));
        assertEquals("naos", engine.by);
    }

    @Test
    void what_runs_and_what_a_reload_would_do_arrive_as_they_are() {
        try (EngineClient client = connected()) {
            assertEquals(engine.configuration(), client.configuration());
            assertEquals(engine.plan(Map.of("a.yaml", "b")), client.plan(Map.of("a.yaml", "b")));
        }
    }

    @Test
    void history_passes_the_query_on_and_brings_entries_of_every_shape() {
        try (EngineClient client = connected()) {
            var query = EngineClient.HistoryQuery.last(10, "StepFailed");
            assertEquals(engine.entries, client.history(query));
            assertEquals(query, engine.query);
        }
    }

    @Test
    void events_come_in_order_those_already_there_first_and_end_when_unsubscribed() throws Exception {
        var heard = new LinkedBlockingQueue<Long>();
        try (EngineClient client = connected()) {
            Runnable end = client.follow(1, e -> heard.add(e.seq()));
            assertEquals(2, heard.poll(10, TimeUnit.SECONDS));
            engine.tell(entry(3, new EngineEvent.TeamStarted()));
            assertEquals(3, heard.poll(10, TimeUnit.SECONDS));
            end.run();
        }
    }

    @Test
    void an_audit_failure_is_told_with_its_place() {
        engine.bad = 17;
        try (EngineClient client = connected()) {
            assertEquals(17, client.verifyAudit());
            assertEquals(engine.audit(), client.audit());
        }
    }

    @Test
    void a_store_failure_keeps_its_code_and_message() {
        engine.failure = new StoreException("store-full", "the disk is full: make room");
        try (EngineClient client = connected()) {
            var e = assertThrows(StoreException.class, client::verifyAudit);
            assertEquals("store-full", e.code());
            assertEquals("the disk is full: make room", e.getMessage());
        }
    }

    @Test
    void only_the_owner_can_read_the_file_and_it_goes_with_the_server() throws Exception {
        Path file = dotNexus.resolve("control.json");
        if (Files.getFileStore(file).supportsFileAttributeView("posix")) {
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        }
        server.close();
        assertFalse(Files.exists(file));
        assertTrue(ControlClient.connect(dotNexus).isEmpty());
    }

    @Test
    void what_a_dead_process_left_behind_is_no_connection_and_is_replaced() throws Exception {
        server.close();
        new ControlFile(1, "old", Long.MAX_VALUE).write(dotNexus);
        assertTrue(ControlClient.connect(dotNexus).isEmpty(), "dead pid");
        new ControlFile(1, "old", ProcessHandle.current().pid()).write(dotNexus);
        assertTrue(ControlClient.connect(dotNexus).isEmpty(), "dead port");
        for (String broken : List.of("", "{", "null", "[1]", "{\"port\":\"x\"}", "{\"port\":99999999}")) {
            Files.writeString(dotNexus.resolve("control.json"), broken);
            assertTrue(ControlClient.connect(dotNexus).isEmpty(), broken);
        }
        server = ControlServer.start(engine, dotNexus);
        assertTrue(ControlClient.connect(dotNexus).isPresent());
    }

    @Test
    void a_closing_server_leaves_the_file_of_its_successor() throws Exception {
        try (ControlServer _ = ControlServer.start(engine, dotNexus)) {
            server.close();
            assertTrue(ControlClient.connect(dotNexus).isPresent());
        }
    }

    @Test
    void the_loss_of_the_process_is_noticed() throws Exception {
        try (EngineClient client = connected()) {
            client.follow(0, _ -> {});
            server.close();
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            boolean noticed = false;
            while (!noticed && System.nanoTime() < deadline) {
                try {
                    client.view();
                    LockSupport.parkNanos(1_000_000);
                } catch (EngineGone e) {
                    noticed = true;
                }
            }
            assertTrue(noticed);
        }
    }

    @Test
    void nobody_gets_in_without_the_token_or_from_a_page_of_a_browser() throws Exception {
        String token = ControlFile.read(dotNexus).orElseThrow().token();
        String host = "127.0.0.1:" + server.port();
        assertEquals(401, status(Map.of("Host", host)));
        assertEquals(401, status(Map.of("Host", host, "Authorization", "Bearer x" + token)));
        assertEquals(403, status(Map.of("Host", "evil.example", "Authorization", "Bearer " + token)));
        assertEquals(403, status(Map.of("Host", host, "Authorization", "Bearer " + token, "Origin", "http://evil")));
        assertEquals(200, status(Map.of("Host", host, "Authorization", "Bearer " + token)));
    }

    @Test
    void what_is_no_command_is_refused_and_the_server_lives_on() throws Exception {
        String token = ControlFile.read(dotNexus).orElseThrow().token();
        for (String body : List.of("{", "{\"by\":\"x\",\"command\":{\"type\":\"Explode\"}}", "[]")) {
            assertEquals(400, request("POST /v1/command", token, body), body);
        }
        assertEquals(405, request("POST /v1/view", token, ""));
        assertEquals(404, request("GET /v1/viewer", token, ""));
        assertEquals(400, request("GET /v1/events?after=-1", token, ""));
        assertTrue(engine.commands.isEmpty());
        connected().close();
    }

    private int status(Map<String, String> headers) throws Exception {
        var lines = new ArrayList<String>(List.of("GET /v1/view HTTP/1.1", "Connection: close"));
        headers.forEach((name, value) -> lines.add(name + ": " + value));
        return raw(String.join("\r\n", lines) + "\r\n\r\n");
    }

    private int request(String line, String token, String body) throws Exception {
        return raw(line + " HTTP/1.1\r\nConnection: close\r\nHost: 127.0.0.1:" + server.port()
                + "\r\nAuthorization: Bearer " + token + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
    }

    private int raw(String request) throws Exception {
        try (Socket socket = new Socket("127.0.0.1", server.port())) {
            OutputStream out = socket.getOutputStream();
            out.write(request.getBytes(StandardCharsets.UTF_8));
            out.flush();
            return Integer.parseInt(new BufferedReader(new InputStreamReader(socket.getInputStream()))
                    .readLine()
                    .split(" ")[1]);
        }
    }

    private static <T> T await(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private static JournalEntry entry(long seq, EngineEvent event) {
        return new JournalEntry(seq, Instant.parse("2026-11-23T10:00:00.123456789Z"), event, "00ff");
    }

    private static final Instant AT = Instant.parse("2026-11-23T10:00:00Z");
    private static final RunRecord RECORD =
            new RunRecord("r1", "saga", "s", "failed", AT, AT, 7, 8, "publish", "rejected", null, 3, 9, 0);
    private static final RunView RUN = new RunView(
            "r1",
            "saga",
            "s",
            RunView.State.FAILED,
            AT,
            AT,
            "{}",
            null,
            "publish",
            "rejected",
            "no",
            7,
            8,
            false,
            List.of(),
            List.of(new RunView.VoteView("a", 0, "agreed", "1", null, 0)));

    @Test
    void a_run_of_long_ago_arrives_as_it_was_and_one_that_never_was_does_not() {
        try (EngineClient client = connected()) {
            assertEquals(Optional.of(new EngineClient.FoundRun(RECORD, RUN)), client.run("r1"));
            assertEquals(Optional.empty(), client.run("r/2?&"));
        }
    }

    /// An engine that remembers what it was asked.
    private static final class Recording implements EngineClient {
        final List<Command> commands = new CopyOnWriteArrayList<>();
        final List<Consumer<JournalEntry>> listeners = new CopyOnWriteArrayList<>();
        final List<JournalEntry> entries = List.of(
                entry(
                        1,
                        new EngineEvent.StepFailed(
                                "r1", "publish", 2, ExitReason.of(ExitReason.Kind.OUT_OF_FUEL, "too long"), 0)),
                entry(
                        2,
                        new EngineEvent.PoolDecided(
                                "r2", "{}", Map.of(0, "a", 1, "b"), List.of(1), List.of(), "votes")));
        volatile CommandResult answer = new CommandResult.Done("ok");
        volatile String by = "";
        volatile HistoryQuery query;
        volatile long bad;
        volatile RuntimeException failure;

        void tell(JournalEntry entry) {
            listeners.forEach(l -> l.accept(entry));
        }

        @Override
        public RunningConfiguration configuration() {
            return new RunningConfiguration(Map.of("nexus.yaml", "project: {name: x}\n"));
        }

        @Override
        public ReloadPlan plan(Map<String, String> unsaved) {
            var field = new ReloadPlan.Field("prompt", null, unsaved.get("a.yaml"));
            return new ReloadPlan(
                    null,
                    List.of(new ReloadPlan.Change(
                            "agent", "a", ReloadPlan.How.CHANGED, List.of(field), true, "a restarts")),
                    List.of(new ReloadPlan.Act(ReloadPlan.Does.RESTART, "a", "team", "it is another")));
        }

        @Override
        public ProjectView viewAt(long seq) {
            return view();
        }

        @Override
        public ProjectView view() {
            Instant at = Instant.parse("2026-11-23T10:00:00Z");
            var agent = new AgentView(
                    "a",
                    "javascript",
                    "a.js",
                    "",
                    "team",
                    AgentView.State.BACKING_OFF,
                    null,
                    "crashed",
                    at,
                    3,
                    new AgentView.ExitView(at, "out-of-fuel", "out-of-fuel", "too long"),
                    0,
                    7,
                    1,
                    100,
                    2500,
                    true,
                    5,
                    6,
                    7,
                    8,
                    "model",
                    at.plusSeconds(1),
                    new AgentView.TrustView(true, 88, 4, "AA", "new"),
                    AgentView.LifeView.NONE);
            var supervisor = new SupervisorView(
                    "team",
                    null,
                    "one-for-one",
                    SupervisorView.State.RUNNING,
                    "",
                    5,
                    60,
                    2,
                    List.of(at),
                    1_000_000L,
                    250_000,
                    at,
                    new SupervisorView.TemplateView("a", 9),
                    List.of(new SupervisorView.ChildView("a#1", "agent", "permanent", true, "budget")));
            return new ProjectView(
                    2,
                    at,
                    "demo",
                    "/x",
                    true,
                    List.of(agent),
                    List.of(supervisor),
                    List.of(),
                    List.of(),
                    List.of(new ProjectView.SagaView(
                            "s", List.of(new ProjectView.SagaStepView("one", "a", "b", null)))),
                    List.of(),
                    List.of(),
                    List.of(),
                    List.of(),
                    new ProjectView.LifecycleView(false, "ask", 10_000));
        }

        @Override
        public CompletionStage<CommandResult> submit(Command command, String by) {
            commands.add(command);
            this.by = by;
            return CompletableFuture.completedFuture(answer);
        }

        @Override
        public List<JournalEntry> history(HistoryQuery query) {
            this.query = query;
            return entries;
        }

        @Override
        public Runnable follow(long afterSeq, Consumer<JournalEntry> listener) {
            listeners.add(listener);
            entries.stream().filter(e -> e.seq() > afterSeq).forEach(listener);
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
            if (failure != null) {
                throw failure;
            }
            var finding =
                    bad == 0 ? null : new AuditReport.Finding(AuditReport.Kind.CHANGED, bad, "Entry was changed.");
            return new AuditReport(1, 100, 0, finding, List.of("a note"));
        }

        @Override
        public List<RunRecord> runs(RunQuery query) {
            return List.of();
        }

        @Override
        public Optional<FoundRun> run(String runId) {
            return runId.equals("r1") ? Optional.of(new FoundRun(RECORD, RUN)) : Optional.empty();
        }

        @Override
        public List<AgentTotals> agentTotals() {
            return List.of();
        }

        @Override
        public List<Backups.Backup> backups() {
            return List.of();
        }

        @Override
        public List<nexus.aiagents.engine.replay.Recording> recordings(
                nexus.aiagents.engine.replay.Recording.Query query) {
            return List.of();
        }

        @Override
        public RecordingFile recording(String id) {
            return new RecordingFile(id, new byte[] {1, -2, 3}, null, RecordingFile.Check.INTACT, "");
        }

        @Override
        public boolean isRemote() {
            return false;
        }

        @Override
        public void close() {}
    }
}
