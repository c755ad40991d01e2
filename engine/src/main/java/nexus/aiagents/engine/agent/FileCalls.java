package nexus.aiagents.engine.agent;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import nexus.aiagents.engine.agent.disk.DiskFailure;
import nexus.aiagents.engine.agent.disk.MountedFolders;
import nexus.aiagents.engine.agent.disk.Quota;
import nexus.aiagents.engine.agent.disk.WholeFiles;
import nexus.aiagents.sandbox.Grants;
import nexus.aiagents.sandbox.HostCall;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;

/// File calls of one run, whole files and a file system alike: both walk the same way and never leave
/// what is granted.
final class FileCalls implements AutoCloseable {
    private final WholeFiles whole;
    private final MountedFolders folders;

    /// @param project no file outside of it is reached; null: no project
    FileCalls(List<Grants.Mount> granted, @Nullable Path project) {
        this(granted, project, Quota.ofThisSystem());
    }

    FileCalls(List<Grants.Mount> granted, @Nullable Path project, Quota quota) {
        this.whole = new WholeFiles(project, quota);
        this.folders = new MountedFolders(granted, project, quota);
    }

    String read(Grants granted, HostCall.FileRead call) throws HostCallFailed, InterruptedException {
        return failing(() -> {
            byte[] bytes = whole.read(granted.files(), call.path());
            return Json.text(call.bytes() ? Base64.getEncoder().encodeToString(bytes) : decoded(call.path(), bytes));
        });
    }

    private static String decoded(String path, byte[] bytes) throws HostCallFailed {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new HostCallFailed("not-text", "'" + path + "' is not UTF-8 text");
        }
    }

    String write(Grants granted, HostCall.FileWrite call) throws HostCallFailed, InterruptedException {
        byte[] bytes = call.bytes()
                ? HostCallFailed.base64("what is written", call.text())
                : call.text().getBytes(StandardCharsets.UTF_8);
        return failing(() -> {
            whole.write(granted.files(), call.path(), bytes);
            return "null";
        });
    }

    String delete(Grants granted, HostCall.FileDelete call) throws HostCallFailed, InterruptedException {
        return failing(() -> Boolean.toString(whole.delete(granted.files(), call.path())));
    }

    String list(Grants granted, HostCall.FileList call) throws HostCallFailed, InterruptedException {
        return failing(() -> {
            ArrayNode array = Json.MAPPER.createArrayNode();
            whole.list(granted.files(), call.path()).forEach(array::add);
            return Json.write(array);
        });
    }

    /// @param once the name of a grant that this call may write to, null: none
    String onDisk(HostCall.Disk call, @Nullable String once) throws HostCallFailed, InterruptedException {
        return failing(() -> once == null ? folders.call(call) : folders.callOnce(call, once));
    }

    /// The name of a grant to read that the call would have to write to, null if there is none.
    @Nullable
    String lackingToWrite(HostCall.Disk call) {
        return folders.lackingToWrite(call);
    }

    void allowWriting(String grant) {
        folders.allowWriting(grant);
    }

    Set<String> grantsOf(HostCall.Disk call) {
        return folders.grantsOf(call);
    }

    @Nullable
    String describe(HostCall.Disk call) {
        return folders.describe(call);
    }

    String describeDenied(HostCall.Disk call) {
        return folders.describeDenied(call);
    }

    /// Tells what went through files that the program left open, and closes them.
    void close(Consumer<String> report) {
        folders.reportOpen(report);
        close();
    }

    @Override
    public void close() {
        folders.close();
    }

    @FunctionalInterface
    private interface Work {
        String run() throws DiskFailure, HostCallFailed, InterruptedException;
    }

    private static String failing(Work work) throws HostCallFailed, InterruptedException {
        try {
            return work.run();
        } catch (DiskFailure e) {
            throw new HostCallFailed(e.code(), String.valueOf(e.getMessage()));
        }
    }
}
