package nexus.aiagents.app.desktop.parts;

import java.util.Locale;
import javafx.scene.paint.Color;
import nexus.aiagents.app.desktop.shell.Palette;

/// What a colour says. Never said by colour alone.
public enum Tone {
    NEUTRAL,
    INFO,
    SUCCESS,
    WARNING,
    DANGER,
    DONE;

    public String styleClass() {
        return "tone-" + name().toLowerCase(Locale.ROOT);
    }

    public Color in(Palette palette) {
        return switch (this) {
            case NEUTRAL -> palette.muted();
            case INFO -> palette.accent();
            case SUCCESS -> palette.success();
            case WARNING -> palette.warning();
            case DANGER -> palette.danger();
            case DONE -> palette.done();
        };
    }
}
