package nexus.aiagents.app.desktop.editor;

import static nexus.aiagents.app.desktop.DesktopFixture.onFx;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.fxmisc.richtext.CodeArea;
import org.fxmisc.richtext.NavigationActions.SelectionPolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.testfx.framework.junit5.ApplicationExtension;

@ExtendWith(ApplicationExtension.class)
class SourceAreaTest {
    @Test
    void a_step_over_one_character_is_that_of_any_code_area_over_pairs_and_line_breaks_too() {
        assertEquals(onFx(() -> walked(new CodeArea())), onFx(() -> walked(new SourceArea())));
    }

    /// Text, caret and anchor after each of many steps.
    private static List<String> walked(CodeArea area) {
        area.replaceText("a\uD83D\uDE00b\n\uD83D\uDE00\n\nc\uD83D\uDE00".repeat(30));
        area.moveTo(0);
        Random random = new Random(3);
        List<String> all = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            SelectionPolicy selection = random.nextBoolean() ? SelectionPolicy.CLEAR : SelectionPolicy.ADJUST;
            switch (random.nextInt(6)) {
                case 0 -> area.deletePreviousChar();
                case 1 -> area.deleteNextChar();
                case 2 -> area.previousChar(selection);
                case 3, 4 -> area.nextChar(selection);
                default -> area.moveTo(random.nextBoolean() ? 0 : area.getLength());
            }
            all.add(area.getCaretPosition() + " " + area.getAnchor() + " " + area.getText());
        }
        return all;
    }
}
