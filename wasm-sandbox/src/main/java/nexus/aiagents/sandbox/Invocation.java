package nexus.aiagents.sandbox;

import java.util.Map;

/// One call of a program.
///
/// @param inputJson a JSON value
/// @param contextJson a JSON object about the call (`{"agent", "runId", "step", "attempt",
///     "idempotencyKey"}`): `nexus.context` in JavaScript, the configuration key `nexus.context` of a
///     plug-in, the variable `NEXUS_CONTEXT` of a WASI command
/// @param env granted variables: `nexus.env`, configuration keys, the WASI environment
public record Invocation(
        String inputJson, String contextJson, Map<String, String> env, Limits limits, HostCalls hostCalls) {

    public Invocation {
        env = Map.copyOf(env);
    }

    public Invocation(String inputJson, Limits limits, HostCalls hostCalls) {
        this(inputJson, "{}", Map.of(), limits, hostCalls);
    }
}
