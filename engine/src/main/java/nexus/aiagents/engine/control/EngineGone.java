package nexus.aiagents.engine.control;

/// The process that had the project open can not be reached any more. What was durable there goes on
/// when the project is opened again.
public final class EngineGone extends RuntimeException {
    public EngineGone(long pid, Throwable cause) {
        super(
                "the process that had the project open (pid " + pid + ") does not answer any more; "
                        + "nothing durable is lost, run the command again",
                cause);
    }
}
