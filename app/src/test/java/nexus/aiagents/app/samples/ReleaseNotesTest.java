package nexus.aiagents.app.samples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import nexus.aiagents.engine.Engine;
import nexus.aiagents.engine.control.Command;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.view.AgentView;
import nexus.aiagents.engine.view.ProjectView.AskView;
import nexus.aiagents.engine.view.RunView;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What `sample-projects/release-notes` promises in its README, with a tracker on loopback. `PATH`
/// stands for the key: it is set everywhere and stands in no file of the project.
@Timeout(value = 180, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ReleaseNotesTest {
    private static final String INPUT = "{\"milestone\":\"1.0\"}";

    @TempDir
    Path folder;

    private final List<String> received = new CopyOnWriteArrayList<>();
    private HttpServer tracker;

    @BeforeEach
    void copy() throws Exception {
        tracker = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        tracker.createContext("/issues", exchange -> {
            String key = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
            received.add(key);
            String title = key.replace("\\", "\\\\").replace("\"", "\\\"");
            byte[] body = ("[{\"number\": 7, \"title\": \"" + title + "\"}]").getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        tracker.start();
        Path sample = Path.of("..", "sample-projects", "release-notes");
        try (Stream<Path> files = Files.walk(sample)) {
            for (Path file : files.filter(f -> !f.toString().contains(".nexus")).toList()) {
                Path target = folder.resolve(sample.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    String port = Integer.toString(tracker.getAddress().getPort());
                    Files.writeString(target, Files.readString(file).replace("8787", port));
                }
            }
        }
    }

    @AfterEach
    void stop() {
        tracker.stop(0);
    }

    private void withKey() throws Exception {
        Path yaml = folder.resolve("nexus.yaml");
        Files.writeString(yaml, Files.readString(yaml).replace("TRACKER_TOKEN", "PATH"));
    }

    private static CommandResult submit(Engine engine, Command command) throws Exception {
        return engine.submit(command, "test").toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    private static String start(Engine engine) throws Exception {
        CommandResult result = submit(engine, new Command.RunAgent("tracker", INPUT));
        return assertInstanceOf(CommandResult.RunStarted.class, result).runId();
    }

    private static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    private static RunView finished(Engine engine, String runId) {
        await(() -> engine.view().runs().stream()
                .anyMatch(r -> r.id().equals(runId) && r.state().isFinal()));
        return engine.view().runs().stream()
                .filter(r -> r.id().equals(runId))
                .findFirst()
                .orElseThrow();
    }

    private static void decide(Engine engine, String decision) throws Exception {
        await(() -> !engine.view().asks().isEmpty());
        AskView ask = engine.view().asks().getFirst();
        assertEquals("to read drafts/heading.md", ask.inWords());
        assertEquals("approval", engine.view().agents().getFirst().pausedBy());
        CommandResult result = submit(engine, new Command.DecideGrant(ask.id(), decision));
        assertInstanceOf(CommandResult.Done.class, result, result.toString());
    }

    private String notes() throws Exception {
        return Files.readString(folder.resolve("notes/1.0.md"));
    }

    @Test
    void without_the_variable_nothing_is_sent_and_it_says_so() throws Exception {
        try (Engine engine = Engine.open(folder, Engine.Options.RUN)) {
            RunView run = finished(engine, start(engine));
            assertEquals("secret-missing", run.errorCode());
            assertTrue(String.valueOf(run.errorMessage()).contains("TRACKER_TOKEN"), run.errorMessage());
            assertEquals(List.of(), received);
        }
    }

    @Test
    void the_key_arrives_and_is_seen_nowhere_else_and_the_draft_is_read_when_a_person_allows_it() throws Exception {
        withKey();
        try (Engine engine = Engine.open(folder, Engine.Options.RUN)) {
            String first = start(engine);
            decide(engine, "deny");
            finished(engine, first);
            assertTrue(notes().startsWith("# Release notes\n"), notes());
            String second = start(engine);
            decide(engine, "once");
            finished(engine, second);
            assertEquals("# What is new in this release\n\n- Bearer [secret PATH] (#7)\n", notes());
            String third = start(engine);
            decide(engine, "always");
            finished(engine, third);
            assertEquals(RunView.State.DONE, finished(engine, start(engine)).state());
            String yaml = Files.readString(folder.resolve("nexus.yaml"));
            assertTrue(yaml.contains("      - {path: drafts/heading.md, mode: ro}\n"), yaml);
            assertTrue(yaml.contains("# a variable of the process"), yaml);
            AgentView.GrantView key = engine.view().agents().getFirst().grants().declared().stream()
                    .filter(g -> g.kind().equals("secrets"))
                    .findFirst()
                    .orElseThrow();
            assertEquals(4, key.used());
        }
        assertEquals(4, received.size());
        assertEquals("Bearer " + System.getenv("PATH").strip(), received.getFirst());
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                String bytes = Files.readString(file, StandardCharsets.ISO_8859_1);
                assertFalse(bytes.contains(System.getenv("PATH")), "the key stands in " + file);
            }
        }
    }
}
