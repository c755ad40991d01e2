package nexus.aiagents.engine.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class ChildrenEditTest {
    private static final String BLOCK = """
            # the team
            supervisor:
              name: team   # its name
              children:
                - a        # the first
                - name: b
                  restart: transient   # sometimes

              # how often
              maxRestarts: 5
            ---
            supervisor:
              name: other
              agents: [x, y]
            """;

    @Test
    void a_child_is_added_behind_the_last_and_every_other_byte_stays() {
        assertEquals(
                BLOCK.replace("# sometimes\n", "# sometimes\n    - c\n"),
                ChildrenEdit.add(BLOCK, "team", "c", List.of()));
        assertEquals(
                BLOCK.replace(
                        "# sometimes\n", "# sometimes\n    - name: c\n      restart: temporary\n      shutdown: 2s\n"),
                ChildrenEdit.add(BLOCK, "team", "c", List.of("restart: temporary", "shutdown: 2s")));
    }

    @Test
    void a_list_in_one_line_stays_one() {
        assertEquals(BLOCK.replace("[x, y]", "[x, y, z]"), ChildrenEdit.add(BLOCK, "other", "z", List.of()));
        assertEquals(
                BLOCK.replace("agents: [x, y]", "children: [x, y, {name: z, restart: transient}]"),
                ChildrenEdit.add(BLOCK, "other", "z", List.of("restart: transient")));
        assertEquals(BLOCK.replace("[x, y]", "[x]"), ChildrenEdit.remove(BLOCK, "other", "y"));
        assertEquals(BLOCK.replace("[x, y]", "[y]"), ChildrenEdit.remove(BLOCK, "other", "x"));
    }

    @Test
    void a_child_is_taken_out_with_its_lines_alone() {
        assertEquals(BLOCK.replace("    - a        # the first\n", ""), ChildrenEdit.remove(BLOCK, "team", "a"));
        assertEquals(
                BLOCK.replace("    - name: b\n      restart: transient   # sometimes\n", ""),
                ChildrenEdit.remove(BLOCK, "team", "b"));
    }

    @Test
    void the_last_child_leaves_an_empty_list_and_one_can_be_added_again() {
        String none = ChildrenEdit.remove(ChildrenEdit.remove(BLOCK, "team", "a"), "team", "b");
        assertTrue(none.contains("  children: []\n"), none);
        String again = ChildrenEdit.add(none, "team", "a", List.of());
        assertTrue(again.contains("  children: [a]\n"), again);
    }

    @Test
    void a_supervisor_without_children_and_the_map_form_get_theirs() {
        assertEquals(
                "supervisor:\r\n  name: team\r\n  maxRestarts: 1\r\n  children: [a]\r\n",
                ChildrenEdit.add("supervisor:\r\n  name: team\r\n  maxRestarts: 1\r\n", "team", "a", List.of()));
        assertEquals(
                "supervisors:\n  team:\n    children:\n    - a\n    - b",
                ChildrenEdit.add("supervisors:\n  team:\n    children:\n    - a", "team", "b", List.of()));
    }

    @Test
    void what_can_not_be_edited_by_itself_is_refused_with_the_reason() {
        assertThrows(IllegalArgumentException.class, () -> ChildrenEdit.add("supervisor: [", "team", "a", List.of()));
        assertThrows(IllegalArgumentException.class, () -> ChildrenEdit.remove(BLOCK, "team", "nobody"));
        assertThrows(IllegalArgumentException.class, () -> ChildrenEdit.add(BLOCK, "nobody", "a", List.of()));
        String alias = "x: &list [a]\nsupervisor:\n  name: team\n  children: *list\n";
        assertThrows(IllegalArgumentException.class, () -> ChildrenEdit.add(alias, "team", "b", List.of()));
        String template = "supervisor:\n  name: team\n  children: {template: a}\n";
        assertThrows(IllegalArgumentException.class, () -> ChildrenEdit.add(template, "team", "b", List.of()));
    }

    private static String moved(String text, String from, String child, String to, int place) {
        ChildrenEdit.Cut cut = ChildrenEdit.cut(text, from, child);
        return ChildrenEdit.paste(cut.text(), to, place, cut.entry());
    }

    @Test
    void a_child_is_moved_with_its_settings_and_comments_and_back_again() {
        String swapped = moved(BLOCK, "team", "b", "team", 0);
        assertEquals(
                BLOCK.replace(
                        "    - a        # the first\n    - name: b\n      restart: transient   # sometimes\n",
                        "    - name: b\n      restart: transient   # sometimes\n    - a        # the first\n"),
                swapped);
        assertEquals(BLOCK, moved(swapped, "team", "b", "team", 1));
        String list = BLOCK.replace("agents: [x, y]", "agents:\n  - x\n  # why\n  - y");
        String there = moved(list, "team", "b", "other", 1);
        assertTrue(
                there.endsWith("children:\n  - x\n  - name: b\n    restart: transient   # sometimes\n  # why\n  - y\n"),
                there);
        assertEquals(list.replace("agents:", "children:"), moved(there, "other", "b", "team", 1));
    }

    @Test
    void between_lists_in_one_line_and_lists_of_lines_a_child_is_written_as_the_list_is() {
        String plain = BLOCK.replace("   # sometimes", "");
        assertTrue(moved(plain, "team", "b", "other", 1).endsWith("children: [x, {name: b, restart: transient}, y]\n"));
        assertEquals(
                BLOCK.replace("    - a  ", "    - y\n    - a  ").replace("[x, y]", "[x]"),
                moved(BLOCK, "other", "y", "team", 0));
        assertThrows(IllegalArgumentException.class, () -> moved(BLOCK, "team", "a", "other", 0), "its comment");
    }

    @Test
    void the_only_child_leaves_an_empty_list_and_can_come_back_with_its_comment() {
        String one = "supervisor:\n  name: team\n  children:\n    - a   # why\n---\nsupervisor:\n  name: b\n";
        String there = moved(one, "team", "a", "b", 0);
        assertEquals(
                "supervisor:\n  name: team\n  children: []\n---\nsupervisor:\n  name: b\n  children:\n    - a   # why\n",
                there);
        assertEquals(one + "  children: []\n", moved(there, "b", "a", "team", 0));
    }
}
