/// The one durable log, the state beside it, and the events that are written there.
@NullMarked
package nexus.aiagents.engine.journal;

import org.jspecify.annotations.NullMarked;
