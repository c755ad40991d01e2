package nexus.aiagents.app.desktop.shell;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import nexus.aiagents.engine.Engine;
import nexus.aiagents.engine.control.EngineClient;
import nexus.aiagents.engine.journal.StoreException;

/// Opens projects in this process.
public final class EngineConnector implements ProjectConnector {

    @Override
    public EngineClient connect(Path folder) throws CannotOpen {
        if (!Files.isRegularFile(folder.resolve("nexus.yaml"))) {
            throw new CannotOpen(
                    "Not a Nexus OS project",
                    folder + " has no nexus.yaml.",
                    "Open a folder that has one, or make a new project from a template.",
                    List.of());
        }
        try {
            return Engine.open(folder, Engine.Options.RUN);
        } catch (Engine.ProjectHasErrors e) {
            long errors = e.diagnostics().stream().filter(d -> d.isError()).count();
            throw new CannotOpen(
                    errors == 1 ? "The project has an error" : "The project has " + errors + " errors",
                    "Nothing was started. " + e.diagnostics().getFirst().message(),
                    "Mend it in the editor; the project opens by itself when you save.",
                    e.diagnostics());
        } catch (StoreException e) {
            throw new CannotOpen(
                    "The project's store can not be opened", String.valueOf(e.getMessage()), remedy(e), List.of());
        }
    }

    private static String remedy(StoreException e) {
        return switch (e.code()) {
            case "store-locked" -> "Close the other program that has it open, then try again.";
            case "store-read-only" -> "Give yourself the right to write in the folder, or copy the project elsewhere.";
            case "store-full" -> "Make room on the disk, then try again. What was stored is still there.";
            default -> "Keep the folder .nexus as it is and try again; what can be read stays readable.";
        };
    }
}
