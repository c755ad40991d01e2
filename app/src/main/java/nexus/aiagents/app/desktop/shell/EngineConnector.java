package nexus.aiagents.app.desktop.shell;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import nexus.aiagents.engine.Engine;
import nexus.aiagents.engine.control.ControlClient;
import nexus.aiagents.engine.control.EngineClient;
import nexus.aiagents.engine.journal.StoreException;
import nexus.aiagents.engine.project.Diagnostic;

/// Opens projects in this process, or, where another process has the project open, talks to that one.
public final class EngineConnector implements ProjectConnector {
    private static final int TRIES = 20;
    private static final long PAUSE_MILLIS = 150;

    @Override
    public EngineClient connect(Path folder) throws CannotOpen {
        if (!Files.isRegularFile(folder.resolve("nexus.yaml"))) {
            throw new CannotOpen(
                    "Not a Nexus OS project",
                    folder + " has no nexus.yaml.",
                    "Open a folder that has one, or make a new project from a template.",
                    List.of());
        }
        // Another process may hold the store for as long as a short command takes, or be about to listen.
        for (int i = 0; ; i++) {
            Optional<EngineClient> other = ControlClient.connect(folder.resolve(".nexus"));
            if (other.isPresent()) {
                return other.get();
            }
            try {
                return Engine.open(folder, Engine.Options.RUN);
            } catch (Engine.ProjectHasErrors e) {
                throw broken(e.diagnostics());
            } catch (StoreException e) {
                if (!e.code().equals("store-locked") || i == TRIES) {
                    throw new CannotOpen(title(e), String.valueOf(e.getMessage()), remedy(e), List.of());
                }
            }
            pause();
        }
    }

    private static void pause() throws CannotOpen {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException _) {
            throw new CannotOpen("Opening was cancelled", "The project was not opened.", "Open it again.", List.of());
        }
    }

    private static CannotOpen broken(List<Diagnostic> diagnostics) {
        List<Diagnostic> errors =
                diagnostics.stream().filter(Diagnostic::isError).toList();
        String title = errors.size() == 1 ? "The project has an error" : "The project has " + errors.size() + " errors";
        Diagnostic first = errors.isEmpty() ? diagnostics.getFirst() : errors.getFirst();
        return new CannotOpen(
                title,
                first.at().file() + ":" + (first.at().line() + 1) + "  " + first.message(),
                "Nothing was started. Mend it in the editor: the project opens as soon as you save it without errors.",
                diagnostics);
    }

    private static String title(StoreException e) {
        return switch (e.code()) {
            case "store-locked" -> "Another program has the project open";
            case "store-read-only" -> "The project folder can not be written";
            case "store-full" -> "The disk is full";
            default -> "The project's store can not be opened";
        };
    }

    private static String remedy(StoreException e) {
        return switch (e.code()) {
            case "store-locked" -> "It does not answer. End it, then try again.";
            case "store-read-only" -> "Get the right to write there, or copy the project elsewhere.";
            case "store-full" -> "Make room on the disk, then try again. What was stored is still there.";
            default -> "Keep the folder .nexus as it is and try again; what can be read stays readable.";
        };
    }
}
