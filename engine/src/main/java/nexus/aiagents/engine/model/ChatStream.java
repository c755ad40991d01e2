package nexus.aiagents.engine.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What has come of an answer so far: from `data:` lines of a stream, or from one JSON object where the
/// server does not stream. Knows no network.
final class ChatStream {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int MOST_LINE_BYTES = 4 << 20;

    /// The server sent something that is no answer; the message says what.
    static final class BadAnswer extends Exception {
        BadAnswer(String message) {
            super(message);
        }
    }

    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final StringBuilder text = new StringBuilder();
    private long textBytes;
    private @Nullable String model;
    private @Nullable String finish;
    private @Nullable String error;
    private @Nullable JsonNode usage;
    private boolean done;

    void feed(byte[] bytes) throws BadAnswer {
        int from = 0;
        for (int i = 0; i < bytes.length && !done; i++) {
            if (bytes[i] == '\n') {
                line.write(bytes, from, i - from);
                endOfLine();
                from = i + 1;
            }
        }
        line.write(bytes, from, bytes.length - from);
        if (line.size() > MOST_LINE_BYTES) {
            throw new BadAnswer("sent a line of more than 4 MB");
        }
    }

    /// A last line may come without its line break; half a line is not one.
    void end() {
        if (!done && line.size() > 0) {
            try {
                endOfLine();
            } catch (BadAnswer e) {
                finish = null;
            }
        }
    }

    private void endOfLine() throws BadAnswer {
        String content = line.toString(UTF_8).strip();
        line.reset();
        if (!content.startsWith("data:")) {
            return;
        }
        String data = content.substring(5).strip();
        if (data.equals("[DONE]")) {
            done = true;
        } else if (!data.isEmpty()) {
            take(parse(data));
        }
    }

    /// The whole answer of a server that does not stream.
    void whole(byte[] body) throws BadAnswer {
        JsonNode answer = parse(new String(body, UTF_8));
        take(answer);
        if (error == null && !answer.path("choices").path(0).isObject()) {
            throw new BadAnswer("answered without `choices`");
        }
        done = true;
    }

    private void take(JsonNode chunk) throws BadAnswer {
        if (!chunk.isObject()) {
            throw new BadAnswer("sent JSON that is no object");
        }
        if (chunk.hasNonNull("error")) {
            error = errorMessage(chunk);
        }
        model = chunk.path("model").asString(model == null ? "" : model);
        if (chunk.path("usage").isObject()) {
            usage = chunk.path("usage");
        }
        JsonNode choice = chunk.path("choices").path(0);
        JsonNode said = choice.path(choice.has("message") ? "message" : "delta");
        add(said.path("content"));
        add(said.path("refusal"));
        if (choice.path("finish_reason").isString()) {
            finish = choice.path("finish_reason").stringValue();
        }
    }

    private void add(JsonNode content) {
        if (content.isString()) {
            text.append(content.stringValue());
            textBytes += Tokens.bytes(content.stringValue());
        } else if (content.isArray()) {
            content.forEach(part -> add(part.path("text")));
        }
    }

    private static JsonNode parse(String json) throws BadAnswer {
        try {
            return JSON.readTree(json);
        } catch (JacksonException e) {
            throw new BadAnswer("sent something that is not JSON: " + start(json));
        }
    }

    /// The provider's own words, from an error in any of the usual forms.
    static String errorMessage(JsonNode body) {
        JsonNode error = body.path("error");
        String message =
                error.isString() ? error.stringValue() : error.path("message").asString("");
        if (message.isEmpty()) {
            message = body.path("message").asString(body.path("detail").asString(body.toString()));
        }
        return start(message);
    }

    static String start(String text) {
        String line = text.strip().replaceAll("\\s+", " ");
        return line.length() <= 300 ? line : line.substring(0, 300) + "…";
    }

    String text() {
        return text.toString();
    }

    long textBytes() {
        return textBytes;
    }

    /// The provider's name of the model that answered, empty if it did not say.
    String model() {
        return model == null ? "" : model;
    }

    /// Null until the answer is complete.
    @Nullable
    String finish() {
        return finish;
    }

    /// What the provider reported in the middle of its answer.
    @Nullable
    String error() {
        return error;
    }

    boolean done() {
        return done;
    }

    /// Null if the provider did not say.
    @Nullable
    Long inputTokens() {
        return count("prompt_tokens");
    }

    @Nullable
    Long outputTokens() {
        return count("completion_tokens");
    }

    long cachedTokens() {
        return usage == null
                ? 0
                : Math.max(
                        0,
                        usage.path("prompt_tokens_details")
                                .path("cached_tokens")
                                .asLong(0));
    }

    private @Nullable Long count(String field) {
        JsonNode number = usage == null ? null : usage.path(field);
        return number == null || !number.canConvertToLong() || number.longValue() < 0 ? null : number.longValue();
    }
}
