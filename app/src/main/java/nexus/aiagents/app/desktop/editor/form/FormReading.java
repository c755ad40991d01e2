package nexus.aiagents.app.desktop.editor.form;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import nexus.aiagents.engine.project.Analysis;
import nexus.aiagents.engine.project.Diagnostic;
import nexus.aiagents.engine.project.Form;
import nexus.aiagents.engine.project.LanguageService;
import org.jspecify.annotations.Nullable;

/// Makes what the pane shows of a text. Off the JavaFX thread, one at a time.
public final class FormReading {
    /// Lists the files of a project, off the JavaFX thread.
    @FunctionalInterface
    public interface Files {
        List<String> list(Path folder) throws IOException;
    }

    private static final int LINE_END = 1_000_000;
    private static final Duration FILES_STAY = Duration.ofSeconds(2);

    /// What was found in a folder, and when.
    private record Listed(Path folder, List<String> names, long nanos) {}

    private final LanguageService language;
    private final Files files;
    private volatile @Nullable Listed lastListed;

    FormReading(LanguageService language, Files files) {
        this.language = language;
        this.files = files;
    }

    /// @param line  of the caret
    /// @param stay  the block to show; null: the innermost one around the caret
    /// @param anyway also if the caret is not in it; otherwise it goes with the caret
    /// @param known of the project
    Shown read(
            String file,
            Path folder,
            String text,
            int line,
            int column,
            Form.@Nullable Place stay,
            boolean anyway,
            Analysis known) {
        Form form = language.form(text, line, column);
        if (stay != null && (anyway || isInside(form.place(), stay) || isBehind(text, line, column, stay))) {
            form = Objects.requireNonNullElse(language.form(text, stay), form);
        }
        List<Diagnostic> ofFile = known.diagnostics().stream()
                .filter(d -> d.at().file().equals(file))
                .toList();
        return new Shown(form, form.problems(ofFile), new FormNames(known, file, form, listed(folder)));
    }

    private static boolean isInside(Form.Place place, Form.Place around) {
        int depth = around.path().size();
        return depth > 0
                && around.document() == place.document()
                && place.path().size() >= depth
                && place.path().subList(0, depth).equals(around.path());
    }

    /// Whole lines that come and go leave the caret at the beginning of the line behind them.
    private boolean isBehind(String text, int line, int column, Form.Place around) {
        return column == 0
                && line > 0
                && isInside(language.form(text, line - 1, LINE_END).place(), around);
    }

    private List<String> listed(Path folder) {
        Listed last = lastListed;
        long now = System.nanoTime();
        if (last == null || !last.folder().equals(folder) || now - last.nanos() > FILES_STAY.toNanos()) {
            last = new Listed(folder, list(folder), now);
            lastListed = last;
        }
        return last.names();
    }

    private List<String> list(Path folder) {
        try {
            return files.list(folder);
        } catch (IOException _) {
            return List.of(); // files are offered where they can be listed; the file tree tells of the rest
        }
    }
}
