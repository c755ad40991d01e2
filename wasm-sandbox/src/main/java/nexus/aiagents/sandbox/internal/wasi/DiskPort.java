package nexus.aiagents.sandbox.internal.wasi;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import nexus.aiagents.sandbox.HostAnswer;
import nexus.aiagents.sandbox.HostCall.Disk;
import run.endive.runtime.TrapException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Asks the host about files and reads what it answers.
final class DiskPort {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final Wasi.World world;

    DiskPort(Wasi.World world) {
        this.world = world;
    }

    record Preopen(int handle, Descriptor.Mount mount) {}

    record Entry(byte[] name, int type, long inode) {}

    /// @param handle 0 where none was opened
    record Stat(int handle, int type, long size, long inode, long links, long accessed, long modified, long changed) {

        static Stat of(JsonNode json) {
            return new Stat(
                    json.path("handle").asInt(0),
                    typeOf(json),
                    json.path("size").asLong(0),
                    json.path("inode").asLong(0),
                    json.path("links").asLong(1),
                    json.path("accessed").asLong(0),
                    json.path("modified").asLong(0),
                    json.path("changed").asLong(0));
        }
    }

    private static int typeOf(JsonNode json) {
        return switch (json.path("type").asString("")) {
            case "file" -> Descriptor.REGULAR_FILE;
            case "folder" -> Descriptor.DIRECTORY;
            case "link" -> 7;
            default -> 0;
        };
    }

    JsonNode ask(Disk call) throws Errno.Failed {
        return switch (world.disk(call)) {
            case HostAnswer.Error error -> throw new Errno.Failed(Errno.of(error.code()));
            case HostAnswer.Ok ok -> json(ok);
        };
    }

    /// A call that changes something: what is granted for reading only looks like a read-only disk.
    JsonNode change(Disk call, Descriptor.Mount... mounts) throws Errno.Failed {
        try {
            return ask(call);
        } catch (Errno.Failed e) {
            for (Descriptor.Mount mount : mounts) {
                if (!mount.writable() && e.number() == Errno.NOTCAPABLE) {
                    throw new Errno.Failed(Errno.ROFS);
                }
            }
            throw e;
        }
    }

    private static JsonNode json(HostAnswer.Ok ok) {
        try {
            return JSON.readTree(ok.json());
        } catch (JacksonException e) {
            throw new TrapException("the host did not answer JSON");
        }
    }

    List<Preopen> mounts() throws Errno.Failed {
        List<Preopen> all = new ArrayList<>();
        for (JsonNode each : ask(new Disk.Mounts())) {
            Descriptor.Mount mount = new Descriptor.Mount(
                    all.size() + 1,
                    each.path("path").asString("/"),
                    each.path("writable").asBoolean(false));
            all.add(new Preopen(each.path("handle").asInt(0), mount));
        }
        return all;
    }

    byte[] read(int handle, long offset, int bytes) throws Errno.Failed {
        JsonNode answer = ask(new Disk.Read(handle, offset, bytes));
        try {
            byte[] read = Base64.getDecoder().decode(answer.asString(""));
            if (read.length > bytes) {
                throw new TrapException("the host read more than it was asked for");
            }
            return read;
        } catch (IllegalArgumentException e) {
            throw new TrapException("the host did not answer base64");
        }
    }

    /// @return the offset behind what was written
    long write(Descriptor.OpenFile file, long offset, byte[] bytes) throws Errno.Failed {
        String base64 = Base64.getEncoder().encodeToString(bytes);
        return change(new Disk.Write(file.handle(), offset, base64), file.mount())
                .asLong(0);
    }

    Stat stat(int handle, String path, boolean follow) throws Errno.Failed {
        return Stat.of(ask(new Disk.Stat(handle, path, follow)));
    }

    List<Entry> list(int folder) throws Errno.Failed {
        List<Entry> all = new ArrayList<>();
        try {
            for (JsonNode each : ask(new Disk.List(folder))) {
                all.add(new Entry(
                        each.path("name").asString("").getBytes(StandardCharsets.UTF_8),
                        typeOf(each),
                        each.path("inode").asLong(0)));
            }
        } catch (Errno.Failed e) {
            throw e.number() == Errno.FBIG ? new Errno.Failed(Errno.OVERFLOW) : e;
        }
        return all;
    }
}
