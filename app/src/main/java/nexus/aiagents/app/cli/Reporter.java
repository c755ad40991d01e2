package nexus.aiagents.app.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;
import nexus.aiagents.app.cli.Terminal.Tone;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.control.EngineGone;
import nexus.aiagents.engine.journal.StoreException;
import nexus.aiagents.engine.project.Diagnostic;
import org.jspecify.annotations.Nullable;

/// Says what went wrong in one clear message, and never shows a stack trace.
///
/// @param project where an unexpected error is kept, null: outside any project
record Reporter(Context context, @Nullable Path project) {

    private static final String NO_SPACE = "No space left on device";

    /// @return the exit code
    int report(Throwable error) {
        Failure failure = switch (error) {
            case Failure f -> f;
            case EngineGone e -> new Failure(Exit.FAILED, "engine-gone", text(e));
            case StoreException e -> Failure.refused(new CommandResult.Refused(e.code(), text(e)));
            case UncheckedIOException e when e.getCause() != null -> ofFile(e.getCause());
            case IOException e -> ofFile(e);
            default -> unexpected(error);
        };
        Terminal terminal = context.terminal();
        failure.diagnostics().forEach(this::diagnostic);
        if (terminal.json()) {
            terminal.json(Json.object("error")
                    .put("code", failure.code())
                    .put("message", failure.text())
                    .put("exitCode", failure.exit()));
        } else {
            terminal.aside(terminal.tint(Tone.BAD, "naos: ") + Terminal.safe(failure.text()));
        }
        return failure.exit();
    }

    void diagnostic(Diagnostic d) {
        Terminal terminal = context.terminal();
        if (terminal.json()) {
            terminal.json(Json.diagnostic(d));
            return;
        }
        Tone tone = switch (d.severity()) {
            case ERROR -> Tone.BAD;
            case WARNING -> Tone.CAUTION;
            case INFO -> Tone.DIM;
        };
        String place = d.at().file() + ":" + (d.at().line() + 1) + ":" + (d.at().column() + 1);
        terminal.line(terminal.tint(Tone.STRONG, place) + ": "
                + terminal.tint(tone, Format.lower(d.severity()) + " " + d.code()) + ": " + Terminal.safe(d.message()));
    }

    private static Failure ofFile(IOException e) {
        String message = switch (e) {
            case AccessDeniedException denied ->
                denied.getFile() + " may not be read or written; check who owns it and its permissions";
            case NoSuchFileException missing -> missing.getFile() + " is not there";
            case IOException full
            when text(full).contains(NO_SPACE) ->
                (full instanceof FileSystemException at ? at.getFile() + " could not be written: " : "")
                        + "the disk is full; make room on it and run the command again";
            case FileSystemException file ->
                file.getFile() + ": " + (file.getReason() == null ? "can not be used" : file.getReason());
            default -> text(e);
        };
        return new Failure(Exit.FAILED, "file", message);
    }

    private Failure unexpected(Throwable error) {
        if (error instanceof ReadOnlyFileSystemException) {
            return new Failure(Exit.FAILED, "file", "the file system is read-only");
        }
        @Nullable Path log = LogFile.crash(project, error);
        return new Failure(
                Exit.FAILED,
                "internal",
                "something unexpected happened, which is a mistake in this program: "
                        + error.getClass().getSimpleName() + ", " + Format.brief(text(error), 200)
                        + (log == null ? "" : ". Details are in " + log));
    }

    private static String text(Throwable e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
}
