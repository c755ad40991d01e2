package nexus.aiagents.app.desktop.editor.form;

import java.util.function.Supplier;
import org.fxmisc.richtext.CodeArea;
import org.reactfx.EventStream;

/// An open file as the form needs it.
///
/// @param name    relative to the project folder, with `/`
/// @param isYaml  only YAML has a form
/// @param current what the area holds; to ask the area itself puts all its lines together
/// @param changes the text became another, and `current` has it
public record FormSource(
        String name,
        CodeArea area,
        OneHistory history,
        boolean isYaml,
        Supplier<String> current,
        EventStream<?> changes) {
    String text() {
        return current.get();
    }
}
