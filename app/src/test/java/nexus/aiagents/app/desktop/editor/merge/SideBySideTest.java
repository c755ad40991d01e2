package nexus.aiagents.app.desktop.editor.merge;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Which line stands beside which.
class SideBySideTest {
    private static String shown(SideBySide sides) {
        return sides.rows().stream()
                .map(r -> (r.left() == null ? "" : r.left().text()) + " | "
                        + (r.right() == null ? "" : r.right().text()))
                .collect(Collectors.joining("\n"));
    }

    @Test
    void a_line_that_became_another_stands_beside_it_and_what_came_or_went_beside_nothing() {
        Unified unified = Unified.of(Map.of("a", "1\n2\n3\n4\n5\n"), Map.of("a", "1\ntwo\n3\n3b\n4\n"));
        SideBySide sides = SideBySide.of(unified);
        assertEquals("""
                a | a
                1 | 1
                2 | two
                3 | 3
                 | 3b
                4 | 4
                5 |\s""", shown(sides));
        assertEquals(List.of(2, 4, 6), sides.places());
        assertEquals("gone: 2, new: two", sides.rows().get(2).words());
        assertEquals("new: 3b", sides.rows().get(4).words());
        assertEquals("gone: 5", sides.rows().get(6).words());
        assertEquals("3", sides.rows().get(3).words());
    }

    @Test
    void more_new_lines_than_old_ones_go_on_beside_nothing() {
        SideBySide sides = SideBySide.of(Unified.of(Map.of("a", "x: 1\nz\n"), Map.of("a", "x: 2\ny: 3\nz\n")));
        assertEquals("a | a\nx: 1 | x: 2\n | y: 3\nz | z", shown(sides));
    }

    @Test
    void every_line_is_found_in_its_row() {
        Unified unified = Unified.of(
                Map.of("a", "1\n2\n3\n4\n5\n6\n7\n8\n9\n", "b", "x\n"),
                Map.of("a", "1\n2\n3\n4\nfive\nsix\n6\n7\n8\n9\n", "c", "y\n"));
        SideBySide sides = SideBySide.of(unified);
        assertEquals(unified.places().size(), sides.places().size());
        for (Unified.Line line : unified.lines()) {
            SideBySide.Row row = sides.rows().get(sides.rowOf(line));
            assertEquals(true, row.left() == line || row.right() == line);
        }
        for (int i = 0; i < unified.places().size(); i++) {
            Unified.Line first = unified.lines().get(unified.places().get(i));
            assertEquals(sides.places().get(i), sides.rowOf(first));
        }
    }
}
