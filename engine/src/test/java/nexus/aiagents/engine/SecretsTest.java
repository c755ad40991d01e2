package nexus.aiagents.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
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
import java.util.stream.Stream;
import nexus.aiagents.engine.control.EngineClient.HistoryQuery;
import nexus.aiagents.engine.view.RunView;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A key that is granted reaches the server, and nothing else: neither the program nor the disk.
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SecretsTest {
    /// Set on every system, long, and nowhere in a project: it stands for a key here.
    private static final String NAME = "PATH";

    @TempDir
    Path folder;

    private final List<String> received = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private TestProject project;
    private String value;

    @BeforeEach
    void start() throws Exception {
        value = System.getenv(NAME);
        assertNotNull(value);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            String key = exchange.getRequestHeaders().getFirst("Authorization");
            received.add(String.valueOf(key));
            byte[] body = ("you sent " + key + " to " + exchange.getRequestURI()).getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("X-Echo", String.valueOf(key));
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        project = new TestProject(folder);
        project.write("nexus.yaml", "project: {name: test}\n");
        project.write("work/.keep", "");
        String host = "\"localhost:" + server.getAddress().getPort() + "\"";
        project.agent(
                "caller",
                """
                export default async function (input, nexus) {
                  const answer = await nexus.http(input.url, {});
                  nexus.log(answer.body);
                  nexus.emit("answer", answer);
                  await nexus.kv.put("answer", answer);
                  await nexus.file.write("work/answer.txt", JSON.stringify(answer));
                  let env = Object.keys(nexus.env);
                  return {answer, env, all: JSON.stringify(globalThis) + JSON.stringify(nexus.context)};
                }
                """,
                "grants: {kv: true, files: [{path: work, mode: rw}], http: [{host: " + host + "}], secrets: [{name: "
                        + NAME + ", host: " + host + "}]}");
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private String url(String path) {
        return "http://localhost:" + server.getAddress().getPort() + path;
    }

    @Test
    void it_reaches_the_server_and_is_found_nowhere_on_the_disk_and_in_no_view() throws Exception {
        try (Engine engine = project.open()) {
            RunView run = project.runAgent(engine, "caller", "{\"url\":\"" + url("/x") + "\"}");
            assertEquals(RunView.State.DONE, run.state(), String.valueOf(run.errorMessage()));
            assertEquals(List.of("Bearer " + value), received);
            assertTrue(String.valueOf(run.outputJson()).contains("you sent Bearer [secret " + NAME + "] to /x"));
            assertFalse(String.valueOf(engine.view()).contains(value));
            assertFalse(engine.lines(HistoryQuery.last(1_000)).toString().contains(value));
        }
        int files = 0;
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : (Iterable<Path>) all.filter(Files::isRegularFile)::iterator) {
                files++;
                String bytes = Files.readString(file, StandardCharsets.ISO_8859_1);
                assertFalse(bytes.contains(value), "the value stands in " + file);
            }
        }
        assertTrue(files > 3, "so few files were searched: " + files);
        assertTrue(Files.readString(folder.resolve("work/answer.txt")).contains("[secret " + NAME + "]"));
    }
}
