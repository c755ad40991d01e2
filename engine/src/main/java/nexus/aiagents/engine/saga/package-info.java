/// Sagas, decided: a pure state machine.
@NullMarked
package nexus.aiagents.engine.saga;

import org.jspecify.annotations.NullMarked;
