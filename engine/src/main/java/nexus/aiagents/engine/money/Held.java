package nexus.aiagents.engine.money;

import java.util.Set;
import org.pcollections.HashPMap;
import org.pcollections.HashTreePMap;
import org.pcollections.TreePMap;

/// What is held of every budget, added up, so that a decision need not look at each hold: by the hour in
/// which a hold was placed, because every window begins with an hour, and by the run that it is of.
/// Immutable.
///
/// @param byHour by budget id, and then by the second with which the hour began
/// @param byRun  by {@link LedgerState#runAccount}
record Held(HashPMap<String, TreePMap<Long, Sum>> byHour, HashPMap<String, Held.Sum> byRun) {
    private static final long HOUR = 3_600;

    static final Held NOTHING = new Held(HashTreePMap.empty(), HashTreePMap.empty());

    /// @param calls how many holds it is made of
    record Sum(long microDollars, long tokens, long calls) {
        static final Sum NONE = new Sum(0, 0, 0);

        Sum plus(Sum more) {
            return new Sum(microDollars + more.microDollars, tokens + more.tokens, calls + more.calls);
        }

        private Sum negated() {
            return new Sum(-microDollars, -tokens, -calls);
        }
    }

    Held with(Hold hold) {
        return changed(hold, new Sum(hold.microDollars(), hold.tokens(), 1));
    }

    Held without(Hold hold) {
        return changed(hold, new Sum(hold.microDollars(), hold.tokens(), 1).negated());
    }

    private Held changed(Hold hold, Sum by) {
        HashPMap<String, TreePMap<Long, Sum>> hours = byHour;
        HashPMap<String, Sum> runs = byRun;
        long hour = Math.floorDiv(hold.placedAt(), HOUR) * HOUR;
        for (String budget : Set.copyOf(hold.budgets())) {
            TreePMap<Long, Sum> own = hours.getOrDefault(budget, TreePMap.empty());
            Sum sum = own.getOrDefault(hour, Sum.NONE).plus(by);
            own = sum.calls() == 0 ? own.minus(hour) : own.plus(hour, sum);
            hours = own.isEmpty() ? hours.minus(budget) : hours.plus(budget, own);
            String account = LedgerState.runAccount(budget, LedgerState.rootOf(hold.runId()));
            Sum ofRun = runs.getOrDefault(account, Sum.NONE).plus(by);
            runs = ofRun.calls() == 0 ? runs.minus(account) : runs.plus(account, ofRun);
        }
        return new Held(hours, runs);
    }

    /// Of the holds that were placed in a window that began then, or later.
    ///
    /// @param start in seconds since 1970, the beginning of a window
    Sum since(String budget, long start) {
        Sum sum = Sum.NONE;
        for (Sum hour : byHour.getOrDefault(budget, TreePMap.<Long, Sum>empty())
                .tailMap(start)
                .values()) {
            sum = sum.plus(hour);
        }
        return sum;
    }

    Sum ofRun(String runAccount) {
        return byRun.getOrDefault(runAccount, Sum.NONE);
    }
}
