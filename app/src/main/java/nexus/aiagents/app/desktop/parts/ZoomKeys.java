package nexus.aiagents.app.desktop.parts;

import javafx.scene.input.KeyEvent;

/// The keys of every picture that can be zoomed: `+`, `-`, and `0` for all of it.
///
/// @param all shows all of it
public record ZoomKeys(Runnable in, Runnable out, Runnable all) {
    /// To be called for every key that is typed.
    public void typed(KeyEvent e) {
        switch (e.getCharacter()) {
            case "+", "=" -> in.run();
            case "-" -> out.run();
            case "0" -> all.run();
            default -> {
                return;
            }
        }
        e.consume();
    }
}
