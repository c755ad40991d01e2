package nexus.aiagents.engine.model;

import java.time.Duration;
import nexus.aiagents.engine.model.ChatModels.Request;
import nexus.aiagents.engine.project.ModelSpec;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The words of the chat-completions protocol.
final class ChatBody {
    private static final JsonMapper JSON = JsonMapper.shared();

    private ChatBody() {}

    static String json(ModelSpec model, Request request, String base) {
        ObjectNode body = JSON.createObjectNode();
        body.put("model", model.model());
        ArrayNode messages = body.putArray("messages");
        request.messages()
                .forEach(m -> messages.addObject().put("role", m.role()).put("content", m.content()));
        // OpenAI's newer models refuse the old name, and most other servers do not know the new one.
        body.put(base.contains("//api.openai.com") ? "max_completion_tokens" : "max_tokens", request.maxTokens());
        if (request.temperature() != null) {
            body.put("temperature", request.temperature());
        }
        if (request.json()) {
            body.putObject("response_format").put("type", "json_object");
        }
        body.put("stream", true);
        body.putObject("stream_options").put("include_usage", true);
        return body.toString();
    }

    /// What an error's body says, short.
    static String errorOf(String body) {
        try {
            return ChatStream.errorMessage(JSON.readTree(body));
        } catch (JacksonException e) {
            return body.stripLeading().startsWith("<") ? "" : ChatStream.start(body);
        }
    }

    /// `Retry-After` in seconds; its other form, a date, is passed over.
    static @Nullable Duration seconds(String header) {
        try {
            double seconds = Double.parseDouble(header.strip());
            return seconds >= 0 && seconds < 1e6 ? Duration.ofMillis((long) Math.ceil(seconds * 1000)) : null;
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
