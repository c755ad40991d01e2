package nexus.aiagents.engine.project;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the language service knows about a project's text. Immutable.
///
/// @param project     null while there are errors
/// @param diagnostics ordered by file and place
/// @param outline     every named thing, also of files that are broken elsewhere
public record Analysis(@Nullable Project project, List<Diagnostic> diagnostics, List<Symbol> outline) {

    /// @param kind `agent`, `supervisor`, `saga`, `workflow`, `step`, `pool`, `cost`, `trust`, `model`,
    ///     `project`
    public record Symbol(String kind, String name, Position at) {}

    public boolean hasErrors() {
        return diagnostics.stream().anyMatch(Diagnostic::isError);
    }
}
