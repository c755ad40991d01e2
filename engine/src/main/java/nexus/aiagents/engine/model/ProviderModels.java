package nexus.aiagents.engine.model;

import nexus.aiagents.engine.project.ModelSpec;

/// Hands each call to its model's provider.
final class ProviderModels implements ChatModels {
    private final ScriptedModel scripted;
    private final OpenAiModel openAi;

    ProviderModels(ScriptedModel scripted, OpenAiModel openAi) {
        this.scripted = scripted;
        this.openAi = openAi;
    }

    @Override
    public Answer chat(ModelSpec model, Request request) throws ModelException, InterruptedException {
        return switch (model.provider()) {
            case SCRIPTED -> scripted.chat(model, request);
            case OPENAI -> openAi.chat(model, request);
        };
    }

    @Override
    public long estimateInputTokens(Request request) {
        return Tokens.atMost(request.messages());
    }

    @Override
    public void close() {
        openAi.close();
    }
}
