package nexus.aiagents.engine.control;

import com.fasterxml.jackson.annotation.JsonTypeInfo;

/// What became of a {@link Command}.
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "type")
public sealed interface CommandResult {

    record Done(String message) implements CommandResult {}

    /// The run is durable and under way; follow the events or the view for its end.
    record RunStarted(String runId) implements CommandResult {}

    /// It is up.
    record ChildAdded(String supervisor, String child) implements CommandResult {}

    /// Nothing happened. `code` is stable: `unknown-name`, `not-up`, `already`, `budget`, `untrusted`,
    /// `not-granted`, `bad-input`, `not-parked`, `not-waiting`, `under-way`, `undone`, `pivot`,
    /// `unsupported`, `project-errors`, `store`, `queue-full`, `draining`, `not-a-queue`,
    /// `start-failed`, `running` (it is up), `restarting` (it is about to start), `full` (as many
    /// instances as there may be), `dynamic` and `not-dynamic` (the supervisor has a template, or has
    /// none), `archived` (the entries of the run are not in the journal any more). The message says
    /// what to do.
    record Refused(String code, String message) implements CommandResult {}
}
