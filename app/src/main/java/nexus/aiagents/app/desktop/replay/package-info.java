/// A recorded run, run again call by call: on the page of a run and on that of an agent.
@NullMarked
package nexus.aiagents.app.desktop.replay;

import org.jspecify.annotations.NullMarked;
