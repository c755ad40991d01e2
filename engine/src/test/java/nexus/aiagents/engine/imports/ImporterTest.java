package nexus.aiagents.engine.imports;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import nexus.aiagents.engine.Engine;
import nexus.aiagents.engine.control.Command;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.imports.Imported.Item;
import nexus.aiagents.engine.project.AgentSpec;
import nexus.aiagents.engine.project.Analysis;
import nexus.aiagents.engine.project.LanguageService;
import nexus.aiagents.engine.project.Project;
import nexus.aiagents.engine.view.RunView;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class ImporterTest {
    @TempDir
    Path folder;

    private Path file(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    /// Written, and without an error.
    private Project project(Imported imported, String name) throws IOException {
        Path target = folder.resolve(name);
        imported.write(target);
        Analysis analysis = new LanguageService().analyze(target, Map.of());
        assertEquals(
                List.of(),
                analysis.diagnostics().stream().filter(d -> d.isError()).toList(),
                Files.readString(target.resolve("nexus.yaml")));
        return analysis.project();
    }

    private static List<String> left(Imported imported) {
        return imported.left().stream().map(Item::what).toList();
    }

    @Test
    void a_nexus_config_brings_agents_supervisors_budgets_and_trust_and_says_what_stays() throws Exception {
        file("old/agents/researcher.js", "export default () => ({ ok: true });\n");
        file("old/agents/writer.py", "print('hi')\n");
        file("old/nexus.config.yaml", """
                name: my project
                execution: {type: wasm, memoryLimit: 256MB}
                supervisor: {strategy: one-for-all, maxRestarts: 3}
                supervisors:
                  main: {strategy: rest-for-one, maxRestarts: 5, restartWindow: 30, children: [researcher, ghost]}
                cost: {budget: "$100/day", alertAt: 80, action: pause}
                trust:
                  provider: axis
                  requirements: {minTrustTier: T3, minTScore: 70}
                broker: {enabled: true}
                edge: {provider: cloudflare}
                agents:
                  researcher:
                    source: ./agents/researcher.js
                    cost: {budget: "$10.50/day", action: kill}
                    execution: {timeoutSeconds: 300}
                    env: {API_KEY: very-secret}
                  helper: {template: echo}
                  crawler: {template: cron}
                  writer: {source: ./agents/writer.py}
                  lost: {source: ./agents/lost.wasm}
                  outside: {source: ../outside.js}
                """);
        Imported imported = Importer.read(folder.resolve("old"));
        Project project = project(imported, "new");

        assertEquals("my-project", project.name());
        assertEquals(
                List.of("researcher", "helper"), List.copyOf(project.agents().keySet()));
        AgentSpec researcher = project.agents().get("researcher");
        assertEquals(256L << 20, researcher.limits().memoryBytes());
        assertEquals(2, project.supervisors().size());
        String yaml = Files.readString(folder.resolve("new/nexus.yaml"));
        assertTrue(yaml.contains("withinSeconds: 30"), yaml);
        assertTrue(yaml.contains("maxDollars: 10.50") && yaml.contains("per: day"), yaml);
        assertTrue(yaml.contains("minTrustTier: T3"), yaml);
        assertFalse(yaml.contains("very-secret"), yaml);
        assertEquals(
                List.of(
                        "agent researcher: env API_KEY",
                        "agent crawler",
                        "agent writer",
                        "agent lost",
                        "agent outside",
                        "supervisor main: ghost",
                        "trust: provider axis",
                        "trust: requirements: minTScore",
                        "broker",
                        "edge"),
                left(imported));
        assertTrue(imported.left().stream().noneMatch(item -> item.text().isBlank()));
    }

    @Test
    void a_crew_becomes_agents_of_models_and_one_workflow_that_runs() throws Exception {
        file("crew/src/news/config/agents.yaml", """
                researcher:
                  role: >
                    {topic} Senior Data Researcher
                  goal: >
                    Uncover cutting-edge developments in {topic}
                  backstory: You're a seasoned researcher.
                  tools: [SerperDevTool]
                  max_iter: 5
                analyst:
                  role: Reporting Analyst
                  goal: Make reports
                  backstory: You are meticulous and cost ${5}.
                  llm: openai/gpt-4o-mini
                """);
        file("crew/src/news/config/tasks.yaml", """
                research_task:
                  description: >
                    Research {topic} in {current_year}. Literal ${dollar}.
                  expected_output: A list
                  agent: researcher
                reporting-task:
                  description: Report
                  expected_output: A report
                  agent: analyst
                  context: [research_task]
                  output_file: report.md
                  human_input: true
                orphan: {description: x, agent: nobody}
                """);
        file("crew/src/news/main.py", "");
        Imported imported = Importer.read(folder.resolve("crew"));
        Project project = project(imported, "new");
        assertEquals("news", project.name());
        assertEquals(
                List.of("researcher", "analyst"), List.copyOf(project.agents().keySet()));
        assertEquals(
                List.of("research_task", "reporting_task"),
                project.workflows().get("news").steps().stream()
                        .map(s -> s.name())
                        .toList());
        String yaml = Files.readString(folder.resolve("new/nexus.yaml"));
        assertTrue(yaml.contains("Research ${input.topic} in ${input.current_year}. Literal ${{dollar}."), yaml);
        assertTrue(yaml.contains("apiKeyEnv: OPENAI_API_KEY"), yaml);
        assertEquals(
                List.of(
                        "agent researcher: tools",
                        "agent researcher: max_iter",
                        "task reporting-task: human_input",
                        "task reporting-task: output_file",
                        "task orphan",
                        "crew.py"),
                left(imported));

        Files.writeString(
                folder.resolve("new/nexus.yaml"),
                yaml.replace("provider: openai", "provider: scripted").replaceAll("\\s+apiKeyEnv: \\S+", ""));
        RunView run = run(
                folder.resolve("new"), new Command.RunWorkflow("news", "{\"topic\":\"otters\",\"current_year\":2026}"));
        assertEquals(RunView.State.DONE, run.state(), run.errorMessage());
    }

    @Test
    void mcp_servers_over_http_become_agents_that_speak_to_their_host_alone_and_keys_stay_out() throws Exception {
        Path list = file(".mcp.json", """
                {
                  // as editors write it
                  "mcpServers": {
                    "files": {"command": "npx", "args": ["-y", "server-files"]},
                    "git hub": {"type": "http", "url": "https://api.example.com/mcp",
                                "headers": {"Authorization": "Bearer ghp_secret", "X-Team": "${env:TEAM_KEY}"}},
                    "old": {"type": "sse", "url": "https://old.example.com/sse"},
                    "odd": {"url": "file:///etc/passwd"},
                  }
                }
                """);
        Imported imported = Importer.read(list);
        Project project = project(imported, "new");
        assertEquals(List.of("git-hub"), List.copyOf(project.agents().keySet()));
        String yaml = Files.readString(folder.resolve("new/nexus.yaml"));
        assertFalse(yaml.contains("ghp_secret"), yaml);
        assertTrue(yaml.contains("name: GIT_HUB_AUTHORIZATION") && yaml.contains("name: TEAM_KEY"), yaml);
        assertEquals(
                List.of(
                        "server files",
                        "server git hub: header Authorization",
                        "server git hub: header X-Team",
                        "server old",
                        "server odd"),
                left(imported));
        String program = imported.left().getFirst().text();
        assertTrue(
                program.contains("npx, and agents start none")
                        && program.contains("{\"files\": {\"url\": \"http://localhost:8000/mcp\"}}"),
                program);
        assertFalse(program.contains("server-files"), "arguments may hold keys");
    }

    @Test
    void the_agent_of_an_mcp_server_lists_its_tools_and_calls_one() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/mcp", exchange -> {
            var message = new JsonMapper().readTree(exchange.getRequestBody().readAllBytes());
            String result = switch (message.path("method").asString("")) {
                case "initialize" -> "{\"protocolVersion\":\"2025-03-26\",\"capabilities\":{}}";
                case "tools/list" -> "{\"tools\":[{\"name\":\"add\",\"inputSchema\":{}}]}";
                case "tools/call" ->
                    "{\"content\":[{\"type\":\"text\",\"text\":\""
                            + (message.path("params")
                                            .path("arguments")
                                            .path("a")
                                            .asInt()
                                    + message.path("params")
                                            .path("arguments")
                                            .path("b")
                                            .asInt())
                            + "\"}]}";
                default -> "";
            };
            boolean known = "s1".equals(exchange.getRequestHeaders().getFirst("Mcp-Session-Id"));
            boolean first = message.path("method").asString("").equals("initialize");
            exchange.getResponseHeaders().set("Mcp-Session-Id", "s1");
            if (!first && !known) {
                exchange.sendResponseHeaders(400, -1);
            } else if (result.isEmpty()) {
                exchange.sendResponseHeaders(202, -1);
            } else {
                byte[] body = ("event: message\ndata: {\"jsonrpc\":\"2.0\",\"id\":"
                                + message.path("id").asInt() + ",\"result\":" + result + "}\n\n")
                        .getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
            }
            exchange.close();
        });
        server.start();
        try {
            int port = server.getAddress().getPort();
            Path list = file("mcp.json", "{\"servers\": {\"calc\": {\"url\": \"http://127.0.0.1:" + port + "/mcp\"}}}");
            project(Importer.read(list), "new");
            RunView tools = run(folder.resolve("new"), new Command.RunAgent("calc", "null"));
            assertEquals(RunView.State.DONE, tools.state(), tools.errorMessage());
            assertTrue(tools.outputJson().contains("\"add\""), tools.outputJson());
            RunView sum = run(
                    folder.resolve("new"),
                    new Command.RunAgent("calc", "{\"tool\":\"add\",\"arguments\":{\"a\":40,\"b\":2}}"));
            assertTrue(sum.outputJson().contains("\"text\":\"42\""), sum.outputJson() + sum.errorMessage());
        } finally {
            server.stop(0);
        }
    }

    @Test
    void nothing_is_overwritten_and_what_is_no_such_file_is_said() throws Exception {
        Path list = file("in/mcp.json", "{\"mcpServers\": {\"a\": {\"url\": \"https://a.example/mcp\"}}}");
        Imported imported = Importer.read(list);
        file("there/mine.txt", "mine");
        assertThrows(FileAlreadyExistsException.class, () -> imported.write(folder.resolve("there")));
        assertThrows(FileAlreadyExistsException.class, () -> imported.write(folder.resolve("there/mine.txt")));
        try (var files = Files.list(folder.resolve("there"))) {
            assertEquals(1, files.count());
        }
        for (String bad : List.of("{", "[]", "{\"mcpServers\": 3}")) {
            file("in/mcp.json", bad);
            assertThrows(NotImportable.class, () -> Importer.read(list));
        }
        file("bad/nexus.config.yaml", "a: [1\nb");
        assertThrows(NotImportable.class, () -> Importer.read(folder.resolve("bad")));
        file("loop/nexus.config.yaml", "agents: &a\n  x: *a\n");
        assertThrows(NotImportable.class, () -> Importer.read(folder.resolve("loop")));
        Files.createDirectories(folder.resolve("empty"));
        assertTrue(assertThrows(NotImportable.class, () -> Importer.read(folder.resolve("empty")))
                .getMessage()
                .contains("What can be imported"));
    }

    private static RunView run(Path project, Command command) throws Exception {
        try (Engine engine = Engine.open(project, Engine.Options.RUN)) {
            var result = engine.submit(command, "test").toCompletableFuture().get(30, TimeUnit.SECONDS);
            String id = ((CommandResult.RunStarted) result).runId();
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (System.nanoTime() < deadline) {
                var found = engine.view().runs().stream()
                        .filter(r -> r.id().equals(id) && r.state().isFinal())
                        .findFirst();
                if (found.isPresent()) {
                    return found.get();
                }
                LockSupport.parkNanos(1_000_000);
            }
            throw new AssertionError("the run did not end");
        }
    }
}
