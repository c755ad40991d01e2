package nexus.aiagents.engine.project;

import org.jspecify.annotations.Nullable;

/// Something wrong with a project, at its exact place, with what to do.
///
/// @param code    stable, `NX1203`; documented in `docs/reference/diagnostics.md`
/// @param message says what is wrong and what to do
/// @param fix     an edit that mends it, where there is an obvious one
public record Diagnostic(
        Severity severity,
        String code,
        String message,
        Position at,
        @Nullable QuickFix fix) {

    public enum Severity {
        ERROR,
        WARNING,
        INFO
    }

    /// Replaces `at` by `text`.
    public record QuickFix(String title, Position at, String text) {}

    /// A program that the sandbox would not take.
    public static Diagnostic programRejected(String message, Position at) {
        return Code.PROGRAM_REJECTED.at(at, message);
    }

    public boolean isError() {
        return severity == Severity.ERROR;
    }
}
