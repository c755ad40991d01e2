package nexus.aiagents.sandbox;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One call of a program.
///
/// @param inputJson a JSON value
/// @param contextJson a JSON object about the call (`{"agent", "runId", "step", "attempt",
///     "idempotencyKey"}`): `nexus.context` in JavaScript, the configuration key `nexus.context` of a
///     plug-in, the variable `NEXUS_CONTEXT` of a WASI command
/// @param env granted variables: `nexus.env`, configuration keys, the WASI environment
/// @param direct null for a run of an agent; else a module takes its input from there and not from
///     `inputJson`
public record Invocation(
        String inputJson,
        String contextJson,
        Map<String, String> env,
        Limits limits,
        HostCalls hostCalls,
        @Nullable Direct direct) {

    public Invocation {
        env = Map.copyOf(env);
    }

    public Invocation(
            String inputJson, String contextJson, Map<String, String> env, Limits limits, HostCalls hostCalls) {
        this(inputJson, contextJson, env, limits, hostCalls, null);
    }

    public Invocation(String inputJson, Limits limits, HostCalls hostCalls) {
        this(inputJson, "{}", Map.of(), limits, hostCalls);
    }
}
