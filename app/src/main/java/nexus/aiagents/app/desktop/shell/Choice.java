package nexus.aiagents.app.desktop.shell;

import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.Ikon;

/// One of the things that a {@link QuickPick} finds by typing.
///
/// @param title   what is searched
/// @param detail  said beside it, muted
/// @param keys    its shortcut, empty for none
/// @param enabled one that is not is shown, with the reason in its detail, and can not be chosen
/// @param hint    what a screen reader says
public record Choice(
        String title, String detail, String keys, @Nullable Ikon icon, boolean enabled, String hint, Runnable run) {

    static Choice of(Action action) {
        return new Choice(
                action.title(),
                action.isEnabled() ? "" : action.whyDisabled().get(),
                action.keysText(),
                action.icon(),
                action.isEnabled(),
                action.hint(),
                action::fire);
    }

    /// A place or a thing to go to.
    public static Choice to(String title, String detail, Ikon icon, Runnable run) {
        return new Choice(title, detail, "", icon, true, title + " " + detail, run);
    }
}
