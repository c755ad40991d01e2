package nexus.aiagents.engine.agent;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.EngineEvent.AgentPaused;
import nexus.aiagents.engine.journal.EngineEvent.AgentResumed;
import nexus.aiagents.engine.journal.Journal;
import org.jspecify.annotations.Nullable;

/// Where the work of one agent waits while the agent is paused. Several causes can hold it at once; it
/// opens when the last is gone. What a person has to lift is kept across restarts of the process; a budget
/// pause comes back by itself with the next call that does not fit. Thread-safe.
final class PauseGate {
    static final String STATE_PREFIX = "pause/";

    static final String BUDGET = "budget";
    static final String OPERATOR = "operator";
    static final String RUNAWAY = "runaway";
    /// A call waits until a person grants it.
    static final String APPROVAL = "approval";
    /// The trust gate is closed, and a person is asked.
    static final String TRUST = "trust";

    /// They belong to calls that are over when the process ends.
    private static final Set<String> NOT_KEPT = Set.of(BUDGET, APPROVAL, TRUST);
    /// They are lifted by a decision of their own, not by letting the agent go on.
    private static final Set<String> DECIDED = Set.of(APPROVAL, TRUST);

    private final String agent;
    private final Journal journal;
    /// Made when it is first closed: most agents never are, and there may be very many.
    private Map<String, Hold> holds = Map.of();

    /// @param about which budget, where `cause` is `budget`; what could be allowed, where it is `runaway`
    private record Hold(
            String cause, String detail, @Nullable String about) {}

    PauseGate(String agent, Journal journal) {
        this.agent = agent;
        this.journal = journal;
    }

    /// @return false if this cause held it already
    boolean pause(String cause, String detail) {
        return close(new Hold(cause, detail, null));
    }

    void pauseForBudget(String budgetId, String detail) {
        close(new Hold(BUDGET, detail, budgetId));
    }

    /// @param id of what it does too often, for {@link Allowances}
    void pauseAsRunaway(String id, String detail) {
        close(new Hold(RUNAWAY, detail, id));
    }

    /// What the runaway guard found, null if that does not hold it.
    @Nullable
    synchronized String runaway() {
        Hold hold = holds.get(RUNAWAY);
        return hold == null ? null : hold.about();
    }

    /// Pauses again as a process before this one left it.
    void restore(String saved) {
        String[] lines = saved.split("\n", 3);
        close(new Hold(lines[0], lines.length > 1 ? lines[1] : "", lines.length > 2 ? lines[2] : null));
    }

    private synchronized boolean close(Hold hold) {
        if (holds.isEmpty()) {
            holds = new LinkedHashMap<>();
        }
        boolean changed = !hold.equals(holds.put(hold.cause(), hold));
        if (changed) {
            tell(new AgentPaused(agent, hold.cause(), hold.detail()));
        }
        return changed;
    }

    /// Says again that a person has to let it go on: whoever hears that an agent started or ended takes it
    /// for free.
    synchronized void tellAgain() {
        if (holds.keySet().stream().anyMatch(cause -> !cause.equals(BUDGET))) {
            changed();
        }
    }

    /// What waits for a decision, on trust or on a grant, goes on waiting for it.
    ///
    /// @return false if it was not paused by anything else
    synchronized boolean resume() {
        if (DECIDED.containsAll(holds.keySet())) {
            return false;
        }
        holds.keySet().retainAll(DECIDED);
        changed();
        return true;
    }

    /// This cause is gone.
    synchronized void release(String cause) {
        if (holds.containsKey(cause)) {
            holds.remove(cause);
            changed();
        }
    }

    synchronized boolean isHeldBy(String cause) {
        return holds.containsKey(cause);
    }

    /// The agent is no more: nothing waits, nothing stays stored, and nobody is told.
    synchronized void forget() {
        if (!holds.isEmpty()) {
            holds = Map.of();
            notifyAll();
            Map<String, @Nullable String> state = new LinkedHashMap<>();
            state.put(STATE_PREFIX + agent, null);
            Reports.send(journal, new Journal.Batch(List.of(), state));
        }
    }

    /// Lets go what waits for this budget; what a person has paused stays so.
    synchronized void budgetChanged(String budgetId) {
        Hold hold = holds.get(BUDGET);
        if (hold != null && budgetId.equals(hold.about())) {
            holds.remove(BUDGET);
            changed();
        }
    }

    synchronized boolean isPaused() {
        return !holds.isEmpty();
    }

    synchronized boolean isPausedForBudget() {
        return holds.containsKey(BUDGET);
    }

    synchronized boolean waitsFor(String budgetId) {
        Hold hold = holds.get(BUDGET);
        return hold != null && budgetId.equals(hold.about());
    }

    synchronized void await() throws InterruptedException {
        while (!holds.isEmpty()) {
            wait();
        }
    }

    private void changed() {
        if (holds.isEmpty()) {
            tell(new AgentResumed(agent));
            notifyAll();
        } else {
            Hold left = holds.values().iterator().next();
            tell(new AgentPaused(agent, left.cause(), left.detail()));
        }
    }

    private void tell(EngineEvent event) {
        String saved = holds.values().stream()
                .filter(hold -> !NOT_KEPT.contains(hold.cause()))
                .map(hold -> hold.cause() + "\n" + hold.detail() + (hold.about() == null ? "" : "\n" + hold.about()))
                .findFirst()
                .orElse(null);
        Map<String, @Nullable String> state = new LinkedHashMap<>();
        state.put(STATE_PREFIX + agent, saved);
        Reports.send(journal, new Journal.Batch(List.of(event), state));
    }
}
