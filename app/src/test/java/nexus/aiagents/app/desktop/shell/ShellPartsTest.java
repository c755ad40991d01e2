package nexus.aiagents.app.desktop.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import nexus.aiagents.app.desktop.SampleViews;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShellPartsTest {

    @ParameterizedTest
    @CsvSource({"0,$0.00", "12400000,$12.40", "48200,$0.0482", "120,$0.000120", "1000000,$1.00", "-2500,-$0.0025"})
    void money_shows_as_many_digits_as_say_something(long microDollars, String text) {
        assertEquals(text, Money.format(microDollars));
    }

    @Test
    void folders_are_where_each_system_keeps_them() {
        Path home = Path.of("/home/ada");
        assertEquals(
                new UserFolders(home.resolve(".config/nexus-os"), home.resolve(".local/share/nexus-os")),
                UserFolders.of("Linux", home, Map.of()));
        assertEquals(
                Path.of("/cfg/nexus-os"),
                UserFolders.of("Linux", home, Map.of("XDG_CONFIG_HOME", "/cfg")).config());
        assertEquals(
                home.resolve("Library/Application Support/Nexus OS"),
                UserFolders.of("Mac OS X", home, Map.of()).data());
        assertEquals(
                home.resolve("AppData/Local/Nexus OS"),
                UserFolders.of("Windows 11", home, Map.of()).data());
        assertEquals(
                Path.of("/tmp/n/data"),
                UserFolders.of("Linux", home, Map.of("NEXUS_HOME", "/tmp/n")).data());
    }

    @Test
    void settings_come_back_and_a_broken_file_gives_the_defaults(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("a/settings.json");
        try (SettingsStore store = SettingsStore.load(file)) {
            store.update(s -> s.withTheme(Theme.Choice.DARK)
                    .withWindow(new UserSettings.Window(10, 20, 1000, 700, true))
                    .withRecent(new UserSettings.Recent("/p", "p", Instant.EPOCH, null)));
        }
        UserSettings read = SettingsStore.load(file).get();
        assertEquals(Theme.Choice.DARK, read.theme());
        assertEquals(1000, read.window().width());
        assertEquals("/p", read.recents().getFirst().folder());
        try (var left = Files.list(file.getParent())) {
            assertEquals(1, left.count(), "no temporary file stays");
        }

        Files.writeString(file, "{\"theme\": \"PINK\"");
        assertEquals(UserSettings.DEFAULT, SettingsStore.load(file).get());
        Files.writeString(file, "{\"theme\": \"LIGHT\", \"later\": 1}");
        assertEquals(Theme.Choice.LIGHT, SettingsStore.load(file).get().theme());
    }

    @Test
    void the_palette_prefers_beginnings_and_word_starts() {
        assertTrue(Match.score("sta", "Start team") > Match.score("sta", "Use the standard"));
        assertTrue(Match.score("gh", "Go to Home") > Match.score("gh", "Use the light theme"));
        assertTrue(Match.score("xyz", "Start team") < 0);
        assertEquals(0, Match.score("", "Anything"));
    }

    @Test
    void a_person_hears_of_what_failed_or_needs_them_once() {
        var before = SampleViews.stopped("/demo");
        var after = SampleViews.running("/demo");
        List<String> told =
                Watch.between(before, after).stream().map(Watch.Told::title).toList();
        assertEquals(List.of("publish-article failed", "fact-check finished", "research-bot is paused"), told);
        assertEquals(List.of(), Watch.between(after, after));
    }
}
