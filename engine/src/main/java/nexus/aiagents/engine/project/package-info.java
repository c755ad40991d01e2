/// From YAML text to a checked {@link nexus.aiagents.engine.project.Project}, and back: edits that keep
/// every other byte.
@NullMarked
package nexus.aiagents.engine.project;

import org.jspecify.annotations.NullMarked;
