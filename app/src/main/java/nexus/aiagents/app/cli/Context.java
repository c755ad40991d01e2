package nexus.aiagents.app.cli;

import java.io.Console;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The world as a command sees it.
///
/// @param folder  what relative paths are relative to
/// @param desktop opens the window on a project and returns when it is closed
/// @param display whether a window could be shown
/// @param attended whether somebody sits at `stdin` who can be asked
public record Context(
        Terminal terminal,
        Projects projects,
        Path folder,
        InputStream stdin,
        Consumer<Path> desktop,
        boolean display,
        boolean attended) {

    /// Unattended.
    public Context(
            Terminal terminal,
            Projects projects,
            Path folder,
            InputStream stdin,
            Consumer<Path> desktop,
            boolean display) {
        this(terminal, projects, folder, stdin, desktop, display, false);
    }

    /// The real one.
    public static Context system(Terminal terminal, Consumer<Path> desktop, boolean display) {
        @Nullable Console console = System.console();
        boolean attended = console != null && console.isTerminal();
        return new Context(terminal, new EngineProjects(), Path.of(""), System.in, desktop, display, attended);
    }
}
