/// The granted folders as a file system: what a WASI program opens, reads and renames, kept inside its
/// grants.
@NullMarked
package nexus.aiagents.engine.agent.disk;

import org.jspecify.annotations.NullMarked;
