package nexus.aiagents.app.desktop.shell;

import atlantafx.base.theme.PrimerDark;
import atlantafx.base.theme.PrimerLight;
import java.util.Objects;
import javafx.application.Application;
import javafx.application.ColorScheme;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.value.ObservableValue;
import javafx.css.PseudoClass;
import javafx.scene.Scene;

/// Light or dark: the operating system's, followed live, unless the person chose one. JavaFX thread.
public final class Theme {
    public enum Choice {
        SYSTEM,
        LIGHT,
        DARK
    }

    private static final PseudoClass DARK = PseudoClass.getPseudoClass("dark");

    private final ObservableValue<ColorScheme> system;
    private final ReadOnlyBooleanWrapper dark = new ReadOnlyBooleanWrapper();
    private final ReadOnlyObjectWrapper<Palette> palette = new ReadOnlyObjectWrapper<>(Palette.LIGHT);
    private Choice choice;

    public Theme(ObservableValue<ColorScheme> system, Choice choice) {
        this.system = system;
        this.choice = choice;
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
        scene.getStylesheets().add(sheet());
        scene.getRoot().pseudoClassStateChanged(DARK, dark.get());
        dark.addListener((_, _, now) -> scene.getRoot().pseudoClassStateChanged(DARK, now));
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

    private static String sheet() {
        return Objects.requireNonNull(Theme.class.getResource("/nexus/aiagents/app/desktop/nexus.css"))
                .toExternalForm();
    }
}
