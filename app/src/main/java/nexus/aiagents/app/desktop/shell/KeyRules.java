package nexus.aiagents.app.desktop.shell;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyCodeCombination;
import javafx.scene.input.KeyCombination;
import javafx.scene.input.KeyCombination.ModifierValue;
import org.jspecify.annotations.Nullable;

/// Which keys an action may have, and how they are written down. Pure.
public final class KeyRules {
    /// What text fields do with the key of the system: copy, paste, cut, select all, undo, redo.
    private static final Set<KeyCode> OF_TEXT =
            EnumSet.of(KeyCode.C, KeyCode.V, KeyCode.X, KeyCode.A, KeyCode.Z, KeyCode.Y, KeyCode.INSERT);
    /// What moves and deletes in texts and lists, also by words and to the end.
    private static final Set<KeyCode> IN_TEXT = EnumSet.of(
            KeyCode.HOME,
            KeyCode.END,
            KeyCode.PAGE_UP,
            KeyCode.PAGE_DOWN,
            KeyCode.BACK_SPACE,
            KeyCode.DELETE,
            KeyCode.INSERT);

    private KeyRules() {}

    private static boolean isDown(ModifierValue modifier) {
        return modifier == ModifierValue.DOWN;
    }

    /// Why no action can have these keys, a sentence; null if one can.
    ///
    /// @param mac the window is one of macOS
    public static @Nullable String refusal(KeyCodeCombination keys, boolean mac) {
        KeyCode code = keys.getCode();
        boolean shortcut = isDown(keys.getShortcut()) || isDown(keys.getMeta());
        boolean control = isDown(keys.getControl()) || isDown(keys.getShortcut());
        boolean alt = isDown(keys.getAlt());
        boolean held = shortcut || control || alt;
        String name = keys.getDisplayText();
        if (code == KeyCode.UNDEFINED || code.isModifierKey()) {
            return "This key has no name by which it could be kept.";
        }
        if (code == KeyCode.ESCAPE || code == KeyCode.TAB) {
            return code.getName() + " closes or moves on wherever one is; it keeps doing that.";
        }
        if (code == KeyCode.F6 && !held) {
            return name + " goes round the parts of the window; it keeps doing that.";
        }
        if (alt && code == KeyCode.F4) {
            return name + " closes windows.";
        }
        if (code.isFunctionKey()) {
            return null;
        }
        if (!held) {
            return name + " alone is needed where one types and for buttons and lists: hold "
                    + (mac ? "Command" : "Ctrl or Alt") + " with it.";
        }
        if (OF_TEXT.contains(code) && !alt && (shortcut || control)) {
            return name + " copies, pastes, selects or undoes where one types; it keeps doing that.";
        }
        if ((code.isArrowKey() && !alt) || IN_TEXT.contains(code)) {
            return name + " moves or deletes where one types; it keeps doing that.";
        }
        boolean sign = code.isLetterKey() || code.isDigitKey();
        if (sign && alt && (mac ? !shortcut : control)) {
            return name + " types a sign on many keyboards.";
        }
        return null;
    }

    /// As it stands in the file of the settings: `Shortcut+Shift+K`.
    public static String write(@Nullable KeyCombination keys) {
        return keys == null ? "" : keys.getName();
    }

    /// @return null if it is none that can be told by the codes of keys
    static @Nullable KeyCodeCombination read(String text) {
        try {
            return KeyCombination.valueOf(text) instanceof KeyCodeCombination keys ? keys : null;
        } catch (IllegalArgumentException _) {
            return null;
        }
    }

    /// What is held is written as on the system: Ctrl is the key for shortcuts, and Command is on a Mac.
    public static KeyCodeCombination pressed(
            KeyCode code, boolean shift, boolean control, boolean alt, boolean meta, boolean mac) {
        return new KeyCodeCombination(
                code,
                value(shift),
                value(mac && control),
                value(alt),
                value(!mac && meta),
                value(mac ? meta : control));
    }

    private static ModifierValue value(boolean down) {
        return down ? ModifierValue.DOWN : ModifierValue.UP;
    }

    /// The same keys, or none both times.
    static boolean equal(@Nullable KeyCombination one, @Nullable KeyCombination other) {
        return one == null ? other == null : same(one, other);
    }

    /// Whether one press is both. `Ctrl` and the key for shortcuts are the same, but on a Mac.
    static boolean same(@Nullable KeyCombination one, @Nullable KeyCombination other) {
        return one != null && other != null && one.getDisplayText().equals(other.getDisplayText());
    }

    public static boolean isMac() {
        return System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("mac");
    }
}
