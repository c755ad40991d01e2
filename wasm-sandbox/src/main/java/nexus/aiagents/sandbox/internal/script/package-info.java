/// JavaScript on QuickJS, which is itself WebAssembly.
@NullMarked
package nexus.aiagents.sandbox.internal.script;

import org.jspecify.annotations.NullMarked;
