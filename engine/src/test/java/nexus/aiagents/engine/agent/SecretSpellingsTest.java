package nexus.aiagents.engine.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whatever a usual server repeats of a key is taken out of its answer.
class SecretSpellingsTest {
    static final String VALUE = "sk-A1/b+c==\"d'e!(f) g&~h";

    static String redacted(String value, String text) {
        return Secrets.of(Set.of("KEY"), name -> value).redact(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sk-A1/b+c==\"d'e!(f) g&~h",
                "sk-A1/b+c==\\\"d'e!(f) g&~h", // JSON
                "sk-A1\\/b+c==\\\"d'e!(f) g&~h", // of PHP
                "sk-A1/b\\u002Bc\\u003D\\u003D\\\"d\\u0027e!(f) g\\u0026~h", // of .NET and Gson
                "sk-A1/b+c==\\\\\\\"d'e!(f) g&~h", // JSON in JSON
                "sk-A1%2Fb%2Bc%3D%3D%22d%27e%21%28f%29+g%26%7Eh", // Java
                "sk-A1%2Fb%2Bc%3D%3D%22d'e!(f)%20g%26~h", // JavaScript
                "sk-A1%2fb%2bc%3d%3d%22d'e!(f)%20g%26~h"
            })
    void a_value_is_known_as_encoders_write_it(String spelled) {
        assertEquals("<[secret KEY]>", redacted(VALUE, "<" + spelled + ">"));
    }

    @Test
    void base64_is_known_wherever_in_it_the_value_begins_and_ends() {
        for (String value : List.of("abcd", "sk-12345", "sk-123456", "sk-1234567", VALUE)) {
            for (String before : List.of("", "u", "us", "Bearer ", "user:")) {
                for (String behind : List.of("", "x", "xy", "xyz")) {
                    byte[] bytes = (before + value + behind).getBytes(StandardCharsets.UTF_8);
                    for (Base64.Encoder encoder : List.of(Base64.getEncoder(), Base64.getUrlEncoder())) {
                        String clean = redacted(value, encoder.encodeToString(bytes));
                        assertTrue(clean.contains("[secret KEY]"), before + "|" + value + "|" + behind + ": " + clean);
                        assertTrue(clean.length() < 12 + 4 * (before.length() + behind.length() + 6) / 3 + 4, clean);
                    }
                }
            }
        }
    }

    @Test
    void other_words_are_left_alone() {
        String text = "The quick brown fox jumps over sk-A1 and abc, in Base64 dGhlIHF1aWNr.";
        assertEquals(text, redacted(VALUE, text));
        assertFalse(SecretSpellings.of("abcd").stream().anyMatch(spelling -> spelling.length() < 4));
    }
}
