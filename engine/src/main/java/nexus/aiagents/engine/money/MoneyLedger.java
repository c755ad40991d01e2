package nexus.aiagents.engine.money;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.stream.LongStream;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.Journal;
import nexus.aiagents.engine.journal.StoreException;
import nexus.aiagents.engine.project.BudgetSpec;
import nexus.aiagents.engine.project.BudgetSpec.Window;
import nexus.aiagents.engine.view.BudgetView;
import org.jspecify.annotations.Nullable;

/// The ledger over a journal. All who wait are decided together, one after the other on the state that is
/// durable; what comes out is written as one commit, and only then is anyone answered. If the commit fails
/// nothing has happened and everyone gets the {@link StoreException}. Thread-safe; an interrupt does not
/// end a call and is kept.
public final class MoneyLedger implements Ledger {
    private static final Duration LOOK_AT_CLOCK = Duration.ofSeconds(1);
    private static final int GROUP = 256;

    private final Journal journal;
    private final Clock clock;
    private final Set<String> abandoned;

    private final Queue<Op<?>> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean deciding = new AtomicBoolean();
    private volatile LedgerState state;

    private final ReentrantLock changing = new ReentrantLock();
    private final Condition changed = changing.newCondition();
    private final Map<String, Long> versions = new HashMap<>();
    private final Map<String, Long> versionsAtRefusal = new HashMap<>();

    /// Reads what was spent and held. Holds that are found are counted until {@link #settleAbandoned}.
    public MoneyLedger(Journal journal, Clock clock) {
        this.journal = journal;
        this.clock = clock;
        this.state = LedgerStore.load(journal);
        this.abandoned = Set.copyOf(state.holds().keySet());
    }

    @Override
    public void configure(List<BudgetSpec> budgets) {
        Set<String> ids = decide(now -> LedgerRules.configure(now, budgets, LedgerStore.loadTerms(journal)));
        wake(ids);
    }

    /// @throws StoreException if the hold could not be written: the call must not be made
    @Override
    public Decision reserve(HoldRequest request) {
        Map<String, Long> seen = versionsNow();
        Decision decision = decide(now -> LedgerRules.reserve(now, request, clock.instant()));
        if (decision instanceof Decision.Refused refused) {
            changing.lock();
            try {
                versionsAtRefusal.put(refused.budgetId(), seen.getOrDefault(refused.budgetId(), 0L));
            } finally {
                changing.unlock();
            }
        }
        return decision;
    }

    @Override
    public void settle(String holdId, Usage usage) {
        decide(now -> LedgerRules.settle(now, holdId, usage));
    }

    @Override
    public void release(String holdId) {
        Hold hold = state.holds().get(holdId);
        if (decide(now -> LedgerRules.release(now, holdId)) && hold != null && hold.isChaos()) {
            wake(hold.budgets()); // nobody waits for it as for the hold of a call
        }
    }

    private void wake(Collection<String> budgets) {
        changing.lock();
        try {
            budgets.forEach(id -> versions.merge(id, 1L, Long::sum));
            changed.signalAll();
        } finally {
            changing.unlock();
        }
    }

