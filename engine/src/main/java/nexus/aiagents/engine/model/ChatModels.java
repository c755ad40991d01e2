package nexus.aiagents.engine.model;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import nexus.aiagents.engine.project.ModelSpec;
import org.jspecify.annotations.Nullable;

/// Chat models, each behind the same interface: the scripted one and OpenAI-compatible endpoints.
/// Thread-safe.
public interface ChatModels extends AutoCloseable {

    /// @param folder the project's, where scripts of answers are
    /// @param keys values by the name of their variable, null where there is none; asked for at
    ///     each call
    static ChatModels create(Path folder, Function<String, @Nullable String> keys) {
        return new ProviderModels(new ScriptedModel(folder), new OpenAiModel(keys));
    }

    /// Makes one attempt; blocks the calling (virtual) thread, is ended by its interrupt. Retries belong to
    /// the caller.
    ///
    /// @throws Cancelled if it was interrupted after something was sent
    Answer chat(ModelSpec model, Request request) throws ModelException, InterruptedException;

    /// Input tokens of a request, never too low: what a hold is placed for.
    long estimateInputTokens(Request request);

    @Override
    void close();

    /// @param seed for the scripted provider: what its choice of an answer depends on beside the messages
    record Request(
            List<Message> messages,
            long maxTokens,
            @Nullable Double temperature,
            boolean json,
            String seed) {}

    /// @param role `system`, `user` or `assistant`
    record Message(String role, String content) {}

    /// @param finish `stop`, `length` …
    record Answer(
            String text,
            String model,
            String finish,
            long inputTokens,
            long cachedInputTokens,
            long outputTokens,
            boolean estimated,
            boolean scripted) {}

    /// The call was interrupted. What was asked and what had come back by then has to be charged.
    final class Cancelled extends InterruptedException {
        private final long billedInputTokens;
        private final long billedOutputTokens;

        public Cancelled(long billedInputTokens, long billedOutputTokens) {
            super("the call of the model was cancelled");
            this.billedInputTokens = billedInputTokens;
            this.billedOutputTokens = billedOutputTokens;
        }

        public long billedInputTokens() {
            return billedInputTokens;
        }

        public long billedOutputTokens() {
            return billedOutputTokens;
        }
    }

    /// `code`: `model-unreachable`, `model-timeout`, `model-rate-limited`, `model-refused`, `model-no-key`,
    /// `model-bad-answer`, `model-truncated`. The message says what to do and never holds a key.
    /// `billedInputTokens` and `billedOutputTokens` say what the failed attempt has to be charged, 0 if
    /// nothing was sent.
    final class ModelException extends Exception {
        private final String code;
        private final long billedInputTokens;
        private final long billedOutputTokens;
        private final @Nullable Duration retryAfter;

        public ModelException(String code, String message, long billedInputTokens, long billedOutputTokens) {
            this(code, message, billedInputTokens, billedOutputTokens, null);
        }

        public ModelException(
                String code,
                String message,
                long billedInputTokens,
                long billedOutputTokens,
                @Nullable Duration retryAfter) {
            super(message);
            this.code = code;
            this.billedInputTokens = billedInputTokens;
            this.billedOutputTokens = billedOutputTokens;
            this.retryAfter = retryAfter;
        }

        /// What the provider asked for, null if it did not.
        public @Nullable Duration retryAfter() {
            return retryAfter;
        }

        public String code() {
            return code;
        }

        public long billedInputTokens() {
            return billedInputTokens;
        }

        public long billedOutputTokens() {
            return billedOutputTokens;
        }
    }
}
