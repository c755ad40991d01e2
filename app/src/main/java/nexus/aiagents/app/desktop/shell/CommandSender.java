package nexus.aiagents.app.desktop.shell;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import nexus.aiagents.app.desktop.fx.Fx;
import nexus.aiagents.engine.control.Command;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.control.EngineClient;

/// Sends commands to the project in front, in order, and shows what was refused. JavaFX thread.
final class CommandSender {
    private final ProjectInFront project;
    private final Notifications notifications;
    private final ExecutorService commands = Executors.newSingleThreadExecutor(
            Thread.ofVirtual().name("commands").factory());

    CommandSender(ProjectInFront project, Notifications notifications) {
        this.project = project;
        this.notifications = notifications;
    }

    /// Sends a command to the open project. A refusal is shown to the person; the answer also comes here,
    /// on the JavaFX thread. It never completes exceptionally.
    CompletableFuture<CommandResult> submit(Command command) {
        CompletableFuture<CommandResult> answer = new CompletableFuture<>();
        EngineClient target = project.client().get();
        if (target == null) {
            answered(command, new CommandResult.Refused("not-up", "No project is open."), answer);
            return answer;
        }
        if (project.past().isActive()) {
            answered(
                    command,
                    new CommandResult.Refused(
                            "in-the-past", "You are looking at the past. Go back to now, then do it."),
                    answer);
            return answer;
        }
        if (commands.isShutdown()) { // the window goes, and a field that was edited loses the focus by it
            answer.complete(new CommandResult.Refused("not-up", "The project is being closed."));
            return answer;
        }
        commands.execute(() -> {
            CompletionStage<CommandResult> sent;
            try {
                sent = target.submit(command, "desktop");
            } catch (RuntimeException e) {
                sent = CompletableFuture.failedFuture(e);
            }
            var _ = sent.handle((result, failure) -> {
                CommandResult told = failure == null
                        ? result
                        : new CommandResult.Refused("store", Failures.message(unwrap(failure)));
                Fx.later(() -> answered(command, told, answer));
                return told;
            });
        });
        return answer;
    }

    private void answered(Command command, CommandResult result, CompletableFuture<CommandResult> answer) {
        if (result instanceof CommandResult.Refused refused) {
            notifications.post(Notification.Kind.FAILED, "Could not " + Commands.describe(command), refused.message());
        }
        answer.complete(result);
    }

    private static Throwable unwrap(Throwable e) {
        return e instanceof CompletionException && e.getCause() != null ? e.getCause() : e;
    }

    void close() {
        commands.shutdown();
    }
}
