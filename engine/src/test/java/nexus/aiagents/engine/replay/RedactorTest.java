package nexus.aiagents.engine.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import nexus.aiagents.engine.journal.EventJson;
import nexus.aiagents.sandbox.HostCall;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedactorTest {
    private static final String SECRET = "s3cr\"et \\ü/+=&";

    private final Redactor redactor = new Redactor(Map.of("KEY", SECRET));

    @Test
    void a_secret_is_found_in_every_usual_spelling_and_the_text_stays_as_long() {
        byte[] bytes = SECRET.getBytes(StandardCharsets.UTF_8);
        String quoted = EventJson.mapper().writeValueAsString(SECRET);
        for (String spelling : List.of(
                SECRET,
                quoted,
                EventJson.mapper().writeValueAsString(quoted),
                URLEncoder.encode(SECRET, StandardCharsets.UTF_8),
                Base64.getEncoder().encodeToString(bytes),
                Base64.getUrlEncoder().withoutPadding().encodeToString(bytes))) {
            String text = "before " + spelling + " behind";
            String hidden = redactor.text(text);
            assertTrue(hidden.startsWith("before ") && hidden.endsWith(" behind"), hidden);
            assertTrue(hidden.contains("***"), spelling + " became " + hidden);
            assertEquals(
                    text.getBytes(StandardCharsets.UTF_8).length,
                    hidden.getBytes(StandardCharsets.UTF_8).length,
                    spelling);
        }
        assertEquals(List.of("KEY"), redactor.used());
    }

    @Test
    void of_two_secrets_one_of_which_is_part_of_the_other_neither_is_left() {
        Redactor two = new Redactor(Map.of("A", "abcd", "B", "abcdefgh"));
        assertEquals("******** and ****", two.text("abcdefgh and abcd"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"12345", "true", "null", "false"})
    void json_stays_json_whatever_the_secret_looks_like(String secret) {
        Redactor odd = new Redactor(Map.of("PIN", secret));
        String json = "{\"pin\":" + secret + ",\"text\":\"it is " + secret + "\",\"list\":[" + secret + ",7]}";
        String hidden = odd.json(json);
        assertFalse(hidden.contains(secret), hidden);
        assertEquals(7, EventJson.mapper().readTree(hidden).path("list").path(1).asInt());
    }

    @Test
    void headers_and_parameters_that_carry_credentials_lose_their_values_and_others_keep_them() {
        String arguments = redactor.arguments(Texts.arguments(new HostCall.Http(
                "GET",
                "https://me:pass1@h.example/a?access_token=tttt&q=otters&sig=zzz#frag",
                Map.of(
                        "Authorization", "Bearer abc",
                        "cookie", "id=7",
                        "X-Api-Key", "k",
                        "Author", "Melville",
                        "Accept", "text/plain"),
                null)));
        for (String hidden : List.of("pass1", "tttt", "zzz", "Bearer", "id=7", "\"k\"")) {
            assertFalse(arguments.contains(hidden), hidden + " in " + arguments);
        }
        for (String kept : List.of("q=otters", "Melville", "text/plain", "h.example/a", "#frag")) {
            assertTrue(arguments.contains(kept), kept + " in " + arguments);
        }
        String answer =
                "{\"ok\":{\"status\":200,\"headers\":{\"set-cookie\":\"sid=9\",\"date\":\"now\"},\"body\":\"b\"}}";
        String shown = redactor.answer(new HostCall.Http("GET", "https://h.example", Map.of(), null), answer);
        assertEquals(answer.replace("sid=9", "*****"), shown);
        assertEquals(answer, redactor.answer(new HostCall.KvGet("k"), answer), "only of requests");
    }

    /// In Base64 a value looks another way behind each number of other bytes.
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void a_secret_among_bytes_is_found_wherever_it_begins(int before) {
        byte[] plain = ("\u00fe".repeat(before) + SECRET + "z").getBytes(StandardCharsets.UTF_8);
        String bytes = Base64.getEncoder().encodeToString(plain);
        String hidden = Base64.getEncoder()
                .encodeToString(
                        ("\u00fe".repeat(before) + "*".repeat(SECRET.getBytes(StandardCharsets.UTF_8).length) + "z")
                                .getBytes(StandardCharsets.UTF_8));
        HostCall.Http request = new HostCall.Http("POST", "https://h.example/", Map.of(), bytes, true, true);
        assertEquals(
                hidden,
                Texts.read(redactor.arguments(Texts.arguments(request)))
                        .path("body")
                        .stringValue());
        for (HostCall each : List.of(new HostCall.FileWrite("f", bytes, true), new HostCall.Disk.Write(3, 0, bytes))) {
            String arguments = redactor.arguments(Texts.arguments(each));
            assertTrue(arguments.contains(hidden), arguments);
        }
        String received = "{\"ok\":{\"status\":200,\"headers\":{},\"body\":\"" + bytes + "\"}}";
        assertEquals(received.replace(bytes, hidden), redactor.answer(request, received));
        for (HostCall each : List.of(new HostCall.FileRead("f", true), new HostCall.Disk.Read(3, 0, 99))) {
            assertEquals("{\"ok\":\"" + hidden + "\"}", redactor.answer(each, "{\"ok\":\"" + bytes + "\"}"));
        }
        assertEquals(List.of("KEY"), redactor.used());
    }

    @Test
    void what_was_replaced_is_replaced_again_by_the_same() {
        Random random = new Random(3);
        for (int i = 0; i < 200; i++) {
            StringBuilder text = new StringBuilder();
            for (int j = random.nextInt(5); j >= 0; j--) {
                text.append(random.nextBoolean() ? SECRET : "x" + random.nextInt());
            }
            String once = redactor.text(text.toString());
            assertEquals(once, redactor.text(once));
            assertFalse(once.contains(SECRET));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "OPENAI_API_KEY",
                "GITHUB_TOKEN",
                "DB_PASS",
                "PASSWORD",
                "aws_secret",
                "CREDENTIALS",
                "KEY",
                "COOKIE"
            })
    void a_variable_tells_by_its_name_that_it_is_secret(String name) {
        assertTrue(Redactor.isSecretName(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"LANG", "PATH", "HOME", "KEYBOARD", "AUTHOR", "MONKEYS", "COMPASS"})
    void or_that_it_is_not(String name) {
        assertFalse(Redactor.isSecretName(name));
    }
}
