/// Sagas, pool decisions and calls of agents: how they went, step by step.
@NullMarked
package nexus.aiagents.app.desktop.runs;

import org.jspecify.annotations.NullMarked;
