package nexus.aiagents.app.desktop.editor.merge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// How the difference of files is shown.
class UnifiedTest {
    private static String shown(Unified unified) {
        return unified.lines().stream()
                .map(line -> switch (line.kind()) {
                            case FILE -> "= ";
                            case SAME -> "  ";
                            case ADDED -> "+ ";
                            case REMOVED -> "- ";
                            case FOLDED -> "~ ";
                        }
                        + line.text())
                .collect(Collectors.joining("\n"));
    }

    @Test
    void lines_around_a_difference_are_shown_and_the_rest_is_folded() {
        String before = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";
        Unified unified = Unified.of(Map.of("a.yaml", before), Map.of("a.yaml", before.replace("5", "five")));
        assertEquals("""
                = a.yaml
                ~ 1 line is the same
                  2
                  3
                  4
                - 5
                + five
                  6
                  7
                  8
                ~ 1 line is the same""", shown(unified));
        assertEquals(List.of(5), unified.places());
        assertEquals(5, unified.lines().get(5).old());
        assertEquals(5, unified.lines().get(6).now());
        assertEquals(1, unified.added());
        assertEquals(1, unified.removed());
    }

    @Test
    void lines_between_two_near_differences_are_shown_once() {
        Unified unified = Unified.of(Map.of("a", "x\n1\n2\n3\n4\ny\n"), Map.of("a", "X\n1\n2\n3\n4\nY\n"));
        assertEquals("= a\n- x\n+ X\n  1\n  2\n  3\n  4\n- y\n+ Y", shown(unified));
        assertEquals(2, unified.places().size());
    }

    @Test
    void a_file_that_is_new_or_gone_is_named_so_and_all_of_it_is_shown() {
        assertEquals(
                "= gone.js  deleted\n- b\n= new.yaml  new\n+ a",
                shown(Unified.of(Map.of("gone.js", "b\n"), Map.of("new.yaml", "a\n"))));
    }

    @Test
    void line_ends_and_a_byte_order_mark_are_no_difference_but_a_missing_last_line_break_is() {
        assertTrue(Unified.of(Map.of("a", "\uFEFFx\r\ny\r\n"), Map.of("a", "x\ny\n"))
                .isEmpty());
        assertEquals(
                "= a\n~ 1 line is the same\n~ only the line break at the end differs",
                shown(Unified.of(Map.of("a", "x\n"), Map.of("a", "x"))));
    }

    @Test
    void the_words_that_differ_are_marked() {
        Unified unified = Unified.of(Map.of("a", "timeout: 30s\n"), Map.of("a", "timeout: 60s\n"));
        assertEquals(
                List.of(new InlineDiff.Range(9, 12)), unified.lines().get(1).marks());
    }
}
