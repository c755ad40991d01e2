package nexus.aiagents.engine.replay;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;
import nexus.aiagents.engine.journal.EventJson;
import nexus.aiagents.sandbox.HostAnswer;
import nexus.aiagents.sandbox.HostCall;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Calls and answers as text.
final class Texts {
    private static final Pattern HUMP = Pattern.compile("(?<=[a-z])(?=[A-Z])");

    private Texts() {}

    static String name(HostCall call) {
        Class<?> type = call.getClass();
        Class<?> around = type.getDeclaringClass();
        String family = around == null || around == HostCall.class ? "" : around.getSimpleName() + "-";
        return family.toLowerCase(Locale.ROOT)
                + HUMP.matcher(type.getSimpleName()).replaceAll("-").toLowerCase(Locale.ROOT);
    }

    static ObjectNode arguments(HostCall call) {
        return EventJson.mapper().valueToTree(call);
    }

    /// Whether what is read comes as bytes in Base64.
    static boolean answersBytes(HostCall call) {
        return switch (call) {
            case HostCall.Http http -> http.wantsBytes();
            case HostCall.FileRead file -> file.bytes();
            case HostCall.Disk.Read _ -> true;
            default -> false;
        };
    }

    static String answer(HostAnswer answer) {
        return switch (answer) {
            case HostAnswer.Ok(String json) -> "{\"ok\":" + json + "}";
            case HostAnswer.Error(String code, String message, boolean fatal) -> {
                ObjectNode node = EventJson.mapper().createObjectNode();
                node.putObject("error")
                        .put("code", code)
                        .put("message", message)
                        .put("fatal", fatal);
                yield node.toString();
            }
        };
    }

    /// The other way; the text between the braces of `ok` reaches the program as it is.
    static HostAnswer answer(String json) {
        if (json.startsWith("{\"ok\":") && json.endsWith("}")) {
            return new HostAnswer.Ok(json.substring("{\"ok\":".length(), json.length() - 1));
        }
        JsonNode node = read(json);
        if (node.has("ok")) {
            return new HostAnswer.Ok(node.path("ok").toString());
        }
        JsonNode error = node.path("error");
        return new HostAnswer.Error(
                error.path("code").asString("error"),
                error.path("message").asString(""),
                error.path("fatal").asBoolean(false));
    }

    static JsonNode read(String json) {
        try {
            return EventJson.mapper().readTree(json);
        } catch (JacksonException _) {
            return EventJson.mapper().getNodeFactory().stringNode(json);
        }
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
