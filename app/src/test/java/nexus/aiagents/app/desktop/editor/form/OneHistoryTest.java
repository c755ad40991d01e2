package nexus.aiagents.app.desktop.editor.form;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.fxmisc.richtext.model.PlainTextChange;
import org.junit.jupiter.api.Test;

class OneHistoryTest {
    private final Random random = new Random(7);

    private static String apply(String text, PlainTextChange change) {
        return text.substring(0, change.getPosition()) + change.getInserted() + text.substring(change.getRemovalEnd());
    }

    private PlainTextChange some(String text) {
        int from = random.nextInt(text.length() + 1);
        int to = from + random.nextInt(Math.min(4, text.length() - from + 1));
        String inserted = "abcde".substring(0, random.nextInt(5));
        return new PlainTextChange(from, text.substring(from, to), inserted);
    }

    @Test
    void two_changes_that_touch_are_one_that_does_and_undoes_the_same() {
        int composed = 0;
        for (int i = 0; i < 20_000; i++) {
            String before = "0123456789".substring(0, random.nextInt(11));
            PlainTextChange first = some(before);
            String between = apply(before, first);
            PlainTextChange second = some(between);
            PlainTextChange both = OneHistory.composed(first, second);
            if (both != null) {
                composed++;
                String after = apply(between, second);
                assertEquals(after, apply(before, both), first + " then " + second);
                assertEquals(before, apply(after, both.invert()), first + " then " + second);
            }
        }
        assertTrue(composed > 5_000);
    }

    @Test
    void changes_apart_from_each_other_stay_apart() {
        assertNull(OneHistory.composed(new PlainTextChange(0, "", "ab"), new PlainTextChange(3, "", "c")));
        assertNull(OneHistory.composed(new PlainTextChange(5, "", "ab"), new PlainTextChange(3, "x", "c")));
        assertNotNull(OneHistory.composed(new PlainTextChange(0, "", "ab"), new PlainTextChange(2, "", "c")));
    }
}
