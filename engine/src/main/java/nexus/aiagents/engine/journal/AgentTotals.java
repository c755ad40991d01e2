package nexus.aiagents.engine.journal;

import java.time.Instant;

/// What an agent did in all its life, also in what was compacted away.
///
/// @param lastAt the newest entry that counted
public record AgentTotals(
        String agent, long calls, long failedCalls, long tokens, long microDollars, long deniedCalls, Instant lastAt) {

    static AgentTotals none(String agent) {
        return new AgentTotals(agent, 0, 0, 0, 0, 0, Instant.EPOCH);
    }

    AgentTotals called(boolean failed, Instant at) {
        return new AgentTotals(agent, calls + 1, failedCalls + (failed ? 1 : 0), tokens, microDollars, deniedCalls, at);
    }

    AgentTotals spent(long moreTokens, long moreMicroDollars, Instant at) {
        return new AgentTotals(
                agent, calls, failedCalls, tokens + moreTokens, microDollars + moreMicroDollars, deniedCalls, at);
    }

    AgentTotals denied(Instant at) {
        return new AgentTotals(agent, calls, failedCalls, tokens, microDollars, deniedCalls + 1, at);
    }
}
