package nexus.aiagents.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import nexus.aiagents.app.desktop.DesktopApp;
import nexus.aiagents.engine.Engine;
import nexus.aiagents.engine.control.EngineClient.HistoryQuery;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.view.RunView;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Real processes that are told to end, twice, or are killed. The world is a server that may keep a
/// request waiting. No time is measured, because the machine may be busy: what must not be waited for takes
/// longer than a test may take.
@Timeout(value = 240, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@DisabledOnOs(OS.WINDOWS) // there a process can not be asked to end, only be ended
class ShutdownTest {
    private static final JsonMapper JSON = new JsonMapper();

    /// `-Dnexus.kills=N` makes the series as long as one likes.
    private static final int KILLS = Integer.getInteger("nexus.kills", 2);

    private static Distribution distribution;

    @TempDir
    Path folder;

    private final List<Process> started = new ArrayList<>();
    private final List<JsonNode> said = new CopyOnWriteArrayList<>();
    private final BlockingQueue<String> asked = new LinkedBlockingQueue<>();
    private volatile boolean holds;
    private HttpServer world;

    /// A window in a process of its own.
    static final class Window {
        private Window() {}

        public static void main(String[] args) {
            DesktopApp.launchDesktop(Path.of(args[0]), false);
        }
    }

    @BeforeAll
    static void build() throws Exception {
        distribution = Distribution.ofTheseClasses();
    }

    @BeforeEach
    void aWorld() throws IOException {
        world = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        world.createContext("/", this::request);
        world.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        world.start();
    }

    @AfterEach
    void endAll() {
        started.forEach(Process::destroyForcibly);
        world.stop(0);
    }

    private void request(HttpExchange exchange) throws IOException {
        asked.add(exchange.getRequestURI().getPath());
        if (!holds) {
            try (exchange) {
                exchange.sendResponseHeaders(204, -1);
            }
        }
    }

    /// @param settings of the project, as YAML flow entries
    private void project(String settings, String agents) throws IOException {
        Files.writeString(
                folder.resolve("nexus.yaml"),
                ("project: {name: ending, " + settings + "}\n---\n" + agents)
                        .replace("WORLD", "127.0.0.1:" + world.getAddress().getPort()));
        Files.writeString(folder.resolve("asks.js"), """
                export default async function (input, nexus) {
                  return await nexus.http("http://WORLD/" + nexus.context.step, {method: "POST", body: ""});
                }
                """.replace(
                        "WORLD", "127.0.0.1:" + world.getAddress().getPort()));
        Files.writeString(folder.resolve("counts.js"), """
                export default async function (input, nexus) {
                  const n = ((await nexus.kv.get("n")) ?? 0) + 1;
                  await nexus.kv.put("n", n);
                  await nexus.emit("counted", {n});
                }
                """);
    }

    private static final String ASKS = """
            agent: {name: asks, source: asks.js, limits: {timeout: 5m}, grants: {http: [{host: "WORLD", methods: [POST]}]}}
            ---
            saga:
              name: work
              steps: [{name: one, action: asks, idempotent: true}, {name: two, action: asks, idempotent: true}]
            """;
    private static final String TEAM = """
            ---
            agent: {name: counts, source: counts.js, loop: {every: 20ms}, grants: {kv: true}}
            ---
            supervisor: {name: team, agents: [counts]}
            """;

    private Process start(ProcessBuilder builder) throws IOException {
        Process process = builder.directory(folder.toFile())
                .redirectError(folder.resolve("errors.txt").toFile())
                .start();
        started.add(process);
        Thread.ofVirtual().start(() -> listen(process));
        return process;
    }

    /// A job in the background of a script begins with Ctrl-C ignored, and so do its children, which is
    /// right
    /// for `naos` and wrong here. Where `env` can not undo that, it is as it is.
    private static final List<String> HEARS_INTERRUPTS = hearsInterrupts();

    private static List<String> hearsInterrupts() {
        List<String> prefix = List.of("env", "--default-signal=INT");
        try {
            List<String> probe = new ArrayList<>(prefix);
            probe.add("true");
            return new ProcessBuilder(probe).start().waitFor() == 0 ? prefix : List.of();
        } catch (IOException e) {
            return List.of();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private Process naos(String... args) throws IOException {
        ProcessBuilder naos = distribution.naos(folder, args);
        naos.command().addAll(0, HEARS_INTERRUPTS);
        return start(naos);
    }

    private void listen(Process process) {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("{")) {
                    said.add(JSON.readTree(line));
                }
            }
        } catch (IOException e) {
            return; // it was killed
        }
    }

    private boolean heard(String event) {
        return said.stream().anyMatch(line -> line.path("event").asString("").equals(event));
    }

    private void await(String what, BooleanSupplier condition) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.getAsBoolean()) {
            assertTrue(
                    System.nanoTime() < deadline,
                    "waited in vain for " + what + ", heard " + said.size() + " lines; " + errors());
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
    }

    private String errors() throws IOException {
        return Files.readString(folder.resolve("errors.txt"));
    }

    private boolean hasControlFile() {
        return Files.exists(folder.resolve(".nexus").resolve("control.json"));
    }

    private static void signal(Process process, String name) throws Exception {
        assertEquals(
                0,
                new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                        .start()
                        .waitFor());
    }

    private Process upWithASagaUnderWay() throws Exception {
        holds = true;
        Process up = naos("up", "--json");
        await("the team", () -> heard("AgentUp") && hasControlFile());
        naos("saga", "run", "work", "--json");
        await("the step", () -> !asked.isEmpty());
        return up;
    }

    @Test
    void told_to_end_it_parks_what_does_not_end_flushes_and_takes_its_control_file_away() throws Exception {
        project("shutdownTimeout: 2s", ASKS + TEAM);
        Process up = upWithASagaUnderWay();
        signal(up, "TERM"); // not destroy(): that closes its output too
        assertEquals(0, up.waitFor());
        assertTrue(holds, "the request hangs still: it was not waited for");
        assertFalse(hasControlFile());
        await("its last word", () -> heard("ProjectClosed"));
        holds = false;
        try (Engine engine = Engine.open(folder, Engine.Options.RUN)) {
            assertEquals(0, engine.verifyAudit());
            assertTrue(engine.view().lifecycle().wasUp(), "it was not meant to be stopped");
            await(
                    "the saga to go on by itself",
                    () -> engine.view().runs().getFirst().state() == RunView.State.DONE);
            assertTrue(engine.view().runs().getFirst().resumed());
        }
    }

    private long entries() {
        return said.stream()
                .filter(line -> line.path("type").asString("").equals("entry"))
                .count();
    }

    @Test
    void who_follows_the_journal_is_let_go_by_an_interrupt_and_told_when_the_process_died() throws Exception {
        project("shutdownTimeout: 4s", ASKS + TEAM);
        Process up = naos("up", "--json");
        await("the team", () -> heard("AgentUp") && hasControlFile());
        Process follows = naos("audit", "--follow", "--json");
        long last = 200;
        await("what comes while it follows", () -> entries() > last);
        signal(follows, "INT");
        assertTrue(follows.waitFor(60, TimeUnit.SECONDS));
        assertEquals(0, follows.exitValue(), errors());
        assertTrue(up.isAlive());
        Process left = naos("audit", "--follow", "--json", "-n", "1");
        long before = entries();
        await("news", () -> entries() > before + 20);
        up.destroyForcibly();
        assertTrue(left.waitFor(60, TimeUnit.SECONDS));
        assertEquals(1, left.exitValue());
        assertTrue(
                said.stream().anyMatch(line -> line.path("code").asString("").equals("engine-gone")), said.toString());
    }

    @Test
    void the_second_interrupt_ends_it_at_once() throws Exception {
        project("shutdownTimeout: 10m", ASKS + TEAM);
        Process up = upWithASagaUnderWay();
        signal(up, "INT");
        await("closing to begin", () -> !hasControlFile());
        assertTrue(up.isAlive());
        signal(up, "INT");
        assertEquals(130, up.waitFor());
    }

    @Test
    void killed_it_has_run_no_time_of_a_schedule_twice_and_forgotten_no_key() throws Exception {
        project("onOpen: start", """
                agent: {name: quick, source: counts.js, grants: {kv: true}, schedule: {cron: "* * * * * *", missed: all, overlap: queue}}
                """ + TEAM);
        Set<Long> planned = new HashSet<>();
        int fired = 0;
        long lastCount = 0;
        for (int round = 0; round < KILLS; round++) {
            said.clear();
            Process up = naos("up", "--json");
            await(
                    "times to come",
                    () -> said.stream()
                                    .filter(line ->
                                            line.path("event").asString("").equals("ScheduleFired"))
                                    .count()
                            >= 2);
            up.destroyForcibly();
            up.waitFor();
            try (Engine engine = Engine.open(folder, Engine.Options.LOOK)) {
                planned.clear();
                fired = 0;
                for (var entry : engine.history(HistoryQuery.last(100_000, "ScheduleFired"))) {
                    planned.add(((EngineEvent.ScheduleFired) entry.event()).plannedEpochMillis());
                    fired++;
                }
                assertEquals(planned.size(), fired, "no time twice");
                assertTrue(engine.view().lifecycle().wasUp());
                lastCount = counted(engine, lastCount);
            }
        }
        assertTrue(fired >= 2 * KILLS);
        long first = planned.stream().mapToLong(Long::longValue).min().orElseThrow();
        long last = planned.stream().mapToLong(Long::longValue).max().orElseThrow();
        assertEquals((last - first) / 1_000 + 1, fired, "and none is left out");
    }

    /// The counter goes up by one each time, over every kill.
    private static long counted(Engine engine, long before) {
        long last = 0;
        for (var entry : engine.history(HistoryQuery.last(100_000, "AgentEmitted"))) {
            if (entry.event() instanceof EngineEvent.AgentEmitted e && e.agent().equals("counts")) {
                long n = Long.parseLong(e.dataJson().replaceAll("\\D", ""));
                assertTrue(n > last && n <= last + 2, n + " after " + last); // one may be cut off before it is told
                last = n;
            }
        }
        assertTrue(last > before);
        return last;
    }

    @Test
    void a_window_that_is_told_to_end_takes_its_control_file_away() throws Exception {
        project("shutdownTimeout: 4s", ASKS + TEAM);
        Path config = Files.createDirectories(folder.resolve("home"));
        Process window = start(new ProcessBuilder(
                Distribution.java(),
                "--enable-native-access=ALL-UNNAMED",
                "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
                "-Dglass.platform=Headless",
                "-Dprism.order=sw",
                "-Duser.home=" + config,
                "-cp",
                distribution.libraries(),
                Window.class.getName(),
                folder.toString()));
        await("the project to be open", this::hasControlFile);
        signal(window, "TERM");
        window.waitFor();
        assertFalse(hasControlFile());
        try (Engine engine = Engine.open(folder, Engine.Options.LOOK)) {
            assertEquals(
                    1, engine.history(HistoryQuery.last(10, "ProjectClosed")).size());
        }
    }
}
