package nexus.aiagents.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import nexus.aiagents.engine.Engine;
import nexus.aiagents.engine.control.EngineClient.HistoryQuery;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A process of its own is killed with -9 in the middle of a saga. The world is a server that counts what
/// was really done, and that keeps one request waiting so that the middle lasts as long as the test wants.
@Timeout(240)
class SagaKillTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final List<String> STEPS = List.of("one", "two", "three", "four");

    private static Distribution distribution;

    @TempDir
    Path folder;

    @BeforeAll
    static void build() throws Exception {
        distribution = Distribution.ofTheseClasses();
    }

    private final List<String> effects = new CopyOnWriteArrayList<>();
    private final BlockingQueue<String> held = new LinkedBlockingQueue<>();
    private final List<Process> started = new ArrayList<>();
    private volatile String hold = "";
    private HttpServer world;

    @BeforeEach
    void aProject() throws IOException {
        world = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        world.createContext("/", this::request);
        world.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        world.start();
        String at = "127.0.0.1:" + world.getAddress().getPort();
        StringBuilder yaml = new StringBuilder("project: {name: kill}\n");
        for (String agent : List.of("act", "undo")) {
            yaml.append("---\nagent:\n  name: ")
                    .append(agent)
                    .append("\n  source: ")
                    .append(agent)
                    .append(".js\n");
            yaml.append("  grants: {http: [{host: \"").append(at).append("\", methods: [POST]}]}\n");
            Files.writeString(folder.resolve(agent + ".js"), """
                    export default async function (input, nexus) {
                      const step = input.step;
                      if (step === "four" && "%1$s" === "act" && input.input.fail) throw new Error("asked to fail");
                      const answer = await nexus.http(
                        `http://%2$s/%1$s/${step}/${nexus.context.idempotencyKey}`, {method: "POST", body: ""});
                      return { step, status: answer.status };
                    }
                    """.formatted(agent, at));
        }
        yaml.append("---\nsaga:\n  name: work\n  steps:\n");
        for (String step : STEPS) {
            yaml.append("    - {name: ").append(step).append(", action: act, compensation: undo, idempotent: true,\n");
            yaml.append("       compensationRetry: {attempts: 3, delay: 10ms}}\n");
        }
        Files.writeString(folder.resolve("nexus.yaml"), yaml);
    }

    @AfterEach
    void endAll() {
        started.forEach(Process::destroyForcibly);
        world.stop(0);
    }

    private void request(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            if (!hold.isEmpty() && path.startsWith(hold)) {
                held.add(path); // its process will never hear of the answer
                return;
            }
            effects.add(path);
            exchange.sendResponseHeaders(204, -1);
        }
    }

    @Test
    void a_saga_killed_in_the_middle_of_a_step_goes_on_and_does_no_step_twice() throws Exception {
        JsonNode run = killedAt("/act/three/", "{}", 0);
        assertEquals("done", run.path("state").asString(), run.toString());
        assertTrue(run.path("resumed").asBoolean());
        assertEquals(STEPS, names(run.path("steps")));
        run.path("steps")
                .forEach(step -> assertEquals("done", step.path("state").asString()));
        assertEquals(STEPS, effects.stream().map(e -> e.split("/")[2]).toList(), "each once, none lost");
        assertEquals(keyOf(held.remove()), keyOf(effects.get(2)), "the unfinished one again under its own key");
        assertEquals(4, entries("StepDone"), "one durable end per step");
    }

    @Test
    void a_saga_killed_in_the_middle_of_its_roll_back_finishes_it_and_undoes_no_step_twice() throws Exception {
        JsonNode run = killedAt("/undo/two/", "{\"fail\":true}", 1);
        assertEquals("failed", run.path("state").asString(), run.toString());
        assertEquals("four", run.path("failedStep").asString());
        assertEquals("[\"three\",\"two\",\"one\"]", run.path("compensations").toString());
        assertEquals(
                List.of("act one", "act two", "act three", "undo three", "undo two", "undo one"),
                effects.stream()
                        .map(e -> e.split("/")[1] + " " + e.split("/")[2])
                        .toList());
        assertEquals(keyOf(held.remove()), keyOf(effects.get(4)));
        assertEquals(3, entries("CompensationDone"));
    }

    private static String keyOf(String effect) {
        return effect.split("/")[3];
    }

    private static List<String> names(JsonNode steps) {
        List<String> names = new ArrayList<>();
        steps.forEach(step -> names.add(step.path("name").asString()));
        return names;
    }

    /// @return the run as the next process brought it to its end
    private JsonNode killedAt(String place, String input, int exit) throws Exception {
        hold = place;
        Process first = naos("saga", "run", "work", "--input", input, "--json");
        CompletableFuture<List<JsonNode>> said = CompletableFuture.supplyAsync(() -> drain(first));
        CompletableFuture<Void> ended = said.thenAccept(_ -> held.add("")); // a run that never came there
        String at = held.poll(90, TimeUnit.SECONDS);
        assertTrue(
                at != null && !at.isEmpty(), () -> "never came to " + place + ": " + said.getNow(List.of()) + errors());
        ended.cancel(false);
        first.destroyForcibly();
        assertTrue(first.waitFor(30, TimeUnit.SECONDS));
        held.clear();
        held.add(at);
        hold = "";
        Process second = naos("saga", "resume", "--json");
        JsonNode last = drain(second).getLast();
        assertEquals(exit, second.waitFor(), last.toString());
        assertEquals("run", last.path("type").asString(), last.toString());
        return last;
    }

    private String errors() {
        try {
            return Files.readString(folder.resolve("errors.txt"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    /// As a later process reads it.
    private int entries(String type) throws Exception {
        try (Engine engine = Engine.open(folder, Engine.Options.LOOK)) {
            assertEquals(0, engine.verifyAudit());
            return engine.history(HistoryQuery.last(1_000, type)).size();
        }
    }

    private Process naos(String... args) throws IOException {
        Process process = distribution
                .naos(folder, args)
                .redirectError(folder.resolve("errors.txt").toFile())
                .start();
        started.add(process);
        return process;
    }

    private static List<JsonNode> drain(Process process) {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            List<JsonNode> nodes = new ArrayList<>();
            String line;
            while ((line = lines.readLine()) != null) {
                nodes.add(JSON.readTree(line));
            }
            return nodes;
        } catch (IOException e) {
            return List.of(); // it was killed
        }
    }
}
