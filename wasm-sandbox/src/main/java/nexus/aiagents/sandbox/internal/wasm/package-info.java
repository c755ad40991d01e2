/// WebAssembly modules: scanned, compiled, run.
@NullMarked
package nexus.aiagents.sandbox.internal.wasm;

import org.jspecify.annotations.NullMarked;
