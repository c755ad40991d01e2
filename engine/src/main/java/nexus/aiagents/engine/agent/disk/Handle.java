package nexus.aiagents.engine.agent.disk;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Something open. For one thread.
sealed interface Handle extends AutoCloseable {

    MountRoot mount();

    /// As the program names it.
    String guestPath();

    @Override
    void close() throws IOException;

    record Folder(MountRoot mount, String guestPath, OpenFolder open) implements Handle {
        @Override
        public void close() throws IOException {
            open.close();
        }
    }

    final class RegularFile implements Handle {
        private final MountRoot mount;
        private final String guestPath;
        private final FileChannel channel;
        private final boolean writable;
        private final Path path;
        private BasicFileAttributes seen;
        private long bytesRead;
        private long bytesWritten;

        /// @param path where it was when it was opened
        /// @param seen what it was then
        RegularFile(
                MountRoot mount,
                String guestPath,
                FileChannel channel,
                boolean writable,
                Path path,
                BasicFileAttributes seen) {
            this.mount = mount;
            this.guestPath = guestPath;
            this.channel = channel;
            this.writable = writable;
            this.path = path;
            this.seen = seen;
        }

        @Override
        public MountRoot mount() {
            return mount;
        }

        @Override
        public String guestPath() {
            return guestPath;
        }

        /// Where it was made or found.
        Path folder() {
            Path folder = path.getParent();
            return folder == null ? path : folder;
        }

        FileChannel channel() {
            return channel;
        }

        boolean writable() {
            return writable;
        }

        void wasRead(int bytes) {
            bytesRead += bytes;
        }

        void wasWritten(int bytes) {
            bytesWritten += bytes;
        }

        /// Where it still lies; null if it was moved or removed since.
        @Nullable
        Path place() throws IOException {
            BasicFileAttributes now;
            try {
                now = Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            } catch (IOException _) {
                return null;
            }
            if (!now.isRegularFile() || !Objects.equals(now.fileKey(), seen.fileKey())) {
                return null;
            }
            seen = now;
            return path;
        }

        /// What is known of it, except for its size.
        BasicFileAttributes seen() {
            return seen;
        }

        /// What went through it, null if nothing did.
        @Nullable
        String traffic() {
            return bytesRead + bytesWritten == 0
                    ? null
                    : "read " + bytesRead + " and wrote " + bytesWritten + " bytes of " + guestPath;
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
