/// Runs agents: their programs, life and calls to the world.
@NullMarked
package nexus.aiagents.engine.agent;

import org.jspecify.annotations.NullMarked;
