package nexus.aiagents.app.desktop.shell;

import atlantafx.base.theme.PrimerDark;
import atlantafx.base.theme.PrimerLight;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.List;
import java.util.Objects;
import javafx.application.Application;
import javafx.application.ColorScheme;
import javafx.beans.InvalidationListener;
import javafx.beans.WeakInvalidationListener;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.value.ObservableValue;
import javafx.collections.ObservableSet;
import javafx.css.PseudoClass;
import javafx.scene.Scene;
import javafx.scene.control.DialogPane;
import javafx.scene.text.Font;
import javafx.stage.Window;
import org.jspecify.annotations.Nullable;

/// Light or dark: the operating system's, followed live, unless the person chose one. JavaFX thread.
public final class Theme {
    public enum Choice {
        SYSTEM,
        LIGHT,
        DARK
    }

    /// In this order; a later one wins.
    private static final List<String> SHEETS =
            List.of("nexus.css", "home.css", "editor.css", "form.css", "pictures.css");
    private static final List<String> FONTS =
            List.of("Inter-Regular.ttf", "Inter-SemiBold.ttf", "Inter-Bold.ttf", "JetBrainsMono-Regular.ttf");
    private static final PseudoClass DARK = PseudoClass.getPseudoClass("dark");

    private final ObservableValue<ColorScheme> system;
    private final ReadOnlyBooleanWrapper dark = new ReadOnlyBooleanWrapper();
    private final ReadOnlyObjectWrapper<Palette> palette = new ReadOnlyObjectWrapper<>(Palette.LIGHT);
    private Choice choice;

    public Theme(ObservableValue<ColorScheme> system, Choice choice) {
        this.system = system;
        this.choice = choice;
        loadFonts();
        system.addListener((_, _, _) -> apply());
        apply();
    }

    public void choose(Choice chosen) {
        choice = chosen;
        apply();
    }

    public ReadOnlyBooleanProperty dark() {
        return dark.getReadOnlyProperty();
    }

    /// Colours for canvases; changes with the theme.
    public ReadOnlyObjectProperty<Palette> palette() {
        return palette.getReadOnlyProperty();
    }

    /// Gives a window our style sheet and keeps its `:dark` state in step.
    public void style(Scene scene) {
        SHEETS.forEach(sheet -> scene.getStylesheets().add(resource(sheet).toExternalForm()));
        scene.getRoot().pseudoClassStateChanged(DARK, dark.get());
        dark.addListener((_, _, now) -> scene.getRoot().pseudoClassStateChanged(DARK, now));
    }

    /// A dialog is a window of its own and takes the `:dark` state of its owner only so, and follows it.
    public static void adopt(DialogPane dialog, @Nullable Window owner) {
        if (owner == null || owner.getScene() == null) {
            return;
        }
        ObservableSet<PseudoClass> states = owner.getScene().getRoot().getPseudoClassStates();
        InvalidationListener follow = _ -> dialog.pseudoClassStateChanged(DARK, states.contains(DARK));
        follow.invalidated(states);
        states.addListener(new WeakInvalidationListener(follow));
        dialog.getProperties().put(Theme.class, follow); // lives as long as the dialog
    }

    private void apply() {
        boolean now = switch (choice) {
            case SYSTEM -> system.getValue() == ColorScheme.DARK;
            case LIGHT -> false;
            case DARK -> true;
        };
        Application.setUserAgentStylesheet(
                now ? new PrimerDark().getUserAgentStylesheet() : new PrimerLight().getUserAgentStylesheet());
        palette.set(now ? Palette.DARK : Palette.LIGHT);
        dark.set(now);
    }

    /// The same letters on every system. What they lack comes from the system's fonts.
    private static void loadFonts() {
        for (String font : FONTS) {
            try (InputStream in = resource("fonts/" + font).openStream()) {
                Font.loadFont(in, 13);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static URL resource(String name) {
        return Objects.requireNonNull(Theme.class.getResource("/nexus/aiagents/app/desktop/" + name), name);
    }
}
