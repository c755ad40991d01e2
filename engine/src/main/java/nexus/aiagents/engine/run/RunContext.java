package nexus.aiagents.engine.run;

import java.time.Clock;
import java.util.function.Consumer;
import nexus.aiagents.engine.agent.AgentCalls;
import nexus.aiagents.engine.journal.Journal;

/// What every run needs of the world.
///
/// @param over hears the id of a run whose worker has ended
record RunContext(Journal journal, AgentCalls calls, Clock clock, Consumer<String> over) {}
