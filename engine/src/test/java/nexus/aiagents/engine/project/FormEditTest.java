package nexus.aiagents.engine.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import nexus.aiagents.engine.project.FormChange.Add;
import nexus.aiagents.engine.project.FormChange.Expand;
import nexus.aiagents.engine.project.FormChange.Move;
import nexus.aiagents.engine.project.FormChange.Remove;
import nexus.aiagents.engine.project.FormChange.Set;
import nexus.aiagents.engine.project.LanguageService.TextEdit;
import org.junit.jupiter.api.Test;

class FormEditTest {
    private static final LanguageService LANGUAGE = new LanguageService();

    static String apply(String text, TextEdit edit) {
        Lines lines = new Lines(text);
        Position at = edit.at();
        return text.substring(0, lines.offset(at.line(), at.column()))
                + edit.text()
                + text.substring(lines.offset(at.endLine(), at.endColumn()));
    }

    private static String edit(String text, int document, FormChange change) {
        try {
            return apply(text, LANGUAGE.edit(text, document, change));
        } catch (Form.Refused e) {
            throw new AssertionError(e);
        }
    }

    private static String edit(String text, FormChange change) {
        return edit(text, 0, change);
    }

    private static List<Object> path(Object... parts) {
        return List.of(parts);
    }

    private static String refusal(String text, FormChange change) {
        return assertThrows(Form.Refused.class, () -> LANGUAGE.edit(text, 0, change))
                .getMessage();
    }

    @Test
    void a_value_changes_and_nothing_else() {
        String text = "# top\nagent:   # kind\n  name:  writer   # who\n  maxTokens: 0200 \n";
        assertEquals(text.replace("writer", "poet"), edit(text, new Set(path("agent", "name"), "poet")));
        assertEquals(text.replace("0200", "300"), edit(text, new Set(path("agent", "maxTokens"), "300")));
    }

    @Test
    void the_edit_is_as_small_as_it_can_be() throws Form.Refused {
        TextEdit edit = LANGUAGE.edit("agent:\n  name: write\n", 0, new Set(path("agent", "name"), "writer"));
        assertEquals(new TextEdit(new Position("", 1, 13, 1, 13), "r"), edit);
    }

    @Test
    void other_documents_are_not_looked_at_and_may_be_broken() {
        String text = "a: [\n---\nagent: {name: x}\n---\n\tb\n";
        assertEquals(text.replace("name: x", "name: y"), edit(text, 1, new Set(path("agent", "name"), "y")));
    }

    @Test
    void text_gets_quotes_where_it_needs_them_and_keeps_those_it_has() {
        String text = "agent:\n  name: a\n  description: some\n";
        assertDescribed("\"yes: no\"", text, "yes: no");
        assertDescribed("\"a # b\"", text, "a # b");
        assertDescribed("\"12\"", text, "12");
        assertDescribed("\"true\"", text, "true");
        assertDescribed("\"\"", text, "");
        assertDescribed("\" a\"", text, " a");
        assertDescribed("\"*a\"", text, "*a");
        assertDescribed("it's fine", text, "it's fine");
        assertDescribed("${input.a}", text, "${input.a}");
        assertDescribed("\"say \\\"hi\\\"\"", text.replace("some", "\"some\""), "say \"hi\"");
        assertDescribed("'it''s'", text.replace("some", "'some'"), "it's");
        assertEquals(
                "agent: {name: a, description: \"${a}\"}\n",
                edit("agent: {name: a, description: b}\n", new Set(path("agent", "description"), "${a}")));
    }

    private static void assertDescribed(String written, String text, String said) {
        String before = text.substring(0, text.indexOf("description:"));
        assertEquals(
                before + "description: " + written + "\n", edit(text, new Set(path("agent", "description"), said)));
    }

