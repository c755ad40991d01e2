package nexus.aiagents.engine.agent;

import nexus.aiagents.sandbox.HostCall;
import org.jspecify.annotations.Nullable;

/// What is said and compared of a host call.
final class CallWords {
    private CallWords() {}

    static String named(HostCall call) {
        String target = call instanceof HostCall.Emit emit ? emit.event() : target(call);
        return target == null ? call.kind() : call.kind() + " " + target;
    }

    static String fingerprint(HostCall call) {
        return switch (call) {
            case HostCall.Model m -> "model " + m.model() + " " + canonical(m.requestJson());
            case HostCall.CallAgent a -> "agent " + a.agent() + " " + canonical(a.inputJson());
            default -> call.toString();
        };
    }

    private static String canonical(String json) {
        try {
            return Json.write(Json.read("arguments", json));
        } catch (HostCallFailed _) {
            return json; // no JSON is refused later; until then its text stands for it
        }
    }

    static @Nullable String target(HostCall call) {
        return switch (call) {
            case HostCall.Model m -> m.model();
            case HostCall.Http h -> h.method() + " " + withoutQuery(h.url());
            case HostCall.CallAgent a -> a.agent();
            case HostCall.KvGet k -> "get " + k.key();
            case HostCall.KvPut k -> "put " + k.key();
            case HostCall.KvDelete k -> "delete " + k.key();
            case HostCall.KvList k -> "list " + k.prefix();
            case HostCall.FileRead f -> "read " + f.path();
            case HostCall.FileWrite f -> "write " + f.path();
            case HostCall.FileDelete f -> "delete " + f.path();
            case HostCall.FileList f -> "list " + f.path();
            case HostCall.Disk _, HostCall.Log _, HostCall.Emit _, HostCall.Now _, HostCall.Random _ -> null;
        };
    }

    /// What follows the `?` is not written down: keys travel there.
    private static String withoutQuery(String url) {
        int end = url.indexOf('?');
        return end < 0 ? url : url.substring(0, end);
    }
}
