package nexus.aiagents.app.desktop.shell;

import java.util.List;
import java.util.function.Supplier;
import javafx.scene.Node;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.Ikon;

/// A screen of which only the place in the rail is known until somebody needs it, at the latest
/// {@link MainWindow#complete}: making all of them takes longer than the first frame of the window should.
public final class LateScreen implements Screen {
    private final String id;
    private final String title;
    private final Ikon icon;
    private final Supplier<Screen> make;
    private @Nullable Screen made;

    public LateScreen(String id, String title, Ikon icon, Supplier<Screen> make) {
        this.id = id;
        this.title = title;
        this.icon = icon;
        this.make = make;
    }

    /// The screen itself.
    public Screen made() {
        Screen screen = made;
        if (screen == null) {
            screen = make.get();
            made = screen;
        }
        return screen;
    }

    /// Whether somebody has needed it.
    public boolean isMade() {
        return made != null;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public String title() {
        return title;
    }

    @Override
    public Ikon icon() {
        return icon;
    }

    @Override
    public Node content() {
        return made().content();
    }

    @Override
    public void select(String selection) {
        made().select(selection);
    }

    @Override
    public @Nullable String selection() {
        return made().selection();
    }

    @Override
    public void shown() {
        made().shown();
    }

    @Override
    public void hidden() {
        made().hidden();
    }

    @Override
    public List<Action> actions() {
        return made().actions();
    }

    @Override
    public @Nullable String unsaved() {
        return made == null ? null : made.unsaved();
    }

    @Override
    public void discardUnsaved() {
        if (made != null) {
            made.discardUnsaved();
        }
    }
}
