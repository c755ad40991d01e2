/// Makes projects out of what other tools keep: readers that know nothing of the engine at work.
@NullMarked
package nexus.aiagents.engine.imports;

import org.jspecify.annotations.NullMarked;
