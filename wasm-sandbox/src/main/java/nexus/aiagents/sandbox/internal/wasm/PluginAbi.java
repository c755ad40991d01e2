package nexus.aiagents.sandbox.internal.wasm;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import nexus.aiagents.sandbox.HostAnswer;
import nexus.aiagents.sandbox.HostCall;
import nexus.aiagents.sandbox.internal.metering.ProgramJson;
import nexus.aiagents.sandbox.internal.wasi.HostFunctions;
import org.jspecify.annotations.Nullable;
import run.endive.runtime.HostFunction;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// What Extism plug-ins import from `extism:host/env`, and `nexus_call` in `extism:host/user`, all
/// under the limits of the run. Numbers of 64 bits are addresses and lengths in {@link PluginMemory}.
final class PluginAbi {
    private static final String ENV = "extism:host/env";

    private PluginAbi() {}

    static List<HostFunction> functions(Supplier<WasmSession> session) {
        List<HostFunction> all = new ArrayList<>(memory(session));
        all.addAll(exchange(session));
        all.addAll(world(session));
        all.addAll(new HostFunctions("extism:host/user")
                .add("nexus_call", "II", 'I', (_, a) -> session.get().call(a[0], a[1]))
                .list());
        return all;
    }

    private static List<HostFunction> memory(Supplier<WasmSession> session) {
        return new HostFunctions(ENV)
                .add("alloc", "I", 'I', (_, a) -> session.get().memory().allocate(a[0]))
                .addSilent("free", "I", (_, a) -> session.get().memory().free(a[0]))
                .add("length", "I", 'I', (_, a) -> session.get().memory().length(a[0]))
                .add("length_unsafe", "I", 'I', (_, a) -> session.get().memory().length(a[0]))
                .add("load_u8", "I", 'i', (_, a) -> session.get().memory().load(a[0]) & 0xff)
                .add("load_u64", "I", 'I', (_, a) -> session.get().memory().loadLong(a[0]))
                .addSilent("store_u8", "Ii", (_, a) -> session.get().memory().store(a[0], (byte) a[1]))
                .addSilent("store_u64", "II", (_, a) -> session.get().memory().storeLong(a[0], a[1]))
                .list();
    }

    private static List<HostFunction> exchange(Supplier<WasmSession> session) {
        return new HostFunctions(ENV)
                .add("input_length", "", 'I', (_, _) -> session.get().input().length)
                .add("input_offset", "", 'I', (_, _) -> session.get().inputAddress())
                .add("input_load_u8", "I", 'i', (_, a) -> session.get().inputByte(a[0]))
                .add("input_load_u64", "I", 'I', (_, a) -> session.get().inputLong(a[0]))
                .addSilent("output_set", "II", (_, a) -> session.get().output(a[0], a[1]))
                .addSilent("error_set", "I", (_, a) -> session.get().error(a[0]))
                .list();
    }

    private static List<HostFunction> world(Supplier<WasmSession> session) {
        HostFunctions functions = new HostFunctions(ENV)
                .add("config_get", "I", 'I', (_, a) -> session.get().config(a[0]))
                .add("var_get", "I", 'I', (_, a) -> session.get().variable(a[0]))
                .addSilent("var_set", "II", (_, a) -> session.get().setVariable(a[0], a[1]))
                .add("http_request", "II", 'I', (_, a) -> session.get().http(a[0], a[1]))
                .add("http_status_code", "", 'i', (_, _) -> session.get().httpStatus())
                .add("http_headers", "", 'I', (_, _) -> session.get().httpHeaders())
                .add("get_log_level", "", 'i', (_, _) -> 0);
        Map<String, HostCall.Level> levels = Map.of(
                "trace", HostCall.Level.DEBUG,
                "debug", HostCall.Level.DEBUG,
                "info", HostCall.Level.INFO,
                "warn", HostCall.Level.WARN,
                "error", HostCall.Level.ERROR);
        levels.forEach((name, level) ->
                functions.addSilent("log_" + name, "I", (_, a) -> session.get().log(level, a[0])));
        return functions.list();
    }

    /// @param request `{"url", "method"?, "headers"?}`
    /// @param body    any bytes; what is text is handed on as text, so that it can be read in a record
    ///     of the run
    static HostCall.Http request(String request, byte @Nullable [] body) throws NamedCalls.BadArguments {
        try {
            JsonNode json = ProgramJson.read(request);
            if (!json.path("url").isString()) {
                throw new NamedCalls.BadArguments("http_request needs {\"url\": …}");
            }
            Map<String, String> headers = new LinkedHashMap<>();
            JsonNode given = json.path("headers");
            given.propertyNames()
                    .forEach(name -> headers.put(name, given.path(name).asString("")));
            String method = json.path("method").asString("GET").toUpperCase(Locale.ROOT);
            String text = body == null ? null : new String(body, StandardCharsets.UTF_8);
            boolean isText = text == null || Arrays.equals(text.getBytes(StandardCharsets.UTF_8), body);
            return new HostCall.Http(
                    method,
                    json.path("url").stringValue(),
                    headers,
                    isText ? text : Base64.getEncoder().encodeToString(body),
                    !isText,
                    true);
        } catch (JacksonException e) {
            throw new NamedCalls.BadArguments("the request of http_request is not JSON");
        }
    }

    /// An answer of the host to a request, as Extism hands it out in parts.
    record HttpAnswer(int status, String headers, byte[] body) {
        static HttpAnswer of(HostAnswer.Ok ok) {
            JsonNode json = NamedCalls.parsed(ok);
            return new HttpAnswer(
                    json.path("status").asInt(0),
                    json.path("headers").toString(),
                    Base64.getDecoder().decode(json.path("body").asString("")));
        }
    }
}
