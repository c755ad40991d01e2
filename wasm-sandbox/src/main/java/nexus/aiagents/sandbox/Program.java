package nexus.aiagents.sandbox;

import java.util.Map;

/// An untrusted program, as bytes or text. Nothing of it has been checked yet.
public sealed interface Program {

    /// A name for messages: usually the file it came from.
    String name();

    /// A WebAssembly module: an Extism plug-in that exports `run`, or a WASI preview 1 command that reads
    /// JSON on stdin and writes JSON on stdout. Which of the two is found out from its imports and exports.
    record WasmModule(String name, byte[] bytes) implements Program {
        public WasmModule {
            bytes = bytes.clone();
        }

        @Override
        public byte[] bytes() {
            return bytes.clone();
        }
    }

    /// A JavaScript program. `entry` is the path of an ES module inside `files` whose default export takes
    /// `(input, nexus)`; `files` maps paths with `/`, relative to the agent's folder, to source text.
    /// Modules import each other by relative path and nothing else.
    record Script(String name, String entry, Map<String, String> files) implements Program {
        public Script {
            files = Map.copyOf(files);
            if (!files.containsKey(entry)) {
                throw new IllegalArgumentException("entry " + entry + " is not among the files");
            }
        }
    }
}
