package nexus.aiagents.app.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.project.Diagnostic;
import nexus.aiagents.engine.project.Similar;
import nexus.aiagents.engine.project.WriteTrouble;

/// Ends the command with a message for a person and an exit code for a script.
final class Failure extends RuntimeException {
    private final int exit;
    private final String code;
    private final transient List<Diagnostic> diagnostics;

    Failure(int exit, String code, String message) {
        this(exit, code, message, List.of());
    }

    private Failure(int exit, String code, String message, List<Diagnostic> diagnostics) {
        super(message, null, false, false);
        this.exit = exit;
        this.code = code;
        this.diagnostics = diagnostics;
    }

    static Failure usage(String message) {
        return new Failure(Exit.USAGE, "usage", message);
    }

    /// @param kind what was asked for: `agent`, `template`
    /// @param known all names of that kind
    static Failure unknown(String kind, String name, Collection<String> known) {
        return new Failure(Exit.USAGE, "unknown-name", Similar.unknown(kind, name, known));
    }

    /// What was to be written could not be: why, and what to do.
    static Failure writing(Path target, IOException e) {
        return new Failure(Exit.FAILED, "file", WriteTrouble.of(target, e));
    }

    static Failure refused(CommandResult.Refused refused) {
        return new Failure(Exit.of(refused), refused.code(), refused.message());
    }

    static Failure project(List<Diagnostic> diagnostics) {
        long errors = diagnostics.stream().filter(Diagnostic::isError).count();
        String message = "the project has " + (errors == 1 ? "an error" : errors + " errors") + " and was not started";
        return new Failure(Exit.PROJECT, "project-errors", message, diagnostics);
    }

    int exit() {
        return exit;
    }

    String code() {
        return code;
    }

    String text() {
        return String.valueOf(getMessage());
    }

    List<Diagnostic> diagnostics() {
        return diagnostics;
    }
}
