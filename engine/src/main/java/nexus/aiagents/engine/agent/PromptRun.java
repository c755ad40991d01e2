package nexus.aiagents.engine.agent;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import nexus.aiagents.engine.project.AgentSpec;
import nexus.aiagents.sandbox.HostAnswer;
import nexus.aiagents.sandbox.HostCall;
import nexus.aiagents.sandbox.HostCalls;
import nexus.aiagents.sandbox.Outcome;
import nexus.aiagents.sandbox.Run;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A run of an agent that is only a prompt: one model call over the same desk as a program's. An answer
/// that is JSON is the output; any other becomes `{"text": …}`.
final class PromptRun implements Run {
    private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    private final long startedAt = System.nanoTime();
    private final Thread thread;

    private PromptRun(AgentSpec spec, String inputJson, HostCalls desk) {
        thread = Thread.ofVirtual().name("agent-" + spec.name()).unstarted(() -> {
            try {
                outcome.complete(run(spec, inputJson, desk));
            } catch (InterruptedException _) {
                outcome.complete(new Outcome.Cancelled(usage()));
            } catch (RuntimeException e) {
                outcome.complete(new Outcome.Failed("internal", String.valueOf(e.getMessage()), "", usage()));
            }
        });
    }

    static Run start(AgentSpec spec, String inputJson, HostCalls desk) {
        PromptRun run = new PromptRun(spec, inputJson, desk);
        run.thread.start();
        return run;
    }

    private Outcome run(AgentSpec spec, String inputJson, HostCalls desk) throws InterruptedException {
        ObjectNode request = Json.object();
        if (spec.prompt() != null) {
            request.put("system", spec.prompt());
        }
        request.put("prompt", inputJson);
        return switch (desk.call(new HostCall.Model(null, Json.write(request)))) {
            case HostAnswer.Ok(String answer) -> new Outcome.Returned(output(answer), usage());
            case HostAnswer.Error e -> new Outcome.Failed(e.code(), e.message(), "", usage());
        };
    }

    private static String output(String answerJson) {
        String text = Json.MAPPER.readTree(answerJson).path("text").asString("");
        try {
            JsonNode json = Json.MAPPER.readTree(unfenced(text));
            if (json.isContainer()) {
                return Json.write(json);
            }
        } catch (JacksonException _) {
            // An answer in words is as good as one in JSON.
        }
        return Json.write(Json.object().put("text", text));
    }

    /// Models like to put JSON between ``` lines.
    private static String unfenced(String text) {
        String trimmed = text.strip();
        if (trimmed.startsWith("```") && trimmed.endsWith("```") && trimmed.indexOf('\n') > 0) {
            return trimmed.substring(trimmed.indexOf('\n') + 1, trimmed.length() - 3);
        }
        return trimmed;
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
