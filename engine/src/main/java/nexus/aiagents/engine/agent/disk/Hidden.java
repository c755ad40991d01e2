package nexus.aiagents.engine.agent.disk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/// A folder that no program may see, by what it is and not by how its name is written: `.NEXUS` is the
/// same folder on some systems.
record Hidden(Path real, @Nullable Object key) {

    /// @return null if there is no such folder
    static @Nullable Hidden of(Path folder) {
        try {
            Path real = folder.toRealPath();
            return new Hidden(
                    real, Files.readAttributes(real, BasicFileAttributes.class).fileKey());
        } catch (IOException _) {
            return null;
        }
    }

    boolean is(Path path, BasicFileAttributes found) throws IOException {
        return key != null
                ? key.equals(found.fileKey())
                : found.isDirectory()
                        && path.toRealPath(LinkOption.NOFOLLOW_LINKS).equals(real);
    }
}
