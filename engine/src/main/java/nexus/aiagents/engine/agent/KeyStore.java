package nexus.aiagents.engine.agent;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.Journal;
import nexus.aiagents.engine.journal.StoreException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;

/// The durable keys of one agent, in the journal's state under `kv/AGENT/KEY`. A change is on the disk
/// before it is answered. Thread-safe.
final class KeyStore {
    private static final int MAX_KEY_LENGTH = 256;

    private final String prefix;
    private final Journal journal;
    private long bytes = -1;

    KeyStore(String agent, Journal journal) {
        this.prefix = "kv/" + agent + "/";
        this.journal = journal;
    }

    synchronized String get(String key) throws HostCallFailed {
        String value = journal.state(checked(key));
        return value == null ? "null" : value;
    }

    /// @param quota what all keys and values may hold together, in bytes
    synchronized String put(String key, String valueJson, long quota) throws HostCallFailed {
        String full = checked(key);
        Json.read("the value of key '" + key + "'", valueJson);
        long after = used() - size(full, journal.state(full)) + size(full, valueJson);
        checkRoom(key, after, quota);
        write(full, valueJson, after);
        return "null";
    }

    synchronized String delete(String key) throws HostCallFailed {
        String full = checked(key);
        String old = journal.state(full);
        if (old != null) {
            write(full, null, used() - size(full, old));
        }
        return old == null ? "false" : "true";
    }

    synchronized String list(String keyPrefix) {
        ArrayNode keys = Json.MAPPER.createArrayNode();
        for (String key : new TreeMap<>(journal.states(prefix + keyPrefix)).keySet()) {
            keys.add(key.substring(prefix.length()));
        }
        return Json.write(keys);
    }

    private void write(String full, @Nullable String value, long after) throws HostCallFailed {
        Map<String, @Nullable String> change = new TreeMap<>();
        change.put(full, value);
        try {
            journal.commitAndWait(new Journal.Batch(List.<EngineEvent>of(), change));
        } catch (StoreException e) {
            throw new HostCallFailed(e.code(), "the key was not stored: " + e.getMessage());
        }
        bytes = after;
    }

    private long used() {
        if (bytes < 0) {
            bytes = journal.states(prefix).entrySet().stream()
                    .mapToLong(entry -> size(entry.getKey(), entry.getValue()))
                    .sum();
        }
        return bytes;
    }

    private long size(String full, @Nullable String value) {
        return value == null ? 0 : full.length() - prefix.length() + value.getBytes(StandardCharsets.UTF_8).length;
    }

    private String checked(String key) throws HostCallFailed {
        return prefix + checkKey(key);
    }

    static String checkKey(String key) throws HostCallFailed {
        if (key.isEmpty() || key.length() > MAX_KEY_LENGTH) {
            throw new HostCallFailed("bad-input", "a key has 1 to " + MAX_KEY_LENGTH + " characters");
        }
        return key;
    }

    /// @param after what all would hold with this one, in bytes
    static void checkRoom(String key, long after, long quota) throws HostCallFailed {
        if (after > quota) {
            throw new HostCallFailed(
                    "kv-full",
                    "key '" + key + "' does not fit: the keys of this agent may hold " + quota
                            + " bytes together; delete some first, or grant `kv: {maxBytes: …}`");
        }
    }
}
