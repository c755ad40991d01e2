package nexus.aiagents.app.cli;

import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.view.RunView;
import org.jspecify.annotations.Nullable;

/// What the command's exit codes mean.
final class Exit {
    static final int DONE = 0;
    static final int FAILED = 1;
    static final int USAGE = 2;
    static final int PROJECT = 3;
    static final int REFUSED = 4;
    /// A replay that could not go on to the end.
    static final int INCOMPLETE = 5;

    private Exit() {}

    static int of(CommandResult.Refused refused) {
        return switch (refused.code()) {
            case "unknown-name", "bad-input" -> USAGE;
            case "project-errors" -> PROJECT;
            default -> isRefusal(refused.code()) ? REFUSED : FAILED;
        };
    }

    static int of(RunView run) {
        if (run.state() == RunView.State.DONE) {
            return DONE;
        }
        return isRefusal(run.errorCode()) ? REFUSED : FAILED;
    }

    /// Not allowed, as opposed to gone wrong: out of money, not trusted, not granted, no room.
    private static boolean isRefusal(@Nullable String code) {
        return code != null
                && switch (code) {
                    case "budget", "untrusted", "not-granted", "queue-full", "draining" -> true;
                    default -> false;
                };
    }
}
