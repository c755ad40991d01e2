package nexus.aiagents.app.desktop.shell;

import java.util.List;
import nexus.aiagents.engine.project.Diagnostic;

/// A project that could not be opened, in words for a person.
public final class CannotOpen extends Exception {
    private final String title;
    private final String remedy;
    private final List<Diagnostic> diagnostics;

    /// @param title       what happened, a few words
    /// @param message     what it means
    /// @param remedy      what to do
    /// @param diagnostics the errors in its YAML, if that is why
    public CannotOpen(String title, String message, String remedy, List<Diagnostic> diagnostics) {
        super(message);
        this.title = title;
        this.remedy = remedy;
        this.diagnostics = List.copyOf(diagnostics);
    }

    public String title() {
        return title;
    }

    public String remedy() {
        return remedy;
    }

    public List<Diagnostic> diagnostics() {
        return diagnostics;
    }

    /// Everything, for the clipboard.
    public String details() {
        StringBuilder text = new StringBuilder(title + "\n" + getMessage() + "\n" + remedy + "\n");
        for (Diagnostic d : diagnostics) {
            text.append(d.at().file())
                    .append(':')
                    .append(d.at().line() + 1)
                    .append(':')
                    .append(d.at().column() + 1)
                    .append(' ')
                    .append(d.code())
                    .append(' ')
                    .append(d.message())
                    .append('\n');
        }
        return text.toString();
    }
}
