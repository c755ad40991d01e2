package nexus.aiagents.app.desktop.shell;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What survives a restart of the window, whatever project is open. Unknown and missing fields of the file
/// are forgiven.
///
/// @param keys    what of the keys differs, by the id of an action: `Shortcut+K`, or empty for none
/// @param open    the folder of the project that is open, null: none
/// @param quiet   no banners of the system
/// @param recents newest first
public record UserSettings(
        Theme.Choice theme,
        Window window,
        @Nullable String open,
        boolean quiet,
        Map<String, Object> keys,
        List<Recent> recents) {
    private static final int KEPT = 12;

    public static final UserSettings DEFAULT =
            new UserSettings(Theme.Choice.SYSTEM, Window.DEFAULT, null, false, Map.of(), List.of());

    // A file may leave anything out.
    public UserSettings {
        theme = theme == null ? Theme.Choice.SYSTEM : theme;
        window = window == null ? Window.DEFAULT : window;
        keys = keys == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(keys)); // with nulls, if it has some
        recents = recents == null
                ? List.of()
                : recents.stream().filter(UserSettings::isWhole).limit(KEPT).toList();
    }

    private static boolean isWhole(@Nullable Recent recent) {
        return recent != null && recent.folder() != null && recent.name() != null && recent.openedAt() != null;
    }

    /// @param x never placed yet: -1, and so is `y`
    public record Window(double x, double y, double width, double height, boolean maximized) {
        public static final Window DEFAULT = new Window(-1, -1, 1280, 800, false);

        public boolean isPlaced() {
            return x != DEFAULT.x || y != DEFAULT.y;
        }
    }

    /// @param last how its last run ended, null: it has none yet, or nobody knows
    public record Recent(
            String folder,
            String name,
            Instant openedAt,
            @Nullable Outcome last) {}

    /// What a project had come to when it was closed.
    ///
    /// @param run          the name of the run that began last, empty: none has
    /// @param state        of that run: `done`, `failed`, `running` …, empty: none has
    /// @param microDollars what the project had spent in all
    /// @param scripted     all of that was metered only, nothing was paid
    public record Outcome(String run, String state, long microDollars, boolean scripted) {
        public Outcome {
            run = Objects.requireNonNullElse(run, "");
            state = Objects.requireNonNullElse(state, "");
        }
    }

    public UserSettings withTheme(Theme.Choice choice) {
        return new UserSettings(choice, window, open, quiet, keys, recents);
    }

    public UserSettings withWindow(Window placed) {
        return new UserSettings(theme, placed, open, quiet, keys, recents);
    }

    /// @param folder null: no project is open
    public UserSettings withOpen(@Nullable String folder) {
        return new UserSettings(theme, window, folder, quiet, keys, recents);
    }

    public UserSettings withQuiet(boolean noBanners) {
        return new UserSettings(theme, window, open, noBanners, keys, recents);
    }

    public UserSettings withKeys(Map<String, Object> chosen) {
        return new UserSettings(theme, window, open, quiet, chosen, recents);
    }

    /// Puts it first. What is known of its last run stays known.
    public UserSettings withRecent(Recent recent) {
        Outcome last = recent.last() != null
                ? recent.last()
                : recents.stream()
                        .filter(r -> r.folder().equals(recent.folder()))
                        .map(Recent::last)
                        .filter(Objects::nonNull)
                        .findFirst()
                        .orElse(null);
        Recent newest = new Recent(recent.folder(), recent.name(), recent.openedAt(), last);
        return new UserSettings(
                theme,
                window,
                open,
                quiet,
                keys,
                Stream.concat(
                                Stream.of(newest),
                                recents.stream().filter(r -> !r.folder().equals(recent.folder())))
                        .toList());
    }

    /// What a recent project had come to; nothing changes if it is not among them.
    public UserSettings withOutcome(String folder, Outcome outcome) {
        return new UserSettings(
                theme,
                window,
                open,
                quiet,
                keys,
                recents.stream()
                        .map(r ->
                                r.folder().equals(folder) ? new Recent(r.folder(), r.name(), r.openedAt(), outcome) : r)
                        .toList());
    }

    public UserSettings withoutRecent(String folder) {
        return new UserSettings(
                theme,
                window,
                open,
                quiet,
                keys,
                recents.stream().filter(r -> !r.folder().equals(folder)).toList());
    }
}
