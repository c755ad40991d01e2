package nexus.aiagents.engine.replay;

/// A record can not be replayed. `code` is stable: `record-altered`, `record-damaged`, `no-program`,
/// `bad-answers`, `no-source`, or that of the sandbox which would not take the program any more.
public final class ReplayFailed extends Exception {
    private final String code;

    ReplayFailed(String code, String message) {
        super(message);
        this.code = code;
    }

    public String code() {
        return code;
    }
}
