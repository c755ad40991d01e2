package nexus.aiagents.app.desktop.shell;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javafx.stage.DirectoryChooser;
import javafx.stage.FileChooser;
import javafx.stage.FileChooser.ExtensionFilter;
import javafx.stage.Window;
import org.jspecify.annotations.Nullable;

/// Asks for a place on the disk. Behind an interface because tests have no system dialogs.
public interface Chooser {
    /// Asks for a folder that is there.
    Optional<Path> choose(String title, @Nullable Path start);

    /// Asks for a file to write. Its name ends as one of the kinds does; that a file that is there may be
    /// replaced was agreed to.
    ///
    /// @param name  what is suggested
    /// @param kinds of which one is chosen, the suggested first
    Optional<Path> saveAs(String title, @Nullable Path folder, String name, List<Kind> kinds);

    /// @param words  `JSON Lines, which naos audit verify can check`
    /// @param ending with its dot: `.jsonl`
    record Kind(String words, String ending) {
        private ExtensionFilter filter() {
            return new ExtensionFilter(words + " (*" + ending + ")", "*" + ending);
        }
    }

    /// What was typed, with the ending of the chosen kind where it has none of those that there are.
    static Path named(Path typed, Kind chosen, List<Kind> kinds) {
        String name = String.valueOf(typed.getFileName());
        boolean ends =
                kinds.stream().anyMatch(k -> name.toLowerCase(Locale.ROOT).endsWith(k.ending()));
        return ends ? typed : typed.resolveSibling(name + chosen.ending());
    }

    /// The operating system's own dialogs.
    static Chooser system() {
        return new Chooser() {
            @Override
            public Optional<Path> choose(String title, @Nullable Path start) {
                DirectoryChooser chooser = new DirectoryChooser();
                chooser.setTitle(title);
                if (start != null && Files.isDirectory(start)) {
                    chooser.setInitialDirectory(start.toFile());
                }
                return Optional.ofNullable(chooser.showDialog(owner())).map(File::toPath);
            }

            @Override
            public Optional<Path> saveAs(String title, @Nullable Path folder, String name, List<Kind> kinds) {
                FileChooser chooser = new FileChooser();
                chooser.setTitle(title);
                chooser.setInitialFileName(name);
                if (folder != null && Files.isDirectory(folder)) {
                    chooser.setInitialDirectory(folder.toFile());
                }
                kinds.forEach(kind -> chooser.getExtensionFilters().add(kind.filter()));
                while (true) {
                    File typed = chooser.showSaveDialog(owner());
                    if (typed == null) {
                        return Optional.empty();
                    }
                    int at = chooser.getExtensionFilters().indexOf(chooser.getSelectedExtensionFilter());
                    Path file = named(typed.toPath(), kinds.get(Math.max(0, at)), kinds);
                    if (file.equals(typed.toPath()) || !Files.exists(file)) {
                        return Optional.of(file);
                    }
                    // The dialog asked about the name without its ending: it asks again, about the
                    // whole one.
                    chooser.setInitialFileName(String.valueOf(file.getFileName()));
                }
            }
        };
    }

    private static @Nullable Window owner() {
        return Window.getWindows().stream()
                .filter(Window::isFocused)
                .findFirst()
                .orElse(null);
    }
}
