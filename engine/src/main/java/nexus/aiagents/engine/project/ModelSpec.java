package nexus.aiagents.engine.project;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A model that agents may be granted.
///
/// @param provider   `SCRIPTED` is built in, deterministic and needs no key; `OPENAI` is any
///     OpenAI-compatible endpoint
/// @param model      the provider's own name for it
/// @param baseUrl    for `OPENAI`: up to and without `/chat/completions`
/// @param apiKeyEnv  for `OPENAI`: the variable that holds the key, null: no key is sent
/// @param price      null: taken from the built-in table by `model`; a model in neither is refused unless
///     `free`
/// @param script     for `SCRIPTED`: file with answers, relative to the project folder, null: the
///     built-in one
public record ModelSpec(
        String name,
        Provider provider,
        String model,
        @Nullable String baseUrl,
        @Nullable String apiKeyEnv,
        @Nullable PriceSpec price,
        boolean free,
        @Nullable String script,
        Duration timeout,
        Position at) {

    public enum Provider {
        SCRIPTED,
        OPENAI
    }

    /// Micro-dollars per million tokens (so $0.15 per million is 150,000).
    public record PriceSpec(long inputPerMillion, long outputPerMillion, long cachedInputPerMillion) {}
}
