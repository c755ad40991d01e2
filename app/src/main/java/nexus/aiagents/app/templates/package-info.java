/// Projects and agents to begin with; both front ends copy them.
@NullMarked
package nexus.aiagents.app.templates;

import org.jspecify.annotations.NullMarked;