    @Test
    void text_of_several_lines_is_a_literal_block() {
        String text = "agent:\n  name: a\n  prompt: one\n  maxTokens: 5\n";
        String two = edit(text, new Set(path("agent", "prompt"), "one\n  two\n\nthree"));
        assertEquals("agent:\n  name: a\n  prompt: |-\n    one\n      two\n\n    three\n  maxTokens: 5\n", two);
        String more = edit(two, new Set(path("agent", "prompt"), "one\nfour\n"));
        assertEquals("agent:\n  name: a\n  prompt: |\n    one\n    four\n  maxTokens: 5\n", more);
        assertEquals(
                "agent:\n  name: a\n  prompt: |2\n     one\n    four\n  maxTokens: 5\n",
                edit(more, new Set(path("agent", "prompt"), " one\nfour\n")));
        assertEquals(
                "agent: {name: a, prompt: \"a\\nb\"}\n",
                edit("agent: {name: a, prompt: x}\n", new Set(path("agent", "prompt"), "a\nb")));
        String folded = "agent:\n  prompt: >-\n     one\n     two\n\n# end\n";
        assertEquals(
                "agent:\n  prompt: |-\n     one\n     2\n\n# end\n",
                edit(folded, new Set(path("agent", "prompt"), "one\n2")));
    }

    @Test
    void what_is_no_right_value_is_written_all_the_same() {
        String text = "agent:\n  name: a\n  maxTokens: 5 # enough\n";
        assertEquals(text.replace("5", "five"), edit(text, new Set(path("agent", "maxTokens"), "five")));
        assertEquals(text.replace("5", "\"a: b\""), edit(text, new Set(path("agent", "maxTokens"), "a: b")));
        String none = edit(text, new Set(path("agent", "maxTokens"), ""));
        assertEquals(text.replace("5", ""), none);
        assertEquals(text.replace("5", "6"), edit(none, new Set(path("agent", "maxTokens"), "6")));
    }

    @Test
    void a_field_that_was_not_set_goes_where_the_schema_has_it() {
        String text = "agent:\n  name: a\n\n  # how it thinks\n  prompt: x\n";
        assertEquals(
                "agent:\n  name: a\n  runtime: javascript\n\n  # how it thinks\n  prompt: x\n",
                edit(text, new Add(path("agent", "runtime"))));
        assertEquals(text + "  maxTokens: 1024\n", edit(text, new Add(path("agent", "maxTokens"))));
        assertEquals(text + "  limits: {}\n", edit(text, new Add(path("agent", "limits"))));
        assertEquals(text + "  loop:\n    every:\n", edit(text, new Add(path("agent", "loop"))));
        assertEquals(text + "  maxTokens: 7\n", edit(text, new Set(path("agent", "maxTokens"), "7")));
        assertEquals(
                text.stripTrailing() + "\n  maxTokens: 1024",
                edit(text.stripTrailing(), new Add(path("agent", "maxTokens"))).stripTrailing());
        assertEquals(
                "agent: {name: a, runtime: javascript, prompt: x}",
                edit("agent: {name: a, prompt: x}", new Add(path("agent", "runtime"))));
        assertEquals(
                "agent:\n  name: a\n  prompt: x\n", edit("agent:\n  prompt: x\n", new Set(path("agent", "name"), "a")));
    }

    @Test
    void what_is_around_a_new_field_is_made_with_it() {
        assertEquals(
                "agent:\n  name: a\n  limits:\n    memory: 1MB\n",
                edit("agent:\n  name: a\n", new Set(path("agent", "limits", "memory"), "1MB")));
        assertEquals(
                "agent:\n  name: a\n  limits:\n    memory: 1MB\n",
                edit("agent:\n  name: a\n  limits: {}\n", new Set(path("agent", "limits", "memory"), "1MB")));
        assertEquals(
                "agent:\n  name: a\n  limits: # later\n    memory: 64MB\n",
                edit("agent:\n  name: a\n  limits: # later\n", new Add(path("agent", "limits", "memory")))
                        .replace("limits:\n    memory: 64MB # later", "limits: # later\n    memory: 64MB"));
        assertEquals(
                "agent: {name: a, grants: {models: [\"\"]}}\n",
                edit("agent: {name: a, grants: {}}\n", new Add(path("agent", "grants", "models"))));
        assertEquals(
                "agent:\n  grants:\n    models:\n      - \"\"\n",
                edit("agent:\n  grants:\n", new Add(path("agent", "grants", "models"))));
    }

