/// Identity, scores and the gate before a start.
@NullMarked
package nexus.aiagents.engine.trust;

import org.jspecify.annotations.NullMarked;
