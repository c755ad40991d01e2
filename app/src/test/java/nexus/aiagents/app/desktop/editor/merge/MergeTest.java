package nexus.aiagents.app.desktop.editor.merge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.IntStream;
import nexus.aiagents.app.desktop.editor.merge.LineDiff.Hunk;
import nexus.aiagents.app.desktop.editor.merge.Merge.Part;
import org.junit.jupiter.api.Test;

/// Two people edit one file.
class MergeTest {
    private static final String BASE = "a\nb\nc\nd\ne\n";

    @Test
    void what_only_one_side_changed_is_taken() {
        Merge merge = Merge.of(BASE, BASE.replace("a", "A"), BASE.replace("e", "E"));
        assertTrue(merge.isClean());
        assertEquals("A\nb\nc\nd\nE\n", merge.text());
    }

    @Test
    void the_same_edit_on_both_sides_is_no_conflict() {
        String both = BASE.replace("c", "C");
        assertEquals(both, Merge.of(BASE, both, both).text());
        assertEquals(
                "A\nb\nC\nd\ne\n", Merge.of(BASE, both, both.replace("a", "A")).text());
    }

    @Test
    void different_edits_of_one_line_are_a_conflict_with_both_sides() {
        Merge merge = Merge.of(BASE, BASE.replace("c", "mine"), BASE.replace("c", "theirs"));
        assertEquals(
                List.of(new Part.Conflict(List.of("c"), List.of("mine"), List.of("theirs"), 2)), merge.conflicts());
        assertEquals("a\nb\nmine\ntheirs\nd\ne\n", merge.text(List.of(List.of("mine", "theirs"))));
        assertEquals("a\nb\nd\ne\n", merge.text(List.of(List.of())));
    }

    @Test
    void lines_added_at_the_same_place_are_a_conflict_and_none_is_lost() {
        Merge merge = Merge.of(BASE, BASE + "mine\n", BASE + "theirs\n");
        Part.Conflict only = merge.conflicts().getFirst();
        assertEquals(List.of("mine"), only.mine());
        assertEquals(List.of("theirs"), only.theirs());
    }

    @Test
    void one_that_deletes_what_the_other_edits_is_a_conflict() {
        assertFalse(
                Merge.of(BASE, BASE.replace("c\n", ""), BASE.replace("c", "C")).isClean());
    }

    @Test
    void a_missing_last_line_break_and_an_empty_text_are_texts_too() {
        assertEquals("a\nB", Merge.of("a\nb", "a\nB", "a\nb").text());
        assertEquals("", Merge.of("x", "", "x").text());
        assertEquals("new\n", Merge.of("", "", "new\n").text());
        assertEquals("a\nb\n", Merge.of("a\nb", "a\nb\n", "a\nb").text());
    }

    /// A text of lines, some of them equal, as in YAML.
    private static List<String> some(RandomGenerator random) {
        return IntStream.range(0, random.nextInt(12))
                .mapToObj(_ -> "line " + random.nextInt(6))
                .toList();
    }

    private static List<String> edited(List<String> lines, RandomGenerator random, String mark) {
        List<String> edited = new ArrayList<>(lines);
        for (int i = random.nextInt(4); i > 0; i--) {
            int at = random.nextInt(edited.size() + 1);
            switch (random.nextInt(3)) {
                case 0 -> edited.add(at, mark + random.nextInt(100));
                case 1 -> {
                    if (at < edited.size()) {
                        edited.remove(at);
                    }
                }
                default -> {
                    if (at < edited.size()) {
                        edited.set(at, mark + random.nextInt(100));
                    }
                }
            }
        }
        return edited;
    }

    @Test
    void whatever_is_edited_nothing_is_lost() {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(42);
        int clean = 0;
        for (int i = 0; i < 20_000; i++) {
            List<String> base = some(random);
            List<String> mine = edited(base, random, "mine ");
            List<String> theirs = edited(base, random, "theirs ");
            String b = String.join("\n", base);
            String m = String.join("\n", mine);
            String t = String.join("\n", theirs);
            Merge merge = Merge.of(b, m, t);

            assertEquals(Merge.of(b, t, m).isClean(), merge.isClean(), "it does not matter who is who");
            assertEquals(m, Merge.of(b, m, b).text(), "nobody else edited");
            assertEquals(t, Merge.of(b, b, t).text());
            List<List<String>> sidesMine =
                    merge.conflicts().stream().map(Part.Conflict::mine).toList();
            List<List<String>> both = merge.conflicts().stream()
                    .map(c -> {
                        List<String> all = new ArrayList<>(c.mine());
                        all.addAll(c.theirs());
                        return all;
                    })
                    .toList();
            List<String> result = LineDiff.lines(merge.text(both));
            for (String line : mine) {
                assertTrue(
                        !line.startsWith("mine") || result.contains(line), () -> line + " of\n" + m + "\nin " + merge);
            }
            for (String line : theirs) {
                assertTrue(
                        !line.startsWith("theirs") || result.contains(line),
                        () -> line + " of\n" + t + "\nin " + merge);
            }
            // Whoever decides for one side everywhere keeps all that this side wrote, in its order.
            List<String> kept = LineDiff.lines(merge.text(sidesMine));
            assertEquals(
                    mine.stream().filter(l -> l.startsWith("mine")).toList(),
                    kept.stream().filter(l -> l.startsWith("mine")).toList());
            clean += merge.isClean() ? 1 : 0;
        }
        assertTrue(clean > 2_000, "most small edits merge by themselves: " + clean);
    }

    @Test
    void the_hunks_lead_from_one_text_to_the_other() {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(7);
        for (int i = 0; i < 5_000; i++) {
            List<String> before = some(random);
            List<String> after = edited(before, random, "new ");
            List<String> built = new ArrayList<>();
            int at = 0;
            for (Hunk hunk : LineDiff.of(before, after)) {
                assertTrue(hunk.removed() + hunk.added() > 0);
                built.addAll(before.subList(at, hunk.from()));
                built.addAll(after.subList(hunk.newFrom(), hunk.newTo()));
                at = hunk.to();
            }
            built.addAll(before.subList(at, before.size()));
            assertEquals(after, built);
        }
    }

    @Test
    void a_line_is_found_again_where_it_went() {
        List<String> before = List.of("a", "b", "c");
        List<String> after = List.of("new", "a", "c");
        assertEquals(1, LineDiff.moved(before, after, 0));
        assertEquals(2, LineDiff.moved(before, after, 2));
        assertEquals(2, LineDiff.moved(List.of("x", "a", "b"), List.of("a", "y", "b"), 2));
    }

    @Test
    void within_a_line_the_words_that_differ_are_marked_unless_nothing_is_alike() {
        InlineDiff diff = InlineDiff.of("  timeout: 30s", "  timeout: 60s");
        assertEquals(List.of(new InlineDiff.Range(11, 14)), diff.before());
        assertEquals(List.of(new InlineDiff.Range(11, 14)), diff.after());
        assertEquals(List.of(), InlineDiff.of("one", "quite something else").after());
    }
}
