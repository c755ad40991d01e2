package nexus.aiagents.engine.control;

/// The process that had the project open can not be reached any more. What was durable there goes on
/// when the project is opened again.
public final class EngineGone extends RuntimeException {
    private final boolean closed;

    /// @param closed it closed the project, as opposed to died
    public EngineGone(long pid, boolean closed, Throwable cause) {
        super(
                "the process that had the project open (pid " + pid + ") does not answer any more; "
                        + "nothing durable is lost, run the command again",
                cause);
        this.closed = closed;
    }

    /// Whether it closed the project before it went.
    public boolean isClosed() {
        return closed;
    }
}
