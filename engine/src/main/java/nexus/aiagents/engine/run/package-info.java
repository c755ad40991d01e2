/// The durable runner under agents' runs, sagas and pools.
@NullMarked
package nexus.aiagents.engine.run;

import org.jspecify.annotations.NullMarked;
