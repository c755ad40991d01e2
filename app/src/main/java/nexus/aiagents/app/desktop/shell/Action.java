package nexus.aiagents.app.desktop.shell;

import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.value.ObservableStringValue;
import javafx.scene.input.KeyCombination;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.Ikon;

/// Something a person can do. Buttons, menus, the palette, shortcuts and tooltips all come from it.
///
/// @param id          stable, for tests and settings: `team.start`
/// @param title       begins with a verb: `Start team`
/// @param whyDisabled empty while it can be done, else the reason, a sentence
public record Action(
        String id,
        String title,
        @Nullable Ikon icon,
        @Nullable KeyCombination shortcut,
        ObservableStringValue whyDisabled,
        Runnable run) {

    /// One that can always be done.
    public static Action always(
            String id, String title, @Nullable Ikon icon, @Nullable KeyCombination shortcut, Runnable run) {
        return new Action(id, title, icon, shortcut, new ReadOnlyStringWrapper(""), run);
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

    /// Title and shortcut, or the reason why it is disabled.
    public String hint() {
        if (!isEnabled()) {
            return whyDisabled.get();
        }
        return shortcut == null ? title : title + "  (" + shortcut.getDisplayText() + ")";
    }
}
