package nexus.aiagents.engine.replay;

import java.util.Map;

/// How to replay.
///
/// @param until   stop at this call, before it is answered; 0: at the end
/// @param answers other answers by number of the call, `{"ok": …}` or `{"error": {"code", "message"}}`
public record ReplayRequest(int until, Map<Integer, String> answers) {
    public static final ReplayRequest ALL = new ReplayRequest(0, Map.of());

    public ReplayRequest {
        answers = Map.copyOf(answers);
    }
}
