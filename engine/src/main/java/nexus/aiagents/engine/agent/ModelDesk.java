package nexus.aiagents.engine.agent;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import nexus.aiagents.engine.journal.ExitReason;
import nexus.aiagents.engine.journal.StoreException;
import nexus.aiagents.engine.model.ChatModels;
import nexus.aiagents.engine.model.ChatModels.Answer;
import nexus.aiagents.engine.model.ChatModels.Message;
import nexus.aiagents.engine.model.ChatModels.ModelException;
import nexus.aiagents.engine.money.Ledger;
import nexus.aiagents.engine.money.Ledger.Decision;
import nexus.aiagents.engine.money.Prices.Price;
import nexus.aiagents.engine.project.ModelSpec;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Model calls: priced, reserved, made, settled. A call that does not fit a budget waits, is refused or
/// ends its run, as that budget says. Thread-safe.
final class ModelDesk {
    private static final int DEFAULT_MAX_TOKENS = 1_024;
    private static final Set<String> ROLES = Set.of("system", "user", "assistant");
    private static final Duration LOOK_AT_HOLDS = Duration.ofMillis(20);
    private static final Duration WATCH = Duration.ofMinutes(5);

    private final AgentServices services;

    ModelDesk(AgentServices services) {
        this.services = services;
    }

    /// @param maxTokens the agent's cap for one answer
    record Caller(
            AgentState agent,
            Stopwatch stopwatch,
            @Nullable String runId,
            @Nullable String step,
            List<String> budgets,
            int maxTokens,
            boolean compensating) {}

    String chat(Caller caller, ModelSpec model, String requestJson) throws HostCallFailed, InterruptedException {
        ChatModels.Request asked = request(caller, requestJson);
        Price price = services.pricing().priceOf(model);
        if (price == null) {
            throw new HostCallFailed(
                    "unpriced-model",
                    "nothing is known of what model '" + model.name() + "' (" + model.model()
                            + ") costs; give it `price: {input: …, output: …}` or say `free: true`");
        }
        Decision.Granted hold = reserve(caller, model, price, asked);
        ChatModels.Request request = new ChatModels.Request(
                asked.messages(), hold.maxOutputTokens(), asked.temperature(), asked.json(), asked.seed());
        // Whatever ends this call, its hold is settled: at the worst case if nothing better is known.
        Ledger.Usage used =
                new Ledger.Usage(services.models().estimateInputTokens(request), 0, hold.maxOutputTokens(), true);
        try {
            Answer answer = services.models().chat(model, request);
            used = new Ledger.Usage(
                    answer.inputTokens(), answer.cachedInputTokens(), answer.outputTokens(), answer.estimated());
            return answerJson(model, price, answer);
        } catch (ModelException e) {
            used = new Ledger.Usage(e.billedInputTokens(), 0, e.billedOutputTokens(), true);
            throw new HostCallFailed(e.code(), String.valueOf(e.getMessage()));
        } catch (ChatModels.Cancelled e) {
            used = new Ledger.Usage(e.billedInputTokens(), 0, e.billedOutputTokens(), true);
            throw e;
        } finally {
            settle(caller.agent(), price, hold.holdId(), used);
        }
    }

