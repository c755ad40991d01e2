package nexus.aiagents.sandbox;

import java.util.List;
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

    /// A JavaScript or TypeScript (`.ts`, `.mts`) program. `entry` is the path of an ES module inside
    /// `files` whose default export takes `(input, nexus)`; `files` maps paths with `/`, relative to
    /// the agent's folder, to source text. Modules import each other, and JSON, by relative path and
    /// nothing else.
    record Script(String name, String entry, Map<String, String> files) implements Program {
        private static final List<String> IMPORTABLE = List.of(".js", ".mjs", ".ts", ".mts", ".json");

        public Script {
            files = Map.copyOf(files);
            if (!files.containsKey(entry)) {
                throw new IllegalArgumentException("entry " + entry + " is not among the files");
            }
        }

        /// Whether a file of this name can be imported: JavaScript, TypeScript or JSON.
        public static boolean isImportable(String path) {
            return IMPORTABLE.stream().anyMatch(path::endsWith);
        }

        /// The paths that an import of `path` can mean, the first that exists counts: the file itself,
        /// or as TypeScript writes it, without its ending or with the ending that it will have as
        /// JavaScript.
        public static List<String> candidates(String path) {
            if (path.endsWith(".js")) {
                return List.of(path, path.substring(0, path.length() - 3) + ".ts");
            }
            if (path.endsWith(".mjs")) {
                return List.of(path, path.substring(0, path.length() - 4) + ".mts");
            }
            boolean ends = isImportable(path);
            return ends ? List.of(path) : List.of(path, path + ".ts", path + ".js");
        }
    }
}
