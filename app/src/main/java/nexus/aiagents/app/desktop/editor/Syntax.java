package nexus.aiagents.app.desktop.editor;

import java.util.Locale;
import nexus.aiagents.engine.ScriptCheck;

/// Finds the coloured parts of one line. Lines depend on those above only through a number, so that after a
/// keystroke only the lines that really change are looked at again. Pure.
interface Syntax {
    int START = 0;

    interface Sink {
        /// Tokens come in order and never overlap.
        void token(int from, int to, String style);
    }

    /// @param state what the line above returned, {@link #START} for the first
    int line(String text, int state, Sink sink);

    static Syntax of(String file) {
        String name = file.toLowerCase(Locale.ROOT);
        if (isYaml(name)) {
            return new YamlSyntax();
        }
        if (ScriptCheck.isScript(name) || name.endsWith(".json")) {
            return new ScriptSyntax();
        }
        return (_, state, _) -> state;
    }

    static boolean isYaml(String file) {
        String name = file.toLowerCase(Locale.ROOT);
        return name.endsWith(".yaml") || name.endsWith(".yml");
    }
}
