package nexus.aiagents.engine;

import java.time.Duration;
import java.util.function.Supplier;
import nexus.aiagents.engine.agent.AgentControls;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.control.CommandResult.Done;
import nexus.aiagents.engine.control.CommandResult.Refused;

/// Pauses agents and does them harm, for a person. Thread-safe.
final class AgentDesk {
    private final AgentControls agents;

    AgentDesk(AgentControls agents) {
        this.agents = agents;
    }

    CommandResult crash(String agent) {
        return agents.crash(agent)
                ? new Done(agent + " was crashed")
                : new Refused("not-up", "agent '" + agent + "' is not up and has no call under way");
    }

    CommandResult hang(String agent) {
        agents.hang(agent);
        return new Done("the next call of " + agent + " to the host is never answered");
    }

    CommandResult slow(String agent, Duration by, Duration howLong) {
        if (!isSpan(by) || !isSpan(howLong)) {
            return new Refused("bad-input", "a time must be more than nothing and at most an hour");
        }
        agents.slow(agent, by, howLong);
        return new Done("for " + Timespans.inWords(howLong) + " every call of " + agent + " to the host takes "
                + Timespans.inWords(by) + " longer");
    }

    CommandResult overspend(String agent, Duration howLong) {
        if (!isSpan(howLong)) {
            return new Refused("bad-input", "a time must be more than nothing and at most an hour");
        }
        String budget = agents.overspend(agent, howLong);
        return budget == null
                ? new Refused(
                        "no-budget",
                        "no budget of agent '" + agent + "' can be used up: give it a `cost` block with maxDollars or"
                                + " maxTokens that does not count per run")
                : new Done("all that is left of " + budget + " is held for " + Timespans.inWords(howLong)
                        + "; nothing is billed");
    }

    private static boolean isSpan(Duration span) {
        return span.isPositive() && span.compareTo(Duration.ofHours(1)) <= 0;
    }

    CommandResult pause(String agent) {
        return agents.pause(agent)
                ? new Done(agent + " is paused; its work stops at its next call to the world")
                : new Refused("already", "agent '" + agent + "' is paused already");
    }

    /// A program that is kept from running because it ended workers is tried again with what is started.
    CommandResult started(String agent, Supplier<CommandResult> start) {
        agents.pardon(agent);
        return start.get();
    }

    CommandResult resume(String agent) {
        boolean pardoned = agents.pardon(agent);
        if (agents.resume(agent)) {
            return new Done(agent + " goes on");
        }
        if (pardoned) {
            return new Done("the program of " + agent + " may run in a worker again");
        }
        return agents.waitsForDecision(agent)
                ? new Refused(
                        "undecided", agent + " waits for a decision of yours, not to be resumed: `naos grants asks`")
                : new Refused("already", "agent '" + agent + "' is not paused");
    }

    CommandResult allow(String agent) {
        return agents.allow(agent)
                ? new Done(agent + " goes on, and may do so from now on")
                : new Refused("already", "the runaway guard does not hold agent '" + agent + "'");
    }
}
