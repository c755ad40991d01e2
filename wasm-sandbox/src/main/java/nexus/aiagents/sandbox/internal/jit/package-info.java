/// Makes code that came out of the WebAssembly compiler fit for the JVM's own compiler.
@NullMarked
package nexus.aiagents.sandbox.internal.jit;

import org.jspecify.annotations.NullMarked;
