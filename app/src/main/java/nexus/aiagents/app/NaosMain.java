package nexus.aiagents.app;

import java.util.Arrays;
import java.util.List;
import nexus.aiagents.app.cli.Context;
import nexus.aiagents.app.cli.Naos;
import nexus.aiagents.app.cli.Terminal;
import nexus.aiagents.app.cli.Version;

/// The `naos` command as a process.
public final class NaosMain {
    private NaosMain() {}

    public static void main(String[] args) {
        List<String> given = Arrays.asList(args);
        boolean json = given.contains("--json");
        Terminal terminal = Terminal.system(json, System.getenv());
        if (given.equals(List.of("--version"))) {
            terminal.line(Version.text()); // without the whole model of the command
            return;
        }
        Quiet.libraries();
        Interrupts.secondEndsAtOnce();
        Context context =
                Context.system(terminal, project -> Main.openWindow(project, false), Display.isThere(System.getenv()));
        int code = Naos.run(context, args);
        terminal.out().flush();
        System.exit(code);
    }
}
