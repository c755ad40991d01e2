package nexus.aiagents.engine.agent;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import nexus.aiagents.engine.journal.ExitReason;
import nexus.aiagents.engine.journal.Journal;
import nexus.aiagents.engine.project.AgentSpec;
import nexus.aiagents.engine.project.Instances;
import org.jspecify.annotations.Nullable;

/// What a person does to agents: pauses them, answers what they ask, does them harm. Thread-safe.
public final class AgentControls {
    private final AgentStates states;
    private final Supplier<Team> team;
    private final Asks asks;
    private final Overspending overspending;
    private final Journal journal;
    private final InstantSource clock;
    private final AgentServices.Preparer preparer;

    AgentControls(AgentStates states, Supplier<Team> team, Asks asks, AgentServices services) {
        this.states = states;
        this.team = team;
        this.asks = asks;
        this.overspending = new Overspending(services.ledger());
        this.journal = services.journal();
        this.clock = services.clock();
        this.preparer = services.preparer();
    }

    /// A person decided on whether it may run: who waits for that asks again.
    public void trustDecided(String agent) {
        states.all().stream()
                .filter(state -> state.agent.equals(agent))
                .forEach(state -> state.gate.release(PauseGate.TRUST));
    }

    /// The ids of what waits for a person.
    public List<String> questions() {
        return asks.ids();
    }

    /// What is asked by a call that waits, null if there is no such question any more.
    public @Nullable GrantQuestion question(String askId) {
        Asks.Question question = asks.question(askId);
        return question == null
                ? null
                : new GrantQuestion(
                        question.agent(),
                        question.wanted().kind(),
                        question.wanted().name(),
                        question.wanted().item().toString());
    }

    /// A call that is not granted and waits for a person.
    ///
    /// @param kind     a key of `grants`
    /// @param itemJson what would have to stand there
    public record GrantQuestion(String agent, String kind, String grant, String itemJson) {}

    /// @param decision `once`, `run`, `project`, `always` or `deny`
    /// @return false if nobody asks that any more
    public boolean decideGrant(String askId, String decision) {
        return asks.decide(askId, Asks.Decision.valueOf(decision.toUpperCase(Locale.ROOT)));
    }

    /// What was allowed until the project is closed is allowed no more.
    public void forgetGrant(String agent, String kind, String grant) {
        asks.forget(agent, kind, grant);
    }

    /// Pauses again what a person, or the runaway guard, had paused when the process before this one ended.
    public void restorePauses() {
        journal.states(PauseGate.STATE_PREFIX).forEach((key, saved) -> {
            String agent = key.substring(PauseGate.STATE_PREFIX.length());
            if (team.get().agent(agent) != null && !Instances.isInstance(agent)) {
                states.of(agent).gate.restore(saved);
            }
        });
    }

    /// Its work stops at the next call to the world.
    ///
    /// @return false if the operator had paused it already
    public boolean pause(String agent) {
        return states.of(agent).gate.pause(PauseGate.OPERATOR, "paused by the operator");
    }

    /// Whether it waits for leave to do something, or to run at all.
    public boolean waitsForDecision(String agent) {
        PauseGate gate = states.of(agent).gate;
        return gate.isHeldBy(PauseGate.APPROVAL) || gate.isHeldBy(PauseGate.TRUST);
    }

    /// @return false if it was not paused, or by what only a decision lifts
    public boolean resume(String agent) {
        return states.of(agent).gate.resume();
    }

    /// A person wants the program of an agent to be tried again that ended one worker after the other.
    ///
    /// @return false if it was not refused for that
    public boolean pardon(String agent) {
        AgentSpec spec = team.get().agent(agent);
        String source = spec == null ? null : spec.source();
        return source != null && preparer.pardon(source);
    }

    /// Resumes an agent that the runaway guard paused, and never pauses it again for the same.
    ///
    /// @return false if the guard does not hold it
    public boolean allow(String agent) {
        AgentState state = states.of(agent);
        String found = state.gate.runaway();
        if (found == null) {
            return false;
        }
        state.work().allowances.allow(found);
        return state.gate.resume();
    }

    /// Makes it end as if it had been killed from outside: the live agent, or the calls of one that is
    /// not up.
    ///
    /// @return false if nothing of it is alive
    public boolean crash(String agent) {
        ExitReason reason = new ExitReason(ExitReason.Kind.KILLED, "chaos", "crashed on purpose by the operator");
        AgentState state = states.of(agent);
        Actor actor = state.actor.get();
        if (actor != null) {
            actor.kill(reason);
            return true;
        }
        List<ActiveCall> calls = List.copyOf(state.calls());
        calls.forEach(call -> call.cancel(reason));
        return !calls.isEmpty();
    }

    /// The next call to the host that it makes is never answered.
    public void hang(String agent) {
        states.of(agent).chaos.hang();
    }

    /// For a while its calls to the host take longer.
    public void slow(String agent, Duration by, Duration howLong) {
        states.of(agent).chaos.slow(by, clock.instant().plus(howLong));
    }

    /// All that is left of its nearest budget is held for a while.
    ///
    /// @return the budget, null if it has none that this is possible with
    public @Nullable String overspend(String agent, Duration howLong) {
        return overspending.begin(agent, team.get().budgetsOf(agent, List.of()), howLong);
    }

    void close() {
        overspending.close();
    }
}
