/// What several screens share: marks of a state, numbers and times in words, JSON fields, the journal as a
/// list.
@NullMarked
package nexus.aiagents.app.desktop.parts;

import org.jspecify.annotations.NullMarked;
