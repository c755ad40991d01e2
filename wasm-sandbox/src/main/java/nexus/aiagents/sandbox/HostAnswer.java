package nexus.aiagents.sandbox;

/// What the host says to a {@link HostCall}. An error is data for the program, which may catch it.
public sealed interface HostAnswer {

    /// `json` is a JSON value, `null` where the call has no answer.
    record Ok(String json) implements HostAnswer {}

    /// `code` is stable (`not-granted`, `budget`, `untrusted`, `model-error`, `not-found`, `killed` …),
    /// `message` says what to do. `fatal` ends the run at once as {@link Outcome.Failed} with this
    /// code: the program cannot catch it.
    record Error(String code, String message, boolean fatal) implements HostAnswer {
        public Error(String code, String message) {
            this(code, message, false);
        }
    }

    HostAnswer NOTHING = new Ok("null");
}
