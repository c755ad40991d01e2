package nexus.aiagents.engine.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import nexus.aiagents.engine.model.ChatModels.Message;

/// Guesses of how many tokens a text is.
final class Tokens {
    private static final int PER_MESSAGE = 8;
    private static final int PER_REQUEST = 16;

    private Tokens() {}

    /// Never too low for text as people write it: a token is four to five bytes of English and at least
    /// three of anything else.
    static long atMost(List<Message> messages) {
        long tokens = PER_REQUEST;
        for (Message message : messages) {
            tokens += atMost(message.role()) + atMost(message.content()) + PER_MESSAGE;
        }
        return tokens;
    }

    static long atMost(String text) {
        return Math.ceilDiv(bytes(text), 3);
    }

    /// The scripted provider's own count: four bytes a token.
    static long scripted(String text) {
        return Math.ceilDiv(bytes(text), 4);
    }

    static long bytes(String text) {
        return text.getBytes(UTF_8).length;
    }
}
