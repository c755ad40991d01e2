package nexus.aiagents.app.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.Callable;
import nexus.aiagents.engine.control.Command;
import nexus.aiagents.engine.control.CommandResult;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.ObjectNode;

/// One thing that `naos` does.
abstract class Action implements Callable<Integer> {
    private static final Duration LONG = Duration.ofSeconds(2);

    @Spec
    private @Nullable CommandSpec spec;

    /// @return the exit code
    abstract int run(Context context) throws Exception;

    @Override
    public final Integer call() throws Exception {
        return run(root().context());
    }

    private Naos root() {
        return (Naos) Objects.requireNonNull(spec).root().userObject();
    }

    Path project() {
        return root().project();
    }

    /// @param work see {@link Projects#open}
    Session open(Context context, boolean work) {
        Instant before = Instant.now();
        Thread patience = Thread.ofVirtual().unstarted(() -> sayThatItTakesLong(context));
        if (context.attended()) {
            patience.start();
        }
        try {
            return new Session(context.projects().open(project(), work), before);
        } finally {
            patience.interrupt();
        }
    }

    private void sayThatItTakesLong(Context context) {
        try {
            Thread.sleep(LONG);
            context.terminal().aside("waiting for " + project() + ", which opens or is held by another process…");
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt(); // it is open
        }
    }

    /// For commands that answer with a sentence.
    int submit(Context context, Command command) {
        try (Session session = open(context, false)) {
            done(context, session.require(command));
            return Exit.DONE;
        }
    }

    static void done(Context context, CommandResult result) {
        String message = switch (result) {
            case CommandResult.Done(String text) -> text;
            case CommandResult.RunStarted(String runId) -> "run " + runId + " started";
            case CommandResult.ChildAdded(String supervisor, String child) -> child + " is up under " + supervisor;
            case CommandResult.Refused refused -> throw Failure.refused(refused);
        };
        if (context.terminal().json()) {
            ObjectNode json = Json.object("done").put("message", message);
            if (result instanceof CommandResult.ChildAdded(String supervisor, String child)) {
                json.put("supervisor", supervisor).put("child", child);
            }
            context.terminal().json(json);
        } else {
            context.terminal().line(message);
        }
    }
}