    @Test
    void a_field_is_taken_away_with_its_line_and_an_emptied_map_with_it() {
        String text =
                "agent:\n  name: a\n  # of the prompt\n  prompt: |\n    x\n    y\n\n  limits:\n    memory: 1MB # small\n";
        assertEquals(
                "agent:\n  name: a\n  # of the prompt\n\n  limits:\n    memory: 1MB # small\n",
                edit(text, new Remove(path("agent", "prompt"))));
        assertEquals(
                "agent:\n  name: a\n  # of the prompt\n  prompt: |\n    x\n    y\n\n",
                edit(text, new Remove(path("agent", "limits", "memory"))));
        assertEquals("agent: {name: a}\n", edit("agent: {name: a, prompt: x}\n", new Remove(path("agent", "prompt"))));
        assertEquals("agent: {prompt: x}\n", edit("agent: {name: a, prompt: x}\n", new Remove(path("agent", "name"))));
        assertEquals(
                "agent: {}\n",
                edit("agent: {name: a}\n", new Remove(path("agent", "name"))).replace("agent:\n  {}", "agent: {}"));
        assertEquals(
                "saga:\n  steps:\n    - # first\n      action: b\n",
                edit(
                        "saga:\n  steps:\n    - name: a\n      # first\n      action: b\n",
                        new Remove(path("saga", "steps", 0, "name"))));
    }

    private static final String STEPS = """
            saga:
              name: s
              steps:
                # one
                - name: a
                  action: x

                # two
                - {name: b, action: y}
                - name: c # last
                  action: z
            """;

    @Test
    void items_change_places_with_the_comments_above_them() {
        String moved = edit(STEPS, new Move(path("saga", "steps", 1), -1));
        assertEquals("""
                saga:
                  name: s
                  steps:
                    # two
                    - {name: b, action: y}

                    # one
                    - name: a
                      action: x
                    - name: c # last
                      action: z
                """, moved);
        assertEquals(STEPS, edit(moved, new Move(path("saga", "steps", 0), 1)));
        assertEquals(
                "supervisor: {name: t, agents: [b, a, c]}\n",
                edit("supervisor: {name: t, agents: [a, b, c]}\n", new Move(path("supervisor", "agents", 0), 1)));
        assertTrue(refusal(STEPS, new Move(path("saga", "steps", 0), -1)).contains("first"));
    }

    @Test
    void items_come_at_the_end_and_go() {
        assertEquals(STEPS + "    - name: \"\"\n", edit(STEPS, new Add(path("saga", "steps", 3))));
        assertEquals(
                STEPS.replace("    - {name: b, action: y}\n", ""), edit(STEPS, new Remove(path("saga", "steps", 1))));
        assertEquals(
                "supervisor: {agents: [a, \"\"]}\n",
                edit("supervisor: {agents: [a]}\n", new Add(path("supervisor", "agents", 1))));
        assertEquals(
                "supervisor: {agents: [b]}\n",
                edit("supervisor: {agents: [a, b]}\n", new Remove(path("supervisor", "agents", 0))));
        assertEquals(
                "supervisor:\n  agents:\n    [] # only\n",
                edit("supervisor:\n  agents:\n  - a # only\n", new Remove(path("supervisor", "agents", 0))));
        assertEquals(
                "supervisor:\n  agents:\n    - a\n",
                edit("supervisor:\n  agents: []\n", new Set(path("supervisor", "agents", 0), "a")));
        assertEquals(
                "supervisor:\n  agents:\n  - a\n  - b",
                edit("supervisor:\n  agents:\n  - a", new Set(path("supervisor", "agents", 1), "b")));
    }

    @Test
    void a_short_form_becomes_a_map() {
        assertEquals(
                "supervisor:\n  children:\n    - name: a # first\n    - b\n",
                edit(
                        "supervisor:\n  children:\n    - a # first\n    - b\n",
                        new Expand(path("supervisor", "children", 0))));
        assertEquals(
                "supervisor: {children: [{name: a}, b]}\n",
                edit("supervisor: {children: [a, b]}\n", new Expand(path("supervisor", "children", 0))));
        assertEquals(
                "agent:\n  grants:\n    kv:\n      maxBytes: 1MB\n",
                edit("agent:\n  grants:\n    kv: true\n", new Expand(path("agent", "grants", "kv"))));
    }

