package nexus.aiagents.engine.agent;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import nexus.aiagents.engine.model.ChatModels;
import nexus.aiagents.engine.project.ModelSpec;

/// Answers what it was told to; a question costs a token and an answer one.
final class FakeModels implements ChatModels {
    final List<Request> asked = new CopyOnWriteArrayList<>();
    volatile String text = "fine";
    volatile ModelException failure;
    volatile CountDownLatch gate = new CountDownLatch(0);

    @Override
    public Answer chat(ModelSpec model, Request request) throws ModelException, InterruptedException {
        asked.add(request);
        gate.await();
        if (failure != null) {
            throw failure;
        }
        return new Answer(text, model.model(), "stop", 1, 0, 1, false, true);
    }

    @Override
    public long estimateInputTokens(Request request) {
        return 1;
    }

    @Override
    public void close() {}
}
