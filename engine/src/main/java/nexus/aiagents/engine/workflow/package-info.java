/// Workflows, decided: a pure state machine.
@NullMarked
package nexus.aiagents.engine.workflow;

import org.jspecify.annotations.NullMarked;
