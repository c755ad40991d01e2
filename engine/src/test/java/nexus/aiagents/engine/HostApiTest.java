package nexus.aiagents.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import nexus.aiagents.engine.project.LanguageService.Completion;
import org.junit.jupiter.api.Test;

/// What is offered in a program; `|` is the caret.
class HostApiTest {
    private static final String HEAD = "export default async function (input, nexus) {\n";

    private final HostApi api = shipped();

    private static HostApi shipped() {
        try {
            return HostApi.shipped();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private List<String> offered(String program) {
        return api.complete(program.replace("|", ""), program.indexOf('|')).stream()
                .map(Completion::label)
                .toList();
    }

    private String hover(String program) {
        return api.hover(program.replace("|", ""), program.indexOf('|'));
    }

    @Test
    void the_members_of_the_host_are_those_that_are_declared() {
        assertEquals(
                List.of("log", "model", "http", "kv", "file", "agent", "emit", "now", "random", "context", "env"),
                offered(HEAD + "  nexus.|"));
        assertEquals(List.of("get"), offered(HEAD + "  await nexus.kv.g|"));
        assertEquals(List.of("debug", "info", "warn", "error"), offered(HEAD + "  nexus.log.|"));
        assertEquals(List.of(), offered(HEAD + "  nexus.nothing.|"));
        assertEquals(List.of(), offered(HEAD + "  input.|"), "nobody knows what the input is");
    }

    @Test
    void the_host_has_the_name_that_the_program_gives_it() {
        assertTrue(offered("export default async (work, host) => {\n  host.|").contains("kv"));
        assertTrue(offered("export default async (work: {a: 1}, host: Nexus) => {\n  host.|")
                .contains("kv"));
        assertEquals(
                List.of("get", "put", "delete", "list"), offered("export default async (x, {kv, log}) => {\n  kv.|"));
        assertEquals(List.of(), offered("export default async (work, host) => {\n  nexus.|"));
    }

    @Test
    void what_a_call_answers_is_known_where_it_is_waited_for() {
        String program = HEAD + "  const answer = await nexus.model('hello');\n  answer.|";
        assertEquals(List.of("text", "model", "usage", "cost", "finish", "scripted"), offered(program));
        assertEquals(List.of("inputTokens", "outputTokens"), offered(program.replace("answer.|", "answer.usage.|")));
        assertEquals(
                List.of("status", "headers", "body"),
                offered(HEAD + "  const page = await nexus.http('https://example.org');\n  page.|"));
        assertEquals(List.of(), offered(HEAD + "  const page = nexus.http('https://example.org');\n  page.|"));
        assertTrue(offered("const url = new URL('https://a.org');\nurl.|").contains("searchParams"));
    }

    @Test
    void the_keys_of_an_object_that_is_given_to_the_host_are_offered() {
        assertEquals(List.of("maxTokens"), offered(HEAD + "  await nexus.model({prompt: 'x', max|"));
        assertEquals(
                List.of("method", "headers", "body", "bytes"),
                offered(HEAD + "  await nexus.http('https://a.org', {|"));
        assertEquals(List.of(), offered(HEAD + "  await nexus.model({prompt: max|"));
    }

    @Test
    void globals_and_static_members_are_offered_too() {
        assertEquals(List.of("setTimeout"), offered("setT|"));
        assertTrue(offered("console.|").containsAll(List.of("log", "table")));
        assertEquals(List.of("canParse", "parse"), offered("URL.|"));
        assertEquals(List.of("getRandomValues", "randomUUID"), offered("crypto.|"));
        assertEquals(List.of("now", "timeOrigin"), offered("performance.|"));
    }

    @Test
    void nothing_is_offered_in_texts_and_comments() {
        assertEquals(List.of(), offered(HEAD + "  // nexus.|"));
        assertEquals(List.of(), offered(HEAD + "  /* nexus.|"));
        assertEquals(List.of(), offered(HEAD + "  'nexus.|"));
        assertEquals(List.of(), offered(HEAD + "  `nexus.|"));
        assertTrue(offered(HEAD + "  `${nexus.|").contains("kv"));
        assertTrue(offered(HEAD + "  `${1}`; nexus.|").contains("kv"));
    }

    @Test
    void the_mouse_is_told_signature_and_words() {
        String text = hover(HEAD + "  await nexus.mo|del('x');");
        assertNotNull(text);
        assertTrue(text.startsWith("model(request: string | ModelRequest): Promise<ModelAnswer>\nAsks a model"), text);
        assertTrue(hover(HEAD + "  await ne|xus.model('x');").contains("Nexus"));
        assertNull(hover(HEAD + "  const wor|d = 1;"));
        assertNull(hover(HEAD + "  // nexus.mo|del"));
    }
}
