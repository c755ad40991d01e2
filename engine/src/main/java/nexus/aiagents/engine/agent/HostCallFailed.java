package nexus.aiagents.engine.agent;

import java.util.Base64;
import nexus.aiagents.engine.journal.ExitReason;
import nexus.aiagents.sandbox.HostAnswer;
import org.jspecify.annotations.Nullable;

/// A call to the world that failed: an error that the program may catch, or with `end` the end of its run.
final class HostCallFailed extends Exception {
    private final String code;
    private final @Nullable ExitReason end;

    HostCallFailed(String code, String message) {
        super(message, null, false, false);
        this.code = code;
        this.end = null;
    }

    private HostCallFailed(ExitReason end) {
        super(end.message(), null, false, false);
        this.code = end.code();
        this.end = end;
    }

    static HostCallFailed ending(ExitReason reason) {
        return new HostCallFailed(reason);
    }

    /// Bytes that a program sent.
    static byte[] base64(String what, String text) throws HostCallFailed {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new HostCallFailed("bad-input", what + " is not base64");
        }
    }

    String code() {
        return code;
    }

    @Nullable
    ExitReason end() {
        return end;
    }

    HostAnswer.Error answer() {
        String message = getMessage();
        return new HostAnswer.Error(code, message == null ? code : message, end != null);
    }
}
