package nexus.aiagents.engine.control;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.AclEntry;
import java.nio.file.attribute.AclEntryPermission;
import java.nio.file.attribute.AclEntryType;
import java.nio.file.attribute.AclFileAttributeView;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import nexus.aiagents.engine.journal.EventJson;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/// Says how to reach the process that has the project open: `.nexus/control.json`. Who can read it may send
/// commands, so only its owner can.
record ControlFile(int port, String token, long pid) {

    private static Path in(Path dotNexus) {
        return dotNexus.resolve("control.json");
    }

    /// Empty if there is none, or none that makes sense: a process that died may have left anything.
    static Optional<ControlFile> read(Path dotNexus) {
        try {
            ControlFile file = EventJson.mapper().readValue(Files.readAllBytes(in(dotNexus)), ControlFile.class);
            boolean sane = file != null && file.token != null && file.port > 0 && file.port < 65_536;
            return sane ? Optional.of(file) : Optional.empty();
        } catch (IOException | JacksonException _) {
            return Optional.empty();
        }
    }

    /// Replaces what is there in one step, so that a reader never sees half of it.
    void write(Path dotNexus) throws IOException {
        Files.createDirectories(dotNexus);
        Path fresh = dotNexus.resolve("control.json." + pid + ".tmp");
        Files.deleteIfExists(fresh);
        try (var channel = Files.newByteChannel(
                        fresh, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), ownerOnly(dotNexus));
                var out = Channels.newOutputStream(channel)) {
            restrictAcl(fresh);
            out.write(EventJson.mapper().writeValueAsString(this).getBytes(StandardCharsets.UTF_8));
        }
        Files.move(fresh, in(dotNexus), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    /// Leaves the file alone if another process has written its own since.
    void delete(Path dotNexus) throws IOException {
        if (read(dotNexus).filter(this::equals).isPresent()) {
            Files.deleteIfExists(in(dotNexus));
        }
    }

    private static FileAttribute<?>[] ownerOnly(Path folder) {
        return folder.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    private static void restrictAcl(Path file) throws IOException {
        @Nullable AclFileAttributeView view = Files.getFileAttributeView(file, AclFileAttributeView.class);
        if (view != null) {
            view.setAcl(List.of(AclEntry.newBuilder()
                    .setType(AclEntryType.ALLOW)
                    .setPrincipal(view.getOwner())
                    .setPermissions(EnumSet.allOf(AclEntryPermission.class))
                    .build()));
        }
    }
}
