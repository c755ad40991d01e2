package nexus.aiagents.engine.run;

import java.time.Clock;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import nexus.aiagents.engine.agent.AgentCalls;
import nexus.aiagents.engine.journal.Journal;
import org.jspecify.annotations.Nullable;

/// What every run needs of the world.
///
/// @param nested runs that are steps of this one
/// @param env    the host's variables
/// @param over   hears the id of a run whose worker has ended
record RunContext(
        Journal journal,
        AgentCalls calls,
        Clock clock,
        RandomGenerator random,
        NestedRuns nested,
        UnaryOperator<@Nullable String> env,
        Consumer<String> over) {}
