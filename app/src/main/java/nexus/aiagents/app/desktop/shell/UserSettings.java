package nexus.aiagents.app.desktop.shell;

import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/// What survives a restart of the window. Unknown and missing fields of the file are forgiven.
///
/// @param recents newest first
public record UserSettings(Theme.Choice theme, Window window, String screen, List<Recent> recents) {
    private static final int KEPT = 12;

    public static final UserSettings DEFAULT =
            new UserSettings(Theme.Choice.SYSTEM, Window.DEFAULT, Screen.HOME, List.of());

    // A file may leave anything out.
    public UserSettings {
        theme = theme == null ? Theme.Choice.SYSTEM : theme;
        window = window == null ? Window.DEFAULT : window;
        screen = screen == null ? Screen.HOME : screen;
        recents = recents == null ? List.of() : List.copyOf(recents);
    }

    /// @param x negative width: never placed yet
    public record Window(double x, double y, double width, double height, boolean maximized) {
        public static final Window DEFAULT = new Window(-1, -1, 1280, 800, false);
    }

    public record Recent(String folder, String name, Instant openedAt) {}

    public UserSettings withTheme(Theme.Choice choice) {
        return new UserSettings(choice, window, screen, recents);
    }

    public UserSettings withWindow(Window placed) {
        return new UserSettings(theme, placed, screen, recents);
    }

    public UserSettings withScreen(String id) {
        return new UserSettings(theme, window, id, recents);
    }

    public UserSettings withRecent(Recent recent) {
        List<Recent> newest = Stream.concat(
                        Stream.of(recent),
                        recents.stream().filter(r -> !r.folder().equals(recent.folder())))
                .limit(KEPT)
                .toList();
        return new UserSettings(theme, window, screen, newest);
    }

    public UserSettings withoutRecent(String folder) {
        return new UserSettings(
                theme,
                window,
                screen,
                recents.stream().filter(r -> !r.folder().equals(folder)).toList());
    }
}
