package nexus.aiagents.app.cli;

import java.nio.file.Path;
import picocli.CommandLine.Command;

@Command(name = "dashboard", description = "Opens the control center, a window, on the project.")
final class DashboardCommand extends Action {
    @Override
    int run(Context context) {
        Path folder = project();
        if (!context.display()) {
            throw new Failure(
                    Exit.FAILED,
                    "no-display",
                    "there is no display to open a window on; set DISPLAY or WAYLAND_DISPLAY, or use naos up and naos status");
        }
        context.desktop().accept(folder);
        return Exit.DONE;
    }
}
