/// The engine: the whole product without a window.
@NullMarked
package nexus.aiagents.engine;

import org.jspecify.annotations.NullMarked;