    @Test
    void anchors_stay_and_an_alias_is_written_out_alone() {
        String text = "agents:\n  a: {prompt: &p hi}\n  b: {prompt: *p}\n";
        assertEquals(text.replace("&p hi", "&p ho"), edit(text, new Set(path("agents", "a", "prompt"), "ho")));
        assertEquals(text.replace("*p", "ho"), edit(text, new Set(path("agents", "b", "prompt"), "ho")));
        assertTrue(refusal(text, new Remove(path("agents", "a", "prompt"))).contains("line 3 repeats this"));
    }

    @Test
    void a_block_begins_behind_the_document() {
        assertEquals("agent:\n  name: \"\"\n", edit("", new FormChange.Begin("agent")));
        String two = edit("agent:\n  name: a\n---\nproject: {}\n", 0, new FormChange.Begin("cost"));
        assertEquals("agent:\n  name: a\n---\ncost:\n  budget: {}\n---\nproject: {}\n", two);
        assertEquals("# only words\nagent:\n  name: \"\"\n", edit("# only words\n", new Add(path("agent"))));
    }

    @Test
    void windows_line_ends_stay() {
        String text = "agent:\r\n  name: a\r\n  limits: {}\r\n";
        assertEquals(
                "agent:\r\n  name: a\r\n  limits:\r\n    memory: 64MB\r\n",
                edit(text, new Add(path("agent", "limits", "memory"))));
        assertEquals("agent:\r\n  name: b\r\n  limits: {}\r\n", edit(text, new Set(path("agent", "name"), "b")));
    }

    @Test
    void a_free_value_is_what_is_typed() {
        String text = "agent:\n  loop:\n    every: 1s\n    input: {n: 1}\n";
        List<Object> n = path("agent", "loop", "input", "n");
        assertEquals(text.replace("1}", "true}"), edit(text, new Set(n, "true")));
        assertEquals(text.replace("1}", "\"5\"}"), edit(text, new Set(n, "\"5\"")));
        assertEquals(text.replace("1}", "\"${a}\"}"), edit(text, new Set(n, "${a}")));
        List<Object> m = new ArrayList<>(n);
        m.set(3, "m");
        assertEquals(text.replace("1}", "1, m: 2}"), edit(text, new Set(m, "2")));
    }

    @Test
    void a_key_gets_another_name_and_keeps_its_place_its_comment_and_what_it_holds() {
        String text = "agent:\n  grants:\n    env: []\n  x:   # free\n    first:   1 # one\n    \"second\": {a: b}\n";
        assertEquals(
                text.replace("first", "primo"),
                edit(text, new FormChange.Rename(path("agent", "x", "first"), "primo")));
        assertEquals(
                text.replace("\"second\"", "zwei"),
                edit(text, new FormChange.Rename(path("agent", "x", "second"), " zwei ")));
        assertEquals(
                text.replace("{a: b}", "{\"c: d\": b}"),
                edit(text, new FormChange.Rename(path("agent", "x", "second", "a"), "c: d")));
        assertEquals(text, edit(text, new FormChange.Rename(path("agent", "x", "first"), "first")));
    }

    @Test
    void a_key_is_not_renamed_to_nothing_to_one_that_is_there_or_when_it_is_gone() {
        String text = "agent:\n  x:\n    first: 1\n    second: 2\n";
        assertEquals("a key needs a name", refusal(text, new FormChange.Rename(path("agent", "x", "first"), "  ")));
        assertEquals(
                "`second` is there already",
                refusal(text, new FormChange.Rename(path("agent", "x", "first"), "second")));
        assertEquals(
                "a key is one line of text", refusal(text, new FormChange.Rename(path("agent", "x", "first"), "a\nb")));
        assertEquals("it is gone already", refusal(text, new FormChange.Rename(path("agent", "x", "third"), "a")));
    }
}
