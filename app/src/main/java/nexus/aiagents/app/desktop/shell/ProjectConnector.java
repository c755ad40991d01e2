package nexus.aiagents.app.desktop.shell;

import java.nio.file.Path;
import nexus.aiagents.engine.control.EngineClient;

/// Gets hold of the project in a folder. Called off the JavaFX thread.
@FunctionalInterface
public interface ProjectConnector {
    EngineClient connect(Path folder) throws CannotOpen;
}
