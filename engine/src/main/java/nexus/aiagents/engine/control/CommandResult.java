package nexus.aiagents.engine.control;

import com.fasterxml.jackson.annotation.JsonTypeInfo;

/// What became of a {@link Command}.
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "type")
public sealed interface CommandResult {

    record Done(String message) implements CommandResult {}

    /// The run is durable and under way; follow the events or the view for its end.
    record RunStarted(String runId) implements CommandResult {}

    /// Nothing happened. `code` is stable: `unknown-name`, `not-up`, `already`, `budget`, `untrusted`,
    /// `not-granted`, `bad-input`, `not-parked`, `not-waiting`, `under-way`, `undone`, `pivot`,
    /// `unsupported`, `project-errors`, `store`, `queue-full`, `draining`, `not-a-queue`. The message says what to do.
    record Refused(String code, String message) implements CommandResult {}
}
