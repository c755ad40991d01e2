package nexus.aiagents.sandbox;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a WebAssembly module holds, as far as it could be read: also of one that is rejected.
///
/// @param bytes its size
/// @param functions of its own, imports aside
/// @param start the function that runs before every entry, null: none
/// @param features beyond the first version of WebAssembly, by the names that compilers give them
/// @param hostCalls names of host calls that lie among its texts: it may make these
/// @param hosts of web addresses that lie among its texts, in order
/// @param rejected why it can not be run, null: it can
public record ModuleInfo(
        Kind kind,
        long bytes,
        List<Import> imports,
        List<Export> exports,
        int functions,
        List<Size> memories,
        List<Size> tables,
        @Nullable Integer start,
        Set<String> features,
        Set<String> hostCalls,
        Set<String> hosts,
        @Nullable Rejection rejected) {

    public enum Kind {
        PLUGIN,
        COMMAND,
        /// Neither: its functions can be called by name.
        FUNCTIONS,
        NO_MODULE
    }

    /// @param what `function`, `table`, `memory` or `global`
    /// @param signature of a function, as `(i32, i64) -> i32`; else empty
    public record Import(String module, String name, String what, String signature) {}

    /// @param what as for an import
    public record Export(String name, String what, String signature) {}

    /// In pages of 64 KiB or in elements; `most` null: without a limit of its own.
    public record Size(long least, @Nullable Long most) {}

    public record Rejection(String code, String message) {}
}
