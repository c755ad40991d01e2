package nexus.aiagents.engine.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class PoolEditTest {
    @Test
    void a_number_changes_and_every_other_byte_stays() {
        String text = """
                pool: {name: other, agent: bot, strategy: random, min: 1, max: 2}
                ---
                # Work.
                pool:
                  name: "q"   # the one
                  agent: bot
                  strategy: random
                  min:   1  # at night
                  max: 0x8 # by day
                """;
        assertEquals(text.replace("min:   1", "min:   2"), PoolEdit.limits(text, "q", 2, null));
        assertEquals(text.replace("min:   1", "min:   3").replace("0x8", "12"), PoolEdit.limits(text, "q", 3, 12));
        assertEquals(text, PoolEdit.limits(text, "q", null, null));
        assertEquals(text.replace("max: 2", "max: 5"), PoolEdit.limits(text, "other", null, 5));
    }

    @Test
    void a_pool_in_a_map_by_name_is_found_and_line_ends_are_kept() {
        String text = "pools:\r\n  a: {agent: bot, strategy: random, max: 3}\r\n  b: {agent: bot, max: 3}\r\n";
        assertEquals(
                text.replace("b: {agent: bot, max: 3", "b: {agent: bot, max: 4"), PoolEdit.limits(text, "b", null, 4));
    }

    @Test
    void what_is_not_there_yet_is_put_in() {
        String text = "pool:\n  name: q\n  agent: bot\n  strategy: random # any\n  size: 3\n";
        String changed = PoolEdit.limits(text, "q", 2, 4);
        YamlNode.Mapping pool =
                (YamlNode.Mapping) FormText.of(changed, 0, null).root().get("pool");
        assertEquals("2", ((YamlNode.Scalar) pool.get("min")).text());
        assertEquals("4", ((YamlNode.Scalar) pool.get("max")).text());
        assertEquals(text, changed.replaceAll("  (min|max): [0-9]\n", ""));
    }

    @Test
    void a_pool_that_is_not_there_is_named() {
        assertEquals(
                "there is no pool `q` in this file",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> PoolEdit.limits("pool: {name: p, max: 3}", "q", 1, null))
                        .getMessage());
    }
}
