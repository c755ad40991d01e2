package nexus.aiagents.app.desktop;

import static nexus.aiagents.app.desktop.DesktopFixture.await;
import static nexus.aiagents.app.desktop.DesktopFixture.fx;
import static nexus.aiagents.app.desktop.DesktopFixture.onFx;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javafx.application.Platform;
import javafx.scene.Parent;
import javafx.scene.control.TabPane;
import javafx.stage.Stage;
import nexus.aiagents.app.desktop.shell.Screen;
import org.fxmisc.richtext.CodeArea;

/// A window in a process of its own, in which somebody types into the editor and into the source of an
/// agent and saves nothing; the process is killed once both are kept.
final class KilledWindow {
    static final String SOURCE = "export default () => 1;\n";
    static final String TYPED = "// half a thought";
    private static final String KEPT = "both are kept";

    private KilledWindow() {}

    /// Returns when it is dead.
    static void typeAndKill(Path home, Path project) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xshare:auto",
                "--enable-native-access=ALL-UNNAMED",
                "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED"));
        for (String property : List.of("glass.platform", "prism.order", "java.awt.headless")) {
            String value = System.getProperty(property);
            if (value != null) {
                command.add("-D" + property + "=" + value);
            }
        }
        command.addAll(List.of(
                "-cp",
                System.getProperty("java.class.path"),
                KilledWindow.class.getName(),
                home.toString(),
                project.toString()));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (var said = process.inputReader()) {
            assertEquals(KEPT, said.readLine());
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    public static void main(String[] args) throws IOException {
        Path home = Path.of(args[0]);
        Platform.startup(() -> {});
        DesktopFixture desktop = onFx(() -> new DesktopFixture(
                new Stage(),
                _ -> new FakeEngineClient(SampleViews.running("/demo")),
                DesktopApp::screens,
                1280,
                800,
                home));
        fx(() -> desktop.workspace.enter(Path.of(args[1])));
        await("open", () -> desktop.workspace.view().get() != null);
        fx(() -> desktop.window.show(Screen.EDITOR, "agents/a.js"));
        await("the file", () -> area(desktop, "const b = 1;\n") != null);
        fx(() -> area(desktop, "const b = 1;\n").appendText(TYPED));
        fx(() -> desktop.window.show(Screen.AGENT, "writer"));
        await("the agent", () -> desktop.window.scene().lookup("#agent-tabs") != null);
        fx(() -> {
            TabPane tabs = (TabPane) desktop.window.scene().lookup("#agent-tabs");
            tabs.getTabs().stream()
                    .filter(tab -> "agent-tab-source".equals(tab.getId()))
                    .forEach(tabs.getSelectionModel()::select);
        });
        await("the source", () -> area(desktop, SOURCE) != null);
        fx(() -> area(desktop, SOURCE).appendText(TYPED));
        await(KEPT, () -> kept(home) == 2);
        System.out.println(KEPT);
        System.in.read(); // until it is killed
    }

    private static CodeArea area(DesktopFixture desktop, String end) {
        Parent root = desktop.window.scene().getRoot();
        root.applyCss();
        root.layout();
        return root.lookupAll(".editor-area").stream()
                .map(CodeArea.class::cast)
                .filter(area -> area.getText().endsWith(end))
                .findFirst()
                .orElse(null);
    }

    private static long kept(Path home) {
        Path unsaved = home.resolve("data/unsaved");
        try (Stream<Path> files = Files.exists(unsaved) ? Files.walk(unsaved) : Stream.of()) {
            return files.filter(f -> f.toString().endsWith(".json")).count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
