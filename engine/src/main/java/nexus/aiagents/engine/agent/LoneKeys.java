package nexus.aiagents.engine.agent;

import java.nio.charset.StandardCharsets;
import java.util.TreeMap;
import nexus.aiagents.engine.project.AgentSpec;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;

/// The keys of a program that runs alone: as those of an agent with `kv: true`, but they are gone with the
/// run. Thread-safe.
final class LoneKeys {
    private final TreeMap<String, String> values = new TreeMap<>();
    private long bytes;

    synchronized String get(String key) throws HostCallFailed {
        return values.getOrDefault(KeyStore.checkKey(key), "null");
    }

    synchronized String put(String key, String valueJson) throws HostCallFailed {
        KeyStore.checkKey(key);
        long after = bytes - size(key, values.get(key)) + size(key, valueJson);
        KeyStore.checkRoom(key, after, AgentSpec.GrantSpec.KV_BYTES);
        values.put(key, valueJson);
        bytes = after;
        return "null";
    }

    synchronized String delete(String key) throws HostCallFailed {
        String old = values.remove(KeyStore.checkKey(key));
        bytes -= size(key, old);
        return Boolean.toString(old != null);
    }

    synchronized String list(String prefix) {
        ArrayNode keys = Json.MAPPER.createArrayNode();
        values.tailMap(prefix).keySet().stream()
                .takeWhile(key -> key.startsWith(prefix))
                .forEach(keys::add);
        return Json.write(keys);
    }

    private static long size(String key, @Nullable String value) {
        return value == null ? 0 : key.length() + value.getBytes(StandardCharsets.UTF_8).length;
    }
}
