package nexus.aiagents.engine.prompt;

import nexus.aiagents.sandbox.HostAnswer;
import nexus.aiagents.sandbox.HostCall;
import nexus.aiagents.sandbox.HostCalls;
import nexus.aiagents.sandbox.Outcome;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What stands for a program where an agent is only a prompt: one model call, and its answer as the output.
/// An answer that is JSON is taken as that; any other becomes `{"text": …}`. With the same input and the
/// same answer it does the same.
///
/// @param name   of the agent
/// @param prompt what the model is told first, null: nothing
public record PromptProgram(String name, @Nullable String prompt) {
    private static final Logger LOG = LoggerFactory.getLogger(PromptProgram.class);
    private static final JsonMapper MAPPER =
            JsonMapper.builder().enable(JsonNodeFeature.WRITE_PROPERTIES_SORTED).build();

    /// @throws InterruptedException if it is stopped while the host answers
    Outcome run(String inputJson, HostCalls host, Usage usage) throws InterruptedException {
        ObjectNode request = MAPPER.createObjectNode();
        if (prompt != null) {
            request.put("system", prompt);
        }
        request.put("prompt", inputJson);
        return switch (asked(host, new HostCall.Model(null, MAPPER.writeValueAsString(request)))) {
            case HostAnswer.Ok(String answer) -> new Outcome.Returned(output(answer), usage.now());
            case HostAnswer.Error e -> new Outcome.Failed(e.code(), e.message(), "", usage.now());
        };
    }

    /// A host that fails is an error like any other, in the words of the sandbox: that is what is recorded.
    private HostAnswer asked(HostCalls host, HostCall call) throws InterruptedException {
        try {
            return host.call(call);
        } catch (RuntimeException e) {
            LOG.error("the model call of {} failed inside", name, e);
            return new HostAnswer.Error(
                    "host-error", "the host could not carry out a call of kind '" + call.kind() + "'", true);
        }
    }

    /// What it has used until now.
    @FunctionalInterface
    interface Usage {
        Outcome.Usage now();
    }

    private static String output(String answerJson) {
        String text = MAPPER.readTree(answerJson).path("text").asString("");
        try {
            JsonNode json = MAPPER.readTree(unfenced(text));
            if (json.isContainer()) {
                return MAPPER.writeValueAsString(json);
            }
        } catch (JacksonException _) {
            // An answer in words is as good as one in JSON.
        }
        return MAPPER.writeValueAsString(MAPPER.createObjectNode().put("text", text));
    }

    /// Models like to put JSON between ``` lines.
    private static String unfenced(String text) {
        String trimmed = text.strip();
        if (trimmed.startsWith("```") && trimmed.endsWith("```") && trimmed.indexOf('\n') > 0) {
            return trimmed.substring(trimmed.indexOf('\n') + 1, trimmed.length() - 3);
        }
        return trimmed;
    }
}
