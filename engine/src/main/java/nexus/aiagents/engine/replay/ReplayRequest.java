package nexus.aiagents.engine.replay;

import java.util.Map;

/// How to replay.
///
/// @param until   stop at this call, before it is answered; 0: at the end
/// @param answers other answers by number of the call, `{"ok": …}` or `{"error": {"code", "message"}}`
/// @param files   of a JavaScript or TypeScript program instead of those that were kept, by their names
///     relative to its folder: what would have come of an edit; empty: as it was
public record ReplayRequest(int until, Map<Integer, String> answers, Map<String, String> files) {
    public static final ReplayRequest ALL = new ReplayRequest(0, Map.of());

    public ReplayRequest {
        answers = Map.copyOf(answers);
        files = Map.copyOf(files);
    }

    /// With the program as it was.
    public ReplayRequest(int until, Map<Integer, String> answers) {
        this(until, answers, Map.of());
    }
}
