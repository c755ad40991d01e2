package nexus.aiagents.app.desktop.parts;

import javafx.beans.value.ChangeListener;
import javafx.scene.Node;
import javafx.scene.layout.StackPane;
import nexus.aiagents.app.desktop.shell.Screen;
import nexus.aiagents.app.desktop.shell.Workspace;
import nexus.aiagents.engine.view.ProjectView;
import org.jspecify.annotations.Nullable;

/// A screen that shows the open project: it follows the snapshots while it is in front, and says what to do
/// while no project is open.
public abstract class LiveScreen implements Screen {
    protected final Workspace workspace;
    private final StackPane root = new StackPane();
    private final ChangeListener<ProjectView> listener = (_, _, view) -> render(view);
    private @Nullable Node body;
    private @Nullable Node nothing;
    private boolean inFront;

    protected LiveScreen(Workspace workspace) {
        this.workspace = workspace;
        workspace.client().addListener((_, _, _) -> {
            if (body != null) {
                projectChanged();
            }
        });
    }

    /// The screen for an open project. Called once, before the first {@link #update}.
    protected abstract Node build();

    /// Shows a newer snapshot; only while in front.
    protected abstract void update(ProjectView view);

    /// Another project, or none, is open now: what was loaded of the last one goes.
    protected void projectChanged() {}

    /// The snapshot, null while no project is open.
    protected final @Nullable ProjectView view() {
        return workspace.view().get();
    }

    protected final boolean inFront() {
        return inFront;
    }

    /// Shows the newest snapshot again, because what is selected or filtered has changed.
    protected final void refresh() {
        if (inFront) {
            render(view());
        }
    }

    @Override
    public final Node content() {
        root.getStyleClass().add("live-screen");
        root.setMinSize(0, 0);
        return root;
    }

    @Override
    public void shown() {
        inFront = true;
        workspace.view().addListener(listener);
        render(view());
    }

    @Override
    public void hidden() {
        inFront = false;
        workspace.view().removeListener(listener);
    }

    private void render(@Nullable ProjectView view) {
        if (view == null) {
            put(empty());
            return;
        }
        Node shownBody = body;
        if (shownBody == null) {
            shownBody = build();
            body = shownBody;
        }
        put(shownBody);
        update(view);
    }

    private void put(Node node) {
        if (root.getChildren().size() != 1 || root.getChildren().getFirst() != node) {
            root.getChildren().setAll(node);
        }
    }

    private Node empty() {
        Node known = nothing;
        if (known == null) {
            known = EmptyState.noProject(
                    workspace, id(), "Open a project to see its " + title().toLowerCase(java.util.Locale.ROOT) + ".");
            nothing = known;
        }
        return known;
    }
}
