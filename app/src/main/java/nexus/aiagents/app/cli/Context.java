package nexus.aiagents.app.cli;

import java.io.Console;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.function.Consumer;
import nexus.aiagents.engine.secret.HostSecrets;
import org.jspecify.annotations.Nullable;

/// The world as a command sees it.
///
/// @param folder  what relative paths are relative to
/// @param desktop opens the window on a project and returns when it is closed
/// @param display whether a window could be shown
/// @param attended whether somebody sits at `stdin` who can be asked
/// @param secrets  the environment and the keychain
public record Context(
        Terminal terminal,
        Projects projects,
        Path folder,
        InputStream stdin,
        Consumer<Path> desktop,
        boolean display,
        boolean attended,
        HostSecrets secrets) {

    /// Unattended, and without a keychain.
    public Context(
            Terminal terminal,
            Projects projects,
            Path folder,
            InputStream stdin,
            Consumer<Path> desktop,
            boolean display) {
        this(terminal, projects, folder, stdin, desktop, display, false, HostSecrets.ofEnvironment(System::getenv));
    }

    /// The real one.
    public static Context system(Terminal terminal, Consumer<Path> desktop, boolean display) {
        @Nullable Console console = System.console();
        boolean attended = console != null && console.isTerminal();
        HostSecrets secrets = HostSecrets.ofThisHost(Clock.systemUTC());
        return new Context(terminal, new EngineProjects(), Path.of(""), System.in, desktop, display, attended, secrets);
    }
}
