package nexus.aiagents.engine.agent;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import nexus.aiagents.sandbox.Grants;
import nexus.aiagents.sandbox.HostAnswer;
import nexus.aiagents.sandbox.HostCall;
import nexus.aiagents.sandbox.HostCalls;
import tools.jackson.databind.node.ArrayNode;

/// The world of a program that runs alone: the hosts and folders it was given, this machine's clock and
/// dice, keys that last as long as the run, and a log on stderr. There are no models and no agents: those
/// belong to a project.
final class LoneHost implements HostCalls, AutoCloseable {
    private static final Duration HTTP_TIMEOUT = Duration.ofSeconds(30);
    private static final int MAX_RANDOM = 65_536;

    private final Grants grants;
    private final LoneProgram.Console console;
    private final FileCalls files;
    private final HttpDesk http = new HttpDesk(HTTP_TIMEOUT);
    private final SecureRandom random = new SecureRandom();
    private final LoneKeys keys = new LoneKeys();

    LoneHost(Grants grants, LoneProgram.Console console) {
        this.grants = grants;
        this.console = console;
        this.files = new FileCalls(grants.files(), null);
    }

    @Override
    public HostAnswer call(HostCall call) throws InterruptedException {
        try {
            return new HostAnswer.Ok(answer(call));
        } catch (HostCallFailed e) {
            return e.answer();
        }
    }

    private String answer(HostCall call) throws HostCallFailed, InterruptedException {
        return switch (call) {
            case HostCall.Log log -> told(log.level().name().toLowerCase(Locale.ROOT) + ": " + log.message());
            case HostCall.Emit emit -> told("emit " + emit.event() + " " + emit.dataJson());
            case HostCall.Now _ -> Long.toString(System.currentTimeMillis());
            case HostCall.Random dice -> dice(dice.bytes());
            case HostCall.Http request -> http(request);
            case HostCall.Disk disk -> files.onDisk(disk, null);
            case HostCall.FileRead _, HostCall.FileWrite _, HostCall.FileList _, HostCall.FileDelete _ -> file(call);
            case HostCall.Model _ -> throw noProject("models");
            case HostCall.CallAgent _ -> throw noProject("other agents");
            case HostCall.KvGet key -> keys.get(key.key());
            case HostCall.KvPut key -> keys.put(key.key(), key.valueJson());
            case HostCall.KvDelete key -> keys.delete(key.key());
            case HostCall.KvList begin -> keys.list(begin.prefix());
        };
    }

    private String file(HostCall call) throws HostCallFailed, InterruptedException {
        if (grants.files().isEmpty()) {
            throw new HostCallFailed("not-granted", "no folder is granted; --dir GUEST=HOST grants one");
        }
        return switch (call) {
            case HostCall.FileRead file -> files.read(grants, file);
            case HostCall.FileWrite file -> files.write(grants, file);
            case HostCall.FileList folder -> files.list(grants, folder);
            case HostCall.FileDelete file -> files.delete(grants, file);
            default -> throw new IllegalStateException(call.kind());
        };
    }

    private static HostCallFailed noProject(String what) {
        return new HostCallFailed(
                "not-granted", "there are no " + what + " here: the program runs alone, outside of any project");
    }

    private String told(String line) {
        console.stderr((line + "\n").getBytes(StandardCharsets.UTF_8));
        return "null";
    }

    private String http(HostCall.Http request) throws HostCallFailed, InterruptedException {
        HttpDesk.check(request); // no grant makes an address of it
        Grants.Denial denial = grants.check(request);
        if (denial != null) {
            URI uri = HttpDesk.uri(request.url());
            int port = HttpDesk.portOf(uri);
            String host = HttpDesk.hostOf(uri) + (port == 80 || port == 443 ? "" : ":" + port);
            throw new HostCallFailed("not-granted", denial.reason() + "; --allow-http " + host + " grants it");
        }
        return http.send(grants, new HttpDesk.Keys(List.of(), Secrets.of(Set.of(), _ -> null)), request);
    }

    private String dice(int count) throws HostCallFailed {
        if (count < 0 || count > MAX_RANDOM) {
            throw new HostCallFailed("bad-input", "random gives 0 to " + MAX_RANDOM + " bytes at once");
        }
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        ArrayNode array = Json.MAPPER.createArrayNode();
        for (byte each : bytes) {
            array.add(each & 0xff);
        }
        return Json.write(array);
    }

    @Override
    public void close() {
        files.close();
    }
}
