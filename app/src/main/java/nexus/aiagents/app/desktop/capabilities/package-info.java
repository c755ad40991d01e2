/// What agents may do to the world, and what they make of that.
@NullMarked
package nexus.aiagents.app.desktop.capabilities;

import org.jspecify.annotations.NullMarked;
