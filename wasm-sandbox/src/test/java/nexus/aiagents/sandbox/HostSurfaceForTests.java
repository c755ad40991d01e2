package nexus.aiagents.sandbox;

import java.util.List;

/// What a module can import, as the tests of this package see it.
final class HostSurfaceForTests {
    private HostSurfaceForTests() {}

    /// @param parameters,results letters: `i` for i32, `I` for i64
    record Function(String module, String name, String parameters, String results) {}

    static List<Function> functions() {
        return nexus.aiagents.sandbox.internal.wasm.SurfaceList.all().stream()
                .map(each -> new Function(each.get(0), each.get(1), each.get(2), each.get(3)))
                .toList();
    }
}
