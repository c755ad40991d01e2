package nexus.aiagents.sandbox;

import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Everything a program can ask of the world. JSON travels as text.
public sealed interface HostCall {

    /// The name used in grants, audit entries and messages: `log`, `model`, `http` …
    default String kind() {
        return switch (this) {
            case Log _ -> "log";
            case Model _ -> "model";
            case Http _ -> "http";
            case KvGet _, KvPut _, KvDelete _, KvList _ -> "kv";
            case FileRead _, FileWrite _, FileList _, FileDelete _, Disk _ -> "file";
            case CallAgent _ -> "agent";
            case Emit _ -> "emit";
            case Now _ -> "now";
            case Random _ -> "random";
        };
    }

    enum Level {
        DEBUG,
        INFO,
        WARN,
        ERROR
    }

    record Log(Level level, String message) implements HostCall {}

    /// A chat completion. `requestJson` is `{"model"?, "system"?, "prompt"? | "messages"?, "maxTokens"?,
    /// "temperature"?, "json"?}`; without `model` the agent's own is used. Answers `{"text", "model",
    /// "usage": {"inputTokens", "outputTokens"}, "cost": {"microDollars"}, "finish", "scripted"}`.
    record Model(@Nullable String model, String requestJson) implements HostCall {}

    /// Answers `{"status", "headers", "body"}`.
    ///
    /// @param sendsBytes whether `body` is base64
    /// @param wantsBytes whether the body of the answer is base64
    record Http(
            String method,
            String url,
            Map<String, String> headers,
            @Nullable String body,
            boolean sendsBytes,
            boolean wantsBytes)
            implements HostCall {
        public Http(String method, String url, Map<String, String> headers, @Nullable String body) {
            this(method, url, headers, body, false, false);
        }
    }

    /// Answers the stored JSON, or `null`.
    record KvGet(String key) implements HostCall {}

    record KvPut(String key, String valueJson) implements HostCall {}

    record KvDelete(String key) implements HostCall {}

    /// Answers an array of keys, sorted.
    record KvList(String prefix) implements HostCall {}

    /// Answers the text of a granted file as a JSON string.
    ///
    /// @param bytes whether the answer is base64 instead
    record FileRead(String path, boolean bytes) implements HostCall {
        public FileRead(String path) {
            this(path, false);
        }
    }

    /// @param bytes whether `text` is base64
    record FileWrite(String path, String text, boolean bytes) implements HostCall {
        public FileWrite(String path, String text) {
            this(path, text, false);
        }
    }

    /// Removes a file; one that is not there is no error. Answers whether there was one.
    record FileDelete(String path) implements HostCall {}

    /// Answers an array of names, folders with a `/` behind them, sorted.
    record FileList(String path) implements HostCall {}

    /// Answers the other agent's output.
    record CallAgent(String agent, String inputJson) implements HostCall {}

    /// A progress report or a heartbeat; `dataJson` is free.
    record Emit(String event, String dataJson) implements HostCall {}

    /// Answers milliseconds since 1970 UTC.
    record Now() implements HostCall {}

    /// Answers an array of `bytes` numbers 0-255.
    record Random(int bytes) implements HostCall {}

    /// Work on the granted folders for a program that sees a file system (WASI), safe for any bytes.
    /// Folders and files are named by handles, which `Mounts` and `Open` answer and which live as long as
    /// the run. A `path` has `/` between its names and leads from a folder, never out of it: neither by
    /// `..` nor by a link. Bytes travel as base64, times as nanoseconds since 1970. Errors: `not-granted`,
    /// `not-found`, `exists`, `not-a-folder`, `is-a-folder`, `not-empty`, `link-loop`, `special-file`,
    /// `name-too-long`, `too-many-open`, `too-large`, `quota`, `bad-handle`, `bad-input`, `other-mount`,
    /// `not-supported`, `access-denied`, `no-space`, `file-error`.
    sealed interface Disk extends HostCall {

        /// Answers the granted folders, `[{"handle", "path", "writable"}]`; needs no grant.
        record Mounts() implements Disk {}

        /// Answers `{"handle"}` and beside it what {@link Stat} answers.
        record Open(int folder, String path, Set<How> how) implements Disk {
            public enum How {
                /// Follow a link in the last place; the others are always followed.
                FOLLOW,
                WRITE,
                /// Make the file if it is missing.
                CREATE,
                /// Fail if it is there.
                NEW,
                TRUNCATE,
                /// Fail unless it is a folder.
                FOLDER
            }

            /// The set is kept in the order of the constants, so that equal calls look the same.
            public Open {
                how = sorted(how);
            }

            private static Set<How> sorted(Collection<How> how) {
                Set<How> all = EnumSet.noneOf(How.class);
                all.addAll(how);
                return Collections.unmodifiableSet(all);
            }
        }

        record Close(int handle) implements Disk {}

        /// Answers the bytes as base64, fewer where the file ends; at most {@link #MAX_BYTES}.
        record Read(int handle, long offset, int bytes) implements Disk {}

        /// `offset` -1 is the end. Answers the offset behind what was written.
        record Write(int handle, long offset, String base64) implements Disk {}

        record Resize(int handle, long bytes) implements Disk {}

        /// Returns when what was written is on the disk.
        record Sync(int handle) implements Disk {}

        /// `path` empty: the handle itself. Answers `{"type": "file"|"folder"|"link", "size", "inode",
        /// "links", "accessed", "modified", "changed"}`.
        record Stat(int handle, String path, boolean follow) implements Disk {}

        /// `path` as for {@link Stat}; a time that is null stays as it is.
        record SetTimes(
                int handle,
                String path,
                boolean follow,
                @Nullable Long accessed,
                @Nullable Long modified) implements Disk {}

        /// Answers `[{"name", "type", "inode"}]`, sorted by name.
        record List(int folder) implements Disk {}

        record MakeFolder(int folder, String path) implements Disk {}

        /// Removes a file or a link, or with `emptyFolder` an empty folder.
        record Remove(int folder, String path, boolean emptyFolder) implements Disk {}

        /// Replaces what is there if it is a file, or an empty folder in the place of a folder.
        record Rename(int folder, String path, int toFolder, String toPath) implements Disk {}

        record Link(int folder, String path, int toFolder, String toPath) implements Disk {}

        record MakeSymlink(String target, int folder, String path) implements Disk {}

        /// Answers where the link points to.
        record ReadLink(int folder, String path) implements Disk {}

        /// The most that one call reads or writes.
        int MAX_BYTES = 1 << 20;
    }
}
