package nexus.aiagents.app.desktop.shell;

import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.value.ObservableStringValue;
import javafx.scene.input.KeyCombination;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.Ikon;

/// Something a person can do. Buttons, menus, the palette, shortcuts and tooltips all come from it. Its
/// keys are the ones it was made with until {@link Keymap} gives it others. JavaFX thread.
public final class Action {
    private final String id;
    private final String title;
    private final @Nullable Ikon icon;
    private final @Nullable KeyCombination preset;
    private final ReadOnlyObjectWrapper<@Nullable KeyCombination> keys;
    private final ObservableStringValue whyDisabled;
    private final Runnable run;

    /// @param id          stable, for tests and settings: `team.start`
    /// @param title       begins with a verb: `Start team`
    /// @param preset      the keys that do it unless the person chose others
    /// @param whyDisabled empty while it can be done, else the reason, a sentence
    public Action(
            String id,
            String title,
            @Nullable Ikon icon,
            @Nullable KeyCombination preset,
            ObservableStringValue whyDisabled,
            Runnable run) {
        this.id = id;
        this.title = title;
        this.icon = icon;
        this.preset = preset;
        this.keys = new ReadOnlyObjectWrapper<>(preset);
        this.whyDisabled = whyDisabled;
        this.run = run;
    }

    /// One that can always be done.
    public static Action always(
            String id, String title, @Nullable Ikon icon, @Nullable KeyCombination preset, Runnable run) {
        return new Action(id, title, icon, preset, new ReadOnlyStringWrapper(""), run);
    }

    public String id() {
        return id;
    }

    public String title() {
        return title;
    }

    public @Nullable Ikon icon() {
        return icon;
    }

    /// The keys it was made with.
    public @Nullable KeyCombination preset() {
        return preset;
    }

    /// The keys that do it now, null: none.
    public @Nullable KeyCombination shortcut() {
        return keys.get();
    }

    /// Changes while the window is open.
    public ReadOnlyObjectProperty<@Nullable KeyCombination> keys() {
        return keys.getReadOnlyProperty();
    }

    void use(@Nullable KeyCombination now) {
        keys.set(now);
    }

    public ObservableStringValue whyDisabled() {
        return whyDisabled;
    }

    public boolean isEnabled() {
        return whyDisabled.get().isEmpty();
    }

    /// Does it, unless it can not be done now.
    public void fire() {
        if (isEnabled()) {
            run.run();
        }
    }

    /// The keys as a person reads them, empty for none.
    public String keysText() {
        KeyCombination now = keys.get();
        return now == null ? "" : now.getDisplayText();
    }

    /// Title and shortcut, or the reason why it is disabled.
    public String hint() {
        if (!isEnabled()) {
            return whyDisabled.get();
        }
        return keys.get() == null ? title : title + "  (" + keysText() + ")";
    }
}
