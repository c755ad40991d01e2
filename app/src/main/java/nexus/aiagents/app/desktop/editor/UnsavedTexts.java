package nexus.aiagents.app.desktop.editor;

import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import javafx.animation.Animation;
import javafx.animation.PauseTransition;
import javafx.util.Duration;
import nexus.aiagents.app.desktop.shell.Notification;
import nexus.aiagents.app.desktop.shell.Workspace;
import org.jspecify.annotations.Nullable;

/// Keeps what is typed and not saved in the files of the open project, about once a second, and brings it
/// back when the project is opened again after the app ended without a word. JavaFX thread.
final class UnsavedTexts {
    private static final Duration KEEP = Duration.seconds(1);

    /// Opens a file with a text that was typed and not saved.
    interface BringBack {
        /// @param base what was on the disk when it was begun, null: not known
        void file(String name, String text, @Nullable String base);
    }

    /// @param screen  where the texts are; it finds them by the file's name
    /// @param place   of a text on that screen, as a person finds it: empty, or a sentence
    /// @param unsaved texts by the file's name in the project
    /// @param bases   what was on the disk when they were begun
    record Owner(
            String screen, String place, Supplier<Map<String, String>> unsaved, Supplier<Map<String, String>> bases) {}

    private final Workspace workspace;
    private final Owner owner;
    private final BringBack bringBack;
    private final Recovery recovery;
    private final PauseTransition keeping = new PauseTransition(KEEP);
    private @Nullable Path folder;
    /// What was not saved before is there again; until then nothing newer is kept in its place.
    private boolean recovered;

    /// @param where a folder of its own below the person's data
    UnsavedTexts(Workspace workspace, String where, Owner owner, BringBack bringBack) {
        this.workspace = workspace;
        this.owner = owner;
        this.bringBack = bringBack;
        recovery = new Recovery(workspace.folders().data().resolve(where));
        keeping.setOnFinished(_ -> keep());
    }

    /// Another project, or none, is open now.
    void follow(@Nullable Path now) {
        folder = now;
        keeping.stop();
        recovered = false;
        if (now != null) {
            workspace
                    .background()
                    .quietly(
                            _ -> recovery.read(now),
                            kept -> bringBack(now, kept),
                            _ -> bringBack(now, Recovery.Kept.NOTHING));
        }
    }

    /// Something was typed, saved or closed.
    void changed() {
        if (keeping.getStatus() != Animation.Status.RUNNING) {
            keeping.playFromStart();
        }
    }

    /// Nothing is kept any more of what was typed until now.
    void discard() {
        keeping.stop();
        if (folder != null) {
            recovery.forget(folder);
        }
    }

    private void keep() {
        if (folder != null && recovered) {
            recovery.keep(folder, owner.unsaved().get(), owner.bases().get());
        }
    }

    private void bringBack(Path project, Recovery.Kept kept) {
        if (!Objects.equals(project, folder)) {
            return;
        }
        recovered = true;
        Map<String, String> texts = kept.texts();
        if (texts.isEmpty()) {
            return;
        }
        texts.forEach((name, text) -> bringBack.file(name, text, kept.bases().get(name)));
        workspace
                .notifications()
                .post(
                        Notification.Kind.INFO,
                        "Unsaved changes were brought back",
                        "The app ended before they were saved: " + String.join(", ", texts.keySet()) + ". "
                                + owner.place() + "Undo takes them away again.",
                        owner.screen(),
                        texts.keySet().iterator().next());
    }
}
