package nexus.aiagents.app.desktop.editor;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import nexus.aiagents.app.desktop.shell.Notification;
import nexus.aiagents.app.desktop.shell.Screen;
import nexus.aiagents.app.desktop.shell.Workspace;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes what other programs write into open files. Where nothing was typed it is read again, where
/// something was the two are merged, and where both changed the same a person decides. Nothing that
/// somebody wrote is lost. JavaFX thread.
final class DiskChanges {
    private static final Logger LOG = LoggerFactory.getLogger(DiskChanges.class);

    private final Workspace workspace;
    private final Supplier<List<EditorFile>> open;
    private final Runnable onChanged;
    private final Runnable onTaken;
    private final Set<EditorFile> looking = new HashSet<>();
    /// Gone, or empty, at the last look: many programs save that way, so that it is looked at once more.
    private final Set<EditorFile> suspicious = new HashSet<>();

    /// @param onChanged a text, or which of them are saved, changed
    /// @param onTaken   another program wrote into a file that is open
    DiskChanges(Workspace workspace, Supplier<List<EditorFile>> open, Runnable onChanged, Runnable onTaken) {
        this.workspace = workspace;
        this.open = open;
        this.onChanged = onChanged;
        this.onTaken = onTaken;
    }

    /// Looks at every open file once.
    void look() {
        open.get().forEach(this::look);
        suspicious.retainAll(open.get());
    }

    void look(EditorFile file) {
        Path project = workspace.folder().get();
        if (project == null || !looking.add(file)) {
            return;
        }
        TextFile before = file.saved();
        String mine = file.dirty().get() ? file.text() : null;
        DiskState state = file.disk().get();
        boolean sure = suspicious.contains(file);
        workspace
                .background()
                .quietly(
                        _ -> DiskLook.at(project, file.path(), before, mine, state, sure),
                        found -> {
                            looking.remove(file);
                            boolean typed = mine == null
                                    ? file.dirty().get()
                                    : !file.text().equals(mine);
                            if (file.saved() == before && !typed) {
                                take(file, found);
                            }
                        },
                        e -> {
                            looking.remove(file);
                            LOG.warn("{} could not be looked at", file.name(), e);
                        });
    }

    private void take(EditorFile file, DiskLook found) {
        boolean wasSuspicious = suspicious.remove(file);
        switch (found) {
            case DiskLook.Same _ -> {
                if (!(file.disk().get() instanceof DiskState.Conflict)) {
                    file.disk(DiskState.IN_STEP);
                }
            }
            case DiskLook.Unsettled _ -> suspicious.add(file);
            case DiskLook.Touched(TextFile read) -> {
                file.saved(read); // what was typed stays unsaved on top of it
                file.disk(DiskState.IN_STEP);
            }
            case DiskLook.Changed(TextFile read) -> {
                file.reload(read);
                file.disk(DiskState.IN_STEP);
                onChanged.run();
                onTaken.run();
            }
            case DiskLook.Merged merged -> merged(file, merged);
            case DiskLook.Gone(String renamed) -> {
                suspicious.add(file);
                if (wasSuspicious && !(file.disk().get() instanceof DiskState.Gone)) {
                    file.disk(new DiskState.Gone(renamed));
                    onChanged.run();
                }
            }
            case DiskLook.Unreadable(String why) -> file.disk(new DiskState.Unreadable(why));
        }
    }

    private void merged(EditorFile file, DiskLook.Merged found) {
        if (file.disk().get() instanceof DiskState.Conflict known
                && known.theirs().text().equals(found.read().text())
                && known.mine().equals(found.mine())) {
            file.disk(new DiskState.Conflict(found.read(), known.mine(), known.merge())); // only its time is another
            return;
        }
        if (!found.merge().isClean()) {
            file.disk(new DiskState.Conflict(found.read(), found.mine(), found.merge()));
            onChanged.run();
            return;
        }
        file.merged(found.read(), found.merge().text());
        file.disk(DiskState.IN_STEP);
        workspace
                .notifications()
                .post(
                        Notification.Kind.INFO,
                        "Merged into " + file.name(),
                        "Another program changed other lines than you. Both are in the text now; undo takes theirs"
                                + " out again. Yours are not saved yet.",
                        Screen.EDITOR,
                        file.name());
        onChanged.run();
    }
}
