/// WASI preview 1: streams, clocks, random numbers, and the folders that the host grants. Nothing here
/// touches the host itself.
@NullMarked
package nexus.aiagents.sandbox.internal.wasi;

import org.jspecify.annotations.NullMarked;
