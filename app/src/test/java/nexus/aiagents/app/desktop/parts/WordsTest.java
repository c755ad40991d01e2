package nexus.aiagents.app.desktop.parts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class WordsTest {
    @Test
    void durations_are_short() {
        assertEquals("12 ms", Words.duration(Duration.ofMillis(12)));
        assertEquals("1.2 s", Words.duration(Duration.ofMillis(1_240)));
        assertEquals("59 s", Words.duration(Duration.ofMillis(59_900)));
        assertEquals("3 min 5 s", Words.duration(Duration.ofSeconds(185)));
        assertEquals("2 h", Words.duration(Duration.ofHours(2)));
        assertEquals("0 s", Words.coarse(Duration.ofSeconds(-3)));
    }

    @Test
    void counts_have_the_right_number() {
        assertEquals("1 step", Words.plural(1, "step"));
        assertEquals("12.3 k steps", Words.plural(12_345, "step"));
    }

    @Test
    void wrong_json_is_told_with_its_place() {
        assertEquals("", JsonText.problem("{\"a\": [1, 2]}"));
        assertTrue(JsonText.problem("{\n  \"a\": }").startsWith("Not JSON, line 2, column"));
        assertTrue(JsonText.problem("{} {}").startsWith("Not JSON"));
        assertTrue(JsonText.problem("  ").startsWith("Enter a JSON value"));
    }

    @Test
    void a_field_is_set_and_taken_out_again() {
        String with = JsonText.with("{\"topic\":\"otters\"}", "failAt", "publish");
        assertTrue(with.contains("\"failAt\": \"publish\""));
        assertEquals(JsonText.pretty("{\"topic\":\"otters\"}"), JsonText.with(with, "failAt", null));
        assertEquals("nonsense", JsonText.with("nonsense", "failAt", "publish"));
    }
}
