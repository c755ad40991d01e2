package nexus.aiagents.engine;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import nexus.aiagents.engine.control.Command;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.view.AgentView;
import nexus.aiagents.engine.view.RunView;

/// A small project in a folder, and what tests do with it.
final class TestProject {
    static final Duration DEADLINE = Duration.ofSeconds(60);

    private final Path folder;

    TestProject(Path folder) {
        this.folder = folder;
    }

    void write(String file, String text) throws IOException {
        Path path = folder.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    /// A JavaScript agent.
    ///
    /// @param more further keys as YAML flow entries, `grants: {kv: true}`
    void agent(String name, String source, String more) throws IOException {
        write("agents/" + name + ".js", source);
        write(
                name + ".yaml",
                "agent: {name: " + name + ", source: agents/" + name + ".js" + (more.isEmpty() ? "" : ", " + more)
                        + "}\n");
    }

    Engine open() throws Engine.ProjectHasErrors {
        return Engine.open(folder, new Engine.Options(true, false));
    }

    CommandResult submit(Engine engine, Command command) throws Exception {
        return engine.submit(command, "test").toCompletableFuture().get(DEADLINE.toSeconds(), TimeUnit.SECONDS);
    }

    RunView runAgent(Engine engine, String agent, String input) throws Exception {
        CommandResult result = submit(engine, new Command.RunAgent(agent, input));
        return finished(
                engine,
                assertInstanceOf(CommandResult.RunStarted.class, result, result.toString())
                        .runId());
    }

    RunView finished(Engine engine, String runId) {
        await("the end of " + runId, () -> run(engine, runId).state().isFinal());
        return run(engine, runId);
    }

    RunView run(Engine engine, String runId) {
        return engine.view().runs().stream()
                .filter(r -> r.id().equals(runId))
                .findFirst()
                .orElseThrow();
    }

    AgentView agent(Engine engine, String name) {
        return engine.view().agents().stream()
                .filter(a -> a.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    List<String> lines(String file) {
        try {
            Path path = folder.resolve("work").resolve(file);
            return Files.exists(path) ? Files.readAllLines(path) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                fail("waited in vain for " + what);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }
}
