package nexus.aiagents.engine.agent;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import nexus.aiagents.sandbox.ModuleInfo;

/// Which grants a program would need, as YAML to paste. What can not be known from outside, such as which
/// folder, is an example.
final class GrantAdvice {
    private static final Set<String> WRITES = Set.of(
            "path_create_directory",
            "path_link",
            "path_remove_directory",
            "path_rename",
            "path_symlink",
            "path_unlink_file",
            "path_filestat_set_times",
            "fd_allocate",
            "fd_filestat_set_size",
            "fd_pwrite");

    private GrantAdvice() {}

    static String of(ModuleInfo info) {
        Set<String> calls = new TreeSet<>();
        boolean byName = false;
        for (ModuleInfo.Import each : info.imports()) {
            byName |= each.name().equals("nexus_call") || each.module().equals("nexus");
            boolean wasi = each.module().equals("wasi_snapshot_preview1");
            if (wasi && each.name().startsWith("path_")) {
                calls.add("file.read");
            }
            if (wasi && WRITES.contains(each.name())) {
                calls.add("file.write");
            }
            if (wasi && each.name().equals("environ_get") || each.name().equals("config_get")) {
                calls.add("env");
            }
            if (each.name().equals("http_request")) {
                calls.add("http");
            }
        }
        if (byName) {
            calls.addAll(info.hostCalls());
        }
        return of(calls, info.hosts());
    }

    /// @param calls by the names that JavaScript uses
    static String of(Collection<String> calls, Collection<String> hosts) {
        List<String> lines = new ArrayList<>();
        if (has(calls, "file")) {
            boolean writes = calls.contains("file.write") || calls.contains("file.delete");
            lines.add("  files:");
            lines.add("    - {path: data, mode: " + (writes ? "rw" : "ro") + "}  # name the folder");
        }
        if (has(calls, "http")) {
            lines.add("  http:");
            for (String host : hosts.isEmpty() ? List.of("example.org") : hosts) {
                lines.add("    - {host: \"" + host + "\"}" + (hosts.isEmpty() ? "  # name the host" : ""));
            }
        }
        if (has(calls, "model")) {
            lines.add("  models: [\"*\"]  # or their names");
        }
        if (has(calls, "agent")) {
            lines.add("  agents: [\"*\"]  # or their names");
        }
        if (has(calls, "kv")) {
            lines.add("  kv: true");
        }
        if (has(calls, "env")) {
            lines.add("  env: []  # names of variables, if it looks for any");
        }
        return lines.isEmpty() ? "" : "grants:\n" + String.join("\n", lines) + "\n";
    }

    private static boolean has(Collection<String> calls, String kind) {
        return calls.stream().anyMatch(call -> call.equals(kind) || call.startsWith(kind + "."));
    }
}
