package nexus.aiagents.app.desktop;

import static nexus.aiagents.app.desktop.DesktopFixture.fx;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import nexus.aiagents.app.desktop.shell.SettingsStore;
import nexus.aiagents.engine.control.EngineClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.framework.junit5.ApplicationExtension;

/// The guard finds what it is there to find.
@ExtendWith(ApplicationExtension.class)
class FxThreadGuardTest {
    @TempDir
    Path folder;

    @Test
    void a_file_read_on_the_javafx_thread_is_found_with_its_place() throws Exception {
        Path file = Files.writeString(folder.resolve("settings.json"), "{}");
        try (FxThreadGuard guard = new FxThreadGuard()) {
            var _ = SettingsStore.load(file); // here it may
            fx(() -> SettingsStore.load(file).close());
            List<String> found = guard.found();
            assertTrue(!found.isEmpty() && found.getFirst().contains("SettingsStore.load"), found.toString());
            assertTrue(found.stream().allMatch(f -> f.contains("SettingsStore")), found.toString());
        }
    }

    @Test
    void a_call_of_the_engine_on_the_javafx_thread_is_found_and_its_newest_view_may_be_asked_for() {
        List<String> wrong = new ArrayList<>();
        EngineClient client = FxThreadGuard.around(new FakeEngineClient(SampleViews.stopped("/demo")), wrong);
        var _ = client.agentTotals();
        fx(() -> {
            var _ = client.view();
            var _ = client.agentTotals();
        });
        assertEquals(List.of("EngineClient.agentTotals"), wrong);
    }
}
