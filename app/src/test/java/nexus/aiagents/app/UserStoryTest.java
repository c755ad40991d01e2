package nexus.aiagents.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What a person sees at a terminal, with the launcher of the distribution and a process for every command.
@Timeout(value = 240, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class UserStoryTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final List<String> STEPS = List.of("research", "draft", "review", "publish");

    /// The common pool has one thread where there are two cores, and these wait for each other.
    private static final Executor THREADS = task -> Thread.ofVirtual().start(task);

    private static Distribution distribution;

    @TempDir
    Path folder;

    private final List<Process> started = new ArrayList<>();

    /// @param err what a person reads beside the output
    private record Result(int exit, List<String> out, String err) {
        List<JsonNode> json() {
            return out.stream().map(JSON::readTree).toList();
        }

        JsonNode last() {
            return JSON.readTree(out.getLast());
        }

        @Override
        public String toString() {
            return exit + "\n" + String.join("\n", out) + "\n" + err;
        }
    }

    @BeforeAll
    static void build() throws Exception {
        distribution = Distribution.ofTheseClasses();
    }

    @AfterEach
    void endAll() {
        started.forEach(Process::destroyForcibly);
    }

    private Process begin(Path at, String... args) throws IOException {
        Process process = distribution.naos(at, args).start();
        started.add(process);
        return process;
    }

    private static Result end(Process process) {
        CompletableFuture<String> err = CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                THREADS);
        List<String> out = process.inputReader(StandardCharsets.UTF_8).lines().toList();
        return new Result(process.onExit().join().exitValue(), out, err.join());
    }

    private Result naos(Path at, String... args) throws IOException {
        return end(begin(at, args));
    }

    private Path aTeam() throws IOException {
        Result made = naos(folder, "init", "demo", "--template", "research-team");
        assertEquals(0, made.exit(), made.toString());
        return folder.resolve("demo");
    }

    @Test
    void a_saga_that_fails_is_rolled_back_in_reverse_and_one_that_does_not_is_done() throws Exception {
        Path demo = aTeam();
        Result valid = naos(demo, "validate");
        assertEquals(0, valid.exit(), valid.toString());
        Result failing = naos(demo, "saga", "run", "publish-article", "--input", input("publish"), "--json");
        assertEquals(1, failing.exit(), failing.toString());
        JsonNode summary = failing.last();
        assertEquals(STEPS, texts(summary.path("steps"), "name"));
        assertEquals("publish", summary.path("failedStep").asString());
        assertEquals("asked-to-fail", summary.path("error").path("code").asString());
        JsonNode failed = summary.path("steps").get(3);
        assertEquals("failed", failed.path("state").asString());
        assertTrue(failed.path("error").path("message").asString().contains("publish"), failed.toString());
        assertEquals(List.of("review", "draft", "research"), elements(summary.path("compensations")));

        Result run = naos(demo, "saga", "run", "publish-article", "--input", "{\"topic\":\"otters\"}", "--json");
        assertEquals(0, run.exit(), run.toString());
        assertEquals(List.of("done", "done", "done", "done"), texts(run.last().path("steps"), "state"));
        assertEquals(List.of(), elements(run.last().path("compensations")));
    }

    private static String input(String failAt) {
        return "{\"topic\":\"otters\",\"failAt\":\"" + failAt + "\"}";
    }

    private static List<String> texts(JsonNode nodes, String field) {
        List<String> texts = new ArrayList<>();
        nodes.forEach(node -> texts.add(node.path(field).asString()));
        return texts;
    }

    private static List<String> elements(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(node -> texts.add(node.asString()));
        return texts;
    }

    @Test
    void a_team_that_is_up_is_seen_used_and_ended_from_a_second_terminal() throws Exception {
        Path demo = aTeam();
        Process up = begin(demo, "up", "--json");
        BufferedReader lines = up.inputReader(StandardCharsets.UTF_8);
        await(lines, "AgentUp", "researcher");
        Result crash = naos(demo, "agent", "crash", "researcher");
        assertEquals(0, crash.exit(), crash.toString());
        await(lines, event -> event.equals("SupervisorRestarted"));
        CompletableFuture<Void> rest =
                CompletableFuture.runAsync(() -> lines.lines().forEach(_ -> {}), THREADS);

        JsonNode researcher = agent(naos(demo, "status", "--json"), "researcher");
        while (researcher.path("restarts").asInt() == 0
                || researcher.path("microDollars").asLong() == 0) {
            researcher = agent(naos(demo, "status", "--json"), "researcher");
        }
        assertEquals("research-team", researcher.path("supervisor").asString());

        Process one = begin(demo, "saga", "run", "publish-article", "--input", "{\"topic\":\"otters\"}", "--json");
        Process other = begin(demo, "saga", "run", "publish-article", "--input", input("draft"), "--json");
        CompletableFuture<Result> first = CompletableFuture.supplyAsync(() -> end(one), THREADS);
        Result second = end(other);
        assertEquals(0, first.join().exit(), first.join().toString());
        assertEquals(1, second.exit(), second.toString());

        up.toHandle().destroy(); // Process.destroy() would close its output too
        assertEquals(0, up.waitFor(), "ended by a signal, after the team was stopped");
        rest.join();
        assertFalse(Files.exists(demo.resolve(".nexus/control.json")), "nobody listens any more");
        Result after = naos(demo, "status", "--json");
        assertEquals(0, after.exit(), after.toString());
        assertTrue(agent(after, "researcher").path("microDollars").asLong() > 0, "what was spent stays");
        assertEquals(0, naos(demo, "audit", "verify").exit());
    }

    private static JsonNode agent(Result status, String name) {
        return status.json().stream()
                .filter(line -> line.path("type").asString().equals("agent"))
                .filter(line -> line.path("name").asString().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError(status.toString()));
    }

    private static void await(BufferedReader lines, Predicate<String> event) throws IOException {
        awaitLine(lines, line -> event.test(line.path("event").asString()));
    }

    private static void await(BufferedReader lines, String event, String agent) throws IOException {
        awaitLine(
                lines,
                line -> line.path("event").asString().equals(event)
                        && line.path("agent").asString().equals(agent));
    }

    private static void awaitLine(BufferedReader lines, Predicate<JsonNode> wanted) throws IOException {
        String line;
        while ((line = lines.readLine()) != null) {
            if (wanted.test(JSON.readTree(line))) {
                return;
            }
        }
        throw new AssertionError("it ended before that happened");
    }

    @Test
    void an_agent_in_an_endless_loop_is_stopped_all_the_same() throws Exception {
        Files.writeString(folder.resolve("nexus.yaml"), """
                agent: {name: busy, source: busy.js, loop: {every: 1s}, limits: {timeout: 10m}}
                ---
                supervisor: {name: team, children: [{name: busy, shutdown: 300ms}]}
                """);
        Files.writeString(folder.resolve("busy.js"), "export default async function () { for (;;) {} }\n");
        Process up = begin(folder, "up", "--json");
        await(up.inputReader(StandardCharsets.UTF_8), event -> event.equals("CallStarted"));
        Result stop = naos(folder, "stop");
        assertEquals(0, stop.exit(), stop.toString());
        assertEquals(0, end(up).exit());
        assertEquals(
                "stopped",
                agent(naos(folder, "status", "--json"), "busy").path("state").asString());
    }
}
