package nexus.aiagents.app.desktop.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyCodeCombination;
import javafx.scene.input.KeyCombination;
import nexus.aiagents.app.desktop.shell.Keymap.Bound;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeymapTest {
    @TempDir
    Path folder;

    private final Action start = action("team.start", "Start team", "F5");
    private final Action close = action("project.close", "Close project", "");
    private final Action find = action("tree.find", "Find in the tree", "Shortcut+F");
    private final Action findStep = action("runs.find", "Find a step", "Shortcut+F");
    private Path file;

    private static Action action(String id, String title, String keys) {
        return Action.always(id, title, null, keys.isEmpty() ? null : KeyRules.read(keys), () -> {});
    }

    @BeforeEach
    void file() {
        file = folder.resolve("settings.json");
    }

    private Keymap keymap(SettingsStore settings) {
        Keymap keymap = new Keymap(settings);
        keymap.of(List.of(
                new Bound(start, ""),
                new Bound(close, ""),
                new Bound(find, "Supervisors"),
                new Bound(findStep, "Runs")));
        return keymap;
    }

    private static Map<String, Object> saved(Path file) {
        return SettingsStore.load(file).get().keys();
    }

    @Test
    void only_what_differs_is_kept_and_an_action_with_other_keys_has_them_after_a_restart() {
        try (SettingsStore settings = SettingsStore.load(file)) {
            Keymap keymap = keymap(settings);
            keymap.change(start, KeyRules.read("Shortcut+R"));
            keymap.change(find, null);
            keymap.change(findStep, KeyRules.read("Alt+F"));
            keymap.change(findStep, findStep.preset());
        }
        assertEquals(Map.of("team.start", "Shortcut+R", "tree.find", ""), saved(file));
        start.use(null);
        try (SettingsStore settings = SettingsStore.load(file)) {
            Keymap keymap = keymap(settings);
            assertEquals("Start team  (Ctrl+R)", start.hint());
            assertNull(find.shortcut());
            keymap.resetAll();
            assertEquals("F5", start.keysText());
            assertEquals("Ctrl+F", find.keysText());
        }
        assertEquals(Map.of(), saved(file));
    }

    @Test
    void keys_are_taken_where_both_can_be_pressed_and_taking_them_over_leaves_the_other_none() {
        try (SettingsStore settings = SettingsStore.load(file)) {
            Keymap keymap = keymap(settings);
            Bound ofFind = keymap.all().get(2);
            Bound ofClose = keymap.all().get(1);
            assertNull(keymap.taken(ofFind, find.shortcut()), "a screen that is never in front with its own");
            assertEquals(find, keymap.taken(ofClose, KeyRules.read("Ctrl+F")).action());
            keymap.change(close, KeyRules.read("Shortcut+F"));
            assertEquals("Ctrl+F", close.keysText());
            assertNull(find.shortcut());
            assertNull(findStep.shortcut());
        }
    }

    @Test
    void what_of_the_file_can_not_be_used_is_said_counts_as_not_there_and_stays_in_it() throws Exception {
        Files.writeString(file, """
                {"theme": "DARK", "keys": {"team.start": "Ctrl+Wumpus", "no.such": "F9", "tree.find": 5, "runs.find": null,
                 "project.close": "Shortcut+C"}}""");
        try (SettingsStore settings = SettingsStore.load(file)) {
            Keymap keymap = keymap(settings);
            assertEquals("F5", start.keysText());
            assertEquals("Ctrl+F", find.keysText());
            assertEquals("Ctrl+F", findStep.keysText());
            assertEquals("", close.keysText());
            assertEquals(5, keymap.problems().size());
            String said = String.join("\n", keymap.problems());
            for (String word : List.of("Ctrl+Wumpus", "no.such", "Start team", "'5'", "Ctrl+C copies")) {
                assertTrue(said.contains(word), said);
            }
            keymap.change(find, KeyRules.read("F9"));
        }
        Map<String, Object> now = saved(file);
        assertEquals("Ctrl+Wumpus", now.get("team.start"));
        assertEquals("F9", now.get("no.such"));
        assertEquals("F9", now.get("tree.find"));
    }

    @Test
    void a_file_that_says_nothing_readable_is_kept_aside() throws Exception {
        Files.writeString(file, "{\"keys\": [1]}");
        try (SettingsStore settings = SettingsStore.load(file)) {
            keymap(settings).change(start, KeyRules.read("F9"));
        }
        assertEquals("{\"keys\": [1]}", Files.readString(folder.resolve("settings.unreadable.json")));
    }

    @Test
    void two_that_have_the_same_by_the_file_are_told_of() throws Exception {
        Files.writeString(file, "{\"keys\": {\"project.close\": \"F5\"}}");
        try (SettingsStore settings = SettingsStore.load(file)) {
            assertTrue(
                    keymap(settings).problems().getFirst().contains("F5 does both 'Close project' and 'Start team'"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "K",
                "Shift+K",
                "5",
                "Enter",
                "Shift+Enter",
                "Tab",
                "Ctrl+Tab",
                "Up",
                "Shift+Down",
                "Ctrl+Left",
                "Space",
                "Ctrl+C",
                "Ctrl+V",
                "Ctrl+X",
                "Ctrl+A",
                "Ctrl+Z",
                "Shift+Ctrl+Z",
                "Ctrl+Y",
                "Shortcut+C",
                "Backspace",
                "Delete",
                "Ctrl+Delete",
                "Home",
                "Ctrl+End",
                "Page Up",
                "Esc",
                "F6",
                "Shift+F6",
                "Alt+F4",
                "Ctrl+Alt+E"
            })
    void what_texts_and_lists_need_is_refused_with_a_reason(String keys) {
        KeyCodeCombination read = KeyRules.read(keys);
        assertNotNull(read, keys);
        assertNotNull(KeyRules.refusal(read, false), keys);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "F5",
                "Shift+F5",
                "F9",
                "Ctrl+K",
                "Shift+Ctrl+S",
                "Alt+Up",
                "Alt+Enter",
                "Ctrl+Enter",
                "Alt+K",
                "Ctrl+1"
            })
    void other_keys_can_be_had_and_are_read_as_they_are_written(String keys) {
        KeyCodeCombination read = KeyRules.read(keys);
        assertNotNull(read, keys);
        assertNull(KeyRules.refusal(read, false), keys);
        assertEquals(read, KeyRules.read(KeyRules.write(read)));
    }

    @Test
    void what_is_pressed_is_written_by_the_key_for_shortcuts_of_the_system() {
        KeyCodeCombination linux = KeyRules.pressed(KeyCode.R, true, true, false, false, false);
        assertEquals("Shift+Shortcut+R", KeyRules.write(linux));
        KeyCodeCombination mac = KeyRules.pressed(KeyCode.R, false, false, false, true, true);
        assertEquals(new KeyCodeCombination(KeyCode.R, KeyCombination.SHORTCUT_DOWN), mac);
        assertNotNull(KeyRules.refusal(KeyRules.pressed(KeyCode.L, false, false, true, false, true), true), "Option+L");
    }
}
