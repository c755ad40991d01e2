package nexus.aiagents.engine.agent;

import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import nexus.aiagents.sandbox.Grants;
import nexus.aiagents.sandbox.HostCall;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The least that would have to be granted for a call. Immutable.
///
/// @param kind a key of `grants`
/// @param name a model, an agent, a host with its port, a path; empty for `kv`
/// @param mode the method, or `ro` or `rw`; else empty
record Wanted(String kind, String name, String mode) {

    /// @return null if no grant could cover it
    static @Nullable Wanted of(HostCall call) {
        return switch (call) {
            case HostCall.Model m -> m.model() == null ? null : new Wanted("models", m.model(), "");
            case HostCall.CallAgent a -> new Wanted("agents", a.agent(), "");
            case HostCall.KvGet _, HostCall.KvPut _, HostCall.KvDelete _, HostCall.KvList _ -> new Wanted("kv", "", "");
            case HostCall.Http h -> http(h);
            case HostCall.FileRead f -> file(f.path(), "ro");
            case HostCall.FileList f -> file(f.path(), "ro");
            case HostCall.FileWrite f -> file(f.path(), "rw");
            case HostCall.FileDelete f -> file(f.path(), "rw");
            case HostCall.Disk _, HostCall.Log _, HostCall.Emit _, HostCall.Now _, HostCall.Random _ -> null;
        };
    }

    /// @return null if no grant could cover it
    static @Nullable Wanted toWrite(String path) {
        return file(path, "rw");
    }

    private static @Nullable Wanted http(HostCall.Http call) {
        try {
            URI uri = URI.create(call.url());
            if (uri.getHost() == null || uri.getScheme() == null || uri.getRawUserInfo() != null) {
                return null;
            }
            int port = HttpDesk.portOf(uri);
            String host = HttpDesk.hostOf(uri) + (port == 443 || port == 80 ? "" : ":" + port);
            String method = call.method().toUpperCase(Locale.ROOT);
            return HttpDesk.METHODS.contains(method) ? new Wanted("http", host, method) : null;
        } catch (IllegalArgumentException _) {
            return null;
        }
    }

    /// Names with `/` between them, as a grant has them, also where the system writes paths otherwise.
    private static @Nullable Wanted file(String path, String mode) {
        try {
            String name = Arrays.stream(path.split("/"))
                    .filter(part -> !part.isEmpty() && !part.equals("."))
                    .collect(Collectors.joining("/"));
            Path normal = Path.of(name).normalize();
            boolean plain = !path.startsWith("/") && !name.isEmpty() && normal.equals(Path.of(name));
            boolean inside = plain && !normal.isAbsolute() && !normal.startsWith("..") && !normal.startsWith(".nexus");
            return inside ? new Wanted("files", name, mode) : null;
        } catch (InvalidPathException _) {
            return null;
        }
    }

    /// The same with this granted too.
    Grants addedTo(Grants grants, Path folder) {
        Set<String> models = new HashSet<>(grants.models());
        Set<String> agents = new HashSet<>(grants.agents());
        List<Grants.HttpRule> http = new ArrayList<>(grants.http());
        List<Grants.Mount> files = new ArrayList<>(grants.files());
        switch (kind) {
            case "models" -> models.add(name);
            case "agents" -> agents.add(name);
            case "http" -> http.add(new Grants.HttpRule(name, Set.of(mode)));
            case "files" ->
                files.add(new Grants.Mount(name, folder.resolve(name).normalize(), mode.equals("rw")));
            default -> {} // kv is a flag
        }
        return new Grants(models, http, files, agents, grants.kv() || kind.equals("kv"), grants.env());
    }

    /// As it stands in the list of its kind.
    JsonNode item() {
        ObjectNode map = JsonNodeFactory.instance.objectNode();
        return switch (kind) {
            case "http" -> {
                map.put("host", name);
                map.putArray("methods").add(mode);
                yield map;
            }
            case "files" -> map.put("path", name).put("mode", mode);
            case "kv" -> JsonNodeFactory.instance.booleanNode(true);
            default -> JsonNodeFactory.instance.stringNode(name);
        };
    }
}