    private void settle(AgentState agent, Price price, String holdId, Ledger.Usage usage) {
        // A call that is being cancelled comes here interrupted, and is billed all the same.
        boolean interrupted = Thread.interrupted();
        try {
            if (usage.inputTokens() == 0 && usage.outputTokens() == 0) {
                services.ledger().release(holdId);
            } else {
                services.ledger().settle(holdId, usage);
                long cost = price.of(usage.inputTokens(), usage.cachedInputTokens(), usage.outputTokens());
                agent.work().spendRate.add(services.clock().instant(), cost);
                agent.work().spent.addAndGet(cost);
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private Decision.Granted reserve(Caller caller, ModelSpec model, Price price, ChatModels.Request request)
            throws HostCallFailed, InterruptedException {
        Ledger.HoldRequest asked = new Ledger.HoldRequest(
                caller.agent().name,
                caller.runId(),
                caller.budgets(),
                model.name(),
                services.models().estimateInputTokens(request),
                request.maxTokens(),
                price,
                model.provider() == ModelSpec.Provider.SCRIPTED,
                caller.compensating(),
                caller.step());
        while (true) {
            switch (decide(asked)) {
                case Decision.Granted granted -> {
                    return granted;
                }
                case Decision.Refused refused -> refused(caller, refused);
            }
        }
    }

    private Decision decide(Ledger.HoldRequest asked) throws HostCallFailed {
        try {
            return services.ledger().reserve(asked);
        } catch (StoreException e) {
            throw new HostCallFailed(
                    e.code(), "the model was not called, because its cost could not be written: " + e.getMessage());
        }
    }

    /// Returns when it is worth asking again.
    private void refused(Caller caller, Decision.Refused refused) throws HostCallFailed, InterruptedException {
        if (heldByOthers(caller, refused)) {
            return;
        }
        switch (refused.onLimit()) {
            case PAUSE -> pause(caller, refused);
            case THROTTLE -> {
                Duration wait = refused.retryAfter();
                throttle(caller, refused.budgetId(), wait == null ? Duration.ofSeconds(1) : wait);
            }
            case KILL -> throw HostCallFailed.ending(ExitReason.of(ExitReason.Kind.BUDGET, refused.message()));
            case ALERT -> throw new HostCallFailed("budget", "budget " + refused.budgetId() + ": " + refused.message());
        }
    }

    /// What calls under way have set aside is more than they will spend: a call that their holds keep out
    /// waits for one of them to be settled. Which holds those were is said by the refusal itself: until
    /// here they may be settled already, and then there is room again.
    private boolean heldByOthers(Caller caller, Decision.Refused refused) throws InterruptedException {
        if (refused.inTheWay().isEmpty()) {
            return false;
        }
        caller.stopwatch().suspend();
        try {
            while (refused.inTheWay().stream().allMatch(services.ledger()::isHeld)) {
                if (services.ledger().awaitChange(refused.budgetId(), LOOK_AT_HOLDS)) {
                    return true;
                }
            }
            return true;
        } finally {
            caller.stopwatch().resume();
        }
    }

    private void pause(Caller caller, Decision.Refused refused) throws InterruptedException {
        AgentState agent = caller.agent();
        agent.gate.pauseForBudget(refused.budgetId(), refused.message());
        watch(agent, refused.budgetId());
        caller.stopwatch().suspend();
        try {
            agent.gate.await();
        } finally {
            caller.stopwatch().resume();
        }
    }

    /// Opens the gate when the budget's window begins anew. One watcher for all calls that wait for the
    /// same budget.
    private void watch(AgentState agent, String budgetId) {
        agent.work()
                .watchers
                .computeIfAbsent(
                        budgetId,
                        _ -> Thread.ofVirtual()
                                .name("budget-watch-" + agent.name)
                                .start(() -> watchLoop(agent, budgetId)));
    }

    private void watchLoop(AgentState agent, String budgetId) {
        try {
            while (agent.gate.waitsFor(budgetId)) {
                if (services.ledger().awaitChange(budgetId, WATCH)) {
                    agent.gate.budgetChanged(budgetId);
                }
            }
        } catch (InterruptedException _) {
            return; // the host closes
        }
        agent.work().watchers.remove(budgetId);
        if (agent.gate.waitsFor(budgetId)) {
            watch(agent, budgetId); // paused again before this watcher was off the list
        }
    }

    private void throttle(Caller caller, String budgetId, Duration wait) throws InterruptedException {
        caller.stopwatch().suspend();
        try {
            services.ledger().awaitChange(budgetId, wait);
        } finally {
            caller.stopwatch().resume();
        }
    }

    private static ChatModels.Request request(Caller caller, String requestJson) throws HostCallFailed {
        JsonNode json = Json.read("the request to the model", requestJson);
        if (!json.isObject()) {
            throw bad("the request to the model is an object with `prompt` or `messages`");
        }
        List<Message> messages = messages(json);
        int cap = caller.maxTokens() > 0 ? caller.maxTokens() : DEFAULT_MAX_TOKENS;
        long maxTokens = json.hasNonNull("maxTokens") ? json.path("maxTokens").asLong(-1) : cap;
        if (maxTokens < 1) {
            throw bad("`maxTokens` is a number from 1");
        }
        long limit = caller.maxTokens() > 0 ? Math.min(maxTokens, cap) : maxTokens;
        Double temperature = null;
        if (json.hasNonNull("temperature")) {
            if (!json.path("temperature").isNumber()) {
                throw bad("`temperature` is a number");
            }
            temperature = json.path("temperature").doubleValue();
        }
        return new ChatModels.Request(
                messages, limit, temperature, json.path("json").asBoolean(false), caller.agent().name);
    }

    private static List<Message> messages(JsonNode json) throws HostCallFailed {
        List<Message> messages = new ArrayList<>();
        if (json.hasNonNull("system")) {
            messages.add(new Message("system", string(json, "system")));
        }
        for (JsonNode message : json.path("messages")) {
            String role = message.path("role").asString("");
            if (!ROLES.contains(role) || !message.path("content").isString()) {
                throw bad("each of `messages` has a `role` (system, user or assistant) and a text as `content`");
            }
            messages.add(new Message(role, message.path("content").stringValue()));
        }
        if (json.hasNonNull("prompt")) {
            messages.add(new Message("user", string(json, "prompt")));
        }
        if (messages.stream().allMatch(message -> message.role().equals("system"))) {
            throw bad("the request to the model has neither `prompt` nor `messages`");
        }
        return messages;
    }

    private static String string(JsonNode json, String field) throws HostCallFailed {
        if (!json.path(field).isString()) {
            throw bad("`" + field + "` is a text");
        }
        return json.path(field).stringValue();
    }

    private static HostCallFailed bad(String message) {
        return new HostCallFailed("bad-input", message);
    }

    private static String answerJson(ModelSpec model, Price price, Answer answer) {
        ObjectNode json = Json.object();
        json.put("text", answer.text());
        json.put("model", model.name());
        json.put("finish", answer.finish());
        json.put("scripted", answer.scripted());
        json.putObject("usage").put("inputTokens", answer.inputTokens()).put("outputTokens", answer.outputTokens());
        json.putObject("cost")
                .put("microDollars", price.of(answer.inputTokens(), answer.cachedInputTokens(), answer.outputTokens()));
        return Json.write(json);
    }
}
