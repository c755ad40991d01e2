package nexus.aiagents.app.desktop.home;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import javafx.stage.Window;
import nexus.aiagents.app.desktop.shell.Notification;
import nexus.aiagents.app.desktop.shell.Screen;
import nexus.aiagents.app.desktop.shell.Workspace;
import nexus.aiagents.engine.imports.Imported;
import nexus.aiagents.engine.imports.Importer;
import org.jspecify.annotations.Nullable;

/// Makes projects out of what other tools keep, once the person has seen what comes over. JavaFX thread.
final class Imports {
    /// What was dropped turned out to be: a project to open, or something to import.
    private record Dropped(Path folder, @Nullable Imported imported) {}

    private final Workspace workspace;

    Imports(Workspace workspace) {
        this.workspace = workspace;
    }

    void choose(@Nullable Window owner) {
        workspace
                .chooser()
                .choose("Import what is in", workspace.folder().get())
                .ifPresent(source -> read(source, owner));
    }

    private void read(Path source, @Nullable Window owner) {
        workspace
                .background()
                .run(
                        "Reading " + source.getFileName(),
                        _ -> Importer.read(source),
                        imported -> offer(imported, owner),
                        e -> failed("Nothing was imported", e));
    }

    /// A folder, or a file, that was dropped: a project is opened, what can be imported is offered.
    void dropped(Path dropped, @Nullable Window owner) {
        workspace
                .background()
                .run(
                        "Looking at " + dropped.getFileName(),
                        _ -> look(dropped),
                        found -> {
                            if (found.imported() == null) {
                                workspace.enter(found.folder());
                            } else {
                                offer(found.imported(), owner);
                            }
                        },
                        e -> failed("That can not be opened", e));
    }

    private static Dropped look(Path dropped) throws Exception {
        if (Files.isDirectory(dropped)) {
            return Files.isRegularFile(dropped.resolve("nexus.yaml"))
                    ? new Dropped(dropped, null)
                    : new Dropped(dropped, Importer.read(dropped));
        }
        String name = String.valueOf(dropped.getFileName()).toLowerCase(Locale.ROOT);
        Path folder = Optional.ofNullable(dropped.getParent()).orElse(dropped);
        boolean ofProject = name.equals("nexus.yaml")
                || (name.matches(".*\\.ya?ml") && Files.isRegularFile(folder.resolve("nexus.yaml")));
        return ofProject ? new Dropped(folder, null) : new Dropped(folder, Importer.read(dropped));
    }

    private void offer(Imported imported, @Nullable Window owner) {
        new ImportDialog(workspace, imported).ask(owner).ifPresent(folder -> make(imported, folder));
    }

    private void make(Imported imported, Path folder) {
        workspace
                .background()
                .run(
                        "Importing to " + folder.getFileName(),
                        _ -> {
                            imported.write(folder);
                            return folder;
                        },
                        made -> {
                            workspace.open(made);
                            workspace.show(Screen.EDITOR, "nexus.yaml");
                        },
                        e -> failed("The project could not be written to " + folder, e));
    }

    private void failed(String title, Throwable e) {
        workspace.notifications().post(Notification.Kind.FAILED, title, String.valueOf(e.getMessage()));
    }
}
