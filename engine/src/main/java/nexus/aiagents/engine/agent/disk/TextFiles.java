package nexus.aiagents.engine.agent.disk;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Set;
import nexus.aiagents.sandbox.HostCall.Disk;
import nexus.aiagents.sandbox.HostCall.Disk.Open.How;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/// Whole text files in the granted folders, by the path that begins with a folder's own name. For a program
/// that knows no handles. For one thread.
public final class TextFiles {
    private static final int MAX_BYTES = 5 << 20;

    private final MountedFolders folders;

    public TextFiles(MountedFolders folders) {
        this.folders = folders;
    }

    /// @param handle of the granted folder
    /// @param below `.` for that folder itself
    private record Place(int handle, String below) {}

    private Place place(String path) throws DiskFailure, InterruptedException {
        String asked = path.startsWith("/") ? path : "/" + (path.startsWith("./") ? path.substring(2) : path);
        Place best = null;
        int length = -1;
        for (JsonNode mount : ask(new Disk.Mounts())) {
            String guest = mount.path("path").asString("/");
            String prefix = guest.endsWith("/") ? guest : guest + "/";
            if ((asked + "/").startsWith(prefix) && guest.length() > length) {
                String below = asked.length() <= prefix.length() ? "." : asked.substring(prefix.length());
                best = new Place(mount.path("handle").asInt(0), below);
                length = guest.length();
            }
        }
        if (best == null) {
            throw new DiskFailure(DiskFailure.NOT_GRANTED, "'" + path + "' is in no granted folder");
        }
        return best;
    }

    private JsonNode ask(Disk call) throws DiskFailure, InterruptedException {
        return MountedFolders.JSON.readTree(folders.call(call));
    }

    private int open(String path, How... how) throws DiskFailure, InterruptedException {
        Place place = place(path);
        Set<How> all = EnumSet.of(How.FOLLOW, how);
        return ask(new Disk.Open(place.handle(), place.below(), all))
                .path("handle")
                .asInt(0);
    }

    private void close(int handle) throws DiskFailure, InterruptedException {
        ask(new Disk.Close(handle));
    }

    /// @return the text as JSON
    public String read(String path) throws DiskFailure, InterruptedException {
        int handle = open(path);
        try {
            long size = ask(new Disk.Stat(handle, "", false)).path("size").asLong(0);
            if (size > MAX_BYTES) {
                throw new DiskFailure("too-large", "'" + path + "' holds more than " + MAX_BYTES + " bytes");
            }
            ByteBuffer all = ByteBuffer.allocate(MAX_BYTES);
            byte[] part;
            do {
                int room = Math.min(all.remaining(), Disk.MAX_BYTES);
                JsonNode bytes = ask(new Disk.Read(handle, all.position(), room));
                part = Base64.getDecoder().decode(bytes.asString(""));
                all.put(part);
            } while (part.length > 0 && all.hasRemaining());
            String text = StandardCharsets.UTF_8.newDecoder().decode(all.flip()).toString();
            return MountedFolders.JSON.writeValueAsString(text);
        } catch (CharacterCodingException e) {
            throw new DiskFailure("not-text", "'" + path + "' is not UTF-8 text");
        } finally {
            close(handle);
        }
    }

    public String write(String path, String text) throws DiskFailure, InterruptedException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > MAX_BYTES) {
            throw new DiskFailure("too-large", "'" + path + "' would hold more than " + MAX_BYTES + " bytes");
        }
        int handle = open(path, How.WRITE, How.CREATE, How.TRUNCATE);
        try {
            for (int at = 0; at < bytes.length; at += Disk.MAX_BYTES) {
                int length = Math.min(Disk.MAX_BYTES, bytes.length - at);
                ByteBuffer part = Base64.getEncoder().encode(ByteBuffer.wrap(bytes, at, length));
                ask(new Disk.Write(
                        handle, at, StandardCharsets.ISO_8859_1.decode(part).toString()));
            }
            return "null";
        } finally {
            close(handle);
        }
    }

    /// @return whether there was one, as JSON
    public String delete(String path) throws DiskFailure, InterruptedException {
        Place place = place(path);
        try {
            ask(new Disk.Remove(place.handle(), place.below(), false));
            return "true";
        } catch (DiskFailure e) {
            if (e.code().equals("not-found")) {
                return "false";
            }
            throw e;
        }
    }

    /// @return names, folders with a `/` behind them
    public String list(String path) throws DiskFailure, InterruptedException {
        int handle = open(path, How.FOLDER);
        try {
            ArrayNode names = MountedFolders.JSON.createArrayNode();
            for (JsonNode entry : ask(new Disk.List(handle))) {
                String slash = entry.path("type").asString("").equals("folder") ? "/" : "";
                names.add(entry.path("name").asString("") + slash);
            }
            return names.toString();
        } finally {
            close(handle);
        }
    }
}
