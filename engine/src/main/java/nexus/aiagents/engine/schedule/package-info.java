/// Runs things at their times: a pure decision, and the thread that drives it.
@NullMarked
package nexus.aiagents.engine.schedule;

import org.jspecify.annotations.NullMarked;
