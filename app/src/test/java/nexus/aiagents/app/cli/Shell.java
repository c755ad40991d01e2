package nexus.aiagents.app.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import nexus.aiagents.app.FakeKeychain;
import nexus.aiagents.engine.control.EngineClient;
import nexus.aiagents.engine.journal.Backups;
import nexus.aiagents.engine.project.Analysis;
import nexus.aiagents.engine.project.LanguageService;
import nexus.aiagents.engine.replay.Recording;
import nexus.aiagents.engine.replay.RecordingFile;
import nexus.aiagents.engine.secret.HostSecrets;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Runs commands as a terminal would, on a fake engine.
final class Shell implements Projects {
    private static final JsonMapper JSON = new JsonMapper();

    record Result(int exit, String out, String err) {
        List<JsonNode> json() {
            return out.lines().map(JSON::readTree).toList();
        }

        JsonNode last() {
            return json().getLast();
        }
    }

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    final FakeEngine engine = new FakeEngine();
    final List<Path> opened = new ArrayList<>();
    final List<Path> shown = new ArrayList<>();
    final Map<String, String> environment = new HashMap<>();
    final FakeKeychain keychain = new FakeKeychain();
    Path folder;
    String stdin = "";
    boolean display = true;
    RuntimeException failure;
    Error error;

    Shell(Path folder) {
        this.folder = folder;
    }

    Result naos(String... args) {
        out.reset();
        err.reset();
        int exit = Naos.run(context(List.of(args).contains("--json")), args);
        return new Result(exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    Context context(boolean json) {
        var terminal = new Terminal(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                json,
                false,
                true);
        var in = new ByteArrayInputStream(stdin.getBytes(StandardCharsets.UTF_8));
        return new Context(
                terminal,
                this,
                folder,
                in,
                shown::add,
                display,
                false,
                new HostSecrets(environment::get, keychain, Clock.systemUTC()));
    }

    @Override
    public void refuseWhileHeld(Path project) {}

    @Override
    public Optional<EngineClient> running(Path project) {
        return engine.remote ? Optional.of(engine) : Optional.empty();
    }

    @Override
    public EngineClient open(Path project, boolean work) {
        if (failure != null) {
            throw failure;
        }
        if (error != null) {
            throw error;
        }
        opened.add(project);
        return engine;
    }

    @Override
    public Records records(Path project) {
        return new Records() {
            @Override
            public List<Recording> list(Recording.Query query) {
                return engine.recordings(query);
            }

            @Override
            public RecordingFile file(String id) {
                return engine.recording(id);
            }
        };
    }

    @Override
    public Analysis analyze(Path project) {
        return new LanguageService().analyze(project, Map.of());
    }

    @Override
    public List<Backups.Backup> backups(Path project) {
        return engine.backups();
    }

    @Override
    public @Nullable Path restore(Path project, String backup) {
        if (failure != null) {
            throw failure;
        }
        return project.resolve("before-restore");
    }
}
