package nexus.aiagents.app.desktop.editor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SyntaxTest {
    private static List<String> tokens(Syntax syntax, String text) {
        List<String> found = new ArrayList<>();
        int state = Syntax.START;
        for (String line : text.split("\n", -1)) {
            state = syntax.line(line, state, (from, to, style) -> found.add(style + ":" + line.substring(from, to)));
        }
        return found;
    }

    @Test
    void yaml_keys_values_and_comments_are_told_apart() {
        assertEquals(
                List.of(
                        "key:agent",
                        "marker::",
                        "key:name",
                        "marker::",
                        "string:writer",
                        "comment:# who writes",
                        "key:limits",
                        "marker::",
                        "key:fuel",
                        "marker::",
                        "number:1_000",
                        "key:memory",
                        "marker::",
                        "number:64MB",
                        "key:kv",
                        "marker::",
                        "constant:true"),
                tokens(
                        new YamlSyntax(),
                        "agent:\n  name: writer  # who writes\n  limits: {fuel: 1_000, memory: 64MB}\n  kv: true"));
    }

    @Test
    void a_block_scalar_goes_on_until_the_indent_ends() {
        assertEquals(
                List.of(
                        "key:prompt",
                        "marker::",
                        "marker:|",
                        "string:You are: nice",
                        "string:and # brief",
                        "key:model",
                        "marker::",
                        "string:default"),
                tokens(new YamlSyntax(), "prompt: |\n  You are: nice\n\n  and # brief\nmodel: default"));
    }

    @Test
    void expressions_inside_strings_stand_out() {
        assertEquals(
                List.of("key:topic", "marker::", "string:\"on ", "expression:${input.topic}", "string:!\""),
                tokens(new YamlSyntax(), "topic: \"on ${input.topic}!\""));
    }

    @Test
    void lists_markers_urls_and_broken_lines_do_no_harm() {
        assertEquals(
                List.of(
                        "marker:---",
                        "marker:-",
                        "string:writer",
                        "marker:-",
                        "key:name",
                        "marker::",
                        "string:a",
                        "key:baseUrl",
                        "marker::",
                        "string:http://localhost:80/v1",
                        "anchor:&a",
                        "anchor:*a",
                        "string:\"open"),
                tokens(new YamlSyntax(), "---\n- writer\n- name: a\nbaseUrl: http://localhost:80/v1\n&a *a\n\"open"));
    }

    @Test
    void comments_and_templates_of_a_script_span_lines() {
        assertEquals(
                List.of(
                        "comment:/*",
                        "comment: a",
                        "comment:b */",
                        "keyword:const",
                        "string:`",
                        "string:x ${y}",
                        "string: z`",
                        "number:12",
                        "call:f",
                        "string:'a\\'b'",
                        "comment:// end"),
                tokens(new ScriptSyntax(), "/* a\nb */ const s = `x ${y}\n z`; 12; f('a\\'b') // end"));
    }

    @Test
    void json_keys_are_keys() {
        assertEquals(
                List.of("key:\"a\"", "string:\"b\"", "constant:null", "number:1.5"),
                tokens(new ScriptSyntax(), "{\"a\": [\"b\", null, 1.5]}"));
    }
}
