package nexus.aiagents.engine.agent;

import org.jspecify.annotations.Nullable;

/// Notices a run that makes the same call over and over. Used by one run, whose calls come one at a time.
final class RunawayGuard {
    /// Generous: nobody asks a model the very same thing fifty times in a row on purpose.
    static final int LIMIT = 50;

    private @Nullable String last;
    private int count;

    /// @param call kind, target and canonical arguments
    /// @return whether this is the call too many; counting then begins anew
    boolean isRunaway(String call) {
        count = call.equals(last) ? count + 1 : 1;
        last = call;
        if (count <= LIMIT) {
            return false;
        }
        count = 0;
        return true;
    }
}
