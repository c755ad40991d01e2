package nexus.aiagents.engine.secret;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import nexus.aiagents.engine.secret.HostSecrets.Place;
import nexus.aiagents.engine.secret.HostSecrets.Whereabouts;
import org.junit.jupiter.api.Test;

class HostSecretsTest {
    private final Map<String, String> environment = new HashMap<>();
    private final FakeKeychain keychain = new FakeKeychain();
    private Instant now = Instant.EPOCH;
    private final HostSecrets secrets = new HostSecrets(environment::get, keychain, () -> now);

    @Test
    void the_environment_stands_before_the_keychain_and_the_keychain_is_not_asked_then() {
        environment.put("KEY", "of-the-environment");
        keychain.values.put("KEY", "of-the-keychain");
        assertEquals("of-the-environment", secrets.value("KEY"));
        assertEquals(new Whereabouts(Place.ENVIRONMENT, null), secrets.whereabouts("KEY"));
        assertEquals(0, keychain.asked);
        environment.put("KEY", "  ");
        assertEquals("of-the-keychain", secrets.value("KEY"));
        assertEquals(new Whereabouts(Place.KEYCHAIN, null), secrets.whereabouts("KEY"));
    }

    @Test
    void what_is_changed_from_outside_counts_soon_and_both_values_are_known_for_taking_out() {
        assertNull(secrets.value("KEY"));
        keychain.values.put("KEY", "first");
        now = now.plus(HostSecrets.MISSING);
        assertEquals("first", secrets.value("KEY"));
        assertEquals("first", secrets.value("KEY"));
        assertEquals(2, keychain.asked);
        keychain.values.put("KEY", "second");
        now = now.plus(HostSecrets.FOUND);
        assertEquals("second", secrets.value("KEY"));
        assertEquals(Set.of("first", "second"), secrets.given("KEY"));
        assertEquals(2, secrets.changes());
        keychain.values.clear();
        now = now.plus(HostSecrets.FOUND);
        assertNull(secrets.value("KEY"));
    }

    @Test
    void a_list_of_names_waits_once_for_a_keychain_that_does_not_answer() {
        keychain.trouble = "it did not answer";
        for (String name : new String[] {"A", "B", "C"}) {
            assertEquals(new Whereabouts(Place.MISSING, "it did not answer"), secrets.whereabouts(name));
        }
        assertEquals(1, keychain.asked);
        keychain.trouble = null;
        now = now.plus(HostSecrets.MISSING);
        assertEquals(new Whereabouts(Place.MISSING, null), secrets.whereabouts("A"));
    }

    @Test
    void what_is_kept_or_removed_here_counts_at_once() throws KeychainException {
        assertNull(secrets.value("KEY"));
        secrets.store("KEY", "kept");
        assertEquals("kept", secrets.value("KEY"));
        assertTrue(secrets.remove("KEY"));
        assertNull(secrets.value("KEY"));
    }

    @Test
    void a_keychain_that_does_not_answer_is_not_asked_for_every_key_and_takes_no_key_away() {
        keychain.values.put("KEY", "kept");
        assertEquals("kept", secrets.value("KEY"));
        keychain.trouble = "it is locked";
        now = now.plus(HostSecrets.FOUND);
        assertEquals("kept", secrets.value("KEY"));
        int asked = keychain.asked;
        assertEquals("kept", secrets.value("KEY"));
        assertNull(secrets.value("OTHER"));
        assertEquals(asked, keychain.asked);
        assertTrue(secrets.remedy("OTHER").contains("it is locked"), secrets.remedy("OTHER"));
        assertEquals(new Whereabouts(Place.MISSING, "it is locked"), secrets.whereabouts("OTHER"));
        keychain.trouble = null;
        keychain.values.put("OTHER", "there");
        now = now.plus(HostSecrets.UNREACHABLE);
        assertEquals("there", secrets.value("OTHER"));
    }
}
