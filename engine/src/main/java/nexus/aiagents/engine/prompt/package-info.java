/// Agents that are only a prompt: what they ask of their host and what they make of the answer, in a
/// project and in a replay alike.
@NullMarked
package nexus.aiagents.engine.prompt;

import org.jspecify.annotations.NullMarked;
