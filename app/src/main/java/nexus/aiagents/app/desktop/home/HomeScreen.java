package nexus.aiagents.app.desktop.home;

import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.layout.StackPane;
import nexus.aiagents.app.desktop.shell.Screen;
import nexus.aiagents.app.desktop.shell.Workspace;
import org.kordamp.ikonli.Ikon;
import org.kordamp.ikonli.feather.Feather;

/// Where a person begins.
public final class HomeScreen implements Screen {
    private final Workspace workspace;

    public HomeScreen(Workspace workspace) {
        this.workspace = workspace;
    }

    @Override
    public String id() {
        return HOME;
    }

    @Override
    public String title() {
        return "Home";
    }

    @Override
    public Ikon icon() {
        return Feather.HOME;
    }

    @Override
    public Node content() {
        return new StackPane(new Label("Nexus OS " + workspace.clock().instant()));
    }
}
