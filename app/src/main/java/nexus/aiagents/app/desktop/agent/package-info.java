/// One agent: its state, its logs, a run with your own input.
@NullMarked
package nexus.aiagents.app.desktop.agent;

import org.jspecify.annotations.NullMarked;
