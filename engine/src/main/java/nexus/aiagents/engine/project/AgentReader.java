package nexus.aiagents.engine.project;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;
import nexus.aiagents.engine.project.AgentSpec.Runtime;
import org.jspecify.annotations.Nullable;

/// From an `agent` block to its specification.
final class AgentReader {
    static final int DEFAULT_MAX_TOKENS = 1024;

    private final Definition definition;
    private final Body body;
    private final Scope scope;

    AgentReader(Definition definition, Scope scope) {
        this.definition = definition;
        this.body = new Body(definition.body());
        this.scope = scope;
    }

    @Nullable
    AgentSpec read() {
        Runtime runtime = runtime();
        String source = body.text("source");
        String sourceHash = runtime == null ? null : source(runtime, source);
        checkNames();
        AgentSpec.GrantSpec grants = new GrantReader(definition, body, scope).read();
        AgentSpec.LimitSpec limits = LimitReader.read(body, scope);
        AgentSpec.LivenessSpec liveness = liveness(runtime, limits.timeout());
        AgentSpec.RunawaySpec runaway = runaway();
        String schema = ValueSchema.ofOutput(body, scope);
        String inputSchema = ValueSchema.ofInput(body, scope);
        if (inputSchema != null) {
            checkInput("loop", inputSchema);
            checkInput("schedule", inputSchema);
        }
        if (runtime == null || sourceHash == null) {
            return null;
        }
        checkModel(runtime);
        return new AgentSpec(
                definition.name(),
                runtime,
                runtime == Runtime.MODEL ? null : source,
                body.text("model"),
                runtime == Runtime.MODEL ? body.text("prompt") : null,
                (int) body.whole("maxTokens", DEFAULT_MAX_TOKENS),
                body.text("description", ""),
                grants,
                limits,
                liveness,
                runaway,
                loop(),
                inputSchema,
                schema,
                record(),
                isolation(runtime),
                Hashes.of(definition.hash() + sourceHash),
                definition.at());
    }

