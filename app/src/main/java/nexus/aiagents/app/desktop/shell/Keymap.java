package nexus.aiagents.app.desktop.shell;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import javafx.beans.property.ReadOnlyIntegerProperty;
import javafx.beans.property.ReadOnlyIntegerWrapper;
import javafx.scene.input.KeyCodeCombination;
import javafx.scene.input.KeyCombination;
import org.jspecify.annotations.Nullable;

/// The keys of all actions: those they were made with, and what the settings of this person change of
/// them. An action of a screen has its keys while that screen is in front; the others have theirs
/// everywhere. JavaFX thread.
public final class Keymap {
    /// @param where the title of its screen, empty: everywhere
    public record Bound(Action action, String where) {
        /// Keys can be one action's alone where both can be pressed.
        boolean meets(Bound other) {
            return where.isEmpty() || other.where.isEmpty() || where.equals(other.where);
        }

        /// It has not the keys that it was made with.
        public boolean isChanged() {
            return !KeyRules.equal(action.shortcut(), action.preset());
        }
    }

    private final SettingsStore settings;
    private final ReadOnlyIntegerWrapper changes = new ReadOnlyIntegerWrapper();
    private List<Bound> all = List.of();
    private List<String> problems = List.of();

    Keymap(SettingsStore settings) {
        this.settings = settings;
        settings.property().addListener((_, before, now) -> {
            if (!now.keys().equals(before.keys())) {
                apply();
            }
        });
    }

    /// All there will be, each with an id of its own.
    void of(List<Bound> actions) {
        all = List.copyOf(actions);
        apply();
    }

    public List<Bound> all() {
        return all;
    }

    /// Grows whenever keys may have changed.
    public ReadOnlyIntegerProperty changes() {
        return changes.getReadOnlyProperty();
    }

    /// @param id of an action that is always there
    public Action action(String id) {
        return all.stream()
                .map(Bound::action)
                .filter(a -> a.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new NoSuchElementException(id));
    }

    /// What of the settings could not be used, sentences. It stays in their file.
    public List<String> problems() {
        return problems;
    }

    private void apply() {
        Map<String, Object> chosen = settings.get().keys();
        List<String> wrong = new ArrayList<>();
        Set<String> known = new HashSet<>();
        for (Bound each : all) {
            Action action = each.action();
            known.add(action.id());
            action.use(
                    chosen.containsKey(action.id()) ? read(action, chosen.get(action.id()), wrong) : action.preset());
        }
        chosen.keySet().stream()
                .filter(id -> !known.contains(id))
                .map(id -> "The settings give keys to '" + id + "', which is no action.")
                .forEach(wrong::add);
        for (Bound each : all) {
            Bound other = each.isChanged() ? taken(each, each.action().shortcut()) : null;
            if (other != null) {
                wrong.add(each.action().keysText() + " does both '"
                        + each.action().title() + "' and '" + other.action().title()
                        + "': give one of them other keys.");
            }
        }
        problems = List.copyOf(wrong);
        changes.set(changes.get() + 1);
    }

    private static @Nullable KeyCombination read(Action action, @Nullable Object text, List<String> wrong) {
        if ("".equals(text)) {
            return null;
        }
        KeyCodeCombination keys = text instanceof String s ? KeyRules.read(s) : null;
        if (keys == null) {
            wrong.add("The settings give '" + text + "' to '" + action.title()
                    + "', which are no keys: it has those it came with.");
            return action.preset();
        }
        String refusal = KeyRules.same(keys, action.preset()) ? null : KeyRules.refusal(keys, KeyRules.isMac());
        if (refusal != null) {
            wrong.add("'" + action.title() + "' has the keys it came with. " + refusal);
            return action.preset();
        }
        return keys;
    }

    /// Which other action these keys would meet, null: none.
    public @Nullable Bound taken(Bound by, @Nullable KeyCombination keys) {
        return all.stream()
                .filter(other -> other.action() != by.action()
                        && other.meets(by)
                        && KeyRules.same(other.action().shortcut(), keys))
                .findFirst()
                .orElse(null);
    }

    /// Gives it these keys, at once, and takes them from whatever has them there.
    ///
    /// @param keys null: none
    public void change(Action action, @Nullable KeyCombination keys) {
        Bound by = all.stream().filter(b -> b.action() == action).findFirst().orElseThrow();
        put(chosen -> {
            all.stream()
                    .filter(other -> other != by
                            && other.meets(by)
                            && KeyRules.same(other.action().shortcut(), keys))
                    .forEach(other -> set(chosen, other.action(), null));
            set(chosen, action, keys);
            return chosen;
        });
    }

    private static void set(Map<String, Object> chosen, Action action, @Nullable KeyCombination keys) {
        if (KeyRules.equal(keys, action.preset())) {
            chosen.remove(action.id()); // only what differs is kept
        } else {
            chosen.put(action.id(), KeyRules.write(keys));
        }
    }

    /// Gives all actions the keys they came with. What the settings say of actions that are unknown here
    /// stays.
    public void resetAll() {
        put(chosen -> {
            all.forEach(b -> chosen.remove(b.action().id()));
            return chosen;
        });
    }

    private void put(UnaryOperator<Map<String, Object>> change) {
        settings.update(s -> s.withKeys(change.apply(new TreeMap<>(s.keys()))));
    }
}
