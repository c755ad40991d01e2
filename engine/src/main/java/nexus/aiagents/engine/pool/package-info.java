/// Pools, decided: a pure state machine.
@NullMarked
package nexus.aiagents.engine.pool;

import org.jspecify.annotations.NullMarked;
