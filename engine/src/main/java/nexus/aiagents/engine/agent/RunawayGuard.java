package nexus.aiagents.engine.agent;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/// Notices a run that makes the same call over and over. Used by one run, whose calls come one at a time.
final class RunawayGuard {
    private final int limit;
    private @Nullable String last;
    private int count;

    /// @param limit the same call may be made so many times in a row; 0: any number of times
    RunawayGuard(int limit) {
        this.limit = limit;
    }

    /// @param call kind, target and canonical arguments
    /// @return whether this is the call too many; counting then begins anew
    boolean isRunaway(String call) {
        count = call.equals(last) ? count + 1 : 1;
        last = call;
        if (limit == 0 || count <= limit) {
            return false;
        }
        count = 0;
        return true;
    }

    /// A short name for a call, to remember that a person allowed it.
    static String idOf(String call) {
        CRC32 sum = new CRC32();
        sum.update(call.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().toHexDigits((int) sum.getValue()) + HexFormat.of().toHexDigits(call.hashCode());
    }
}
