package nexus.aiagents.sandbox.internal.wasm;

import java.util.List;

/// Every function that a module can import: module, name, parameters and results.
public final class SurfaceList {
    private SurfaceList() {}

    public static List<List<String>> all() {
        return HostSurface.SIGNATURES.entrySet().stream()
                .map(each -> {
                    int dot = each.getKey().lastIndexOf('.');
                    int arrow = each.getValue().indexOf(" -> ");
                    return List.of(
                            each.getKey().substring(0, dot),
                            each.getKey().substring(dot + 1),
                            each.getValue().substring(0, arrow),
                            each.getValue().substring(arrow + 4));
                })
                .sorted((a, b) -> a.toString().compareTo(b.toString()))
                .toList();
    }
}
