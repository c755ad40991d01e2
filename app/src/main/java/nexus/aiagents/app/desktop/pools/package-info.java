/// Who is in a pool, and how its members voted.
@NullMarked
package nexus.aiagents.app.desktop.pools;

import org.jspecify.annotations.NullMarked;
