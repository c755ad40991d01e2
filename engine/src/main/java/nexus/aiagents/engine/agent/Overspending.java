package nexus.aiagents.engine.agent;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import nexus.aiagents.engine.money.Ledger;
import nexus.aiagents.engine.money.Ledger.HoldRequest;
import nexus.aiagents.engine.money.Prices.Price;
import nexus.aiagents.engine.view.BudgetView;
import org.jspecify.annotations.Nullable;

/// Chaos with money: all that is left of a budget is held for a while, as if it were being spent, so that
/// the next call meets the limit. Nothing is billed: the hold is given back whole. Thread-safe.
final class Overspending {
    private static final int MOST_CALLS = 1_000;

    private final Ledger ledger;
    private final Map<String, Thread> underWay = new ConcurrentHashMap<>();

    Overspending(Ledger ledger) {
        this.ledger = ledger;
    }

    /// @param budgets of the agent, the nearest first
    /// @return the budget that is held, or null if none of them limits anything that can be held
    @Nullable
    String begin(String agent, List<String> budgets, Duration howLong) {
        BudgetView budget = nearest(budgets);
        if (budget == null) {
            return null;
        }
        List<String> holds = new ArrayList<>();
        for (HoldRequest request : rest(agent, budget)) {
            if (ledger.reserve(request) instanceof Ledger.Decision.Granted granted) {
                holds.add(granted.holdId());
            }
        }
        Thread thread = Thread.ofVirtual().name(agent + " overspends").unstarted(() -> giveBack(holds, howLong));
        Thread before = underWay.put(agent, thread);
        thread.start();
        if (before != null) {
            before.interrupt();
        }
        return budget.id();
    }

    private @Nullable BudgetView nearest(List<String> ids) {
        List<BudgetView> all = ledger.views();
        return ids.stream()
                .flatMap(id -> all.stream().filter(b -> b.id().equals(id)))
                .filter(b -> !b.window().equals("run"))
                .filter(b -> b.maxMicroDollars() != null || b.maxTokens() != null || restOfCalls(b) <= MOST_CALLS)
                .findFirst()
                .orElse(null);
    }

    private static long restOfCalls(BudgetView b) {
        Long max = b.maxCalls();
        return max == null ? Long.MAX_VALUE : Math.max(0, max - b.spentCalls());
    }

    /// Holds that take up what is left: tokens for nothing, then dollars for one token, or calls.
    private static List<HoldRequest> rest(String agent, BudgetView b) {
        Long maxTokens = b.maxTokens();
        Long maxDollars = b.maxMicroDollars();
        long tokens = maxTokens == null ? 0 : maxTokens - b.spentTokens() - b.heldTokens();
        long dollars = maxDollars == null ? 0 : maxDollars - b.spentMicroDollars() - b.heldMicroDollars();
        List<HoldRequest> requests = new ArrayList<>();
        if (tokens > 1 || (tokens == 1 && dollars <= 0)) {
            requests.add(hold(agent, b.id(), dollars > 0 ? tokens - 1 : tokens, Price.FREE));
        }
        if (dollars > 0) {
            requests.add(hold(agent, b.id(), 1, new Price(0, Math.multiplyExact(dollars, 1_000_000L), 0)));
        }
        if (maxTokens == null && maxDollars == null) {
            for (long i = restOfCalls(b); i > 0; i--) {
                requests.add(hold(agent, b.id(), 1, Price.FREE));
            }
        }
        return requests;
    }

    private static HoldRequest hold(String agent, String budget, long outputTokens, Price price) {
        return new HoldRequest(agent, null, List.of(budget), Ledger.CHAOS, 0, outputTokens, price, true, true, null);
    }

    private void giveBack(List<String> holds, Duration howLong) {
        try {
            Thread.sleep(howLong);
        } catch (InterruptedException e) {
            // it is over sooner
        }
        holds.forEach(ledger::release);
        underWay.values().remove(Thread.currentThread());
    }

    /// Gives back what is held, and waits for that.
    void close() {
        for (Thread thread : List.copyOf(underWay.values())) {
            thread.interrupt();
            try {
                thread.join(Duration.ofSeconds(1));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