    private @Nullable Runtime runtime() {
        String source = body.text("source");
        String ending = source == null
                ? ""
                : source.substring(source.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        Runtime byEnding = switch (ending) {
            case "js", "mjs", "ts", "mts" -> Runtime.JAVASCRIPT;
            case "wasm" -> Runtime.WASM;
            default -> null;
        };
        if (body.has("runtime")) {
            return declared(body.word("runtime", Runtime.JAVASCRIPT), byEnding, source);
        }
        if (byEnding != null) {
            return byEnding;
        }
        if (source != null) {
            scope.add(Code.RUNTIME_UNKNOWN.at(
                    body.at("source"),
                    "an agent's source ends in .js, .mjs, .ts, .mts or .wasm: `" + source + "` does not"));
            return null;
        }
        if (body.has("prompt")) {
            return Runtime.MODEL;
        }
        scope.add(Code.RUNTIME_UNKNOWN.at(
                definition.at(),
                "nothing says what `" + definition.name()
                        + "` runs: give it a `source:` that ends in .js, .mjs, .ts, .mts or .wasm, or a `prompt:`"));
        return null;
    }

    private @Nullable Runtime declared(Runtime runtime, @Nullable Runtime byEnding, @Nullable String source) {
        if (runtime == Runtime.MODEL) {
            return runtime;
        }
        if (source == null) {
            scope.add(Code.SOURCE_NEEDED.at(
                    body.at("runtime"), "`" + definition.name() + "` needs a `source:`, the file with its program"));
            return null;
        }
        if (byEnding != runtime) {
            String endings = runtime == Runtime.WASM ? ".wasm" : ".js, .mjs, .ts or .mts";
            scope.add(Code.SOURCE_WRONG_KIND.at(
                    body.at("source"),
                    "the runtime is `" + Body.word(runtime) + "`, so the source must end in " + endings
                            + ": change one of the two"));
            return null;
        }
        return runtime;
    }

    /// @return a hash of the program, null if there is none
    private @Nullable String source(Runtime runtime, @Nullable String source) {
        if (runtime == Runtime.MODEL) {
            unused("source", "a model agent has no program");
            unused("build", "a model agent has no program");
            return "";
        }
        unused("prompt", "only model agents have a prompt");
        return source == null
                ? null
                : scope.sources().check(source, runtime, body.text("build"), body.at("source"), scope);
    }

    private void unused(String key, String why) {
        if (body.has(key)) {
            scope.add(Code.KEY_UNUSED.at(body.at(key), "`" + key + "` is not used here, " + why + ": remove it"));
        }
    }

    private void checkNames() {
        String model = body.text("model");
        if (model != null) {
            scope.require(Kind.MODEL, model, body.at("model"), Code.UNKNOWN_MODEL);
        }
        Body grants = body.body("grants");
        for (YamlNode item : grants.list("models")) {
            require(Kind.MODEL, item, Code.UNKNOWN_MODEL);
        }
        for (YamlNode item : grants.list("agents")) {
            require(Kind.AGENT, item, Code.UNKNOWN_AGENT);
        }
    }

    private void require(Kind kind, YamlNode item, Code code) {
        String name = item.string();
        if (name != null && !name.equals("*")) {
            scope.require(kind, name, item.at(), code);
        }
    }

    private void checkModel(Runtime runtime) {
        int models = scope.names(Kind.MODEL).size();
        if (runtime != Runtime.MODEL || body.has("model") || models == 1) {
            return;
        }
        scope.add(Code.MODEL_NEEDED.at(
                definition.at(),
                models == 0
                        ? "a model agent needs a model: add a document with a `model:` block"
                        : "the project has " + models + " models: say which with `model:`"));
    }

    private RecordingSpec.@Nullable Policy record() {
        return body.has("record") ? body.word("record", RecordingSpec.Policy.ON_FAILURE) : null;
    }

    private SandboxSpec.@Nullable Isolation isolation(Runtime runtime) {
        if (runtime == Runtime.MODEL) {
            unused("isolation", "a model agent has no program that could run anywhere");
            return null;
        }
        return body.has("isolation") ? body.word("isolation", SandboxSpec.Isolation.THREAD) : null;
    }

    /// An input that is written down must not be one that is refused every time.
    private void checkInput(String block, String schema) {
        Body source = body.body(block);
        YamlNode input = source.node("input");
        String problem = body.has(block)
                ? ValueSchema.problem(
                        schema, input == null ? "{}" : input.toJson().toString())
                : null;
        if (problem != null) {
            scope.add(Code.INPUT_BREAKS_SCHEMA.at(
                    input == null ? body.at(block) : source.at("input"),
                    "this `input` of `" + block + "` does not fit `input: {schema: …}` of `" + definition.name() + "`: "
                            + problem));
        }
    }

    private AgentSpec.LivenessSpec liveness(@Nullable Runtime runtime, Duration timeout) {
        if (runtime == Runtime.MODEL) {
            unused("heartbeat", "a model agent only waits for its model, whose own `timeout` watches it");
            unused("idleTimeout", "a model agent only waits for its model, whose own `timeout` watches it");
            return AgentSpec.LivenessSpec.NONE;
        }
        return new AgentSpec.LivenessSpec(silence("heartbeat", timeout), silence("idleTimeout", timeout));
    }

    private @Nullable Duration silence(String key, Duration timeout) {
        Duration silence = Durations.positive(body, key, scope);
        if (silence != null && silence.compareTo(timeout) >= 0) {
            scope.add(Code.NEVER_STUCK.at(
                    body.at(key),
                    "a run ends after " + timeout.toMillis() + " ms anyhow, so `" + key
                            + "` has no effect: make it shorter, or raise `limits: {timeout: …}`"));
        }
        return silence;
    }

    private AgentSpec.RunawaySpec runaway() {
        AgentSpec.RunawaySpec standard = AgentSpec.RunawaySpec.DEFAULT;
        if (!body.has("runaway")) {
            return standard;
        }
        if ("off".equals(body.text("runaway"))) {
            return new AgentSpec.RunawaySpec(0, 0);
        }
        Body runaway = body.body("runaway");
        BigDecimal dollars = runaway.number("maxDollarsPerMinute");
        if (dollars != null && dollars.stripTrailingZeros().scale() > 6) {
            scope.add(Code.TOO_PRECISE.at(
                    runaway.at("maxDollarsPerMinute"), "money is counted to the millionth of a dollar: round it"));
        }
        return new AgentSpec.RunawaySpec(
                (int) runaway.whole("repeats", standard.repeats()),
                dollars == null
                        ? standard.microDollarsPerMinute()
                        : dollars.movePointRight(6).longValue());
    }

    private AgentSpec.@Nullable LoopSpec loop() {
        if (!body.has("loop")) {
            return null;
        }
        Body loop = body.body("loop");
        YamlNode input = loop.node("input");
        return new AgentSpec.LoopSpec(
                loop.duration("every", Duration.ZERO),
                (int) loop.whole("times", 0),
                input == null ? "{}" : input.toJson().toString());
    }
}
