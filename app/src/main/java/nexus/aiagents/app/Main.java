package nexus.aiagents.app;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import nexus.aiagents.app.cli.Terminal;
import nexus.aiagents.app.desktop.DesktopApp;
import org.jspecify.annotations.Nullable;

/// Starts the control center: `[--demo] [PROJECT]`. Where there is no display the demo runs in the terminal
/// instead. Does not extend `Application`, so that JavaFX may stand on the class path.
public final class Main {
    private Main() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        Quiet.libraries();
        boolean demo = List.of(args).contains("--demo");
        @Nullable
        Path project = List.of(args).stream()
                .filter(a -> !a.startsWith("--"))
                .map(Path::of)
                .findFirst()
                .orElse(null);
        if (Display.isThere(System.getenv())) {
            openWindow(project, demo);
            return;
        }
        Terminal terminal = Terminal.system(false, System.getenv());
        if (!demo) {
            terminal.line("There is no display to open a window on. Set DISPLAY or WAYLAND_DISPLAY, or use the naos"
                    + " command: naos up, naos status.");
            System.exit(1);
        }
        System.exit(TerminalDemo.run(terminal) ? 0 : 1);
    }

    static void openWindow(@Nullable Path project, boolean demo) {
        DesktopApp.launchDesktop(project, demo);
    }
}
