package nexus.aiagents.app.cli;

import java.io.InputStream;
import java.nio.file.Path;
import java.util.function.Consumer;

/// The world as a command sees it.
///
/// @param folder  what relative paths are relative to
/// @param desktop opens the window on a project and returns when it is closed
/// @param display whether a window could be shown
public record Context(
        Terminal terminal, Projects projects, Path folder, InputStream stdin, Consumer<Path> desktop, boolean display) {

    /// The real one.
    public static Context system(Terminal terminal, Consumer<Path> desktop, boolean display) {
        return new Context(terminal, new EngineProjects(), Path.of(""), System.in, desktop, display);
    }
}
