package nexus.aiagents.engine.journal;

import java.util.Locale;

/// Why an agent, or one call of it, ended. Supervisors decide on it.
///
/// @param code    for `ERROR`: the program's own code; else the kind's name, or what says more
/// @param message for a person, empty where there is nothing to say
public record ExitReason(Kind kind, String code, String message) {

    public enum Kind {
        NORMAL,
        SHUTDOWN,
        ERROR,
        TRAP,
        OUT_OF_FUEL,
        OUT_OF_MEMORY,
        TIMEOUT,
        STUCK,
        BUDGET,
        UNTRUSTED,
        KILLED
    }

    /// The code of a `TRAP` where the process that the program ran in ended.
    public static final String WORKER_DIED = "worker-died";

    public static final ExitReason NORMAL = new ExitReason(Kind.NORMAL, "normal", "");
    public static final ExitReason SHUTDOWN = new ExitReason(Kind.SHUTDOWN, "shutdown", "");

    public static ExitReason of(Kind kind, String message) {
        return new ExitReason(kind, kind.name().toLowerCase(Locale.ROOT).replace('_', '-'), message);
    }

    public static ExitReason error(String code, String message) {
        return new ExitReason(Kind.ERROR, code, message);
    }

    /// Whether a transient child that ended so stays down.
    public boolean isNormal() {
        return kind == Kind.NORMAL || kind == Kind.SHUTDOWN;
    }
}
