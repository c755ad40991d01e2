package nexus.aiagents.app.desktop.shell;

import java.util.List;
import javafx.scene.Node;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.Ikon;

/// One page of the window, reached from the rail. Everything here is called on the JavaFX thread.
public interface Screen {
    String HOME = "home";
    String EDITOR = "editor";
    String SUPERVISORS = "supervisors";
    String RUNS = "runs";
    String POOLS = "pools";
    String COST = "cost";
    String AGENT = "agent";
    String CAPABILITIES = "capabilities";
    String TRUST = "trust";
    String AUDIT = "audit";
    String SETTINGS = "settings";

    /// One of the names above.
    String id();

    /// The label in the rail.
    String title();

    Ikon icon();

    /// Built once, when the screen is first shown.
    Node content();

    /// What the screen should show or select: an agent, a run, a file. Called before {@link #shown()}.
    default void select(String selection) {}

    /// What {@link #select} would have to be told to bring back what is selected now; null: nothing
    /// worth it. It survives a restart.
    default @Nullable String selection() {
        return null;
    }

    /// It is in front now. Screens follow the live view only from here …
    default void shown() {}

    /// … to here.
    default void hidden() {}

    /// Its own actions, for the palette and its shortcuts.
    default List<Action> actions() {
        return List.of();
    }

    /// Asked before the window or the project closes: null, or what would be lost.
    default @Nullable String unsaved() {
        return null;
    }

    /// The window or the project closes, and what is unsaved may be lost.
    default void discardUnsaved() {}
}
