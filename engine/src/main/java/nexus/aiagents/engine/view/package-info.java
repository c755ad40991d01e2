/// Immutable snapshots folded from events, for any front end.
@NullMarked
package nexus.aiagents.engine.view;

import org.jspecify.annotations.NullMarked;
