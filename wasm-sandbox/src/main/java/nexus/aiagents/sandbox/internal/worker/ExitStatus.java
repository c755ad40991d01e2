package nexus.aiagents.sandbox.internal.worker;

/// What the exit status of a process means.
final class ExitStatus {
    private static final int SIGNALLED = 128;

    private ExitStatus() {}

    static String describe(int status) {
        return switch (status - SIGNALLED) {
            case 6 -> "it aborted (signal 6)";
            case 9 -> "it was killed (signal 9)";
            case 11 -> "it crashed (signal 11)";
            case 15 -> "it was told to end (signal 15)";
            default ->
                status > SIGNALLED && status < SIGNALLED + 65
                        ? "it ended by signal " + (status - SIGNALLED)
                        : "it ended with status " + status;
        };
    }
}
