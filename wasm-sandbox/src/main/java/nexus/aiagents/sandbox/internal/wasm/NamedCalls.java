package nexus.aiagents.sandbox.internal.wasm;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import nexus.aiagents.sandbox.HostAnswer;
import nexus.aiagents.sandbox.HostCall;
import nexus.aiagents.sandbox.internal.metering.Execution;
import nexus.aiagents.sandbox.internal.metering.ProgramJson;
import run.endive.runtime.TrapException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Host calls by name with a JSON array of arguments, which is how JavaScript and our own functions for
/// WebAssembly make them. Whatever a program sends arrives here, so nothing is taken for granted.
public final class NamedCalls {

    /// The arguments do not fit the call; the message is for the program.
    static final class BadArguments extends Exception {
        BadArguments(String message) {
            super(message);
        }
    }

    private static final JsonMapper JSON = JsonMapper.shared();

    private NamedCalls() {}

    static HostCall read(String kind, JsonNode args) throws BadArguments {
        return switch (kind) {
            case "log" -> new HostCall.Log(level(args), text(kind, args, 1));
            case "model" -> model(args);
            case "http" -> http(args);
            case "kv.get" -> new HostCall.KvGet(text(kind, args, 0));
            case "kv.put" -> new HostCall.KvPut(text(kind, args, 0), json(args, 1));
            case "kv.delete" -> new HostCall.KvDelete(text(kind, args, 0));
            case "kv.list" -> new HostCall.KvList(text(kind, args, 0));
            case "file.read" -> new HostCall.FileRead(text(kind, args, 0), false);
            case "file.readBytes" -> new HostCall.FileRead(text(kind, args, 0), true);
            case "file.write" -> new HostCall.FileWrite(text(kind, args, 0), text(kind, args, 1), false);
            case "file.writeBytes" -> new HostCall.FileWrite(text(kind, args, 0), text(kind, args, 1), true);
            case "file.delete" -> new HostCall.FileDelete(text(kind, args, 0));
            case "file.list" -> new HostCall.FileList(text(kind, args, 0));
            case "agent" -> new HostCall.CallAgent(text(kind, args, 0), json(args, 1));
            case "emit" -> new HostCall.Emit(text(kind, args, 0), json(args, 1));
            case "now" -> new HostCall.Now();
            case "random" -> new HostCall.Random(Math.clamp(args.path(0).asInt(0), 1, 65_536));
            default -> throw new BadArguments("there is no host call '" + kind + "'");
        };
    }

    /// Carries the call out.
    ///
    /// @return `{"ok": …}` or `{"error": {"code", "message"}}`
    public static String answer(Execution execution, String kind, String argumentsJson) {
        Execution.enterDeeply();
        try {
            return toJson(execution.call(read(kind, ProgramJson.read(argumentsJson))));
        } catch (BadArguments e) {
            return toJson(new HostAnswer.Error("bad-arguments", String.valueOf(e.getMessage())));
        } catch (JacksonException e) {
            return toJson(new HostAnswer.Error("bad-arguments", "the arguments " + ProgramJson.why(e)));
        }
    }

    /// What the host answered; a replay answers out of a record that may come from anywhere.
    public static JsonNode parsed(HostAnswer.Ok answer) {
        try {
            return JSON.readTree(answer.json());
        } catch (JacksonException e) {
            throw new TrapException("the host did not answer JSON");
        }
    }

    private static String toJson(HostAnswer answer) {
        return switch (answer) {
            case HostAnswer.Ok ok -> "{\"ok\":" + ok.json() + "}";
            case HostAnswer.Error error -> {
                ObjectNode body = JSON.createObjectNode();
                body.putObject("error").put("code", error.code()).put("message", error.message());
                yield body.toString();
            }
        };
    }

    private static HostCall.Level level(JsonNode args) {
        try {
            return HostCall.Level.valueOf(args.path(0).asString("INFO").toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            return HostCall.Level.INFO;
        }
    }

    private static HostCall model(JsonNode args) throws BadArguments {
        JsonNode request = args.path(0);
        if (!request.isObject()) {
            throw new BadArguments("nexus.model needs an object such as {prompt: \"…\"}, or a text");
        }
        JsonNode model = request.path("model");
        return new HostCall.Model(model.isString() ? model.stringValue() : null, request.toString());
    }

    private static HostCall http(JsonNode args) throws BadArguments {
        Map<String, String> headers = new LinkedHashMap<>();
        JsonNode given = args.path(2);
        for (String name : given.propertyNames()) {
            headers.put(name, given.path(name).asString(""));
        }
        JsonNode body = args.path(3);
        return new HostCall.Http(
                text("http", args, 1).toUpperCase(Locale.ROOT),
                text("http", args, 0),
                headers,
                body.isString() ? body.stringValue() : null,
                args.path(4).asBoolean(false),
                args.path(5).asBoolean(false));
    }

    private static String text(String kind, JsonNode args, int index) throws BadArguments {
        JsonNode value = args.path(index);
        if (!value.isString()) {
            throw new BadArguments("nexus." + kind + ": argument " + (index + 1) + " must be a text");
        }
        return value.stringValue();
    }

    private static String json(JsonNode args, int index) {
        JsonNode value = args.path(index);
        return value.isMissingNode() ? "null" : value.toString();
    }
}
