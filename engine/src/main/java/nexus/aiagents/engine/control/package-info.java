/// What a front end may do with an open project, in this process or, over loopback, in another.
@NullMarked
package nexus.aiagents.engine.control;

import org.jspecify.annotations.NullMarked;
