package nexus.aiagents.engine.money;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import nexus.aiagents.engine.journal.EventJson;
import nexus.aiagents.engine.journal.Journal;
import nexus.aiagents.engine.project.BudgetSpec;
import nexus.aiagents.engine.project.BudgetSpec.Window;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/// The ledger's keys beside the journal.
final class LedgerStore {
    private static final String HOLD = "money/hold/";
    private static final String ACCOUNT = "money/account/";
    private static final String LAST_HOLD = "money/last-hold";
    private static final String LIMITS = "money/limits";

    private LedgerStore() {}

    /// What of a budget is compared to see that a person changed it.
    record Terms(
            @Nullable Long maxMicroDollars,
            @Nullable Long maxTokens,
            @Nullable Long maxCalls,
            Window window,
            BudgetSpec.OnLimit onLimit) {
        static Terms of(BudgetSpec spec) {
            return new Terms(spec.maxMicroDollars(), spec.maxTokens(), spec.maxCalls(), spec.window(), spec.onLimit());
        }
    }

    static LedgerState load(Journal journal) {
        List<Hold> holds = journal.states(HOLD).values().stream()
                .map(json -> EventJson.mapper().readValue(json, Hold.class))
                .toList();
        Map<String, Map<Window, Spend>> accounts = new HashMap<>();
        journal.states(ACCOUNT)
                .forEach((key, json) -> accounts.put(
                        key.substring(ACCOUNT.length()),
                        EventJson.mapper().readValue(json, new TypeReference<Map<Window, Spend>>() {})));
        String last = journal.state(LAST_HOLD);
        return LedgerState.of(accounts, holds, last == null ? 0 : Long.parseLong(last));
    }

    static Map<String, Terms> loadTerms(Journal journal) {
        String json = journal.state(LIMITS);
        return json == null ? Map.of() : EventJson.mapper().readValue(json, new TypeReference<Map<String, Terms>>() {});
    }

    static Map<String, @Nullable String> put(Map<String, Terms> limits) {
        return Map.of(LIMITS, EventJson.mapper().writeValueAsString(limits));
    }

    static Map<String, @Nullable String> put(Hold hold, long lastHold) {
        return Map.of(
                HOLD + hold.id(), EventJson.mapper().writeValueAsString(hold), LAST_HOLD, String.valueOf(lastHold));
    }

    static Map<String, @Nullable String> delete(Hold hold) {
        Map<String, @Nullable String> writes = new HashMap<>();
        writes.put(HOLD + hold.id(), null);
        return writes;
    }

    /// An empty account is deleted.
    static Map<String, @Nullable String> put(
            Map<String, Map<Window, Spend>> accounts, Map<String, @Nullable String> and) {
        Map<String, @Nullable String> writes = new HashMap<>(and);
        accounts.forEach((id, spends) -> writes.put(
                ACCOUNT + id, spends.isEmpty() ? null : EventJson.mapper().writeValueAsString(spends)));
        return writes;
    }
}
