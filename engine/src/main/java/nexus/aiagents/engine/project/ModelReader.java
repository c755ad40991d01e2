package nexus.aiagents.engine.project;

import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// From a `model` block to its specification.
final class ModelReader {
    private static final String OPENAI = "https://api.openai.com/v1";

    private ModelReader() {}

    static ModelSpec read(Definition definition, Scope scope) {
        Body body = new Body(definition.body());
        ModelSpec.Provider provider = body.word("provider", ModelSpec.Provider.SCRIPTED);
        boolean scripted = provider == ModelSpec.Provider.SCRIPTED;
        for (String key : scripted ? List.of("baseUrl", "apiKeyEnv") : List.of("script")) {
            if (body.has(key)) {
                scope.add(Code.KEY_UNUSED.at(
                        body.at(key),
                        "`" + key + "` is not used by the provider `" + Body.word(provider) + "`: remove it"));
            }
        }
        String script = scripted ? body.text("script") : null;
        if (script != null) {
            checkScript(script, body.at("script"), scope);
        }
        ModelSpec spec = new ModelSpec(
                definition.name(),
                provider,
                body.text("model", definition.name()),
                scripted ? null : body.text("baseUrl", OPENAI),
                scripted ? null : body.text("apiKeyEnv"),
                price(body),
                body.flag("free"),
                script,
                Durations.positive(body, "timeout", Duration.ofSeconds(60), scope),
                definition.at());
        if (!isPriced(spec, scope)) {
            scope.add(Code.UNPRICED_MODEL.at(
                    body.has("model") ? body.at("model") : definition.at(),
                    "the price of `" + spec.model()
                            + "` is not known, so its calls are refused: give it a `price:`, or `free: true` if it costs"
                            + " nothing"));
        }
        return spec;
    }

    static boolean isPriced(ModelSpec model, Scope scope) {
        return model.price() != null || model.free() || scope.hasBuiltInPrice(model.model());
    }

    private static void checkScript(String script, Position at, Scope scope) {
        Path path = scope.sources().inside(script);
        if (path == null) {
            scope.add(Code.OUTSIDE_PROJECT.at(at, "`" + script + "` is not inside the project"));
        } else if (script.endsWith(".yaml") || script.endsWith(".yml")) {
            scope.add(
                    Code.SOURCE_WRONG_KIND.at(
                            at,
                            "every YAML file below the project belongs to it: write the answers as JSON and name the .json file"));
        } else if (!Files.isRegularFile(path)) {
            scope.add(Code.SOURCE_MISSING.at(at, "`" + script + "` does not exist: make it, or leave `script` out"));
        }
    }

    private static ModelSpec.@Nullable PriceSpec price(Body body) {
        if (!body.has("price")) {
            return null;
        }
        Body price = body.body("price");
        long input = micro(price.number("input"));
        return new ModelSpec.PriceSpec(
                input,
                micro(price.number("output")),
                price.has("cachedInput") ? micro(price.number("cachedInput")) : input);
    }

    /// Millionths, rounded up: a price is never too low.
    private static long micro(@Nullable BigDecimal dollars) {
        return dollars == null
                ? 0
                : dollars.movePointRight(6)
                        .setScale(0, java.math.RoundingMode.CEILING)
                        .longValueExact();
    }
}
