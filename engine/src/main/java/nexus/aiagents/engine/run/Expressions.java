package nexus.aiagents.engine.run;

import com.dashjoin.jsonata.JException;
import com.dashjoin.jsonata.Jsonata;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import nexus.aiagents.engine.saga.SagaRun;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The `${JSONata}` in inputs. A string that is one whole expression becomes its value; in longer text the
/// value is inserted as text; `${{` stands for `${`. What an expression finds nothing for is left out of an
/// object, is null in a list, and nothing in text.
final class Expressions {
    private static final int MAX_LENGTH = 4_000;
    private static final int MAX_DEPTH = 200;
    /// By the clock on the wall, so it has to be far more than an honest expression needs on a busy
    /// machine.
    private static final Duration TIME = Duration.ofSeconds(5);

    sealed interface Result {
        record Value(String json) implements Result {}

        record Broken(String message) implements Result {}
    }

    private static final class Failed extends RuntimeException {
        Failed(String message) {
            super(message);
        }
    }

    private final Map<String, Object> data;
    private final Duration time;

    private Expressions(Map<String, Object> data, Duration time) {
        this.data = data;
        this.time = time;
    }

    /// @param template JSON
    /// @param outputs  JSON of the steps that are done, by name
    /// @param env      the host's variables; only those that the saga names are seen
    static Result evaluate(
            String template, SagaRun run, Map<String, @Nullable String> outputs, UnaryOperator<@Nullable String> env) {
        return evaluate(template, run.runId(), () -> data(run, outputs, env));
    }

    /// @param template JSON
    /// @param data     what expressions see; made on the thread that reads it
    static Result evaluate(String template, String runId, Supplier<Map<String, Object>> data) {
        return evaluate(template, runId, data, TIME);
    }

    /// @param time of each expression
    static Result evaluate(String template, String runId, Supplier<Map<String, Object>> data, Duration time) {
        if (!template.contains("${")) {
            return new Result.Value(template);
        }
        // A thread of its own: a regular expression can not be told to stop, only be left behind.
        CompletableFuture<Result> result = new CompletableFuture<>();
        Thread.ofPlatform().daemon().name("expression-" + runId).start(() -> {
            try {
                JsonNode node = RunJson.JSON.readTree(template);
                Object value = new Expressions(data.get(), time).resolve(node);
                result.complete(new Result.Value(RunJson.write(value == ABSENT ? RunJson.JSON.nullNode() : value)));
            } catch (Failed e) {
                result.complete(new Result.Broken(String.valueOf(e.getMessage())));
            } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
                result.complete(new Result.Broken("the input can not be evaluated: " + e));
            }
        });
        try {
            return result.get(2 * time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException _) {
            return new Result.Broken("the input took longer than " + 2 * time.toSeconds() + " s to evaluate");
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return new Result.Broken("the evaluation was interrupted");
        } catch (ExecutionException e) {
            throw new IllegalStateException("never completed exceptionally", e);
        }
    }

    private static Map<String, Object> data(
            SagaRun run, Map<String, @Nullable String> outputs, UnaryOperator<@Nullable String> env) {
        Map<String, @Nullable Object> steps = new LinkedHashMap<>();
        outputs.forEach((name, output) -> {
            Map<String, @Nullable Object> step = new LinkedHashMap<>();
            step.put("output", output == null ? null : plain(output));
            steps.put(name, step);
        });
        Map<String, Object> data = new LinkedHashMap<>();
        Object input = plain(run.inputJson());
        if (input != null) {
            data.put("input", input);
        }
        data.put("steps", steps);
        data.put("run", Map.of("id", run.runId(), "saga", run.saga().name(), "startedAt", run.startedAt()));
        data.put("env", granted(run.saga().env(), env));
        return data;
    }

    /// Those of the host's variables that the definition names.
    static Map<String, String> granted(Collection<String> names, UnaryOperator<@Nullable String> env) {
        Map<String, String> granted = new LinkedHashMap<>();
        for (String name : names) {
            String value = env.apply(name);
            if (value != null) {
                granted.put(name, value);
            }
        }
        return granted;
    }

    static @Nullable Object plain(String json) {
        return RunJson.JSON.readValue(json, Object.class);
    }

    private static final Object ABSENT = new Object();

    private @Nullable Object resolve(JsonNode node) {
        if (node.isString()) {
            return text(node.stringValue());
        }
        if (node.isArray()) {
            List<@Nullable Object> list = new ArrayList<>();
            node.forEach(item -> {
                Object value = resolve(item);
                list.add(value == ABSENT ? null : value);
            });
            return list;
        }
        if (node.isObject()) {
            Map<String, @Nullable Object> map = new LinkedHashMap<>();
            node.properties().forEach(field -> {
                Object value = resolve(field.getValue());
                if (value != ABSENT) {
                    map.put(field.getKey(), value);
                }
            });
            return map;
        }
        return node;
    }

    private Object text(String text) {
        StringBuilder out = new StringBuilder();
        int at = 0;
        while (true) {
            int open = text.indexOf("${", at);
            if (open < 0) {
                return out.append(text, at, text.length()).toString();
            }
            out.append(text, at, open);
            if (text.startsWith("${{", open)) {
                out.append("${");
                at = open + 3;
                continue;
            }
            int close = close(text, open + 2);
            Object value = value(text.substring(open + 2, close));
            if (open == 0 && close == text.length() - 1) {
                return value;
            }
            if (value != ABSENT) {
                out.append(value instanceof String s ? s : RunJson.write(value));
            }
            at = close + 1;
        }
    }

    /// @return where the `}` is that ends the expression; braces and quotes within it are minded
    private static int close(String text, int from) {
        int depth = 0;
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\'' || c == '`') {
                i = endOfQuote(text, i);
            } else if (c == '{') {
                depth++;
            } else if (c == '}' && depth-- == 0) {
                return i;
            }
        }
        throw new Failed("\"" + text + "\" has a ${ without its }; write ${{ for a plain ${");
    }

    private static int endOfQuote(String text, int from) {
        char quote = text.charAt(from);
        int i = from + 1;
        while (i < text.length() && text.charAt(i) != quote) {
            i += text.charAt(i) == '\\' && quote != '`' ? 2 : 1;
        }
        return i;
    }

    private Object value(String expression) {
        if (expression.length() > MAX_LENGTH) {
            throw new Failed("an expression is longer than " + MAX_LENGTH + " characters");
        }
        try {
            Jsonata compiled = Jsonata.jsonata(expression);
            Jsonata.Frame frame = compiled.createFrame();
            frame.setRuntimeBounds(time.toMillis(), MAX_DEPTH);
            Object value = compiled.evaluate(data, frame);
            if (value == null) {
                return ABSENT;
            }
            requireJson(value, expression);
            return value;
        } catch (JException e) {
            throw new Failed("${" + expression + "}: " + e.getMessage());
        } catch (StackOverflowError _) {
            throw new Failed("${" + expression + "}: it is nested too deeply");
        }
    }

    private static void requireJson(@Nullable Object value, String expression) {
        switch (value) {
            case null -> {}
            case String _, Boolean _, Number _ -> {}
            case List<?> list -> list.forEach(item -> requireJson(item, expression));
            case Map<?, ?> map -> map.values().forEach(item -> requireJson(item, expression));
            default -> throw new Failed("${" + expression + "} gives a function or a pattern, not a JSON value");
        }
    }
}
