package nexus.aiagents.app.desktop.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import nexus.aiagents.app.desktop.agent.InputFields.Field;
import nexus.aiagents.app.desktop.agent.InputFields.Kind;
import org.junit.jupiter.api.Test;

/// What the Agent screen works out without a window: the fields of an input's schema, and which lines a
/// filter finds.
class AgentModelsTest {
    private static final String SCHEMA = """
            {"type": "object", "required": ["what", "kind"], "properties": {
              "what": {"type": "string", "title": "Ware", "description": "What to buy."},
              "count": {"type": "integer", "default": 2},
              "kind": {"enum": ["green", 7, null]},
              "urgent": {"type": "boolean"},
              "more": {"type": ["array", "null"]}}}
            """;

    private static InputFields fields() {
        InputFields fields = InputFields.of(SCHEMA);
        assertNotNull(fields);
        return fields;
    }

    private static Field field(String name) {
        return fields().fields().stream()
                .filter(f -> f.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void a_schema_of_an_object_is_a_form_with_a_control_for_each_property() {
        assertEquals(
                java.util.List.of(Kind.TEXT, Kind.WHOLE, Kind.CHOICE, Kind.YES_NO, Kind.JSON),
                fields().fields().stream().map(Field::kind).toList());
        assertEquals("Ware: What to buy.", field("what").description());
        assertTrue(field("kind").required() && !field("count").required());
        for (String none : new String[] {"true", "{}", "{\"type\": \"string\"}", "not JSON", null}) {
            assertNull(InputFields.of(none), none);
        }
    }

    @Test
    void a_form_begins_with_defaults_and_what_is_needed() {
        String begun = fields().beginning().replaceAll("\\s", "");
        assertEquals("{\"what\":\"\",\"count\":2,\"kind\":\"green\"}", begun);
    }

    @Test
    void what_is_typed_into_a_field_changes_that_field_alone() {
        String json = "{\"what\": \"tea\", \"other\": [1]}";
        assertEquals("3", InputFields.text(field("count"), InputFields.with(field("count"), json, "3")));
        String typed = InputFields.with(field("what"), json, "12");
        assertEquals("12", InputFields.text(field("what"), typed));
        assertTrue(
                typed.contains("\"12\"") && typed.contains("other"), "a text stays a text, the rest stays: " + typed);
        assertTrue(
                InputFields.with(field("count"), json, "some").contains("\"some\""), "the schema says what is wrong");
        assertFalse(InputFields.with(field("count"), "{\"count\": 1}", "").contains("count"), "an empty field goes");
        assertTrue(InputFields.with(field("what"), "{}", "").contains("what"), "unless it is a needed text");
        assertEquals("", InputFields.text(field("what"), "[1, 2]"));
    }

    @Test
    void lines_are_found_by_words_or_by_an_expression() {
        assertTrue(LogFilter.of(" Otter ", false).test("Looking for otters"));
        assertTrue(LogFilter.of("round \\d+\\.", true).test("Lost in ROUND 12."));
        assertFalse(LogFilter.of("round \\d+\\.", true).test("Lost in round x."));
        LogFilter broken = LogFilter.of("(", true);
        assertFalse(broken.test("("));
        assertTrue(broken.problem().startsWith("Not a regular expression"));
    }

    @Test
    void an_expression_that_takes_for_ever_is_given_up() {
        LogFilter bomb = LogFilter.of(".*.*.*.*.*.*x", true);
        assertFalse(bomb.test("a".repeat(60) + "!"));
        assertEquals("This expression takes too long", bomb.problem());
        assertTrue(LogFilter.of("z$", true).test("a".repeat(1_000_000) + "z"), "a long line is no reason");
    }
}
