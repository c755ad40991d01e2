package nexus.aiagents.engine.replay;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// One call of a program to its host.
///
/// @param number        from 1
/// @param call          what was asked for: `log`, `model`, `http`, `kv-get`, `file-write`, `call-agent`,
///     `now` …
/// @param argumentsJson a JSON object; what the program sent as JSON is text in it, byte for byte
/// @param answerJson    `{"ok": …}` or `{"error": {"code", "message", "fatal"}}`; null: the run ended
///     before there was an answer
/// @param fuel          ticks counted until then
/// @param memoryBytes   what the program held then
/// @param atMillis      since the run began
public record RecordedCall(
        int number,
        String call,
        String argumentsJson,
        @Nullable String answerJson,
        long fuel,
        long memoryBytes,
        long atMillis) {

    private static final List<String> TELLING =
            List.of("url", "key", "prefix", "path", "agent", "model", "event", "message", "bytes");
    private static final int BRIEF = 120;

    public boolean isAnswered() {
        return answerJson != null;
    }

    /// What it was about, in a word or two; empty where there is nothing to say.
    public String target() {
        JsonNode arguments = Texts.read(argumentsJson);
        for (String field : TELLING) {
            JsonNode value = arguments.path(field);
            if (value.isString() || value.isNumber()) {
                String text = value.asString().replaceAll("\\s+", " ");
                return text.length() <= BRIEF ? text : text.substring(0, BRIEF) + "…";
            }
        }
        return "";
    }
}
