package nexus.aiagents.engine.imports;

import static nexus.aiagents.engine.imports.Draft.map;
import static nexus.aiagents.engine.imports.Draft.takeMap;
import static nexus.aiagents.engine.imports.Draft.takeText;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.json.JsonMapper;

/// The list of MCP servers that an editor or a chat keeps. One that is reached over HTTP becomes a
/// sandboxed agent that may speak to its host and to nothing else; one that is a program to start does
/// not come over.
final class McpServers {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS, JsonReadFeature.ALLOW_TRAILING_COMMA)
            .build();
    /// A key that stands for a variable or a question of the editor.
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{(?:env:|input:)?([A-Za-z_][A-Za-z0-9_-]*)\\}");

    private static final Set<String> OF_NO_USE = Set.of("type", "transport", "disabled", "alwaysAllow", "autoApprove");

    private final Draft draft;
    private final Set<String> names = new LinkedHashSet<>();

    private McpServers(Draft draft) {
        this.draft = draft;
    }

    static Imported read(Path file) throws IOException, NotImportable {
        SequencedMap<String, Object> root = json(file);
        SequencedMap<String, Object> servers = takeMap(root, "mcpServers");
        if (servers.isEmpty()) {
            servers = takeMap(root, "servers");
        }
        if (servers.isEmpty()) {
            servers = takeMap(takeMap(root, "mcp"), "servers");
        }
        if (servers.isEmpty()) {
            throw new NotImportable(file.getFileName() + " lists no MCP servers: it has no mcpServers.");
        }
        McpServers reader = new McpServers(new Draft("MCP servers", "mcp-tools", "Tools of MCP servers."));
        for (var server : servers.entrySet()) {
            if (server.getValue() instanceof Map<?, ?> m) {
                reader.server(server.getKey(), Draft.strings(m));
            }
        }
        return reader.draft.done();
    }

    private static SequencedMap<String, Object> json(Path file) throws IOException, NotImportable {
        try {
            if (Files.size(file) < 1_000_000
                    && JSON.readValue(Files.readString(file), Object.class) instanceof Map<?, ?> map) {
                return Draft.strings(map);
            }
        } catch (JacksonException e) {
            throw new NotImportable(file.getFileName() + " is no JSON: " + Draft.firstLine(e));
        }
        throw new NotImportable(file.getFileName() + " does not hold what such a file holds.");
    }

    private void server(String called, SequencedMap<String, Object> body) throws IOException {
        String what = "server " + called;
        String url = takeText(body, "url");
        url = url == null ? takeText(body, "serverUrl") : url;
        String transport = String.valueOf(body.getOrDefault("type", body.getOrDefault("transport", "")));
        OF_NO_USE.forEach(body::remove);
        if (url == null) {
            draft.left(
                    what,
                    body.containsKey("command") ? behindAnAddress(called, body.get("command")) : "It has no address.");
            return;
        }
        URI address = address(url);
        if (address == null) {
            draft.left(what, url + " is no http or https address.");
            return;
        }
        if (transport.equalsIgnoreCase("sse")) {
            draft.left(
                    what, "It speaks the old way over two connections (SSE). Most such servers have a newer address.");
            return;
        }
        String name = Draft.name(called, "server");
        if (!names.add(name)) {
            draft.left(what, "Another one is called " + name + " already.");
            return;
        }
        String host = host(address);
        SequencedMap<String, Object> rule = map("host", host);
        rule.put("methods", List.of("POST"));
        SequencedMap<String, Object> grants = map("http", List.of(rule));
        List<Object> secrets = secrets(what, name, host, address, takeMap(body, "headers"));
        if (!secrets.isEmpty()) {
            grants.put("secrets", secrets);
        }
        SequencedMap<String, Object> agent = map("name", name);
        agent.put("description", "The tools of " + address + ".");
        agent.put("source", "agents/" + name + ".js");
        agent.put("grants", grants);
        draft.program(
                "agents/" + name + ".js", "mcp.js", Map.of("ADDRESS", JSON.writeValueAsString(address.toString())));
        draft.document("", "agent", agent);
        draft.carried(what, "the agent " + name + ", which may reach " + host + " and nothing else");
        draft.leftOver(what, body, "An agent has nothing like it.");
    }

    /// What to do with a server that is a program. Its arguments and its environment are not repeated:
    /// they may hold keys.
    private static String behindAnAddress(String called, Object command) {
        return "It is a program to start, " + command + ", and agents start none. Start it yourself with an address:"
                + " many have an option for that, for others there are bridges, such as `npx -y supergateway"
                + " --outputTransport streamableHttp --port 8000 --stdio \"" + command + " …\"`. Then import a file"
                + " with {\"mcpServers\": {" + JSON.writeValueAsString(called)
                + ": {\"url\": \"http://localhost:8000/mcp\"}}}.";
    }

    private static @Nullable URI address(String url) {
        try {
            URI address = URI.create(url.strip());
            boolean web = "https".equals(address.getScheme()) || "http".equals(address.getScheme());
            return web && address.getHost() != null && address.getUserInfo() == null ? address : null;
        } catch (IllegalArgumentException _) {
            return null;
        }
    }

    private static String host(URI address) {
        int port = address.getPort();
        return port < 0 || port == 80 || port == 443 ? address.getHost() : address.getHost() + ":" + port;
    }

    /// Keys never stand in a project: they come from the environment, by the host's hand.
    private List<Object> secrets(
            String what, String name, String host, URI address, SequencedMap<String, Object> headers) {
        boolean safe = address.getScheme().equals("https") || address.getHost().equals("localhost");
        List<Object> secrets = new ArrayList<>();
        headers.forEach((header, value) -> {
            if (!safe) {
                draft.left(what + ": header " + header, "Keys are sent over https alone.");
                return;
            }
            String text = String.valueOf(value);
            Matcher variable = VARIABLE.matcher(text);
            boolean named = variable.find();
            String env = named
                    ? variable.group(1).replace('-', '_')
                    : (name + "_" + header).toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]+", "_");
            SequencedMap<String, Object> secret = map("name", env);
            secret.put("host", host);
            secret.put("header", header);
            String format = named
                    ? text.replace(variable.group(), "{}")
                    : text.regionMatches(true, 0, "Bearer ", 0, 7) ? "Bearer {}" : "{}";
            secret.put("format", format);
            secrets.add(secret);
            draft.left(
                    what + ": header " + header,
                    "Its value is not copied: set the environment variable " + env + ", the host puts it in.");
        });
        return secrets;
    }
}
