package nexus.aiagents.sandbox;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Everything a program can ask of the world. JSON travels as text.
public sealed interface HostCall {

    /// The name used in grants, audit entries and messages: `log`, `model`, `http` …
    default String kind() {
        return switch (this) {
            case Log _ -> "log";
            case Model _ -> "model";
            case Http _ -> "http";
            case KvGet _, KvPut _, KvDelete _, KvList _ -> "kv";
            case FileRead _, FileWrite _, FileList _, FileDelete _ -> "file";
            case CallAgent _ -> "agent";
            case Emit _ -> "emit";
            case Now _ -> "now";
            case Random _ -> "random";
        };
    }

    enum Level {
        DEBUG,
        INFO,
        WARN,
        ERROR
    }

    record Log(Level level, String message) implements HostCall {}

    /// A chat completion. `requestJson` is `{"model"?, "system"?, "prompt"? | "messages"?, "maxTokens"?,
    /// "temperature"?, "json"?}`; without `model` the agent's own is used. Answers `{"text", "model",
    /// "usage": {"inputTokens", "outputTokens"}, "cost": {"microDollars"}, "finish", "scripted"}`.
    record Model(@Nullable String model, String requestJson) implements HostCall {}

    /// Answers `{"status", "headers", "body"}`.
    record Http(
            String method,
            String url,
            Map<String, String> headers,
            @Nullable String body) implements HostCall {}

    /// Answers the stored JSON, or `null`.
    record KvGet(String key) implements HostCall {}

    record KvPut(String key, String valueJson) implements HostCall {}

    record KvDelete(String key) implements HostCall {}

    /// Answers an array of keys, sorted.
    record KvList(String prefix) implements HostCall {}

    /// Answers the text of a granted file as a JSON string.
    record FileRead(String path) implements HostCall {}

    record FileWrite(String path, String text) implements HostCall {}

    /// Removes a file; one that is not there is no error. Answers whether there was one.
    record FileDelete(String path) implements HostCall {}

    /// Answers an array of names, folders with a `/` behind them, sorted.
    record FileList(String path) implements HostCall {}

    /// Answers the other agent's output.
    record CallAgent(String agent, String inputJson) implements HostCall {}

    /// A progress report or a heartbeat; `dataJson` is free.
    record Emit(String event, String dataJson) implements HostCall {}

    /// Answers milliseconds since 1970 UTC.
    record Now() implements HostCall {}

    /// Answers an array of `bytes` numbers 0-255.
    record Random(int bytes) implements HostCall {}
}
