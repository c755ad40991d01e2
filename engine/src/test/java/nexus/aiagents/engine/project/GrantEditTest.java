package nexus.aiagents.engine.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/// Every other byte stays.
class GrantEditTest {
    private static final String GET = "{\"host\":\"b.org\",\"methods\":[\"GET\"]}";

    private static String add(String text, String kind, String item) {
        return GrantEdit.add(text, "a", kind, JsonMapper.shared().readTree(item));
    }

    private static void both(String without, String kind, String item, String name, String with) {
        assertEquals(with, add(without, kind, item));
        assertEquals(without, GrantEdit.remove(with, "a", kind, name));
    }

    @Test
    void what_was_added_is_taken_out_again_without_a_trace() {
        both(
                "agent:\n  name: a # me\n  source: a.js\n\n# end\n",
                "http",
                GET,
                "b.org",
                "agent:\n"
                        + "  name: a # me\n"
                        + "  source: a.js\n"
                        + "  grants:\n"
                        + "    http: [{host: b.org, methods: [GET]}]\n\n"
                        + "# end\n");
        both(
                "agent: {name: a, source: a.js} # x\n",
                "files",
                "{\"path\":\"notes\",\"mode\":\"rw\"}",
                "notes",
                "agent: {name: a, source: a.js, grants: {files: [{path: notes, mode: rw}]}} # x\n");
        both(
                "agent:\n  name: a\n  grants:\n    kv: true   # keys\n  source: a.js\n",
                "models",
                "\"*\"",
                "*",
                "agent:\n  name: a\n  grants:\n    kv: true   # keys\n    models: [\"*\"]\n  source: a.js\n");
        both(
                "agent:\n  name: a\n  grants:\n    http:\n      - host: c.org # one\n      # other\n  source: a.js\n",
                "http",
                GET,
                "b.org",
                "agent:\n"
                        + "  name: a\n"
                        + "  grants:\n"
                        + "    http:\n"
                        + "      - host: c.org # one\n"
                        + "      - {host: b.org, methods: [GET]}\n"
                        + "      # other\n"
                        + "  source: a.js\n");
        both(
                "agent: {name: a, grants: {models: [m,  n], kv: true}}\r\n",
                "models",
                "\"yes\"",
                "yes",
                "agent: {name: a, grants: {models: [m,  n, \"yes\"], kv: true}}\r\n");
        both(
                "agents:\n  z: {source: z.js}\n  a:\n    source: a.js\n",
                "kv",
                "true",
                "",
                "agents:\n  z: {source: z.js}\n  a:\n    source: a.js\n    grants:\n      kv: true\n");
        assertEquals("agent:\n  name: a\n  grants:\n    kv: true", add("agent:\n  name: a", "kv", "true"));
    }

    @Test
    void every_rule_of_a_name_goes_and_the_neighbours_stay() {
        assertEquals(
                "agent:\n  name: a\n  grants: {http: [{host: c.org}], kv: {maxBytes: 2MB}}\n",
                GrantEdit.remove(
                        "agent:\n"
                                + "  name: a\n"
                                + "  grants: {http: [{host: B.org}, {host: c.org}, {host: b.org, methods: [POST]}], kv:"
                                + " {maxBytes: 2MB}}\n",
                        "a",
                        "http",
                        "b.org"));
        assertEquals(
                "agent: {name: a, grants: {kv: true}}\n",
                GrantEdit.remove("agent: {name: a, grants: {env: [X], kv: true}}\n", "a", "env", "X"));
        assertEquals(
                "agent:\n  name: a\n  source: a.js\n",
                GrantEdit.remove(
                        "agent:\n  name: a\n  grants:\n    kv:\n      maxBytes: 2MB\n  source: a.js\n", "a", "kv", ""));
    }

    @Test
    void keys_that_were_refused_are_granted() {
        assertEquals(
                "agent: {name: a, grants: {kv: true}}\n", add("agent: {name: a, grants: {kv: false}}\n", "kv", "true"));
        assertEquals("agent: {name: a, grants: {kv: true}}\n", add("agent: {name: a, grants: {}}\n", "kv", "true"));
        assertEquals(
                "agent: {name: a, grants: {models: [m]}}\n",
                add("agent: {name: a, grants: {models: []}}\n", "models", "\"m\""));
    }

    @Test
    void what_is_written_elsewhere_is_left_to_a_person() {
        String shared = "agent: {name: z, grants: &g {kv: true}}\n---\nagent: {name: a, grants: {kv: true}}\n";
        assertTrue(add(shared, "env", "\"X\"").contains("{name: a, grants: {kv: true, env: [X]}}"));
        String alias = "agents:\n  z: {grants: &g {kv: true}}\n  a: {grants: *g}\n";
        assertThrows(IllegalArgumentException.class, () -> add(alias, "env", "\"X\""));
        assertThrows(IllegalArgumentException.class, () -> GrantEdit.remove(alias, "a", "kv", ""));
        assertThrows(IllegalArgumentException.class, () -> add("agent: {name: b}\n", "kv", "true"));
        assertThrows(IllegalArgumentException.class, () -> add("agent: {name: a\n", "kv", "true"));
        assertThrows(
                IllegalArgumentException.class,
                () -> GrantEdit.remove("agent: {name: a, grants: {env: [X]}}\n", "a", "env", "Y"));
    }
}
