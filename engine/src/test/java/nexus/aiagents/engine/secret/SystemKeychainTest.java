package nexus.aiagents.engine.secret;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import nexus.aiagents.engine.secret.Keychain.Answer;
import nexus.aiagents.engine.secret.SystemKeychain.Done;
import nexus.aiagents.engine.secret.SystemKeychain.ToolFailed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

class SystemKeychainTest {
    private static final String VALUE = "sk \"it's\" $HOME; -w";

    private final List<List<String>> commands = new ArrayList<>();
    private final List<String> inputs = new ArrayList<>();
    private Done stored = new Done(0, "", "");
    private Done found = new Done(0, VALUE, "");
    private Done listed = new Done(0, "", "");

    private Done run(List<String> command, String stdin) {
        commands.add(command);
        inputs.add(stdin);
        if (command.contains("search")) {
            return listed;
        }
        return command.contains("lookup") || command.contains("find-generic-password") ? found : stored;
    }

    private Keychain keychain(String os) {
        return SystemKeychain.of(os, (command, stdin, _) -> run(command, stdin));
    }

    @Test
    void a_value_is_in_no_argument_on_any_system() throws Exception {
        keychain("Linux").store("KEY", VALUE);
        keychain("Mac OS X").store("KEY", VALUE);
        String hex = HexFormat.of().formatHex(VALUE.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        assertFalse(commands.toString().contains("sk "), commands.toString());
        assertFalse(commands.toString().contains(hex), commands.toString());
        assertEquals(VALUE, inputs.getFirst());
        assertEquals("add-generic-password -U -s nexus-os -a KEY -X " + hex + "\n", inputs.get(2));
    }

    @Test
    void a_value_that_was_taken_and_is_not_there_is_an_error_that_does_not_show_it() {
        found = new Done(44, "", "");
        KeychainException lost =
                assertThrows(KeychainException.class, () -> keychain("Mac OS X").store("KEY", VALUE));
        stored = new Done(1, "", "add-generic-password ... -X 736b: refused");
        KeychainException refused =
                assertThrows(KeychainException.class, () -> keychain("Mac OS X").store("KEY", VALUE));
        assertTrue(lost.text().contains("does not have it"), lost.text());
        assertFalse(refused.text().contains("736b"), refused.text());
        assertFalse(new Answer.Found(VALUE).toString().contains("sk"));
    }

    @Test
    void what_could_be_read_as_another_command_is_not_passed_on() {
        for (String name : List.of("A B", "A\ndelete-keychain", "-w", "", "1A")) {
            assertEquals(
                    "bad-input",
                    assertThrows(
                                    KeychainException.class,
                                    () -> keychain("Mac OS X").store(name, VALUE))
                            .code());
            assertEquals(new Answer.Missing(), keychain("Mac OS X").find(name));
        }
        for (String value : List.of("two\nlines", " ", "schlüssel", "x".repeat(1_901))) {
            assertEquals(
                    "bad-input",
                    assertThrows(
                                    KeychainException.class,
                                    () -> keychain("Linux").store("KEY", value))
                            .code());
        }
        assertEquals(List.of(), commands);
    }

    @Test
    void what_is_not_there_and_what_can_not_be_asked_are_two_things() {
        found = new Done(1, "", "");
        assertEquals(new Answer.Missing(), keychain("Linux").find("KEY"));
        listed = new Done(0, "[/org/freedesktop/secrets/collection/login/1]\n", "");
        assertEquals(new Answer.Unreachable("it is locked"), keychain("Linux").find("KEY"));
        found = new Done(1, "", "secret-tool: Cannot autolaunch D-Bus without X11 $DISPLAY\n");
        assertInstanceOf(Answer.Unreachable.class, keychain("Linux").find("KEY"));
        found = new Done(44, "", "security: SecKeychainSearchCopyNext: not found");
        assertEquals(new Answer.Missing(), keychain("Mac OS X").find("KEY"));
        assertInstanceOf(Answer.Unreachable.class, keychain("Windows 11").find("KEY"));
        assertThrows(KeychainException.class, () -> keychain("Windows 11").store("KEY", VALUE));
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void a_command_that_hangs_or_is_not_there_is_over_in_time() throws Exception {
        ToolProcess process = new ToolProcess();
        assertEquals(
                "over",
                process.run(List.of("cat"), "over", Duration.ofSeconds(30)).out());
        ToolFailed late =
                assertThrows(ToolFailed.class, () -> process.run(List.of("sleep", "60"), "", Duration.ofMillis(100)));
        assertTrue(String.valueOf(late.getMessage()).contains("did not answer"), late.getMessage());
        assertThrows(ToolFailed.class, () -> process.run(List.of("no-such-command"), "", Duration.ofSeconds(1)));
    }
}
