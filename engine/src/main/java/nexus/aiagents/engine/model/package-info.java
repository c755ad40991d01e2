/// Chat models behind one interface, one attempt a call.
@NullMarked
package nexus.aiagents.engine.model;

import org.jspecify.annotations.NullMarked;
