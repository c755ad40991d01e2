package nexus.aiagents.engine.money;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import nexus.aiagents.engine.money.PastCalls.Call;
import nexus.aiagents.engine.project.BudgetSpec.OnLimit;
import nexus.aiagents.engine.project.BudgetSpec.Window;
import nexus.aiagents.engine.view.BudgetView;
import org.jspecify.annotations.Nullable;

/// What other limits of a budget would have stopped, had they held when the calls of the past were made.
///
/// A call counts as stopped when `spent + holds + what it really used` would have been over a limit: the
/// ledger clamps the answer to what fits, so one whose worst case alone was too large would have been made.
/// What a stop would have led to is taken from `onLimit`: after `pause` the agent makes no further call in
/// that window, after `kill` none in that run, after `throttle` only that call waits, and `alert` stops
/// nothing. Pure.
///
/// @param since       when the first call was made that counts, null: there is none
/// @param calls       that count against the budget, and what they cost
/// @param peakMicroDollars the most that was spent in one window, or run; `peakTokens` as well
/// @param stops       where it would have stopped, the first in each run or, outside of runs, of each agent
///     in each window; oldest first
/// @param stoppedCalls all calls that would not have been made, and what they cost
public record BudgetPreview(
        @Nullable Instant since,
        long calls,
        long microDollars,
        long peakMicroDollars,
        long peakTokens,
        List<Stop> stops,
        long stoppedCalls,
        long stoppedMicroDollars,
        long stoppedTokens) {

    /// The limits to try. What is null is not limited.
    public record Limits(
            String budget,
            Window window,
            OnLimit onLimit,
            @Nullable Long maxMicroDollars,
            @Nullable Long maxTokens,
            @Nullable Long maxCalls) {

        /// Those that a budget has.
        public static Limits of(BudgetView budget) {
            return new Limits(
                    budget.id(),
                    Window.valueOf(budget.window().toUpperCase(Locale.ROOT)),
                    OnLimit.valueOf(budget.onLimit().toUpperCase(Locale.ROOT)),
                    budget.maxMicroDollars(),
                    budget.maxTokens(),
                    budget.maxCalls());
        }

        public Limits dollars(@Nullable Long microDollars) {
            return new Limits(budget, window, onLimit, microDollars, maxTokens, maxCalls);
        }

        public Limits tokens(@Nullable Long most) {
            return new Limits(budget, window, onLimit, maxMicroDollars, most, maxCalls);
        }

        public Limits calls(@Nullable Long most) {
            return new Limits(budget, window, onLimit, maxMicroDollars, maxTokens, most);
        }

        public Limits then(OnLimit action) {
            return new Limits(budget, window, action, maxMicroDollars, maxTokens, maxCalls);
        }
    }

    /// @param seq        of the journal's entry of the call
    /// @param runId      null: a round of an agent's own loop
    /// @param run        what the run is of, null: not known
    /// @param stepNumber which of the steps that had begun by then, 0: not known
    public record Stop(
            long seq,
            Instant at,
            String agent,
            @Nullable String runId,
            @Nullable String run,
            @Nullable String step,
            int stepNumber) {}

    public static BudgetPreview of(PastCalls past, Limits limits) {
        Replay replay = new Replay(limits);
        for (PastCalls.Moment moment : past.moments()) {
            if (moment.call().budgets().contains(limits.budget())
                    && moment.call().made()) {
                replay.step(moment);
            }
        }
        return replay.preview();
    }

    /// What is committed in one window, or run.
    private static final class Account {
        private long microDollars;
        private long tokens;
        private long calls;
        private long trulyMicroDollars;
        private long trulyTokens;

        void hold(Call call, int sign) {
            microDollars += sign * call.heldMicroDollars();
            tokens += sign * call.heldTokens();
            calls += sign;
        }

        void spend(Call call) {
            microDollars += call.usedMicroDollars();
            tokens += call.usedTokens();
            calls++;
        }

        boolean fits(Call call, Limits limits) {
            return isWithin(microDollars + call.usedMicroDollars(), limits.maxMicroDollars())
                    && isWithin(tokens + call.usedTokens(), limits.maxTokens())
                    && isWithin(calls + 1, limits.maxCalls());
        }

        private static boolean isWithin(long amount, @Nullable Long limit) {
            return limit == null || amount <= limit;
        }
    }

    private static final class Replay {
        private final Limits limits;
        private final Map<String, Account> accounts = new HashMap<>();
        private final Set<Call> admitted = new HashSet<>();
        /// Agents, or runs, that would not have gone on in their window.
        private final Set<List<String>> halted = new HashSet<>();
        private final Set<List<String>> told = new HashSet<>();
        private final List<Stop> stops = new ArrayList<>();
        private @Nullable Instant since;
        private long calls;
        private long microDollars;
        private long stopped;
        private long stoppedMicroDollars;
        private long stoppedTokens;

        Replay(Limits limits) {
            this.limits = limits;
        }

        void step(PastCalls.Moment moment) {
            Call call = moment.call();
            String key = key(call);
            Account account = accounts.computeIfAbsent(key, _ -> new Account());
            if (moment.placed()) {
                since = since == null ? call.at() : since;
                calls++;
                microDollars += call.usedMicroDollars();
                account.trulyMicroDollars += call.usedMicroDollars();
                account.trulyTokens += call.usedTokens();
                place(call, key, account);
            } else if (admitted.remove(call)) {
                account.hold(call, -1);
                account.spend(call);
            }
        }

        private String key(Call call) {
            return limits.window() == Window.RUN
                    ? LedgerState.rootOf(call.runId())
                    : String.valueOf(Windows.start(limits.window(), call.at()));
        }

        private void place(Call call, String key, Account account) {
            List<String> who = switch (limits.onLimit()) {
                case PAUSE -> List.of(key, "agent", call.agent());
                case KILL -> List.of(key, "run", call.runId() == null ? call.agent() : call.runId());
                case THROTTLE, ALERT -> List.of();
            };
            boolean halts = halted.contains(who);
            if (!halts && (limits.onLimit() == OnLimit.ALERT || account.fits(call, limits))) {
                admitted.add(call);
                account.hold(call, 1);
                return;
            }
            stopped++;
            stoppedMicroDollars += call.usedMicroDollars();
            stoppedTokens += call.usedTokens();
            if (!who.isEmpty()) {
                halted.add(who);
            }
            String run = call.runId();
            if (told.add(run == null ? List.of(key, call.agent()) : List.of(run))) {
                stops.add(
                        new Stop(call.seq(), call.at(), call.agent(), run, call.run(), call.step(), call.stepNumber()));
            }
        }

        BudgetPreview preview() {
            return new BudgetPreview(
                    since,
                    calls,
                    microDollars,
                    accounts.values().stream()
                            .mapToLong(a -> a.trulyMicroDollars)
                            .max()
                            .orElse(0),
                    accounts.values().stream()
                            .mapToLong(a -> a.trulyTokens)
                            .max()
                            .orElse(0),
                    List.copyOf(stops),
                    stopped,
                    stoppedMicroDollars,
                    stoppedTokens);
        }
    }
}
