/// The `naos` command: everything the desktop can do, on the same engine, in a terminal and for scripts.
@NullMarked
package nexus.aiagents.app.cli;

import org.jspecify.annotations.NullMarked;
