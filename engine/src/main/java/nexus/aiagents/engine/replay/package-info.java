/// What a run of a program asked of the world and was answered, kept and run again. A replay touches
/// nothing: no store, no network, no clock, no money.
@NullMarked
package nexus.aiagents.engine.replay;

import org.jspecify.annotations.NullMarked;
