package nexus.aiagents.engine.prompt;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import nexus.aiagents.sandbox.Invocation;
import nexus.aiagents.sandbox.Outcome;
import nexus.aiagents.sandbox.Run;

/// One run of an agent that is only a prompt, on a thread of its own. Thread-safe.
public final class PromptRun implements Run {
    private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    private final long startedAt = System.nanoTime();
    private final Thread thread;

    private PromptRun(PromptProgram program, Invocation with) {
        thread = Thread.ofVirtual().name("agent-" + program.name()).unstarted(() -> {
            try {
                outcome.complete(program.run(with.inputJson(), with.hostCalls(), this::usage));
            } catch (InterruptedException _) {
                outcome.complete(new Outcome.Cancelled(usage()));
            } catch (RuntimeException e) {
                outcome.complete(new Outcome.Failed("internal", String.valueOf(e.getMessage()), "", usage()));
            }
        });
    }

    /// @param with its input and its host; limits and variables are for programs
    public static Run start(PromptProgram program, Invocation with) {
        PromptRun run = new PromptRun(program, with);
        run.thread.start();
        return run;
    }

    @Override
    public CompletionStage<Outcome> outcome() {
        return outcome;
    }

    @Override
    public void cancel() {
        thread.interrupt();
    }

    /// It has no time limit of its own.
    @Override
    public void suspendTimeout() {}

    @Override
    public void resumeTimeout() {}

    @Override
    public Outcome.Usage usage() {
        return new Outcome.Usage(0, 0, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedAt), 1);
    }
}