    /// Also true at once if a limit of the budget was changed since it last refused a call.
    @Override
    public boolean awaitChange(String budgetId, Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        BudgetSpec budget = state.budgets().get(budgetId);
        Window window = budget == null ? Window.EVER : budget.window();
        long start = Windows.start(window, clock.instant());
        changing.lockInterruptibly();
        try {
            long seen = versionsAtRefusal.getOrDefault(budgetId, versions.getOrDefault(budgetId, 0L));
            while (versions.getOrDefault(budgetId, 0L) == seen && Windows.start(window, clock.instant()) == start) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    return false;
                }
                var _ = changed.await(Math.min(left, LOOK_AT_CLOCK.toNanos()), TimeUnit.NANOSECONDS);
            }
            return true;
        } finally {
            changing.unlock();
        }
    }

    @Override
    public int settleAbandoned() {
        int settled = 0;
        for (String id : abandoned) {
            Hold hold = state.holds().get(id);
            if (hold != null && hold.isChaos()) {
                release(id);
            } else if (hold != null && decide(now -> LedgerRules.settle(now, id, hold.worstUsage()))) {
                settled++;
            }
        }
        return settled;
    }

    @Override
    public boolean isHeld(String holdId) {
        return state.holds().containsKey(holdId);
    }

    @Override
    public List<BudgetView> views() {
        LedgerState now = state;
        Instant at = clock.instant();
        return now.budgets().values().stream()
                .map(budget -> LedgerViews.view(now, budget, at))
                .toList();
    }

    /// Entries since then are what the figures of now are made of: the windows that are under way, and
    /// the calls that are. Windows that never end do not count. `Instant.MAX` if nothing is needed.
    public Instant neededSince() {
        LedgerState now = state;
        Instant at = clock.instant();
        LongStream windows = now.budgets().values().stream()
                .mapToLong(budget -> Windows.start(budget.window(), at))
                .filter(start -> start > 0);
        LongStream holds = now.holds().values().stream().mapToLong(Hold::placedAt);
        var first = LongStream.concat(windows, holds).min();
        return first.isEmpty() ? Instant.MAX : Instant.ofEpochSecond(first.getAsLong());
    }

    private Map<String, Long> versionsNow() {
        changing.lock();
        try {
            return Map.copyOf(versions);
        } finally {
            changing.unlock();
        }
    }

    // ---- one commit for all that wait

    private record Op<T>(Function<LedgerState, LedgerStep<T>> rule, CompletableFuture<T> done) {}

    /// How one caller is told, once it is known whether the group could be written.
    @FunctionalInterface
    private interface Reply {
        void tell(@Nullable RuntimeException failure);
    }

    private <T> T decide(Function<LedgerState, LedgerStep<T>> rule) {
        Op<T> op = new Op<>(rule, new CompletableFuture<>());
        waiting.add(op);
        if (deciding.compareAndSet(false, true)) {
            var _ = Thread.ofVirtual().name("ledger").start(this::decideAll);
        }
        try {
            return op.done().join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    /// Runs while anyone waits, never twice at the same time.
    private void decideAll() {
        do {
            while (!waiting.isEmpty()) {
                decideGroup();
            }
            deciding.set(false);
        } while (!waiting.isEmpty() && deciding.compareAndSet(false, true));
    }

    private void decideGroup() {
        List<Reply> replies = new ArrayList<>();
        List<EngineEvent> events = new ArrayList<>();
        Map<String, @Nullable String> writes = new LinkedHashMap<>();
        LedgerState next = state;
        for (Op<?> op = waiting.poll(); op != null; op = replies.size() < GROUP ? waiting.poll() : null) {
            next = apply(op, next, events, writes, replies);
        }
        RuntimeException failure = null;
        try {
            if (!events.isEmpty() || !writes.isEmpty()) {
                journal.commitAndWait(new Journal.Batch(events, writes));
            }
            state = next;
        } catch (RuntimeException e) {
            failure = e;
        }
        for (Reply reply : replies) {
            reply.tell(failure);
        }
    }

    private static <T> LedgerState apply(
            Op<T> op,
            LedgerState state,
            List<EngineEvent> events,
            Map<String, @Nullable String> writes,
            List<Reply> replies) {
        LedgerStep<T> step;
        try {
            step = op.rule().apply(state);
        } catch (RuntimeException e) {
            replies.add(_ -> op.done().completeExceptionally(e));
            return state;
        }
        events.addAll(step.events());
        writes.putAll(step.writes());
        replies.add(failure -> {
            if (failure == null) {
                op.done().complete(step.answer());
            } else {
                op.done().completeExceptionally(failure);
            }
        });
        return step.state();
    }
}
